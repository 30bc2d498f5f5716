/** OTLP exponential histogram points as histograms of scale 3. Pure. */
import {
  SCALE,
  type DurationHistogram,
} from 'backstage-plugin-contention-common';
import { MalformedError, type OtlpExponentialPoint } from '../otlp';

/** Buckets from 2^-40 s (a picosecond) to 2^40 s (35 thousand years): outside there are no durations, only mistakes. */
const LOWEST_INDEX = -40 * 2 ** SCALE;
const HIGHEST_INDEX = 40 * 2 ** SCALE - 1;

/** The finest scale of the OpenTelemetry data model. */
const MAX_SCALE = 20;

/** Points of a scale below 3 cannot be made finer: they would have to be guessed. */
export function isTooCoarse(point: OtlpExponentialPoint): boolean {
  return point.scale < SCALE;
}

/**
 * Merges buckets down to scale 3. Exact: bucket i of scale s lies wholly in bucket i >> (s - 3).
 * @throws MalformedError when the point contradicts itself
 */
export function toDurationHistogram(
  point: OtlpExponentialPoint,
  at: string,
): DurationHistogram {
  if (point.scale > MAX_SCALE) {
    throw new MalformedError(
      `${at} has scale ${point.scale}; ${MAX_SCALE} is the finest`,
    );
  }
  if (point.negative.counts.some(count => count > 0)) {
    throw new MalformedError(`${at} has negative durations`);
  }
  if (point.sum === undefined) {
    throw new MalformedError(`${at} has no sum`);
  }
  const shift = point.scale - SCALE;
  const buckets = new Map<number, number>();
  let count = point.zeroCount;
  point.positive.counts.forEach((inBucket, position) => {
    if (inBucket === 0) return;
    const index = Math.floor((point.positive.offset + position) / 2 ** shift);
    if (index < LOWEST_INDEX || index > HIGHEST_INDEX) {
      throw new MalformedError(`${at} has a bucket outside of all durations`);
    }
    buckets.set(index, (buckets.get(index) ?? 0) + inBucket);
    count += inBucket;
  });
  if (count !== point.count) {
    throw new MalformedError(
      `${at} counts ${point.count}, but its buckets hold ${count}`,
    );
  }
  return {
    count,
    sumSeconds: point.sum,
    zeroCount: point.zeroCount,
    buckets,
  };
}
