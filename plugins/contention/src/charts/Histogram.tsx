/** A distribution of durations as bars on a log scale, with the median and the worst marked by name. */
import { useMemo } from 'react';
import { makeStyles, useTheme } from '@material-ui/core/styles';
import type { Distribution } from 'backstage-plugin-contention-common';
import { formatCount, formatDuration } from '../format';
import { useWords } from '../translation';
import { layoutHistogram, logTicks } from './layout/histogram';
import { useWidth } from './useWidth';

/** On the right there is room for the name of the worst. */
const MARGIN = { top: 24, right: 112, bottom: 26, left: 8 };

const useStyles = makeStyles(theme => ({
  tick: {
    fontSize: 11,
    fill: theme.palette.text.secondary,
    fontVariantNumeric: 'tabular-nums',
  },
  mark: { fontSize: 12, fontWeight: 600, fill: theme.palette.text.primary },
  markLine: { stroke: theme.palette.text.primary, strokeWidth: 1.5 },
}));

export interface HistogramProps {
  distribution: Distribution;
  colour: string;
  summary: string;
  height?: number;
}

export function Histogram(props: HistogramProps) {
  const { distribution, colour, summary, height = 200 } = props;
  const classes = useStyles();
  const t = useWords();
  const { palette } = useTheme();
  const [ref, width] = useWidth<HTMLDivElement>();
  const plot = useMemo(
    () => ({
      width: Math.max(width - MARGIN.left - MARGIN.right, 1),
      height: height - MARGIN.top - MARGIN.bottom,
    }),
    [width, height],
  );
  const layout = useMemo(
    () => layoutHistogram(distribution, plot),
    [distribution, plot],
  );
  if (!layout) return <div ref={ref}>{t('charts.notMeasured')}</div>;
  const { x, bars, domain } = layout;
  const { p50Seconds, longestSeconds } = distribution;
  const marks = [
    { name: 'median' as const, seconds: p50Seconds },
    { name: 'worst' as const, seconds: longestSeconds },
  ];

  return (
    <div ref={ref}>
      <svg
        role="img"
        aria-label={summary}
        width={width}
        height={height}
        style={{ display: 'block', overflow: 'visible' }}
      >
        <g transform={`translate(${MARGIN.left},${MARGIN.top})`}>
          {bars.map(bar => (
            <rect
              key={bar.bucket.fromSeconds}
              x={bar.x}
              y={bar.y}
              width={bar.width}
              height={bar.height}
              fill={colour}
            >
              <title>
                {t('charts.bucket', {
                  from: formatDuration(bar.bucket.fromSeconds),
                  to: formatDuration(bar.bucket.toSeconds),
                  number: formatCount(bar.bucket.count),
                })}
              </title>
            </rect>
          ))}
          <line
            x2={plot.width}
            y1={plot.height}
            y2={plot.height}
            stroke={palette.text.primary}
            strokeOpacity={0.6}
          />
          {logTicks(domain, plot.width / 64).map(seconds => (
            <g
              key={seconds}
              transform={`translate(${x(seconds)},${plot.height})`}
            >
              <line y2={4} stroke={palette.text.secondary} />
              <text className={classes.tick} y={16} textAnchor="middle">
                {formatDuration(seconds)}
              </text>
            </g>
          ))}
          {marks.map(({ name, seconds }) =>
            seconds === undefined ? null : (
              <Mark
                key={name}
                x={x(seconds)}
                top={-MARGIN.top + 14}
                side={name === 'median' ? 'left' : 'right'}
                bottom={plot.height}
                text={t(`charts.${name}`, {
                  duration: formatDuration(seconds),
                })}
              />
            ),
          )}
        </g>
      </svg>
    </div>
  );
}

function Mark(props: {
  x: number;
  side: 'left' | 'right';
  top: number;
  bottom: number;
  text: string;
}) {
  const classes = useStyles();
  const { x, top, bottom, text } = props;
  // A label needs this much; the far left has no room for one.
  const left = props.side === 'left' && x > 96;
  return (
    <g>
      <line className={classes.markLine} x1={x} x2={x} y1={top} y2={bottom} />
      <text
        className={classes.mark}
        x={left ? x - 5 : x + 5}
        y={top + 4}
        textAnchor={left ? 'end' : 'start'}
      >
        {text}
      </text>
    </g>
  );
}
