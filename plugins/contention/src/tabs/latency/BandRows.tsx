/** One bar of parts a latency band, the slowest on top. A band can be chosen: then the rest of the page is of it. */
import Button from '@material-ui/core/Button';
import Typography from '@material-ui/core/Typography';
import { makeStyles } from '@material-ui/core/styles';
import type { AnatomyBand } from 'backstage-plugin-contention-common';
import type { Durations } from '../../charts/layout/selection';
import { PartsBar } from '../../charts/PartsBar';
import { durationWords, formatCount, formatDurations } from '../../format';
import { useWords } from '../../translation';

const useStyles = makeStyles(theme => ({
  title: { margin: theme.spacing(2.5, 0, 1), fontWeight: 600 },
  list: { listStyle: 'none', margin: 0, padding: 0 },
  row: {
    display: 'grid',
    gridTemplateColumns: '130px 64px minmax(0, 1fr)',
    gap: theme.spacing(0, 1),
    alignItems: 'center',
    minHeight: 28,
    fontVariantNumeric: 'tabular-nums',
    [theme.breakpoints.down('sm')]: {
      gridTemplateColumns: '112px 48px minmax(0, 1fr)',
    },
  },
  chosen: { background: theme.palette.action.selected, borderRadius: 3 },
  band: {
    justifyContent: 'flex-end',
    textTransform: 'none',
    fontVariantNumeric: 'tabular-nums',
    padding: theme.spacing(0.25, 1),
    minWidth: 0,
    whiteSpace: 'nowrap',
    color: theme.palette.text.primary,
    fontWeight: 400,
  },
  count: {
    position: 'relative',
    textAlign: 'right',
    paddingRight: 4,
    fontSize: theme.typography.pxToRem(13),
    color: theme.palette.text.secondary,
  },
  amount: {
    position: 'absolute',
    right: 0,
    bottom: -2,
    height: 2,
    background: theme.palette.text.secondary,
  },
  empty: {
    color: theme.palette.text.secondary,
    fontSize: theme.typography.pxToRem(13),
  },
}));

export interface BandRowsProps {
  /** Fastest first. */
  bands: readonly AnatomyBand[];
  highlight?: string;
  chosen?: Durations;
  /** Undefined: all of them again. Without it, bands are only shown. */
  onChoose?(durations: Durations | undefined): void;
}

export function BandRows(props: BandRowsProps) {
  const { bands, highlight, chosen, onChoose } = props;
  const classes = useStyles();
  const t = useWords();
  const most = Math.max(...bands.map(band => band.requestCount), 1);
  return (
    <>
      <Typography variant="body2" component="h3" className={classes.title}>
        {t('latency.byDuration')}
      </Typography>
      <ul className={classes.list} aria-label={t('latency.byDuration')}>
        {[...bands].reverse().map(band => {
          const { fromSeconds, toSeconds, requestCount, parts } = band;
          const name = formatDurations(
            fromSeconds,
            toSeconds,
            durationWords(t),
          );
          const isAlone =
            chosen?.fromSeconds === fromSeconds &&
            chosen.toSeconds === toSeconds;
          const isIn = chosen !== undefined && contains(chosen, band);
          return (
            <li
              key={fromSeconds}
              className={`${classes.row} ${isIn ? classes.chosen : ''}`}
            >
              {onChoose ? (
                <Button
                  className={classes.band}
                  size="small"
                  aria-pressed={isAlone}
                  title={t(
                    isAlone
                      ? 'latency.showAllDurations'
                      : 'latency.selectThese',
                  )}
                  onClick={() =>
                    onChoose(isAlone ? undefined : { fromSeconds, toSeconds })
                  }
                >
                  {name}
                </Button>
              ) : (
                <Typography
                  className={classes.band}
                  variant="body2"
                  align="right"
                >
                  {name}
                </Typography>
              )}
              <span
                className={classes.count}
                title={t('latency.figureRequests')}
              >
                {formatCount(requestCount)}
                <span
                  className={classes.amount}
                  style={{ width: `${(100 * requestCount) / most}%` }}
                  aria-hidden
                />
              </span>
              {requestCount > 0 && parts.length > 0 ? (
                <PartsBar
                  parts={parts}
                  height={16}
                  label={`${name}, ${formatCount(requestCount)} ${t('latency.figureRequests')}`}
                  highlight={highlight}
                />
              ) : (
                <span className={classes.empty}>
                  {t(requestCount > 0 ? 'report.notKnown' : 'latency.none')}
                </span>
              )}
            </li>
          );
        })}
      </ul>
    </>
  );
}

function contains(
  { fromSeconds, toSeconds = Infinity }: Durations,
  band: AnatomyBand,
): boolean {
  return band.fromSeconds >= fromSeconds && band.toSeconds <= toSeconds;
}
