/** How long something took, over time: a canvas for the counts, lines for the percentiles on top. */
import { useEffect, useMemo, useRef } from 'react';
import { range } from 'd3-array';
import { scaleLinear } from 'd3-scale';
import { useTheme } from '@material-ui/core/styles';
import type { Heatmap, TimeAxis } from 'backstage-plugin-contention-common';
import {
  durationWords,
  formatCount,
  formatDuration,
  formatDurations,
} from '../format';
import { HEAT, useMode } from '../theme';
import { useWords, type Words } from '../translation';
import {
  durationTicks,
  layoutHeatmap,
  type DurationScale,
  type HeatLayout,
} from './layout/heatmap';
import { apart, stepLine } from './layout/lines';
import type { Plot, TimeScale } from './layout/scales';
import {
  boxOf,
  durationsBetween,
  type Box,
  type Selection,
} from './layout/selection';
import { runsOf, windowOf } from './layout/windows';
import type { Area, Drag } from './TimeBrush';
import { TimeChart, type TimelineProps } from './TimeChart';
import { useTimeFrame } from './useTimeFrame';

type Values = ReadonlyArray<number | null>;

/** The percentile lines, thinnest first; dashes are the second sign beside the width. */
export const PERCENTILES = [
  { key: 'p50Values', name: 'p50', width: 1.25, dash: '2 3' },
  { key: 'p90Values', name: 'p90', width: 1.5, dash: '7 3' },
  { key: 'p99Values', name: 'p99', width: 2, dash: undefined },
] as const;

/** Of the name of a line, pixels. */
const NAME_HEIGHT = 12;

export type PercentileValues = Record<
  (typeof PERCENTILES)[number]['key'],
  Values
>;

export interface HeatMapProps extends TimelineProps {
  heatmap: Heatmap;
  percentiles: PercentileValues;
  /** What is counted. */
  of: 'requests' | 'waits';
  /** What stands on the left. */
  yTitle: string;
  /** The part that the rest of the page is of. */
  selection?: Selection;
  /** Dragging selects a part instead of zooming. */
  onSelect?(selection: Selection): void;
}

export function HeatMap(props: HeatMapProps) {
  const t = useWords();
  const { heatmap, percentiles, of, yTitle, selection, onSelect } = props;
  const { height = 300, axis, label, summary, onZoom } = props;
  const frame = useTimeFrame(props.range, height);
  const { plot, x } = frame;
  const layout = useMemo(
    () => layoutHeatmap({ axis, heatmap, x, plot }),
    [axis, heatmap, x, plot],
  );
  const { y } = layout;
  const lines = useMemo(() => linesOf(axis, percentiles), [axis, percentiles]);
  const countIn = (index: number) =>
    heatmap.counts[index]?.reduce((sum, count) => sum + count, 0) ?? 0;
  const box = selection && boxOf(selection, x, y, plot);
  const ends = apart(
    PERCENTILES.map(({ key }) => endOf(axis, lines[key], x, y)),
    NAME_HEIGHT,
  );

  return (
    <TimeChart
      axis={axis}
      range={props.range}
      label={label}
      summary={summary}
      onZoom={onZoom}
      frame={frame}
      yTicks={durationTicks(y, plot.height / 26).map(seconds => ({
        at: y(seconds),
        text: formatDuration(seconds),
      }))}
      yTitle={yTitle}
      hasData={index => Array.isArray(heatmap.counts[index])}
      nothing={t(of === 'requests' ? 'charts.noRequests' : 'charts.noWaits')}
      rowsAt={index => {
        const count = countIn(index);
        if (count === 0) return [];
        const quantiles = PERCENTILES.flatMap(({ key, name }) => {
          const seconds = percentiles[key][index];
          return typeof seconds === 'number'
            ? [{ key: name, label: name, value: formatDuration(seconds) }]
            : [];
        });
        return [
          ...quantiles.reverse(),
          { key: 'count', label: t(`charts.${of}`), value: formatCount(count) },
        ];
      }}
      drag={onSelect && selectDrag(y, onSelect, t)}
      underlay={<HeatCanvas layout={layout} plot={plot} />}
    >
      {PERCENTILES.map(({ key, name, width, dash }, index) => (
        <PercentileLine
          key={key}
          name={name}
          path={stepLine(axis, lines[key], x, y)}
          end={ends[index]}
          width={width}
          dash={dash}
        />
      ))}
      {box && <SelectedBox box={box} plot={plot} />}
    </TimeChart>
  );
}

function selectDrag(
  y: DurationScale,
  onSelect: (selection: Selection) => void,
  t: Words,
): Drag {
  const durationsOf = ({ top, bottom }: Area) =>
    top === undefined || bottom === undefined
      ? undefined
      : durationsBetween(top, bottom, y);
  return {
    verb: 'select',
    isBox: true,
    heightText: area => {
      const durations = durationsOf(area);
      return (
        durations &&
        formatDurations(
          durations.fromSeconds,
          durations.toSeconds,
          durationWords(t),
        )
      );
    },
    onArea: area =>
      onSelect({
        time: { from: area.from, to: area.to },
        durations: durationsOf(area),
      }),
  };
}

function PercentileLine(props: {
  name: string;
  path: string;
  /** Where its name stands, pixels: at the end of the line, or as near as other names let it. */
  end?: { x: number; y: number };
  width: number;
  dash?: string;
}) {
  const { name, path, end, width, dash } = props;
  const { palette } = useTheme();
  const ink = palette.type === 'dark' ? '#ffffff' : '#1b1b1f';
  return (
    <g fill="none" strokeLinejoin="round">
      <path
        d={path}
        stroke={palette.background.paper}
        strokeOpacity={0.75}
        strokeWidth={width + 2.5}
      />
      <path d={path} stroke={ink} strokeWidth={width} strokeDasharray={dash} />
      {end && (
        <text
          x={end.x - 6}
          y={end.y - 5}
          textAnchor="end"
          fontSize={11}
          fontWeight={600}
          fill={ink}
          stroke={palette.background.paper}
          strokeWidth={3}
          paintOrder="stroke"
        >
          {name}
        </text>
      )}
    </g>
  );
}

/** What is selected stays bright; the rest steps back. */
function SelectedBox({ box, plot }: { box: Box; plot: Plot }) {
  const { palette } = useTheme();
  const { x, y, width, height } = box;
  const around = `M0,0H${plot.width}V${plot.height}H0Z`;
  const inside = `M${x},${y}h${width}v${height}h${-width}Z`;
  return (
    <g>
      <path
        d={around + inside}
        fillRule="evenodd"
        fill={palette.background.paper}
        fillOpacity={0.6}
      />
      <path
        d={inside}
        fill="none"
        stroke={palette.primary.main}
        strokeWidth={2}
      />
    </g>
  );
}

/** Values in fewer windows in a row than this are points, which the heat map shows; a line would hide them. */
const LEAST_RUN = 3;

function linesOf(axis: TimeAxis, percentiles: PercentileValues) {
  const line = (values: Values) => {
    const kept = new Set(
      runsOf(axis, index => typeof values[index] === 'number')
        .filter(({ first, last }) => last - first + 1 >= LEAST_RUN)
        .flatMap(({ first, last }) => range(first, last + 1)),
    );
    return values.map((value, index) => (kept.has(index) ? value : null));
  };
  return {
    p50Values: line(percentiles.p50Values),
    p90Values: line(percentiles.p90Values),
    p99Values: line(percentiles.p99Values),
  };
}

function endOf(
  axis: TimeAxis,
  values: Values,
  x: TimeScale,
  y: DurationScale,
): { x: number; y: number } | undefined {
  const last = values.findLastIndex(value => value !== null);
  if (last < 0) return undefined;
  return { x: x(windowOf(axis, last).to), y: y(values[last] ?? 0) };
}

/** Pixels. */
const LEAST_CELL = 3;

function HeatCanvas({ layout, plot }: { layout: HeatLayout; plot: Plot }) {
  const mode = useMode();
  const ref = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const canvas = ref.current;
    const context = canvas?.getContext('2d');
    if (!canvas || !context) return;
    const ratio = window.devicePixelRatio || 1;
    canvas.width = Math.round(plot.width * ratio);
    canvas.height = Math.round(plot.height * ratio);
    context.scale(ratio, ratio);
    const colour = scaleLinear<string>().domain([0, 0.5, 1]).range(HEAT[mode]);
    for (const cell of layout.cells) {
      context.fillStyle = colour(cell.intensity);
      // Half a pixel more, so that neighbours meet without a seam; and a single one can be seen.
      const width = Math.max(cell.width + 0.5, LEAST_CELL);
      const height = Math.max(cell.height + 0.5, LEAST_CELL);
      context.fillRect(cell.x, cell.y, width, height);
    }
  }, [layout, plot, mode]);
  return (
    <canvas
      ref={ref}
      aria-hidden
      style={{ display: 'block', width: plot.width, height: plot.height }}
    />
  );
}
