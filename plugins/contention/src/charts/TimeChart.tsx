/** The frame of a chart over time: axes, grid, gaps hatched as "no data", and the brush on top. Draws no data itself. */
import type { ReactNode } from 'react';
import { makeStyles, useTheme } from '@material-ui/core/styles';
import { HatchPattern, usePatternId } from './Hatch';
import {
  MARGIN,
  plotOf,
  timeTicks,
  type Tick,
  type TimeScale,
} from './layout/scales';
import type { Stretch } from './layout/windows';
import { TimeBrush, type TimeBrushProps } from './TimeBrush';

const useStyles = makeStyles(theme => ({
  root: { position: 'relative', width: '100%' },
  svg: { display: 'block', overflow: 'visible' },
  tick: {
    fontSize: 11,
    fill: theme.palette.text.secondary,
    fontVariantNumeric: 'tabular-nums',
    fontFamily: theme.typography.fontFamily,
  },
  underlay: { position: 'absolute', left: MARGIN.left, top: MARGIN.top },
}));

export interface TimeChartProps extends Omit<
  TimeBrushProps,
  'plotHeight' | 'x'
> {
  x: TimeScale;
  /** Of the whole chart, pixels. */
  width: number;
  height: number;
  /** Positions are pixels from the top of the plot. */
  yTicks: Tick[];
  /** The unit, above the axis. */
  yTitle: string;
  gaps: Stretch[];
  /** The picture in one sentence. */
  summary: string;
  /** Where the line that everything stands on is, pixels from the top of the plot; absent: the lower edge. */
  baseline?: number;
  hideTimes?: boolean;
  /** Drawn below the SVG, at the plot's origin: a canvas. */
  underlay?: ReactNode;
  children?: ReactNode;
}

export function TimeChart(props: TimeChartProps) {
  const { x, width, height, yTicks, gaps, summary, baseline, hideTimes } =
    props;
  const { underlay, children, ...brush } = props;
  const classes = useStyles();
  const { palette } = useTheme();
  const hatchId = usePatternId();
  const plot = plotOf(width, height);
  return (
    <div className={classes.root} style={{ height }}>
      {underlay && <div className={classes.underlay}>{underlay}</div>}
      <svg
        className={classes.svg}
        width={width}
        height={height}
        role="img"
        aria-label={summary}
        style={{ position: 'relative' }}
      >
        <defs>
          <HatchPattern
            id={hatchId}
            colour={palette.text.disabled}
            opacity={0.3}
          />
        </defs>
        <g transform={`translate(${MARGIN.left},${MARGIN.top})`}>
          <text className={classes.tick} x={-MARGIN.left} y={-12}>
            {props.yTitle}
          </text>
          {gaps.map(gap => (
            <Gap
              key={gap.from}
              gap={gap}
              x={x}
              plotHeight={plot.height}
              fill={`url(#${hatchId})`}
            />
          ))}
          {yTicks.map(tick => (
            <g key={tick.at} transform={`translate(0,${tick.at})`}>
              <line x2={plot.width} stroke={palette.divider} />
              <text
                className={classes.tick}
                x={-8}
                dy="0.35em"
                textAnchor="end"
              >
                {tick.text}
              </text>
            </g>
          ))}
          {children}
          <line
            x2={plot.width}
            y1={baseline ?? plot.height}
            y2={baseline ?? plot.height}
            stroke={palette.text.primary}
            strokeOpacity={0.6}
          />
          {!hideTimes &&
            timeTicks(x).map(tick => (
              <g
                key={tick.at}
                transform={`translate(${tick.at},${plot.height})`}
              >
                <line y2={4} stroke={palette.text.secondary} />
                <text className={classes.tick} y={16} textAnchor="middle">
                  {tick.text}
                </text>
              </g>
            ))}
        </g>
      </svg>
      <TimeBrush {...brush} x={x} plotHeight={plot.height} />
    </div>
  );
}

/** A stretch without data. Says so in words where there is room. */
function Gap(props: {
  gap: Stretch;
  x: TimeScale;
  plotHeight: number;
  fill: string;
}) {
  const { gap, x, plotHeight, fill } = props;
  const classes = useStyles();
  const left = x(gap.from);
  const width = x(gap.to) - left;
  return (
    <g transform={`translate(${left},0)`}>
      <rect width={width} height={plotHeight} fill={fill} />
      {width > 64 && (
        <text
          className={classes.tick}
          x={width / 2}
          y={plotHeight / 2}
          textAnchor="middle"
        >
          no data
        </text>
      )}
    </g>
  );
}
