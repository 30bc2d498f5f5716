import fc from 'fast-check';
import { classicBuckets } from './classic';

it('every classic bucket holds exactly the values up to its bound', () => {
  fc.assert(
    fc.property(
      fc.bigInt(0n, 100n),
      fc.array(
        fc.tuple(fc.integer({ min: -300, max: 120 }), fc.bigInt(0n, 1000n)),
      ),
      (zeroCount, entries) => {
        const buckets = new Map(entries);
        for (const { upperBound, count } of classicBuckets({
          zeroCount,
          buckets,
        })) {
          const exponent = Math.log2(upperBound);
          expect(Number.isInteger(exponent)).toBe(true);
          // Bucket i holds values of (2^(i/8), 2^((i+1)/8)].
          const upTo = [...buckets]
            .filter(([index]) => index + 1 <= 8 * exponent)
            .reduce((sum, [, n]) => sum + n, zeroCount);
          expect(count).toBe(upTo);
        }
      },
    ),
  );
});

it('bounds are the same for all, so that they can be added up', () => {
  const bounds = (buckets: Map<number, bigint>) =>
    classicBuckets({ zeroCount: 0n, buckets }).map(one => one.upperBound);
  expect(bounds(new Map([[-300, 1n]]))).toEqual(bounds(new Map([[100, 1n]])));
  expect(bounds(new Map())[0]).toBe(2 ** -17);
  expect(bounds(new Map()).at(-1)).toBe(32);
});
