/** Forgetting. Runs after the roll-up, so that nothing is forgotten before it has been added up. */
import type { Knex } from 'knex';
import { LEVELS, tablesOf } from '../levels';
import { MARGIN_MS, type Retention } from '../resolution';
import type { NameRetention } from '../Store';
import { keepTimes, noteIdentities, purgeIdentities } from './identities';
import { purgeNodeWindows } from './nodeWindows';
import { letOthers } from './others';
import { chunks, IDS_PER_QUERY, isAmong } from './rows';
import { thinWorst } from './worst';

/**
 * What is forgotten of series, and of how many at once: on SQLite everybody waits while a statement runs, and an interval of
 * points has ten times the rows of one of minutes.
 */
const FORGOTTEN: readonly {
  table: string;
  column: string;
  kept: keyof Retention;
  /** A row is kept until all of it is old. */
  lengthMs: number;
  seriesPerQuery: number;
}[] = [
  {
    table: 'contention_points',
    column: 'end_ms',
    kept: 'rawMs',
    lengthMs: 0,
    seriesPerQuery: 100,
  },
  ...LEVELS.flatMap(level => {
    const { kept, widthMs, packs } = level;
    const lengthMs = packs?.lengthMs ?? 0;
    const perQuery = (100 * Math.max(widthMs, lengthMs)) / 10_000;
    return tablesOf(level).map(table => ({
      table,
      column: 'start_ms',
      kept,
      lengthMs,
      seriesPerQuery: Math.min(IDS_PER_QUERY, perQuery),
    }));
  }),
];

export async function purgeAll(
  knex: Knex,
  kept: Retention,
  keptNames: NameRetention,
  nowMs: number,
): Promise<void> {
  const rawBeforeMs = await notBeforeDirty(
    knex,
    nowMs - kept.rawMs - MARGIN_MS,
  );
  const minutesBeforeMs = await notBeforeDirty(
    knex,
    nowMs - kept.minuteMs - MARGIN_MS,
  );
  const quartersBeforeMs = nowMs - kept.quarterMs;
  const beforeMs: Record<keyof Retention, number> = {
    rawMs: rawBeforeMs,
    minuteMs: minutesBeforeMs,
    quarterMs: quartersBeforeMs,
  };
  let after = 0;
  for (;;) {
    const ids: number[] = await knex('contention_series')
      .where('id', '>', after)
      .orderBy('id')
      .limit(IDS_PER_QUERY)
      .pluck('id');
    if (ids.length === 0) break;
    for (const forgotten of FORGOTTEN) {
      const { table, column, kept: setting, lengthMs } = forgotten;
      for (const chunk of chunks(ids, forgotten.seriesPerQuery)) {
        await knex(table)
          .where(isAmong(knex, 'series_id', chunk))
          .where(column, '<', beforeMs[setting] - lengthMs)
          .delete();
        await letOthers();
      }
    }
    after = ids[ids.length - 1];
  }
  await thinWorst(knex, kept, nowMs);
  await purgeNodeWindows(knex, {
    minutesMs: minutesBeforeMs,
    hoursMs: quartersBeforeMs,
  });
  await knex('contention_coverage')
    .where('end_ms', '<', quartersBeforeMs)
    .delete();
  await knex('contention_nodes')
    .where('last_seen_ms', '<', quartersBeforeMs)
    .delete();
  // Names stay for longer than what they name.
  await noteIdentities(knex);
  await forgetResources(knex, quartersBeforeMs);
  await purgeIdentities(knex, keptNames, nowMs);
}

/** Windows that wait to be made anew still need their points. */
async function notBeforeDirty(knex: Knex, beforeMs: number): Promise<number> {
  const row = await knex('contention_dirty').min('start_ms as start').first();
  if (row?.start === null || row?.start === undefined) return beforeMs;
  return Math.min(beforeMs, Number(row.start));
}

async function forgetResources(knex: Knex, beforeMs: number): Promise<void> {
  const gone: number[] = await knex('contention_resources')
    .where('last_seen_ms', '<', beforeMs)
    .pluck('id');
  for (const ids of chunks(gone, IDS_PER_QUERY)) {
    await knex.transaction(async tx => {
      await keepTimes(tx, ids);
      await tx('contention_worst').whereIn('culprit_id', ids).delete();
      const series = (column: string) =>
        tx('contention_series').whereIn(column, ids);
      for (const column of ['resource_id', 'culprit_id']) {
        for (const table of [
          'contention_points',
          ...LEVELS.flatMap(tablesOf),
          'contention_cumulative',
          'contention_worst',
        ]) {
          await tx(table)
            .whereIn('series_id', series(column).select('id'))
            .delete();
        }
        await series(column).delete();
      }
      await tx('contention_resources').whereIn('id', ids).delete();
    });
    await letOthers();
  }
}
