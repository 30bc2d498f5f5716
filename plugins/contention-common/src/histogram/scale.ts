/**
 * Buckets of an OpenTelemetry exponential histogram of scale 3, of seconds: bucket i holds the durations in
 * (2^(i/8), 2^((i+1)/8)]. Relative error of a value read from a bucket: at most 4.4 %.
 */

export const SCALE = 3;
const BUCKETS_PER_OCTAVE = 2 ** SCALE;

/** Upper bound of bucket `index`, seconds. The bound belongs to the bucket. */
export function bucketUpperBoundSeconds(index: number): number {
  return bucketLowerBoundSeconds(index + 1);
}

/** Indices of a nanosecond to an hour lie within this of zero. */
const NEAR = 512;

/** Lower bounds of those, as a report asks for thousands. */
const NEAR_BOUNDS = Float64Array.from(
  { length: 2 * NEAR },
  (_, at) => 2 ** ((at - NEAR) / BUCKETS_PER_OCTAVE),
);

/** Lower bound of bucket `index`, seconds. The bound belongs to the bucket below. */
export function bucketLowerBoundSeconds(index: number): number {
  return NEAR_BOUNDS[index + NEAR] ?? 2 ** (index / BUCKETS_PER_OCTAVE);
}

/**
 * The bucket that holds a duration. Exactly 2^k seconds is index 8k-1.
 * @param seconds - a positive, finite duration
 * @throws RangeError for zero, negative or non-finite durations: those have no bucket
 */
export function bucketIndex(seconds: number): number {
  if (!(seconds > 0) || !Number.isFinite(seconds)) {
    throw new RangeError(`no bucket holds ${seconds} s`);
  }
  const guess = Math.ceil(Math.log2(seconds) * BUCKETS_PER_OCTAVE) - 1;
  // The logarithm may be off by one unit in the last place at a boundary: settle by comparing.
  if (seconds <= bucketLowerBoundSeconds(guess)) return guess - 1;
  if (seconds > bucketUpperBoundSeconds(guess)) return guess + 1;
  return guess;
}
