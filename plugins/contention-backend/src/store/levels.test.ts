import fc from 'fast-check';
import {
  LEVELS,
  levelsForTotals,
  levelsForWindows,
  spansOf,
  trustedUntil,
} from './levels';

const HOUR = 3_600_000;

describe('the spans of a range', () => {
  it('cover it once, without a gap, and trust no window that changed', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 500_000 }),
        fc.integer({ min: 1, max: 500_000 }),
        fc.tuple(
          ...LEVELS.map(({ widthMs }) =>
            fc.option(
              fc.integer({ min: 0, max: 40 }).map(n => n * widthMs),
              { nil: undefined },
            ),
          ),
        ),
        fc.subarray(LEVELS.map((_, index) => index)),
        (from, length, dirty, levels) => {
          const range = { fromMs: from * 1000, toMs: (from + length) * 1000 };
          const spans = spansOf(range, trustedUntil(dirty), levels);
          expect(spans[0].fromMs).toBe(range.fromMs);
          expect(spans[spans.length - 1].toMs).toBe(range.toMs);
          spans.slice(1).forEach(({ fromMs }, index) => {
            expect(fromMs).toBe(spans[index].toMs);
          });
          for (const { level, fromMs, toMs } of spans) {
            expect(toMs).toBeGreaterThan(fromMs);
            const widthMs = level?.widthMs ?? 1;
            expect([
              undefined,
              ...levels.map(index => LEVELS[index]),
            ]).toContain(level);
            expect([fromMs % widthMs, toMs % widthMs]).toEqual([0, 0]);
            const changedMs = dirty.map((startMs, finer) =>
              startMs === undefined || LEVELS[finer].widthMs > widthMs
                ? Infinity
                : Math.floor(startMs / widthMs) * widthMs,
            );
            expect(toMs).toBeLessThanOrEqual(
              level ? Math.min(...changedMs) : Infinity,
            );
          }
        },
      ),
    );
  });

  it('are few: the widest windows in the middle, finer ones at the edges', () => {
    const range = { fromMs: HOUR - 600_000, toMs: 24 * HOUR + 130_000 };
    expect(
      spansOf(range, trustedUntil([]), levelsForTotals(10_000)).map(
        ({ level, fromMs, toMs }) => [level?.table ?? 'points', fromMs, toMs],
      ),
    ).toEqual([
      ['contention_five_minute_packs', HOUR - 600_000, HOUR],
      ['contention_hour_packs', HOUR, 24 * HOUR],
      ['points', 24 * HOUR, 24 * HOUR + 130_000],
    ]);
  });

  it.each([
    [10_000, []],
    [60_000, [60_000]],
    [120_000, [60_000]],
    [300_000, [60_000, 300_000]],
    [1_800_000, [60_000, 300_000, 900_000]],
    [7_200_000, [60_000, 300_000, 900_000, 3_600_000]],
  ])('fit into windows of %d ms', (stepMs, widths) => {
    const levels = levelsForWindows({ stepMs, count: 2 }).map(
      index => LEVELS[index],
    );
    expect(levels.map(({ widthMs }) => widthMs)).toEqual(widths);
  });

  it.each([
    [10_000, [300_000, 3_600_000]],
    [60_000, [60_000, 900_000]],
    [300_000, [60_000, 300_000, 3_600_000]],
    [1_800_000, [60_000, 300_000, 900_000]],
  ])(
    'add up beyond windows of %d ms where that spares rows',
    (stepMs, widths) => {
      const levels = levelsForTotals(stepMs).map(index => LEVELS[index]);
      expect(levels.map(({ widthMs }) => widthMs)).toEqual(widths);
    },
  );

  it('can each be made from the level before', () => {
    LEVELS.slice(1).forEach(({ widthMs }, index) => {
      expect(widthMs % LEVELS[index].widthMs).toBe(0);
    });
  });
});
