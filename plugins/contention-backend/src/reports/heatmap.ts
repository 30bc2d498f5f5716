/** Durations over time: heat map and percentiles, window by window. A window without data is a gap, not a zero. Pure. */
import {
  quantilesSeconds,
  type DurationHistogram,
  type Heatmap,
} from 'backstage-plugin-contention-common';
import { countsIn, rowsOf } from './distribution';
import type { Facts } from './facts';

/** One histogram per window, as `histogramPerWindow` makes them. */
export type HistogramWindows = readonly (DurationHistogram | undefined)[];

export function heatmapOf(
  { coveredSeconds }: Pick<Facts, 'coveredSeconds'>,
  all: DurationHistogram,
  perWindow: HistogramWindows,
): Heatmap {
  const rows = rowsOf(all);
  if (!rows) {
    return {
      boundsSeconds: [],
      counts: coveredSeconds.map(covered => (covered > 0 ? [] : null)),
    };
  }
  const nothing = new Array(rows.boundsSeconds.length - 1).fill(0);
  return {
    boundsSeconds: rows.boundsSeconds,
    counts: perWindow.map((histogram, window) => {
      if (coveredSeconds[window] === 0) return null;
      return histogram ? countsIn(rows, histogram) : nothing;
    }),
  };
}

/** The quantiles that are drawn as lines; null where there is no data. */
export function quantilesOverTime(
  { coveredSeconds }: Pick<Facts, 'coveredSeconds'>,
  perWindow: HistogramWindows,
): Record<'p50Values' | 'p90Values' | 'p99Values', (number | null)[]> {
  const values = perWindow.map((histogram, window) =>
    coveredSeconds[window] > 0 && histogram
      ? quantilesSeconds(histogram, [0.5, 0.9, 0.99])
      : [],
  );
  const valuesOf = (index: number) => values.map(of => of[index] ?? null);
  return {
    p50Values: valuesOf(0),
    p90Values: valuesOf(1),
    p99Values: valuesOf(2),
  };
}
