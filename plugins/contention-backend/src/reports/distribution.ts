/** Histograms as a reader gets them: quantiles, and few enough bars to look at. Pure. */
import {
  bucketLowerBoundSeconds,
  bucketUpperBoundSeconds,
  emptyHistogram,
  longestSeconds,
  quantileSeconds,
  type DurationHistogram,
  type Distribution,
} from 'backstage-plugin-contention-common';
import { sumOfHistograms } from '../store/histogramText';
import type { SeriesFacts, WindowStretch } from './facts';

/** More bars or rows than this tell nothing more. */
const MAX_ROWS = 40;

/** Windows of one series, or of several that were added up. */
export interface HistogramSeries {
  windows: Pick<SeriesFacts['windows'], 'histograms'>;
}

/** All windows of one series; several parts of a report ask for it. */
const ofOneSeries = new WeakMap<
  HistogramSeries['windows'],
  DurationHistogram
>();

function histogramOf(windows: HistogramSeries['windows']): DurationHistogram {
  const known = ofOneSeries.get(windows);
  if (known) return known;
  const sum = sumOfHistograms(windows.histograms ?? []);
  ofOneSeries.set(windows, sum);
  return sum;
}

/**
 * Everything in the windows of all series.
 * @param held - only windows of this stretch, both ends inclusive
 */
export function mergedHistogram(
  series: readonly HistogramSeries[],
  held?: WindowStretch,
): DurationHistogram {
  return sumOfHistograms(
    held
      ? histogramsIn(series, held)
      : series.map(({ windows }) => histogramOf(windows)),
  );
}

/** Of all series those of a stretch, one by one. */
export function histogramsIn(
  series: readonly HistogramSeries[],
  { first, last }: WindowStretch,
): DurationHistogram[] {
  return series.flatMap(
    ({ windows: { histograms } }) =>
      histograms
        ?.slice(first, last + 1)
        .filter(histogram => histogram !== undefined) ?? [],
  );
}

/** One histogram per window over all series; undefined where none has one. */
export function histogramPerWindow(
  series: readonly HistogramSeries[],
  windowCount: number,
): (DurationHistogram | undefined)[] {
  return Array.from({ length: windowCount }, (_, window) => {
    const found: DurationHistogram[] = [];
    for (const { windows } of series) {
      const histogram = windows.histograms?.[window];
      if (histogram) found.push(histogram);
    }
    return found.length > 1 ? sumOfHistograms(found) : found[0];
  });
}

/** Rows of one or more histogram buckets each, ascending, without gaps. */
export interface Rows {
  /** n+1 bounds of n rows, seconds. */
  boundsSeconds: number[];
  /** The row of a bucket; the lowest row also takes durations of zero. */
  rowOf(bucketIndex: number): number;
}

/** Rows that hold every bucket of a histogram; undefined when it has none. */
export function rowsOf(histogram: DurationHistogram): Rows | undefined {
  const indices = [...histogram.buckets]
    .filter(([, count]) => count > 0)
    .map(([index]) => index);
  if (indices.length === 0) return undefined;
  const lowest = indices.reduce((a, b) => Math.min(a, b));
  const highest = indices.reduce((a, b) => Math.max(a, b));
  // Whole octaves or clean parts of one, so that bounds are the same for a range and its neighbour.
  let width = 1;
  let first = lowest;
  const count = () => Math.floor((highest - first) / width) + 1;
  while (count() > MAX_ROWS) {
    width *= 2;
    first = Math.floor(lowest / width) * width;
  }
  const rowCount = count();
  return {
    boundsSeconds: [
      ...Array.from({ length: rowCount }, (_, row) =>
        bucketLowerBoundSeconds(first + row * width),
      ),
      bucketUpperBoundSeconds(first + rowCount * width - 1),
    ],
    rowOf: index => Math.floor((index - first) / width),
  };
}

/** Number of durations in each row. */
export function countsIn(rows: Rows, histogram: DurationHistogram): number[] {
  const counts: number[] = new Array(rows.boundsSeconds.length - 1).fill(0);
  counts[0] += histogram.zeroCount;
  // Not as pairs, each an array: a heat map has tens of thousands.
  histogram.buckets.forEach((count, index) => {
    if (count > 0) counts[rows.rowOf(index)] += count;
  });
  return counts;
}

export function distributionOf(histogram: DurationHistogram): Distribution {
  const rows = rowsOf(histogram);
  const counts = rows ? countsIn(rows, histogram) : [];
  return {
    count: histogram.count,
    sumSeconds: histogram.sumSeconds,
    p50Seconds: quantileSeconds(histogram, 0.5),
    p90Seconds: quantileSeconds(histogram, 0.9),
    p99Seconds: quantileSeconds(histogram, 0.99),
    longestSeconds: longestSeconds(histogram),
    buckets: counts.map((count, row) => ({
      fromSeconds: rows!.boundsSeconds[row],
      toSeconds: rows!.boundsSeconds[row + 1],
      count,
    })),
  };
}

export function emptyDistribution(): Distribution {
  return distributionOf(emptyHistogram());
}
