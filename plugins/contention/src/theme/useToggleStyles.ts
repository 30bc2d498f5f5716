/** Toggle buttons that show which one is chosen, in light and dark, without shouting. */
import { alpha, makeStyles } from '@material-ui/core/styles';

export const useToggleStyles = makeStyles(theme => ({
  button: {
    textTransform: 'none',
    whiteSpace: 'nowrap',
    // Rather two lines in a button than a page that scrolls sideways.
    [theme.breakpoints.down('xs')]: { whiteSpace: 'normal', lineHeight: 1.3 },
    padding: theme.spacing(0.5, 1.5),
    color: theme.palette.text.secondary,
    background: theme.palette.background.paper,
    '&$selected': {
      color: theme.palette.text.primary,
      fontWeight: 600,
      background: alpha(
        theme.palette.primary.main,
        theme.palette.type === 'dark' ? 0.35 : 0.14,
      ),
    },
    '&$disabled': { color: theme.palette.text.secondary, opacity: 0.75 },
  },
  selected: {},
  disabled: {},
}));
