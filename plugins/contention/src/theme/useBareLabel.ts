/** The label of a field that stands on the page itself: what is readable on a card is too faint there. */
import { makeStyles } from '@material-ui/core/styles';

export const useBareLabel = makeStyles(theme => ({
  root: { color: theme.palette.text.primary },
}));
