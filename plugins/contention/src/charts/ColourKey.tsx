/** A small square in a part's colour or hatching, to stand beside its name. */
import { makeStyles } from '@material-ui/core/styles';
import type { Swatch } from '../theme';
import { hatchBackground } from './Hatch';

const useStyles = makeStyles({
  root: {
    display: 'inline-block',
    flex: 'none',
    width: 12,
    height: 12,
    borderRadius: 3,
    verticalAlign: '-1px',
  },
});

export function ColourKey({ swatch }: { swatch: Swatch }) {
  const classes = useStyles();
  const background = swatch.hatched
    ? hatchBackground(swatch.colour)
    : swatch.colour;
  return <span aria-hidden className={classes.root} style={{ background }} />;
}
