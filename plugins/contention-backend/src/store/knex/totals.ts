/** Sums of whole series over a range, added up by the database where a window is a row. */
import type { Knex } from 'knex';
import { levelsForTotals, spansOf, type Level } from '../levels';
import type { Range } from '../resolution';
import { MAX_SPAN_MS } from '../split';
import type { Axis } from '../Store';
import type { FinalPacks } from './finalPacks';
import { isPacked, sumIn } from './packs';
import { amongSql, chunks, IDS_PER_QUERY, idsBinding } from './rows';
import { readRows } from './statements';
import { rangeOf, readPacked, readTrust, type PackReading } from './windows';

type Totals = Map<number, number>;

/** The sum of each series that has a value in the time of an axis, by its id. */
export async function readTotals(
  knex: Knex,
  final: FinalPacks,
  ids: readonly number[],
  axis: Axis,
): Promise<Totals> {
  const totals: Totals = new Map();
  if (ids.length === 0) return totals;
  const range = rangeOf(axis);
  const trust = await readTrust(knex, range);
  const known = { final, settledUntilMs: trust.settledUntilMs };
  const spans = spansOf(range, trust.untilMs, levelsForTotals(axis.stepMs));
  for (const span of spans) {
    for (const chunk of chunks(ids, IDS_PER_QUERY)) {
      if (span.level) {
        await addLevel(knex, known, span.level, chunk, span, totals);
      } else await addPoints(knex, chunk, span, totals);
    }
  }
  return totals;
}

async function addLevel(
  knex: Knex,
  known: PackReading['known'],
  level: Level,
  ids: readonly number[],
  range: Range,
  totals: Totals,
): Promise<void> {
  if (isPacked(level)) {
    await readPacked(knex, level, ids, range, {
      known,
      havingHistograms: [],
      visit: pack => {
        const sum = sumIn(pack, level, range);
        if (sum !== undefined) add(totals, [[pack.seriesId, sum]]);
      },
    });
    return;
  }
  add(
    totals,
    await readRows(
      knex,
      `select series_id, sum(value) from ${level.table}
       where ${amongSql(knex, 'series_id')} and start_ms >= ? and start_ms < ? group by series_id`,
      [idsBinding(knex, ids), range.fromMs, range.toMs],
    ),
  );
}

/**
 * Of a point that crosses an edge the part inside: what is outside stands in the roll-up beside it, and a sum must not change
 * when a minute is rolled up. As `share` does it for one point.
 */
async function addPoints(
  knex: Knex,
  ids: readonly number[],
  { fromMs, toMs }: Range,
  totals: Totals,
): Promise<void> {
  add(
    totals,
    await readRows(
      knex,
      `select series_id, sum(case
         when start_ms >= ? and end_ms <= ? then value
         else value * (case when end_ms < ? then end_ms else ? end - case when start_ms > ? then start_ms else ? end)
           / (end_ms - start_ms) end)
       from contention_points
       where ${amongSql(knex, 'series_id')} and end_ms > ? and end_ms < ? and (start_ms < ? or end_ms = ?) group by series_id`,
      [
        ...[fromMs, toMs],
        ...[toMs, toMs, fromMs, fromMs],
        idsBinding(knex, ids),
        ...[fromMs, toMs + MAX_SPAN_MS, toMs, toMs],
      ],
    ),
  );
}

function add(
  totals: Totals,
  rows: readonly [seriesId: number, total: number][],
): void {
  for (const [id, total] of rows) totals.set(id, (totals.get(id) ?? 0) + total);
}
