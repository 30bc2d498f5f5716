import fc from 'fast-check';
import {
  emptyHistogram,
  longestSeconds,
  mergeInto,
  quantileSeconds,
  quantilesSeconds,
  type DurationHistogram,
} from './histogram';
import {
  bucketIndex,
  bucketLowerBoundSeconds,
  bucketUpperBoundSeconds,
} from './scale';

/** Sums of eighths are exact in any order, so that equality can be exact. */
const duration = fc
  .integer({ min: 0, max: 8_000_000 })
  .map(eighths => eighths / 8);

function histogramOf(durations: readonly number[]): DurationHistogram {
  const histogram = emptyHistogram();
  for (const seconds of durations) {
    histogram.count++;
    histogram.sumSeconds += seconds;
    if (seconds === 0) histogram.zeroCount++;
    else {
      const index = bucketIndex(seconds);
      histogram.buckets.set(index, (histogram.buckets.get(index) ?? 0) + 1);
    }
  }
  return histogram;
}

/** Where a duration may be found: its bucket; zero has its own count. */
function boundsOf(seconds: number): [low: number, high: number] {
  if (seconds === 0) return [0, 0];
  const index = bucketIndex(seconds);
  return [bucketLowerBoundSeconds(index), bucketUpperBoundSeconds(index)];
}

describe('merging', () => {
  it('gives what one histogram of all durations would have been', () => {
    fc.assert(
      fc.property(fc.array(duration), fc.array(duration), (first, second) => {
        const merged = histogramOf(first);
        mergeInto(merged, histogramOf(second));
        expect(merged).toEqual(histogramOf([...first, ...second]));
      }),
    );
  });

  it('leaves what is merged as it was', () => {
    const from = histogramOf([1, 2, 0]);
    mergeInto(histogramOf([1]), from);
    expect(from).toEqual(histogramOf([1, 2, 0]));
  });
});

describe('quantiles', () => {
  it('are the same one by one and several at once', () => {
    fc.assert(
      fc.property(
        fc.array(duration),
        fc.array(fc.double({ min: 0, max: 1, noNaN: true })),
        (durations, shares) => {
          const histogram = histogramOf(durations);
          const ascending = shares.sort((a, b) => a - b);
          expect(quantilesSeconds(histogram, ascending)).toEqual(
            ascending.map(q => quantileSeconds(histogram, q)),
          );
        },
      ),
    );
  });

  it('lie in the bucket of the duration that brute force finds', () => {
    fc.assert(
      fc.property(
        fc.array(duration, { minLength: 1, maxLength: 200 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (durations, q) => {
          const sorted = [...durations].sort((a, b) => a - b);
          const rank = Math.max(0, Math.ceil(q * sorted.length) - 1);
          const truth = sorted[rank];
          const found = quantileSeconds(histogramOf(durations), q)!;
          const [low, high] = boundsOf(truth);
          // A rounding of the exponent may put the value a hair outside.
          expect(found).toBeGreaterThanOrEqual(low * (1 - 1e-12));
          expect(found).toBeLessThanOrEqual(high * (1 + 1e-12));
        },
      ),
      { numRuns: 1_000 },
    );
  });

  it('never fall while q rises', () => {
    fc.assert(
      fc.property(
        fc.array(duration, { minLength: 1 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (durations, a, b) => {
          const histogram = histogramOf(durations);
          const low = quantileSeconds(histogram, Math.min(a, b))!;
          const high = quantileSeconds(histogram, Math.max(a, b))!;
          expect(low).toBeLessThanOrEqual(high);
        },
      ),
    );
  });

  it('of nothing are nothing', () => {
    expect(quantileSeconds(emptyHistogram(), 0.5)).toBeUndefined();
    expect(longestSeconds(emptyHistogram())).toBeUndefined();
  });

  it.each([-0.1, 1.1, NaN])('refuse q = %p', q => {
    expect(() => quantileSeconds(histogramOf([1]), q)).toThrow(RangeError);
  });
});

describe('the longest duration', () => {
  it('is a bound that no duration passes, one bucket above at most', () => {
    fc.assert(
      fc.property(fc.array(duration, { minLength: 1 }), durations => {
        const truth = Math.max(...durations);
        const bound = longestSeconds(histogramOf(durations))!;
        expect(bound).toBeGreaterThanOrEqual(truth);
        expect(bound).toBeLessThanOrEqual(truth * 2 ** (1 / 8) * (1 + 1e-12));
      }),
    );
  });
});
