/**
 * Latency bands, one octave each: band b holds the requests that took (2^(b-1), 2^b] s, which are eight buckets of the
 * histogram. Pure.
 */
import {
  bucketLowerBoundSeconds,
  bucketUpperBoundSeconds,
  type DurationHistogram,
} from 'backstage-plugin-contention-common';
import type { Selection } from './facts';

const BUCKETS_PER_BAND = 8;

export function bandOfBucket(index: number): number {
  return Math.floor(index / BUCKETS_PER_BAND) + 1;
}

/** The band that ends at a power of two of seconds. */
export function bandOfBound(upperSeconds: number): number {
  return Math.round(Math.log2(upperSeconds));
}

export function bandUpperSeconds(band: number): number {
  return 2 ** band;
}

export function bandLowerSeconds(band: number): number {
  return 2 ** (band - 1);
}

/** The bands that reach into (fromSeconds, toSeconds]. */
export function selectedBands(
  fromSeconds: number | undefined,
  toSeconds: number | undefined,
): Pick<Selection, 'lowestBand' | 'highestBand'> {
  return {
    // An upper bound belongs to its band: one that ends at `fromSeconds` does not reach in.
    ...(fromSeconds
      ? { lowestBand: Math.floor(Math.log2(fromSeconds)) + 1 }
      : {}),
    ...(toSeconds === undefined
      ? {}
      : { highestBand: Math.ceil(Math.log2(toSeconds)) }),
  };
}

export function isSelected(
  { lowestBand = -Infinity, highestBand = Infinity }: Selection,
  band: number,
): boolean {
  return band >= lowestBand && band <= highestBand;
}

/** Only the requests of the selected bands; those of zero duration where there is no lower end. */
export function histogramOfBands(
  histogram: DurationHistogram,
  selection: Selection,
): DurationHistogram {
  if (
    selection.lowestBand === undefined &&
    selection.highestBand === undefined
  ) {
    return histogram;
  }
  const buckets = new Map(
    [...histogram.buckets].filter(([index]) =>
      isSelected(selection, bandOfBucket(index)),
    ),
  );
  const zeroCount =
    selection.lowestBand === undefined ? histogram.zeroCount : 0;
  let count = zeroCount;
  let sumSeconds = 0;
  for (const [index, inBucket] of buckets) {
    count += inBucket;
    sumSeconds += inBucket * middleSeconds(index);
  }
  return { count, sumSeconds, zeroCount, buckets };
}

/** Requests in each band; those of zero duration are in none. */
export function countsByBand(
  histogram: DurationHistogram,
): Map<number, number> {
  return sumByBand(histogram, () => 1);
}

/** About how long the requests of each band took together: at most 4.4 % from it. Those of zero duration are in none. */
export function secondsByBand(
  histogram: DurationHistogram,
): Map<number, number> {
  return sumByBand(histogram, middleSeconds);
}

/** @param worth - of each request in a bucket */
function sumByBand(
  histogram: DurationHistogram,
  worth: (index: number) => number,
): Map<number, number> {
  const sums = new Map<number, number>();
  for (const [index, count] of histogram.buckets) {
    if (count === 0) continue;
    const band = bandOfBucket(index);
    sums.set(band, (sums.get(band) ?? 0) + count * worth(index));
  }
  return sums;
}

/** Geometric middle of a bucket: at most 4.4 % from any duration in it. */
function middleSeconds(index: number): number {
  return Math.sqrt(
    bucketLowerBoundSeconds(index) * bucketUpperBoundSeconds(index),
  );
}

/**
 * Of the seconds of each band, the share that requests slower than a threshold hold. 1 for bands beyond it, 0 for bands
 * below; in the band that it cuts, bucket by bucket, and inside its bucket on the logarithm, as quantiles are read.
 */
export function sharesBeyond(
  histogram: DurationHistogram,
  thresholdSeconds: number,
): Map<number, number> {
  const all = new Map<number, number>();
  const beyond = new Map<number, number>();
  for (const [index, count] of histogram.buckets) {
    if (count === 0) continue;
    const band = bandOfBucket(index);
    const seconds = count * middleSeconds(index);
    const low = bucketLowerBoundSeconds(index);
    const high = bucketUpperBoundSeconds(index);
    const below = Math.log(thresholdSeconds / low) / Math.log(high / low);
    const part = 1 - Math.min(1, Math.max(0, below));
    all.set(band, (all.get(band) ?? 0) + seconds);
    beyond.set(band, (beyond.get(band) ?? 0) + part * seconds);
  }
  return new Map(
    [...all].map(([band, seconds]) => [band, beyond.get(band)! / seconds]),
  );
}
