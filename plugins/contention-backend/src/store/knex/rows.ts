/** Rows as the databases give them: bigint columns are numbers in SQLite and text in Postgres. */
import type { Knex } from 'knex';
import { histogramFromText, histogramToText } from '../histogramText';
import type { Point } from '../Store';

export interface PointRow {
  series_id: number;
  start_ms: number | string;
  end_ms: number | string;
  value: number;
  histogram: string | null;
}

export function pointToRow(seriesId: number, point: Point): PointRow {
  return {
    series_id: seriesId,
    start_ms: point.startMs,
    end_ms: point.endMs,
    value: point.value,
    histogram: point.histogram ? histogramToText(point.histogram) : null,
  };
}

export function rowToPoint(row: Omit<PointRow, 'series_id'>): Point {
  return {
    startMs: Number(row.start_ms),
    endMs: Number(row.end_ms),
    value: row.value,
    histogram:
      row.histogram === null
        ? undefined
        : histogramFromText(row.histogram, row.value),
  };
}

/** Ids in one `in (...)`: databases bound the number of parameters, SQLite at 32,766. */
export const IDS_PER_QUERY = 2_000;
/** Rows in one `insert`: SQLite takes at most 500 terms. */
export const ROWS_PER_INSERT = 200;

export function* chunks<T>(items: readonly T[], size: number): Generator<T[]> {
  for (let start = 0; start < items.length; start += size) {
    yield items.slice(start, start + size);
  }
}

/**
 * Whether a column of integers is one of `ids`, as one parameter: with one for each id the statement itself, of kilobytes,
 * would be made and parsed anew for every read.
 */
export function isAmong(
  knex: Knex,
  column: string,
  ids: readonly number[],
): Knex.Raw {
  return knex.raw(amongSql(knex, '??'), [
    column,
    idsBinding(knex, ids) as Knex.RawBinding,
  ]);
}

/** SQL for whether a column of integers is among ids that are one binding: see `idsBinding`. */
export function amongSql(knex: Knex, column: string): string {
  return isSqlite(knex)
    ? `${column} in (select value from json_each(?))`
    : `${column} = any(?)`;
}

export function idsBinding(
  knex: Knex,
  ids: readonly number[],
): string | readonly number[] {
  return isSqlite(knex) ? JSON.stringify(ids) : [...ids];
}

export function isSqlite(knex: Knex): boolean {
  return String(knex.client.config.client).includes('sqlite');
}
