/** Sums over many series at once, window by window: the database adds up, and gives one row a window, not one a series. */
import type { Knex } from 'knex';
import { levelsForWindows, spansOf } from '../levels';
import type { Axis, SeriesKind } from '../Store';
import { chunks, IDS_PER_QUERY, isAmong } from './rows';
import { rangeOf, trustedLevels } from './windows';

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
  const trusted = await trustedLevels(knex, range);
  const spans = spansOf(range, trusted, levelsForWindows(axis));
  const sums = groups.map(() =>
    new Array<number | undefined>(axis.count).fill(undefined),
  );
  for (const { level, fromMs, toMs } of spans) {
    // A window belongs to the span that it starts in, a point to the one that it ends in.
    const [table, column, shiftMs] = level
      ? ([level.table, 'start_ms', 0] as const)
      : (['contention_points', 'end_ms', 1] as const);
    for (const [index, group] of groups.entries()) {
      const ids = group.map(({ id }) => id);
      for (const chunk of chunks(ids, IDS_PER_QUERY)) {
        const rows: { at: number | string; total: number }[] = await knex(table)
          .where(isAmong(knex, 'series_id', chunk))
          .where(column, '>=', fromMs + shiftMs)
          .where(column, '<', toMs + shiftMs)
          .groupBy(column)
          .select(`${column} as at`)
          .sum('value as total');
        for (const { at, total } of rows) {
          const window = Math.floor(
            (Number(at) - shiftMs - axis.startMs) / axis.stepMs,
          );
          sums[index][window] = (sums[index][window] ?? 0) + Number(total);
        }
      }
    }
  }
  return sums;
}
