/** What the shades of a heat map mean. */
import { makeStyles } from '@material-ui/core/styles';
import { max } from 'd3-array';
import type { Heatmap } from 'backstage-plugin-contention-common';
import { formatCount } from '../format';
import { HEAT, useMode } from '../theme';
import { useWords } from '../translation';

const useStyles = makeStyles(theme => ({
  root: {
    display: 'flex',
    alignItems: 'center',
    gap: theme.spacing(1),
    paddingLeft: 56,
    marginTop: theme.spacing(1),
    color: theme.palette.text.secondary,
    fontSize: theme.typography.pxToRem(12),
  },
  ramp: { width: 140, height: 10, borderRadius: 3 },
}));

const WORDS = {
  requests: {
    mark: 'charts.markIsRequest',
    one: 'charts.oneRequest',
    cell: 'charts.cellOfRequests',
  },
  waits: {
    mark: 'charts.markIsWait',
    one: 'charts.oneWait',
    cell: 'charts.cellOfWaits',
  },
} as const;

export function HeatKey(props: {
  heatmap: Heatmap;
  /** What is counted. */
  of: keyof typeof WORDS;
}) {
  const t = useWords();
  const { mark, one, cell } = WORDS[props.of];
  const classes = useStyles();
  const mode = useMode();
  const fullest = max(props.heatmap.counts, column => max(column ?? [])) ?? 0;
  if (fullest === 0) return null;
  if (fullest === 1) {
    return <div className={classes.root}>{t(mark)}</div>;
  }
  return (
    <div className={classes.root}>
      {t(one)}
      <span
        aria-hidden
        className={classes.ramp}
        style={{
          background: `linear-gradient(90deg, ${HEAT[mode].join(', ')})`,
        }}
      />
      {t(cell, { number: formatCount(fullest) })}
    </div>
  );
}
