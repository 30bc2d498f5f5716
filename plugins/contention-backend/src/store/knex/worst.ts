/**
 * Worst cases in the database: each once, fewer of them the older they get. Of every window, the longest case of a series
 * survives; so a page always finds the slowest request of a range, however old.
 */
import type { Knex } from 'knex';
import { MINUTE_MS, QUARTER_MS, type Retention } from '../resolution';
import type { StoredWorst, WorstCase, WorstFilter } from '../Store';
import { attributesFromJson, canonicalJson } from './dictionary';
import { letOthers } from './others';
import {
  amongSql,
  chunks,
  IDS_PER_QUERY,
  idsBinding,
  ROWS_PER_INSERT,
} from './rows';
import { readRows } from './statements';

interface WorstRow {
  series_id: number;
  end_ms: number | string;
  seconds: number;
  width_ms: number;
  culprit_id: number | null;
  attributes: string;
}

export interface WorstOfSeries {
  seriesId: number;
  culpritId: number | null;
  worstCase: WorstCase;
}

export async function insertWorst(
  tx: Knex,
  cases: readonly WorstOfSeries[],
): Promise<void> {
  const rows = cases.map(({ seriesId, culpritId, worstCase }): WorstRow => ({
    series_id: seriesId,
    end_ms: worstCase.endMs,
    seconds: worstCase.seconds,
    width_ms: 0,
    culprit_id: culpritId,
    attributes: canonicalJson(worstCase.attributes),
  }));
  // In the order of the key, as points are: no two transactions wait for each other crosswise.
  rows.sort(
    (a, b) =>
      a.series_id - b.series_id ||
      Number(a.end_ms) - Number(b.end_ms) ||
      a.seconds - b.seconds,
  );
  for (const chunk of chunks(rows, ROWS_PER_INSERT)) {
    await tx('contention_worst')
      .insert(chunk)
      .onConflict(['series_id', 'end_ms', 'seconds'])
      .ignore();
  }
}

type CaseKey = [seriesId: number, endMs: number | string, seconds: number];

export async function readWorst(
  knex: Knex,
  seriesIds: readonly number[],
  { fromMs, toMs, overSeconds, upToSeconds, limit }: WorstFilter,
): Promise<StoredWorst[]> {
  // Only bounds that were asked for: everything of a day is compared with each.
  const bounds = [
    { sql: 'and seconds > ?', value: overSeconds },
    { sql: 'and seconds <= ?', value: upToSeconds },
  ].flatMap(({ sql, value }) => (value === undefined ? [] : [{ sql, value }]));
  const found: CaseKey[] = [];
  for (const chunk of chunks(seriesIds, IDS_PER_QUERY)) {
    // Only what the key holds: the attributes of thousands would be read for those of twenty.
    found.push(
      ...(await readRows<CaseKey>(
        knex,
        `select series_id, end_ms, seconds from contention_worst
         where ${amongSql(knex, 'series_id')} and end_ms > ? and end_ms <= ? ${bounds.map(({ sql }) => sql).join(' ')}
         order by seconds desc, end_ms, series_id limit ?`,
        [
          idsBinding(knex, chunk),
          ...[fromMs, toMs],
          ...bounds.map(({ value }) => value),
          limit,
        ],
      )),
    );
  }
  const longest = found.sort(([, , a], [, , b]) => b - a).slice(0, limit);
  if (longest.length === 0) return [];
  const keys = new Set(longest.map(caseKey));
  const rows = await readRows<
    [...CaseKey, culpritId: number | null, attributes: string]
  >(
    knex,
    `select series_id, end_ms, seconds, culprit_id, attributes from contention_worst
     where ${amongSql(knex, 'series_id')} and ${amongSql(knex, 'end_ms')}`,
    [
      idsBinding(
        knex,
        longest.map(([id]) => id),
      ),
      idsBinding(
        knex,
        longest.map(([, endMs]) => Number(endMs)),
      ),
    ],
  );
  return rows
    .filter(([id, endMs, seconds]) => keys.has(caseKey([id, endMs, seconds])))
    .map(([id, endMs, seconds, culpritId, attributes]): StoredWorst => ({
      seriesId: id,
      endMs: Number(endMs),
      seconds,
      attributes: attributesFromJson(attributes),
      culpritId: culpritId ?? undefined,
    }))
    .sort((a, b) => b.seconds - a.seconds || a.endMs - b.endMs);
}

function caseKey([seriesId, endMs, seconds]: CaseKey): string {
  return `${seriesId} ${endMs} ${seconds}`;
}

export async function thinWorst(
  knex: Knex,
  kept: Retention,
  nowMs: number,
): Promise<void> {
  await thin(knex, 0, MINUTE_MS, nowMs - kept.rawMs);
  await thin(knex, MINUTE_MS, QUARTER_MS, nowMs - kept.minuteMs);
  await knex('contention_worst')
    .where('end_ms', '<', nowMs - kept.quarterMs)
    .delete();
}

/** Of each window of `toWidthMs` that is older than `beforeMs`, the longest case of each series is left. */
async function thin(
  knex: Knex,
  fromWidthMs: number,
  toWidthMs: number,
  beforeMs: number,
): Promise<void> {
  const untilMs = Math.floor(beforeMs / toWidthMs) * toWidthMs;
  for (;;) {
    const [first] = await knex<WorstRow>('contention_worst')
      .where({ width_ms: fromWidthMs })
      .where('end_ms', '<=', untilMs)
      .orderBy('end_ms')
      .limit(1);
    if (!first) return;
    // Whole windows only, or the longest of a window would be chosen from a part of it.
    const startMs = windowStart(Number(first.end_ms), toWidthMs);
    await thinWindow(knex, fromWidthMs, toWidthMs, startMs);
    await letOthers();
  }
}

/** A window owns its end, not its start, as in split.ts. */
function windowStart(endMs: number, widthMs: number): number {
  return (Math.ceil(endMs / widthMs) - 1) * widthMs;
}

async function thinWindow(
  knex: Knex,
  fromWidthMs: number,
  toWidthMs: number,
  startMs: number,
): Promise<void> {
  const isInWindow = (table: string) => (query: Knex.QueryBuilder) =>
    query
      .where(`${table}.end_ms`, '>', startMs)
      .where(`${table}.end_ms`, '<=', startMs + toWidthMs);
  await knex.transaction(async tx => {
    await tx('contention_worst')
      .whereIn('contention_worst.width_ms', [fromWidthMs, toWidthMs])
      .where(isInWindow('contention_worst'))
      .whereExists(
        tx('contention_worst as longer')
          .whereRaw('longer.series_id = contention_worst.series_id')
          .where(isInWindow('longer'))
          .whereRaw(
            '(longer.seconds > contention_worst.seconds or ' +
              '(longer.seconds = contention_worst.seconds and longer.end_ms < contention_worst.end_ms))',
          )
          .select(tx.raw('1')),
      )
      .delete();
    await tx('contention_worst')
      .where('width_ms', fromWidthMs)
      .where(isInWindow('contention_worst'))
      .update({ width_ms: toWidthMs });
  });
}
