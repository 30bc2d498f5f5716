/**
 * The widths in which points are added up, and which of them answer a range. Each level is made from the one before it; a
 * report reads the widest windows that fit, and finer ones where those are not up to date. Pure.
 */
import type { Retention } from './resolution';
import type { Axis } from './Store';

export interface Level {
  table: string;
  widthMs: number;
  /** Consecutive windows of a series stand together in one row, a pack; absent: each in its own. */
  packs?: { lengthMs: number; histograms: string };
  /** As long as which of the settings it is kept. */
  kept: keyof Retention;
}

/**
 * Finest first; each width is a multiple of the one before. Minutes are made from points, and written every minute: the others
 * are packed, as a page reads hundreds of their windows of each series.
 */
export const LEVELS: readonly Level[] = [
  { table: 'contention_minutes', widthMs: 60_000, kept: 'minuteMs' },
  {
    table: 'contention_five_minute_packs',
    widthMs: 300_000,
    packs: {
      lengthMs: 3_600_000,
      histograms: 'contention_five_minute_histograms',
    },
    kept: 'minuteMs',
  },
  {
    table: 'contention_quarter_packs',
    widthMs: 900_000,
    packs: {
      lengthMs: 14_400_000,
      histograms: 'contention_quarter_histograms',
    },
    kept: 'quarterMs',
  },
  {
    table: 'contention_hour_packs',
    widthMs: 3_600_000,
    packs: { lengthMs: 86_400_000, histograms: 'contention_hour_histograms' },
    kept: 'quarterMs',
  },
];

/** Every table that holds windows of a level. */
export function tablesOf({ table, packs }: Level): string[] {
  return packs ? [table, packs.histograms] : [table];
}

/** A stretch of a range, and where it is read: a level, or points as they were sent. */
export interface Span {
  level?: Level;
  fromMs: number;
  toMs: number;
}

/** The widest level whose windows lie wholly in windows of an axis; -1: none, points are needed. */
function widestFor(stepMs: number): number {
  return LEVELS.findLastIndex(({ widthMs }) => stepMs % widthMs === 0);
}

/**
 * Up to where each level can be trusted: to the first of its windows that changed since, or that holds one of a finer level
 * that did.
 * @param firstDirtyMs - start of the first window of each level that changed; undefined: none
 */
export function trustedUntil(
  firstDirtyMs: readonly (number | undefined)[],
): number[] {
  let untilMs = Infinity;
  return LEVELS.map(({ widthMs }, index) => {
    untilMs = Math.min(
      firstDirtyMs[index] ?? Infinity,
      Math.floor(untilMs / widthMs) * widthMs,
    );
    return untilMs;
  });
}

/** A wider level is worth its edges, a query on either side, where it has this many times fewer windows. */
const WORTH = 12;

/** The finest levels up to the one of an axis, all for its newest windows; and wider ones in large steps, for sums. */
export function levelsForTotals(stepMs: number): number[] {
  const own = widestFor(stepMs);
  const chosen = LEVELS.slice(0, own + 1).map((_, index) => index);
  let widthMs = own < 0 ? stepMs : LEVELS[own].widthMs;
  LEVELS.forEach((level, index) => {
    if (index <= own || level.widthMs < WORTH * widthMs) return;
    chosen.push(index);
    widthMs = level.widthMs;
  });
  return chosen;
}

/** The levels whose windows lie wholly in windows of an axis; in a single one, those of all do. */
export function levelsForWindows({
  stepMs,
  count,
}: Pick<Axis, 'stepMs' | 'count'>): number[] {
  return LEVELS.flatMap(({ widthMs }, index) =>
    count === 1 || stepMs % widthMs === 0 ? [index] : [],
  );
}

/**
 * Spans that cover a range once, in order: the widest windows in the middle, finer ones at edges that they do not reach.
 * @param levels - indices of the levels to use, ascending; none: points only
 */
export function spansOf(
  { fromMs, toMs }: { fromMs: number; toMs: number },
  trustedUntilMs: readonly number[],
  levels: readonly number[],
): Span[] {
  if (fromMs >= toMs) return [];
  if (levels.length === 0) return [{ fromMs, toMs }];
  const widest = levels[levels.length - 1];
  const finer = levels.slice(0, -1);
  const level = LEVELS[widest];
  const { widthMs } = level;
  const firstMs = Math.ceil(fromMs / widthMs) * widthMs;
  const lastMs = Math.min(
    Math.floor(toMs / widthMs) * widthMs,
    trustedUntilMs[widest],
  );
  if (firstMs >= lastMs) {
    return spansOf({ fromMs, toMs }, trustedUntilMs, finer);
  }
  return [
    ...spansOf({ fromMs, toMs: firstMs }, trustedUntilMs, finer),
    { level, fromMs: firstMs, toMs: lastMs },
    ...spansOf({ fromMs: lastMs, toMs }, trustedUntilMs, finer),
  ];
}
