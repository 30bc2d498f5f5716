/**
 * A heat map of durations over time: columns are windows, rows are duration buckets on a log scale. Pure: counts in,
 * rectangles out, ready for a canvas. Colour is the square root of the count's share of the fullest cell, so that the
 * rare slow ones stay visible beside the many fast ones.
 */
import { max } from 'd3-array';
import { scaleLog } from 'd3-scale';
import type {
  LatencyReport,
  TimeAxis,
} from 'backstage-plugin-contention-common';
import { timeScale, type Plot, type TimeScale } from './scales';
import { gapsOf, runsOf, windowOf, type Stretch } from './windows';

export interface HeatCell {
  x: number;
  y: number;
  width: number;
  height: number;
  /** 0 to 1; never 0: empty cells are left out. */
  intensity: number;
}

export interface HeatLayout {
  x: TimeScale;
  y: DurationScale;
  cells: HeatCell[];
  gaps: Stretch[];
  fullest: number;
}

export function durationScale(bounds: readonly number[], height: number) {
  const lowest = bounds.find(bound => bound > 0) ?? 1e-6;
  const highest = bounds[bounds.length - 1] ?? 1;
  return scaleLog()
    .domain([lowest, Math.max(highest, lowest * 2)])
    .range([height, 0])
    .clamp(true);
}
export type DurationScale = ReturnType<typeof durationScale>;

export function layoutHeatmap(input: {
  axis: TimeAxis;
  range: Stretch;
  heatmap: LatencyReport['cpuWait']['heatmap'];
  plot: Plot;
}): HeatLayout {
  const { axis, range, heatmap, plot } = input;
  const { boundsSeconds, counts } = heatmap;
  const x = timeScale(range, plot.width);
  const clampedX = x.copy().clamp(true);
  const y = durationScale(boundsSeconds, plot.height);
  const fullest = max(counts, column => max(column ?? [])) ?? 0;

  const cells: HeatCell[] = [];
  counts.forEach((column, index) => {
    if (!column || index >= axis.startsMs.length) return;
    const { from, to } = windowOf(axis, index);
    const left = clampedX(from);
    const right = clampedX(to);
    column.forEach((count, row) => {
      if (count <= 0) return;
      const top = y(boundsSeconds[row + 1]);
      // The lowest bound may be zero, which no log scale knows.
      const bottom =
        boundsSeconds[row] > 0 ? y(boundsSeconds[row]) : plot.height;
      cells.push({
        x: left,
        y: top,
        width: right - left,
        height: bottom - top,
        intensity: Math.sqrt(count / fullest),
      });
    });
  });
  const runs = runsOf(axis, index => Array.isArray(counts[index]));
  return { x, y, cells, gaps: gapsOf(axis, runs, range), fullest };
}

/** Powers of ten inside the scale, and what stands beside them. */
export function durationTicks(y: DurationScale): number[] {
  const [lowest, highest] = y.domain();
  const first = Math.ceil(Math.log10(lowest) - 1e-9);
  const last = Math.floor(Math.log10(highest) + 1e-9);
  const ticks: number[] = [];
  for (let power = first; power <= last; power++) ticks.push(10 ** power);
  return ticks;
}
