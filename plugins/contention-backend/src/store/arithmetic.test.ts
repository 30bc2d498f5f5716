/** The pure arithmetic of the store: splitting, cumulative streams, stretches, resolutions, text. */
import type { DurationHistogram } from 'backstage-plugin-contention-common';
import { emptyHistogram, mergeInto } from 'backstage-plugin-contention-common';
import fc from 'fast-check';
import { cumulativeStep, type CumulativeState } from './cumulative';
import {
  histogramFromText,
  histogramToText,
  storedHistogram,
  sumOfHistograms,
} from './histogramText';
import { chooseAxis, MINUTE_MS, QUARTER_MS } from './resolution';
import { eachShare, MAX_SPAN_MS, pieces } from './split';
import type { Axis, Point } from './Store';
import { coveredMs, union } from './stretches';

const histogram = fc
  .record({
    zeroCount: fc.nat(50),
    buckets: fc.dictionary(
      fc.integer({ min: -80, max: 80 }).map(String),
      fc.integer({ min: 1, max: 1000 }),
      { maxKeys: 8 },
    ),
    sumSeconds: fc.double({ min: 0, max: 1e6, noNaN: true }),
  })
  .map(({ zeroCount, buckets, sumSeconds }): DurationHistogram => {
    const entries = Object.entries(buckets).map(
      ([index, count]) => [Number(index), count] as [number, number],
    );
    return {
      zeroCount,
      sumSeconds,
      buckets: new Map(entries.sort(([a], [b]) => a - b)),
      count: zeroCount + entries.reduce((sum, [, count]) => sum + count, 0),
    };
  });

const point = fc
  .tuple(fc.nat(5_000_000), fc.integer({ min: 1, max: 3_000_000 }), histogram)
  .map(([startMs, length, distribution]): Point => ({
    startMs,
    endMs: startMs + length,
    value: distribution.sumSeconds,
    histogram: distribution,
  }));

function addedUp(parts: readonly Point[]): DurationHistogram {
  const all = emptyHistogram();
  for (const part of parts) if (part.histogram) mergeInto(all, part.histogram);
  return all;
}

function expectSame(parts: readonly Point[], whole: Point): void {
  const all = addedUp(parts);
  expect(all.count).toBe(whole.histogram!.count);
  expect(all.zeroCount).toBe(whole.histogram!.zeroCount);
  expect(new Map([...all.buckets].sort(([a], [b]) => a - b))).toEqual(
    whole.histogram!.buckets,
  );
  const value = parts.reduce((sum, part) => sum + part.value, 0);
  expect(Math.abs(value - whole.value)).toBeLessThanOrEqual(
    whole.value * 1e-9 + 1e-300,
  );
}

describe('a point that crosses windows', () => {
  it('is shared out so that its shares are the point again, counts to the last one', () => {
    fc.assert(
      fc.property(
        point,
        fc.integer({ min: 1_000, max: 900_000 }),
        (whole, stepMs) => {
          const startMs = Math.floor(whole.startMs / stepMs) * stepMs;
          const count = Math.ceil((whole.endMs - startMs) / stepMs);
          const axis: Axis = { startMs, stepMs, count };
          const shares: Point[] = [];
          eachShare(axis, whole, (window, share) => {
            shares.push(share);
            const from = startMs + window * stepMs;
            expect(share.startMs).toBeGreaterThanOrEqual(from);
            expect(share.endMs).toBeLessThanOrEqual(from + stepMs);
          });
          expectSame(shares, whole);
        },
      ),
    );
  });

  it('is the same whether its head comes from a roll-up or not', () => {
    fc.assert(
      fc.property(
        point,
        fc.double({ min: 0, max: 1, noNaN: true }),
        (whole, at) => {
          const edge =
            whole.startMs + Math.floor((whole.endMs - whole.startMs) * at);
          const parts: Point[] = [];
          for (const [startMs, endMs] of [
            [whole.startMs, edge],
            [edge, whole.endMs],
          ]) {
            if (startMs === endMs) continue;
            const axis: Axis = { startMs, stepMs: endMs - startMs, count: 1 };
            eachShare(axis, whole, (_, share) => parts.push(share));
          }
          expectSame(parts, whole);
        },
      ),
    );
  });

  it('is cut into pieces that a reader can find, always the same ones', () => {
    fc.assert(
      fc.property(point, whole => {
        const cut = pieces(whole);
        expect(pieces(whole)).toEqual(cut);
        for (const { startMs, endMs } of cut) {
          expect(endMs - startMs).toBeLessThanOrEqual(MAX_SPAN_MS + 1);
        }
        expectSame(cut, whole);
      }),
    );
  });

  it('belongs to the window that it ends with when it is a gauge', () => {
    const axis: Axis = { startMs: 0, stepMs: 10_000, count: 3 };
    const windowsOf = (atMs: number) => {
      const found: number[] = [];
      eachShare(axis, { startMs: atMs, endMs: atMs, value: 1 }, window =>
        found.push(window),
      );
      return found;
    };
    expect(windowsOf(10_000)).toEqual([0]);
    expect(windowsOf(10_001)).toEqual([1]);
    expect(windowsOf(0)).toEqual([]);
    expect(windowsOf(30_001)).toEqual([]);
  });
});

describe('a cumulative stream', () => {
  const at = (startMs: number, endMs: number, value: number): Point => ({
    startMs,
    endMs,
    value,
  });

  /** What is counted of a series of points, in any order of arrival. */
  function counted(points: readonly Point[], oldestMs = 0): Point[] {
    let state: CumulativeState | undefined;
    const deltas: Point[] = [];
    for (const item of points) {
      const step = cumulativeStep(state, item, oldestMs);
      state = step.state ?? state;
      if (step.delta) deltas.push(step.delta);
    }
    return deltas;
  }

  it('counts from its start', () => {
    expect(counted([at(100, 200, 5), at(100, 300, 8)])).toEqual([
      at(100, 200, 5),
      at(200, 300, 3),
    ]);
  });

  it('that started before all that is kept gives a base only', () => {
    expect(counted([at(100, 200, 5), at(100, 300, 8)], 150)).toEqual([
      at(200, 300, 3),
    ]);
    expect(counted([at(0, 200, 5), at(0, 300, 8)])).toEqual([at(200, 300, 3)]);
  });

  it('starts again with a new start time', () => {
    expect(counted([at(100, 200, 5), at(250, 300, 9)])).toEqual([
      at(100, 200, 5),
      at(250, 300, 9),
    ]);
  });

  it('starts again when it falls', () => {
    expect(counted([at(100, 200, 5), at(100, 300, 2)])).toEqual([
      at(100, 200, 5),
      at(200, 300, 2),
    ]);
  });

  it('adds up to its last value however many points are lost, doubled or late', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 100 }), { minLength: 1 }),
        fc.infiniteStream(fc.nat(3)),
        (increments, fates) => {
          let value = 0;
          const arriving: Point[] = [];
          increments.forEach((increment, index) => {
            value += increment;
            const item = at(100, 200 + index, value);
            const fate = fates.next().value;
            const isLast = index === increments.length - 1;
            if (fate === 0 && !isLast) return;
            arriving.push(item);
            if (fate === 1) arriving.push(item);
            if (fate === 2 && arriving.length > 1) arriving.push(arriving[0]);
          });
          const sum = counted(arriving).reduce((all, d) => all + d.value, 0);
          expect(sum).toBe(value);
        },
      ),
    );
  });

  it('of histograms gives histograms of what came in between', () => {
    fc.assert(
      fc.property(histogram, histogram, (first, second) => {
        const total = { ...first, buckets: new Map(first.buckets) };
        mergeInto(total, second);
        const [, delta] = counted([
          { ...at(100, 200, first.sumSeconds), histogram: first },
          { ...at(100, 300, total.sumSeconds), histogram: total },
        ]);
        expect(delta.histogram!.buckets).toEqual(second.buckets);
        expect(delta.histogram!.count).toBe(second.count);
        expect(delta.histogram!.zeroCount).toBe(second.zeroCount);
      }),
    );
  });
});

describe('stretches', () => {
  it('are the union of intervals', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(100), fc.integer({ min: 1, max: 20 }))),
        raw => {
          // In steps far longer than what counts as touching.
          const intervals = raw.map(([start, length]) => ({
            startMs: start * 10_000,
            endMs: (start + length) * 10_000,
          }));
          const stretches = union(intervals);
          for (let slot = 0; slot < 130; slot++) {
            const from = slot * 10_000;
            const isIn = intervals.some(
              ({ startMs, endMs }) => startMs <= from && from < endMs,
            );
            expect(coveredMs(stretches, from, from + 10_000)).toBe(
              isIn ? 10_000 : 0,
            );
          }
        },
      ),
    );
  });
});

describe('the axis of a range', () => {
  const hour = 3_600_000;
  const kept = { rawMs: 6 * hour, minuteMs: 72 * hour, quarterMs: 720 * hour };
  const nowMs = 1_700_000_123_456;

  it.each([
    ['the last minutes', 0.1, 10_000],
    ['the last hour', 1, 10_000],
    ['the last six hours', 6, 60_000],
    ['the last day', 24, 300_000],
    ['the last three days', 72, 900_000],
    ['the last month', 720, 7_200_000],
  ])('has windows that fit for %s', (_, hours, stepMs) => {
    const range = { fromMs: nowMs - hours * hour, toMs: nowMs };
    const axis = chooseAxis(range, nowMs, kept);
    expect(axis.stepMs).toBe(stepMs);
    expect(axis.startMs % stepMs).toBe(0);
    expect(axis.startMs).toBeLessThanOrEqual(range.fromMs);
    expect(axis.startMs + axis.count * stepMs).toBeGreaterThanOrEqual(nowMs);
  });

  it('is no finer than what is still remembered', () => {
    const old = { fromMs: nowMs - 7 * hour, toMs: nowMs - 6.9 * hour };
    expect(chooseAxis(old, nowMs, kept).stepMs).toBe(MINUTE_MS);
    const older = { fromMs: nowMs - 80 * hour, toMs: nowMs - 79.9 * hour };
    expect(chooseAxis(older, nowMs, kept).stepMs).toBe(QUARTER_MS);
  });

  it('is no finer than asked for', () => {
    const range = { fromMs: nowMs - hour, toMs: nowMs };
    expect(chooseAxis({ ...range, stepMs: 45_000 }, nowMs, kept).stepMs).toBe(
      MINUTE_MS,
    );
    expect(
      chooseAxis({ ...range, stepMs: QUARTER_MS }, nowMs, kept).stepMs,
    ).toBe(QUARTER_MS);
  });
});

/** As it comes where several were put together. */
const amongOthers = (text: string) => ({
  bytes: Buffer.from(`1;2:3|${text}|4;5:6`, 'latin1'),
  from: 6,
  to: 6 + text.length,
});

describe('a histogram in a column', () => {
  it('comes back as it was', () => {
    fc.assert(
      fc.property(histogram, original => {
        const text = histogramToText(original);
        expect(histogramFromText(text, original.sumSeconds)).toEqual(original);
      }),
    );
  });

  it('beside others is what they are together, however far apart their indices are', () => {
    fc.assert(
      fc.property(
        fc.array(histogram, { minLength: 1, maxLength: 5 }),
        fc.constantFrom(1, 13),
        fc.constantFrom(';', '|'),
        (parts, apart, between) => {
          const spread = parts.map(part => ({
            ...part,
            buckets: new Map(
              [...part.buckets].map(([index, count]) => [index * apart, count]),
            ),
          }));
          const all = emptyHistogram();
          for (const part of spread) mergeInto(all, part);
          const texts = spread.map(histogramToText);
          const together = histogramFromText(
            texts.join(between),
            all.sumSeconds,
          );
          expect(together).toEqual(all);
          const [first, ...others] = texts;
          const stored = others.reduce(
            (known, text) => known.and(storedHistogram(amongOthers(text), 0)),
            storedHistogram(first, all.sumSeconds),
          );
          expect(stored.count).toBe(all.count);
          expect(stored.buckets).toEqual(all.buckets);
          expect(stored.zeroCount).toBe(all.zeroCount);
        },
      ),
    );
  });

  it('is added to others, stored or not, as exactly as one by one', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.tuple(
            histogram,
            fc.constantFrom('stored', 'bytes', 'whole', 'hole'),
          ),
        ),
        parts => {
          const all = emptyHistogram();
          const given = parts.map(([part, how]) => {
            if (how === 'hole') return undefined;
            mergeInto(all, part);
            return how === 'whole'
              ? part
              : storedHistogram(
                  how === 'bytes'
                    ? amongOthers(histogramToText(part))
                    : histogramToText(part),
                  part.sumSeconds,
                );
          });
          expect(sumOfHistograms(given)).toEqual(all);
        },
      ),
    );
  });
});
