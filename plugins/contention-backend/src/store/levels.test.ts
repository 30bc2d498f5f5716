import fc from 'fast-check';
import { LEVELS, spansOf, trustedUntil, widestFor } from './levels';

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
        fc.integer({ min: -1, max: LEVELS.length - 1 }),
        (from, length, dirty, widest) => {
          const range = { fromMs: from * 1000, toMs: (from + length) * 1000 };
          const spans = spansOf(range, trustedUntil(dirty), widest);
          expect(spans[0].fromMs).toBe(range.fromMs);
          expect(spans[spans.length - 1].toMs).toBe(range.toMs);
          spans.slice(1).forEach(({ fromMs }, index) => {
            expect(fromMs).toBe(spans[index].toMs);
          });
          for (const { level, fromMs, toMs } of spans) {
            expect(toMs).toBeGreaterThan(fromMs);
            const widthMs = level?.widthMs ?? 1;
            expect(level ? LEVELS.indexOf(level) : -1).toBeLessThanOrEqual(
              widest,
            );
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
      spansOf(range, trustedUntil([])).map(({ level, fromMs, toMs }) => [
        level?.table ?? 'points',
        fromMs,
        toMs,
      ]),
    ).toEqual([
      ['contention_five_minutes', HOUR - 600_000, HOUR],
      ['contention_hours', HOUR, 24 * HOUR],
      ['contention_minutes', 24 * HOUR, 24 * HOUR + 120_000],
      ['points', 24 * HOUR + 120_000, 24 * HOUR + 130_000],
    ]);
  });

  it.each([
    [10_000, undefined],
    [60_000, 'contention_minutes'],
    [120_000, 'contention_minutes'],
    [300_000, 'contention_five_minutes'],
    [1_800_000, 'contention_quarters'],
    [7_200_000, 'contention_hours'],
  ])('never mix windows of %d ms with others', (stepMs, table) => {
    expect(LEVELS[widestFor(stepMs)]?.table).toBe(table);
  });

  it('can each be made from the level before', () => {
    LEVELS.slice(1).forEach(({ widthMs }, index) => {
      expect(widthMs % LEVELS[index].widthMs).toBe(0);
    });
  });
});
