/** A share as a bar, with its number beside it. */
import { makeStyles } from '@material-ui/core/styles';
import { formatShare } from '../format';
import type { Swatch } from '../theme';
import { hatchBackground } from './Hatch';

const useStyles = makeStyles(theme => ({
  root: {
    display: 'flex',
    alignItems: 'center',
    gap: theme.spacing(1),
    minWidth: 120,
  },
  track: {
    flex: 1,
    height: 10,
    borderRadius: 3,
    background: theme.palette.action.hover,
    overflow: 'hidden',
  },
  fill: { height: '100%', minWidth: 1 },
  number: {
    width: 46,
    textAlign: 'right',
    fontVariantNumeric: 'tabular-nums',
    whiteSpace: 'nowrap',
  },
}));

export function ShareBar({ share, swatch }: { share: number; swatch: Swatch }) {
  const classes = useStyles();
  const background = swatch.hatched
    ? hatchBackground(swatch.colour)
    : swatch.colour;
  return (
    <div className={classes.root}>
      <div className={classes.track} aria-hidden>
        <div
          className={classes.fill}
          style={{ width: `${share * 100}%`, background }}
        />
      </div>
      <span className={classes.number}>{formatShare(share)}</span>
    </div>
  );
}
