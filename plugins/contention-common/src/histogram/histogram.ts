/** Arithmetic on exponential histograms of scale 3 (see scale.ts): merging is exact addition. */
import { bucketLowerBoundSeconds, bucketUpperBoundSeconds } from './scale';

/** A histogram of durations. Buckets that are not in the map are empty. */
export interface DurationHistogram {
  /** Number of durations, those of zero included. */
  count: number;
  /** Sum of all durations, seconds. */
  sumSeconds: number;
  /** Number of durations of exactly zero. */
  zeroCount: number;
  /** Bucket index to count. */
  buckets: Map<number, number>;
}

export function emptyHistogram(): DurationHistogram {
  return { count: 0, sumSeconds: 0, zeroCount: 0, buckets: new Map() };
}

/** Adds `from` into `into`. */
export function mergeInto(
  into: DurationHistogram,
  from: DurationHistogram,
): void {
  into.count += from.count;
  into.sumSeconds += from.sumSeconds;
  into.zeroCount += from.zeroCount;
  for (const [index, count] of from.buckets) {
    into.buckets.set(index, (into.buckets.get(index) ?? 0) + count);
  }
}

/**
 * The duration below which the share `q` of all durations lies, interpolated on the logarithm inside its bucket.
 * @param q - between 0 and 1
 * @returns seconds, or undefined for an empty histogram
 */
export function quantileSeconds(
  histogram: DurationHistogram,
  q: number,
): number | undefined {
  return quantilesSeconds(histogram, [q])[0];
}

/**
 * As `quantileSeconds`, of several shares at once.
 * @param shares - ascending
 */
export function quantilesSeconds(
  histogram: DurationHistogram,
  shares: readonly number[],
): (number | undefined)[] {
  for (const q of shares) {
    if (!(q >= 0 && q <= 1)) throw new RangeError(`no quantile ${q}`);
  }
  if (histogram.count === 0) return shares.map(() => undefined);
  const { buckets } = histogram;
  const indices = indicesOf(buckets);
  const countAt = (at: number) => buckets.get(indices[at])!;
  let below = histogram.zeroCount;
  let at = 0;
  return shares.map(q => {
    const rank = q * histogram.count;
    if (rank <= histogram.zeroCount && histogram.zeroCount > 0) return 0;
    // An empty bucket holds no duration, though a rank may end before it.
    while (
      at < indices.length &&
      (countAt(at) === 0 || rank > below + countAt(at))
    ) {
      below += countAt(at);
      at++;
    }
    if (at === indices.length) return longestSeconds(histogram) ?? 0;
    const low = bucketLowerBoundSeconds(indices[at]);
    const high = bucketUpperBoundSeconds(indices[at]);
    return low * (high / low) ** ((rank - below) / countAt(at));
  });
}

/** Ascending. Mostly they are that already, and a report asks hundreds of histograms. */
function indicesOf(buckets: DurationHistogram['buckets']): number[] {
  const indices: number[] = [];
  let isAscending = true;
  buckets.forEach((_, index) => {
    isAscending &&= indices.length === 0 || index > indices[indices.length - 1];
    indices.push(index);
  });
  return isAscending ? indices : indices.sort((a, b) => a - b);
}

/** Upper bound of the highest bucket that is not empty: no duration was longer. Seconds; undefined if empty. */
export function longestSeconds(
  histogram: DurationHistogram,
): number | undefined {
  let highest: number | undefined;
  for (const [index, count] of histogram.buckets) {
    if (count > 0 && (highest === undefined || index > highest))
      highest = index;
  }
  if (highest === undefined) return histogram.zeroCount > 0 ? 0 : undefined;
  return bucketUpperBoundSeconds(highest);
}
