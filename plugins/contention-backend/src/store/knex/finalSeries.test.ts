import fc from 'fast-check';
import { LEVELS } from '../levels';
import { FinalSeries } from './finalSeries';
import {
  emptyValues,
  isPacked,
  PackHistograms,
  valueIn,
  windowsOfPack,
} from './packs';

const level = LEVELS.find(isPacked)!;
const windows = windowsOfPack(level);

/** Each window of a pack has a value that tells which it is; of every third there is no pack. */
const valueOf = (number: number, window: number) => number * 1000 + window;
const isThere = (number: number) => number % 3 !== 0;

const stretch = fc
  .tuple(fc.integer({ min: 100, max: 140 }), fc.integer({ min: 1, max: 8 }))
  .map(([first, count]) => ({ first, end: first + count }));

function learn(
  series: FinalSeries,
  { first, end }: { first: number; end: number },
  isWithHistograms: boolean,
): void {
  series.know(first, end, isWithHistograms);
  for (let number = first; number < end; number++) {
    if (!isThere(number)) continue;
    const values = emptyValues(windows);
    for (let window = 0; window < windows; window++) {
      values.setFloat64(window * 8, valueOf(number, window), true);
    }
    series.put({
      seriesId: 7,
      startMs: number * level.packs.lengthMs,
      count: windows,
      values,
      offset: 0,
    });
    if (!isWithHistograms) continue;
    const bytes = Buffer.from('1');
    const text = { bytes, from: 0, to: bytes.length };
    series.putHistograms(number, new PackHistograms(text), bytes.length);
  }
}

it('what is known of a series is what was learned of it, wherever and in whatever order', () => {
  fc.assert(
    fc.property(
      fc.array(fc.record({ stretch, isWithHistograms: fc.boolean() })),
      lessons => {
        const series = new FinalSeries(7, level);
        const known = new Map<number, boolean>();
        for (const lesson of lessons) {
          learn(series, lesson.stretch, lesson.isWithHistograms);
          const { first, end } = lesson.stretch;
          for (let number = first; number < end; number++) {
            const before = known.get(number) ?? false;
            known.set(number, before || lesson.isWithHistograms);
          }
        }
        for (let number = 95; number < 155; number++) {
          for (const isWith of [false, true]) {
            const isKnown = known.has(number) && (!isWith || known.get(number));
            expect(series.firstUnknown(number, number + 1, isWith)).toBe(
              isKnown ? undefined : number,
            );
            if (!isKnown) continue;
            series.visit(number, number + 1, isWith, (pack, histograms) => {
              expect(pack).toMatchObject({ seriesId: 7, count: windows });
              expect(pack.startMs).toBe(number * level.packs.lengthMs);
              const values = Array.from({ length: windows }, (_, window) =>
                valueIn(pack, window),
              );
              expect(values).toEqual(
                values.map((_, window) =>
                  isThere(number) ? valueOf(number, window) : NaN,
                ),
              );
              expect(histograms !== undefined).toBe(isWith && isThere(number));
            });
          }
        }
      },
    ),
    { numRuns: 50 },
  );
});
