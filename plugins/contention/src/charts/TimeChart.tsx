/**
 * The frame of a chart over time: axes, grid, gaps hatched as "no data", flags for what changed, and the brush on top.
 * Draws no data itself.
 */
import type { ReactNode } from 'react';
import { makeStyles, useTheme } from '@material-ui/core/styles';
import type { TimeAxis } from 'backstage-plugin-contention-common';
import { formatClock } from '../format';
import { useWords } from '../translation';
import { Flags } from './Flags';
import { HatchPattern, usePatternId } from './Hatch';
import { useMarkers } from './Markers';
import { MARGIN, timeTicks, type Tick, type TimeScale } from './layout/scales';
import { gapsOf, runsOf, windowOf, type Stretch } from './layout/windows';
import { TimeBrush, zoomDrag, type Drag } from './TimeBrush';
import { TooltipRows, type TooltipRow } from './TooltipRows';
import type { TimeFrame } from './useTimeFrame';

const useStyles = makeStyles(theme => ({
  root: { position: 'relative', width: '100%' },
  svg: { display: 'block', overflow: 'visible' },
  tick: {
    fontSize: 11,
    fill: theme.palette.text.secondary,
    fontVariantNumeric: 'tabular-nums',
    fontFamily: theme.typography.fontFamily,
  },
  underlay: { position: 'absolute', left: MARGIN.left },
}));

/** What every chart over time is given. */
export interface TimelineProps {
  axis: TimeAxis;
  range: Stretch;
  /** What the chart is, for those who do not see it. */
  label: string;
  /** The picture in one sentence. */
  summary: string;
  /** What dragging does; absent: nothing, one can only point. */
  onZoom?(fromMs: number, toMs: number): void;
  /** Pixels. */
  height?: number;
}

export interface TimeChartProps extends Omit<TimelineProps, 'height'> {
  frame: TimeFrame;
  /** Positions are pixels from the top of the plot. */
  yTicks: Tick[];
  /** The unit, above the axis. */
  yTitle: string;
  /** Whether there is data in a window; without it, "no data" is drawn. */
  hasData(index: number): boolean;
  /** A window in numbers, for the tooltip and to be read out. */
  rowsAt(index: number): TooltipRow[];
  /** What a window with data and without rows says. */
  nothing?: string;
  /** What dragging does instead of zooming. */
  drag?: Drag;
  /** Where the line that everything stands on is, pixels from the top of the plot; absent: the lower edge. */
  baseline?: number;
  /** Drawn below the SVG, at the plot's origin: a canvas. */
  underlay?: ReactNode;
  children?: ReactNode;
}

export function TimeChart(props: TimeChartProps) {
  const { frame, axis, range, label, summary, underlay, children } = props;
  const t = useWords();
  const { hasData, rowsAt, nothing = t('charts.nothing'), onZoom } = props;
  const { drag = onZoom && zoomDrag(onZoom), baseline } = props;
  const { ref, width, height, top, plot, x, flags } = frame;
  const classes = useStyles();
  const { palette } = useTheme();
  const hatchId = usePatternId();
  const changesAt = useChangesAt(axis);

  const allRows = (index: number) => [...rowsAt(index), ...changesAt(index)];
  const empty = (index: number) =>
    hasData(index) ? nothing : t('charts.noData');
  const describe = (index: number) =>
    allRows(index)
      .map(row => `${row.label} ${row.value}`)
      .join(', ') || empty(index);
  const tooltip = (index: number) => {
    const rows = allRows(index);
    return rows.length > 0 ? <TooltipRows rows={rows} /> : empty(index);
  };

  return (
    <div
      ref={ref}
      className={classes.root}
      style={{ height }}
      data-contention-chart
    >
      {underlay && (
        <div className={classes.underlay} style={{ top }}>
          {underlay}
        </div>
      )}
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
        <g transform={`translate(${MARGIN.left},${top})`}>
          <text
            className={classes.tick}
            x={-MARGIN.left}
            y={MARGIN.top - top - 12}
          >
            {props.yTitle}
          </text>
          {gapsOf(axis, runsOf(axis, hasData), range).map(gap => (
            <Gap
              key={gap.from}
              gap={gap}
              x={x}
              plotHeight={plot.height}
              fill={`url(#${hatchId})`}
            />
          ))}
          {props.yTicks.map(tick => (
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
          {timeTicks(x).map(tick => (
            <g key={tick.at} transform={`translate(${tick.at},${plot.height})`}>
              <line y2={4} stroke={palette.text.secondary} />
              <text className={classes.tick} y={16} textAnchor="middle">
                {tick.text}
              </text>
            </g>
          ))}
          <Flags flags={flags} plotHeight={plot.height} />
        </g>
      </svg>
      <TimeBrush
        axis={axis}
        x={x}
        range={range}
        top={top}
        plotHeight={plot.height}
        label={label}
        describe={describe}
        tooltip={tooltip}
        drag={drag}
      />
    </div>
  );
}

/** What changed in a window, as rows of a tooltip. */
function useChangesAt(axis: TimeAxis): (index: number) => TooltipRow[] {
  const markers = useMarkers();
  return index => {
    const { from, to } = windowOf(axis, index);
    return markers
      .filter(({ at }) => at >= from && at < to)
      .map(marker => ({
        key: marker.key,
        label: marker.text,
        value: formatClock(marker.at, true),
      }));
  };
}

/** A stretch without data. Says so in words where there is room. */
function Gap(props: {
  gap: Stretch;
  x: TimeScale;
  plotHeight: number;
  fill: string;
}) {
  const t = useWords();
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
          {t('charts.noData')}
        </text>
      )}
    </g>
  );
}
