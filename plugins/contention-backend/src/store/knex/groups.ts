/** Sums over many series at once, window by window. Where a window is a row, the database adds up. */
import type { Knex } from 'knex';
import { levelsForWindows, spansOf, type Span } from '../levels';
import type { Axis, SeriesKind } from '../Store';
import { eachWindow, isPacked, readPacks } from './packs';
import { chunks, IDS_PER_QUERY, isAmong } from './rows';
import { rangeOf, readTrust } from './windows';

/**
 * For each group the sum of its series in each window; `undefined` where none of them has a value. A point that crosses
 * an edge of a window counts in the one that it ends in.
 */
export async function readGroupSums(
  knex: Knex,
  groups: readonly (readonly SeriesKind[])[],
  axis: Axis,
): Promise<(number | undefined)[][]> {
  const range = rangeOf(axis);
  const { untilMs } = await readTrust(knex, range);
  const spans = spansOf(range, untilMs, levelsForWindows(axis));
  const sums = groups.map(() =>
    new Array<number | undefined>(axis.count).fill(undefined),
  );
  const addTo = (index: number, atMs: number, value: number) => {
    const window = Math.floor((atMs - axis.startMs) / axis.stepMs);
    sums[index][window] = (sums[index][window] ?? 0) + value;
  };
  for (const span of spans) {
    for (const [index, group] of groups.entries()) {
      const ids = group.map(({ id }) => id);
      const { level } = span;
      if (level && isPacked(level)) {
        await readPacks(
          knex,
          level,
          ids,
          span,
          () => false,
          pack =>
            eachWindow(pack, level, span, (startMs, value) =>
              addTo(index, startMs, value),
            ),
        );
      } else {
        const rows = await sumsOf(knex, ids, span);
        for (const { atMs, total } of rows) addTo(index, atMs, total);
      }
    }
  }
  return sums;
}

/** By the window, or by the millisecond that points end in. */
async function sumsOf(
  knex: Knex,
  ids: readonly number[],
  { level, fromMs, toMs }: Span,
): Promise<{ atMs: number; total: number }[]> {
  // A window belongs to the span that it starts in, a point to the one that it ends in.
  const [table, column, shiftMs] = level
    ? ([level.table, 'start_ms', 0] as const)
    : (['contention_points', 'end_ms', 1] as const);
  const result: { atMs: number; total: number }[] = [];
  for (const chunk of chunks(ids, IDS_PER_QUERY)) {
    const rows: { at: number | string; total: number }[] = await knex(table)
      .where(isAmong(knex, 'series_id', chunk))
      .where(column, '>=', fromMs + shiftMs)
      .where(column, '<', toMs + shiftMs)
      .groupBy(column)
      .select(`${column} as at`)
      .sum('value as total');
    for (const { at, total } of rows) {
      result.push({ atMs: Number(at) - shiftMs, total: Number(total) });
    }
  }
  return result;
}
