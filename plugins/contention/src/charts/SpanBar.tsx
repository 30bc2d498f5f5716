/** From the median to p99 of one row, on a log scale that rows share: the slow row stands out. Its numbers stand beside it. */
import { makeStyles } from '@material-ui/core/styles';
import { scaleLog } from 'd3-scale';

const useStyles = makeStyles(theme => ({
  root: {
    position: 'relative',
    height: 14,
    minWidth: 100,
    background: theme.palette.action.hover,
    borderRadius: 3,
  },
  span: {
    position: 'absolute',
    top: 4,
    height: 6,
    borderRadius: 3,
    background: theme.palette.text.secondary,
  },
  end: {
    position: 'absolute',
    top: 0,
    width: 3,
    height: 14,
    marginLeft: -1.5,
    background: theme.palette.text.primary,
  },
}));

export interface SpanBarProps {
  /** Seconds. */
  from?: number;
  to?: number;
  /** The ends of the scale, seconds. */
  domain: readonly [number, number];
}

export function SpanBar({ from, to, domain }: SpanBarProps) {
  const classes = useStyles();
  if (!from || !to) return null;
  const [low, high] = domain;
  const x = scaleLog()
    .domain([low / 1.5, high * 1.1])
    .range([0, 100])
    .clamp(true);
  return (
    <div className={classes.root} aria-hidden>
      <div
        className={classes.span}
        style={{ left: `${x(from)}%`, width: `${x(to) - x(from)}%` }}
      />
      <div className={classes.end} style={{ left: `${x(to)}%` }} />
    </div>
  );
}
