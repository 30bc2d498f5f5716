/** How long threads waited, over time: a canvas for the counts, lines for the percentiles on top. */
import { useEffect, useMemo, useRef } from 'react';
import { scaleLinear } from 'd3-scale';
import { useTheme } from '@material-ui/core/styles';
import type {
  LatencyReport,
  TimeAxis,
} from 'backstage-plugin-contention-common';
import { formatCount, formatDuration } from '../format';
import { HEAT, useMode } from '../theme';
import {
  durationTicks,
  layoutHeatmap,
  type HeatLayout,
} from './layout/heatmap';
import { stepLine } from './layout/lines';
import { plotOf, type Plot } from './layout/scales';
import type { Stretch } from './layout/windows';
import { TimeChart } from './TimeChart';
import { TooltipRows } from './TooltipRows';
import { useWidth } from './useWidth';

/** The percentile lines, thinnest first; dashes are the second sign beside the width. */
export const PERCENTILES = [
  { key: 'p50Values', name: 'p50', width: 1.25, dash: '2 3' },
  { key: 'p90Values', name: 'p90', width: 1.5, dash: '7 3' },
  { key: 'p99Values', name: 'p99', width: 2, dash: undefined },
] as const;

export interface HeatMapProps {
  axis: TimeAxis;
  range: Stretch;
  cpuWait: LatencyReport['cpuWait'];
  label: string;
  summary: string;
  onZoom(fromMs: number, toMs: number): void;
  height?: number;
}

export function HeatMap(props: HeatMapProps) {
  const { axis, range, cpuWait, height = 300 } = props;
  const mode = useMode();
  const { palette } = useTheme();
  const [ref, width] = useWidth<HTMLDivElement>();
  const plot = useMemo(() => plotOf(width, height), [width, height]);
  const { heatmap } = cpuWait;
  const layout = useMemo(
    () => layoutHeatmap({ axis, range, heatmap, plot }),
    [axis, range, heatmap, plot],
  );
  const { x, y, gaps } = layout;

  const values = (index: number) =>
    PERCENTILES.map(({ key, name }) => ({
      name,
      value: cpuWait[key][index] ?? undefined,
    })).filter(({ value }) => value !== undefined);
  const waitsIn = (index: number) =>
    heatmap.counts[index]?.reduce((sum, count) => sum + count, 0);
  const describe = (index: number) =>
    values(index)
      .map(({ name, value }) => `${name} ${formatDuration(value)}`)
      .join(', ') || 'no data';
  const tooltip = (index: number) => (
    <TooltipRows
      rows={[
        ...values(index)
          .reverse()
          .map(({ name, value }) => ({
            key: name,
            label: name,
            value: formatDuration(value),
          })),
        { key: 'count', label: 'waits', value: formatCount(waitsIn(index)) },
      ]}
    />
  );

  return (
    <div ref={ref}>
      <TimeChart
        axis={axis}
        range={range}
        x={x}
        width={width}
        height={height}
        yTicks={durationTicks(y).map(seconds => ({
          at: y(seconds),
          text: formatDuration(seconds),
        }))}
        yTitle="length of a wait"
        gaps={gaps}
        label={props.label}
        summary={props.summary}
        describe={describe}
        tooltip={tooltip}
        onZoom={props.onZoom}
        underlay={<HeatCanvas layout={layout} plot={plot} />}
      >
        {PERCENTILES.map(({ key, name, width: strokeWidth, dash }) => {
          const path = stepLine(axis, cpuWait[key], x, y);
          const last = lastValue(cpuWait[key]);
          return (
            <g key={name} fill="none" strokeLinejoin="round">
              <path
                d={path}
                stroke={palette.background.paper}
                strokeOpacity={0.75}
                strokeWidth={strokeWidth + 2.5}
              />
              <path
                d={path}
                stroke={mode === 'light' ? '#1b1b1f' : '#ffffff'}
                strokeWidth={strokeWidth}
                strokeDasharray={dash}
              />
              {last !== undefined && (
                <text
                  x={plot.width - 6}
                  y={y(last) - 5}
                  textAnchor="end"
                  fontSize={11}
                  fontWeight={600}
                  fill={mode === 'light' ? '#1b1b1f' : '#ffffff'}
                  stroke={palette.background.paper}
                  strokeWidth={3}
                  paintOrder="stroke"
                >
                  {name}
                </text>
              )}
            </g>
          );
        })}
      </TimeChart>
    </div>
  );
}

function lastValue(values: ReadonlyArray<number | null>): number | undefined {
  for (let index = values.length - 1; index >= 0; index--) {
    const value = values[index];
    if (value !== null) return value;
  }
  return undefined;
}

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
      // Half a pixel more, so that neighbours meet without a seam.
      context.fillRect(cell.x, cell.y, cell.width + 0.5, cell.height + 0.5);
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
