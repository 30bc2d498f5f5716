import fc from 'fast-check';
import type { FrameDurations } from '../sensor/frame';
import { counterDeltas, histogramDelta, isEmpty } from './deltas';

const durations = fc
  .array(
    fc.tuple(fc.integer({ min: -240, max: 60 }), fc.bigInt(1n, 10n ** 9n)),
    {
      maxLength: 12,
    },
  )
  .chain(buckets =>
    fc
      .tuple(fc.bigInt(0n, 10n ** 9n), fc.bigInt(0n, 10n ** 15n))
      .map(([zeroCount, sumNs]): Contents => ({
        sumNs,
        zeroCount,
        buckets: new Map(buckets),
      })),
  );

interface Contents {
  sumNs: bigint;
  zeroCount: bigint;
  buckets: Map<number, bigint>;
}

function frameOf({ sumNs, zeroCount, buckets }: Contents): FrameDurations {
  const count = [...buckets.values()].reduce((a, b) => a + b, zeroCount);
  return {
    sumNs: String(sumNs),
    count: String(count),
    zeroCount: String(zeroCount),
    buckets: [...buckets].map(([index, n]) => [index, String(n)]),
  };
}

function sumOf(a: Contents, b: Contents): Contents {
  const buckets = new Map(a.buckets);
  for (const [index, n] of b.buckets) {
    buckets.set(index, (buckets.get(index) ?? 0n) + n);
  }
  return {
    sumNs: a.sumNs + b.sumNs,
    zeroCount: a.zeroCount + b.zeroCount,
    buckets,
  };
}

it('the difference of a histogram is exactly what was added to it', () => {
  fc.assert(
    fc.property(durations, durations, (before, added) => {
      const { delta, restarted } = histogramDelta(
        frameOf(before),
        frameOf(sumOf(before, added)),
      );
      expect(restarted).toBe(false);
      expect(delta.sumNs).toBe(added.sumNs);
      expect(delta.zeroCount).toBe(added.zeroCount);
      expect(new Map(delta.buckets)).toEqual(added.buckets);
      expect(delta.count).toBe(
        [...added.buckets.values()].reduce((a, b) => a + b, added.zeroCount),
      );
    }),
  );
});

it('a histogram that was not there before was empty', () => {
  const after = frameOf({
    sumNs: 3n,
    zeroCount: 1n,
    buckets: new Map([[2, 4n]]),
  });
  expect(histogramDelta(undefined, after)).toEqual({
    delta: { sumNs: 3n, count: 5n, zeroCount: 1n, buckets: new Map([[2, 4n]]) },
    restarted: false,
  });
});

it('a histogram that lost anything began anew: all that is in it is new', () => {
  const before = frameOf({
    sumNs: 9n,
    zeroCount: 0n,
    buckets: new Map([
      [1, 2n],
      [2, 2n],
    ]),
  });
  // More than before in sum, but a bucket is gone.
  const after = frameOf({
    sumNs: 10n,
    zeroCount: 0n,
    buckets: new Map([[1, 5n]]),
  });
  const { delta, restarted } = histogramDelta(before, after);
  expect(restarted).toBe(true);
  expect(delta).toEqual({
    sumNs: 10n,
    count: 5n,
    zeroCount: 0n,
    buckets: new Map([[1, 5n]]),
  });
});

it('only what has neither count nor time is empty', () => {
  const empty = { sumNs: 0n, count: 0n, zeroCount: 0n, buckets: new Map() };
  expect(isEmpty(empty)).toBe(true);
  expect(isEmpty({ ...empty, count: 1n })).toBe(false);
  expect(isEmpty({ ...empty, sumNs: 1n })).toBe(false);
});

it('counters start at zero, and one that went back began anew', () => {
  expect(
    counterDeltas(
      { up: '5', same: '7', back: '9' },
      { up: '8', same: '7', back: '2', fresh: '4' },
    ),
  ).toEqual(
    new Map([
      ['up', 3n],
      ['same', 0n],
      ['back', 2n],
      ['fresh', 4n],
    ]),
  );
  expect(counterDeltas(undefined, { fresh: '4' })).toEqual(
    new Map([['fresh', 4n]]),
  );
});
