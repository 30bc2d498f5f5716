import { bucketIndex } from 'backstage-plugin-contention-common';
import fc from 'fast-check';
import { MalformedError, type OtlpExponentialPoint } from '../otlp';
import { isTooCoarse, toDurationHistogram } from './exponential';

const base: OtlpExponentialPoint = {
  attributes: {},
  startNs: 1,
  endNs: 2,
  noRecordedValue: false,
  count: 0,
  sum: 0,
  scale: 3,
  zeroCount: 0,
  positive: { offset: 0, counts: [] },
  negative: { offset: 0, counts: [] },
  exemplars: [],
};

describe('histograms of another scale', () => {
  it('merge down to scale 3 as if they had been recorded there', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 3, max: 12 }),
        // Away from the bounds, where the two logarithms below may round differently.
        fc.array(fc.integer({ min: -80, max: 80 }), {
          minLength: 1,
          maxLength: 50,
        }),
        (scale, eighths) => {
          const durations = eighths.map(eighth => 2 ** ((eighth + 0.5) / 8));
          const indices = durations.map(
            seconds => Math.ceil(Math.log2(seconds) * 2 ** scale) - 1,
          );
          const offset = Math.min(...indices);
          const counts = new Array(Math.max(...indices) - offset + 1).fill(0);
          for (const index of indices) counts[index - offset]++;
          const merged = toDurationHistogram(
            {
              ...base,
              scale,
              count: durations.length,
              sum: durations.reduce((a, b) => a + b, 0),
              positive: { offset, counts },
            },
            'point',
          );
          const expected = new Map<number, number>();
          for (const seconds of durations) {
            const index = bucketIndex(seconds);
            expected.set(index, (expected.get(index) ?? 0) + 1);
          }
          expect(merged.buckets).toEqual(expected);
          expect(merged.count).toBe(durations.length);
        },
      ),
    );
  });

  it('of a scale below 3 are too coarse', () => {
    expect(isTooCoarse({ ...base, scale: 2 })).toBe(true);
    expect(isTooCoarse({ ...base, scale: 3 })).toBe(false);
  });
});

describe('a histogram that contradicts itself', () => {
  it.each<[string, Partial<OtlpExponentialPoint>, RegExp]>([
    [
      'counts more than its buckets hold',
      { count: 2, positive: { offset: 0, counts: [1] } },
      /counts 2, but its buckets hold 1/,
    ],
    [
      'has negative durations',
      { count: 1, negative: { offset: 0, counts: [1] } },
      /negative durations/,
    ],
    ['has no sum', { sum: undefined }, /no sum/],
    ['is finer than any', { scale: 21 }, /scale 21/],
    [
      'has durations beyond the age of the world',
      { count: 1, positive: { offset: 400, counts: [1] } },
      /outside of all durations/,
    ],
  ])('%s: refused', (_, part, message) => {
    const convert = () => toDurationHistogram({ ...base, ...part }, 'point');
    expect(convert).toThrow(MalformedError);
    expect(convert).toThrow(message);
  });
});
