import fc from 'fast-check';
import {
  bucketIndex,
  bucketLowerBoundSeconds,
  bucketUpperBoundSeconds,
} from './scale';

/** The next double above or below a positive one: no duration lies between. */
function neighbour(value: number, direction: 1 | -1): number {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  view.setBigInt64(0, view.getBigInt64(0) + BigInt(direction));
  return view.getFloat64(0);
}

const INDICES = Array.from({ length: 641 }, (_, position) => position - 320);

describe('buckets of scale 3', () => {
  it('put exactly 2^k seconds into bucket 8k-1', () => {
    for (let k = -40; k <= 40; k++) expect(bucketIndex(2 ** k)).toBe(8 * k - 1);
  });

  it('own their upper bound and not their lower one, to the last bit', () => {
    for (const index of INDICES) {
      const upper = bucketUpperBoundSeconds(index);
      expect(bucketIndex(upper)).toBe(index);
      expect(bucketIndex(neighbour(upper, -1))).toBe(index);
      expect(bucketIndex(neighbour(upper, 1))).toBe(index + 1);
      expect(bucketLowerBoundSeconds(index + 1)).toBe(upper);
    }
  });

  it('hold every duration between their bounds', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 1e-12, max: 1e12, noNaN: true }),
        seconds => {
          const index = bucketIndex(seconds);
          expect(seconds).toBeGreaterThan(bucketLowerBoundSeconds(index));
          expect(seconds).toBeLessThanOrEqual(bucketUpperBoundSeconds(index));
        },
      ),
      { numRuns: 2_000 },
    );
  });

  it('are off by 4.4 % at most when read at their middle', () => {
    for (const index of INDICES) {
      const low = bucketLowerBoundSeconds(index);
      const high = bucketUpperBoundSeconds(index);
      const middle = Math.sqrt(low * high);
      expect(high / middle - 1).toBeLessThan(0.0443);
      expect(1 - low / middle).toBeLessThan(0.0443);
    }
  });

  it.each([0, -1, NaN, Infinity, -Infinity])(
    'refuse %p, which is no duration that a bucket holds',
    seconds => {
      expect(() => bucketIndex(seconds)).toThrow(RangeError);
    },
  );
});
