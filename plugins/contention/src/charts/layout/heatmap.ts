/**
 * A heat map of durations over time: columns are windows, rows are duration buckets on a log scale. Pure: counts in,
 * rectangles out, ready for a canvas. Colour is the square root of the count's share of the fullest cell, so that the
 * rare slow ones stay visible beside the many fast ones.
 */
import { max } from 'd3-array';
import { scaleLog } from 'd3-scale';
import type { Heatmap, TimeAxis } from 'backstage-plugin-contention-common';
import { logTicks } from './histogram';
import type { Plot, TimeScale } from './scales';
import { windowOf } from './windows';

export interface HeatCell {
  x: number;
  y: number;
  width: number;
  height: number;
  /** 0 to 1; never 0: empty cells are left out. */
  intensity: number;
}

export interface HeatLayout {
  y: DurationScale;
  cells: HeatCell[];
  fullest: number;
}

/** Durations spread over less are drawn as if over this many octaves: a few of them shall not look like a mountain range. */
const LEAST_OCTAVES = 6;

export function durationScale(bounds: readonly number[], height: number) {
  const lowest = bounds.find(bound => bound > 0) ?? 1e-6;
  const highest = Math.max(bounds[bounds.length - 1] ?? 1, lowest);
  const missing = Math.max(LEAST_OCTAVES - Math.log2(highest / lowest), 0);
  const more = 2 ** Math.ceil(missing / 2);
  return scaleLog()
    .domain([lowest / more, highest * more])
    .range([height, 0])
    .clamp(true);
}
export type DurationScale = ReturnType<typeof durationScale>;

export function layoutHeatmap(input: {
  axis: TimeAxis;
  heatmap: Heatmap;
  /** Clamped to the plot. */
  x: TimeScale;
  plot: Plot;
}): HeatLayout {
  const { axis, heatmap, x, plot } = input;
  const { boundsSeconds, counts } = heatmap;
  const y = durationScale(boundsSeconds, plot.height);
  const fullest = max(counts, column => max(column ?? [])) ?? 0;

  const cells: HeatCell[] = [];
  counts.forEach((column, index) => {
    if (!column || index >= axis.startsMs.length) return;
    const { from, to } = windowOf(axis, index);
    const left = x(from);
    const right = x(to);
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
  return { y, cells, fullest };
}

/** Powers of ten inside the scale, and twos and fives between them where at most so many ticks result. */
export function durationTicks(y: DurationScale, atMost = 0): number[] {
  const [lowest, highest] = y.domain();
  // Bounds that were calculated may miss a power of ten by a rounding error.
  return logTicks([lowest * (1 - 1e-9), highest * (1 + 1e-9)], atMost);
}
