/**
 * Classic buckets, whose bounds are powers of two: each is the upper bound of eight buckets of an exponential histogram of scale
 * 3, so what they count is exact.
 */
import type { HistogramPoint } from '../otlp/model';

/** Exponents of two of the least and the largest bound, s: 7.6 µs and 32 s. The same for all, so that they can be added up. */
const LEAST = -17;
const LARGEST = 5;

/** Buckets of scale 3 within a factor of two: bucket i goes up to 2^((i + 1) / 8). */
const OF_OCTAVE = 8;

export interface ClassicBucket {
  /** s, inclusive. */
  upperBound: number;
  /** Of all values up to it. */
  count: bigint;
}

/** In ascending order, without the one that has no bound. */
export function classicBuckets({
  zeroCount,
  buckets,
}: Pick<HistogramPoint, 'zeroCount' | 'buckets'>): ClassicBucket[] {
  const added = new Array<bigint>(LARGEST - LEAST + 1).fill(0n);
  added[0] = zeroCount;
  for (const [index, count] of buckets) {
    const exponent = Math.floor(index / OF_OCTAVE) + 1;
    if (exponent <= LARGEST) added[Math.max(exponent - LEAST, 0)] += count;
  }
  let count = 0n;
  return added.map((more, i) => {
    count += more;
    return { upperBound: 2 ** (LEAST + i), count };
  });
}
