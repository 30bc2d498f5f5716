/**
 * Packs: consecutive windows of a series in one row, so that a page of a day reads 24 rows of a series instead of 288. Values
 * are 64-bit floats, little-endian, NaN where a window has none. Histograms are their texts with a bar between windows, in a
 * table of their own: beside rows that are longer than a quarter of a page SQLite finds none without reading those.
 */
import type { Knex } from 'knex';
import { BESIDE } from '../histogramText';
import type { Level } from '../levels';
import { letOthers } from './others';
import {
  amongSql,
  chunks,
  IDS_PER_QUERY,
  idsBinding,
  ROWS_PER_INSERT,
} from './rows';
import { readRows } from './statements';

/** A level whose windows are packed. */
export type PackedLevel = Level & Required<Pick<Level, 'packs'>>;

export function isPacked(level: Level): level is PackedLevel {
  return level.packs !== undefined;
}

/** The values of windows that lie together. */
export interface Pack {
  seriesId: number;
  startMs: number;
  values: Buffer;
}

interface Range {
  fromMs: number;
  toMs: number;
}

const BYTES = 8;

/** Between the texts of the histograms of windows; no text holds it. */
const BAR = '|';

/** Calls `visit` with every window of a pack that has a value and lies in a range, in the order of their starts. */
export function eachWindow(
  { startMs: packStartMs, values }: Pack,
  { widthMs }: Level,
  { fromMs, toMs }: Range,
  visit: (startMs: number, value: number, index: number) => void,
): void {
  const first = Math.max(0, Math.ceil((fromMs - packStartMs) / widthMs));
  const end = Math.min(
    Math.floor(values.length / BYTES),
    Math.ceil((toMs - packStartMs) / widthMs),
  );
  for (let index = first; index < end; index++) {
    const value = values.readDoubleLE(index * BYTES);
    if (!Number.isNaN(value)) {
      visit(packStartMs + index * widthMs, value, index);
    }
  }
}

/** The histograms of a pack, by the index of their windows; an empty text is none. */
export function histogramsApart(histograms: string): string[] {
  return histograms.split(BAR);
}

/** All histograms of a pack as the text of one, their sum; see `StoredHistogram.and`. */
export function histogramsTogether(histograms: string): string {
  return histograms.replaceAll(BAR, BESIDE);
}

/** The packs of series that reach into a range, by series and start. */
export async function readPacks(
  knex: Knex,
  { table, packs }: PackedLevel,
  ids: readonly number[],
  range: Range,
): Promise<Pack[]> {
  const result: Pack[] = [];
  const rows = readKeyed<Buffer>(knex, table, 'window_values', packs, {
    ids,
    range,
  });
  for (const [seriesId, startMs, values] of await rows) {
    result.push({ seriesId, startMs: Number(startMs), values });
  }
  return result;
}

/** The histograms of packs, by `packKey`. */
export async function readHistograms(
  knex: Knex,
  { packs }: PackedLevel,
  ids: readonly number[],
  range: Range,
): Promise<Map<string, string>> {
  const rows = await readKeyed<string>(
    knex,
    packs.histograms,
    'histograms',
    packs,
    { ids, range },
  );
  return new Map(
    rows.map(([seriesId, startMs, histograms]) => [
      packKey({ seriesId, startMs: Number(startMs) }),
      histograms,
    ]),
  );
}

export function packKey({
  seriesId,
  startMs,
}: Pick<Pack, 'seriesId' | 'startMs'>): string {
  return `${seriesId} ${startMs}`;
}

async function readKeyed<Value>(
  knex: Knex,
  table: string,
  column: string,
  { lengthMs }: PackedLevel['packs'],
  { ids, range }: { ids: readonly number[]; range: Range },
): Promise<[seriesId: number, startMs: number | string, value: Value][]> {
  const result: [number, number | string, Value][] = [];
  for (const chunk of chunks(ids, IDS_PER_QUERY)) {
    const rows = await readRows<[number, number | string, Value]>(
      knex,
      `select series_id, start_ms, ${column} from ${table}
       where ${amongSql(knex, 'series_id')} and start_ms > ? and start_ms < ? order by series_id, start_ms`,
      [idsBinding(knex, chunk), range.fromMs - lengthMs, range.toMs],
    );
    for (const row of rows) result.push(row);
  }
  return result;
}

/** A window to be written. */
export interface PackedWindow {
  seriesId: number;
  startMs: number;
  value: number;
  histogram: string | null;
}

/** Writes windows into their packs; what else stands in those stays. */
export async function writeWindows(
  tx: Knex,
  level: PackedLevel,
  windows: readonly PackedWindow[],
): Promise<void> {
  if (windows.length === 0) return;
  const { lengthMs } = level.packs;
  const count = lengthMs / level.widthMs;
  const starts = windows.map(({ startMs }) => startMs);
  const range = {
    fromMs: starts.reduce((a, b) => Math.min(a, b)),
    toMs: starts.reduce((a, b) => Math.max(a, b)) + level.widthMs,
  };
  const idsOf = (some: readonly PackedWindow[]) => [
    ...new Set(some.map(({ seriesId }) => seriesId)),
  ];
  const known = await readPacks(tx, level, idsOf(windows), range);
  const packs = new Map(known.map(pack => [packKey(pack), pack]));
  const knownTexts = await readHistograms(
    tx,
    level,
    idsOf(windows.filter(({ histogram }) => histogram !== null)),
    range,
  );
  const texts = new Map<string, { pack: Pack; ofWindows: string[] }>();
  const changed = new Set<Pack>();
  for (const { seriesId, startMs, value, histogram } of windows) {
    const place = {
      seriesId,
      startMs: Math.floor(startMs / lengthMs) * lengthMs,
    };
    const key = packKey(place);
    const pack = packs.get(key) ?? { ...place, values: emptyValues(count) };
    packs.set(key, pack);
    changed.add(pack);
    const index = (startMs - place.startMs) / level.widthMs;
    pack.values.writeDoubleLE(value, index * BYTES);
    if (histogram === null) continue;
    const text = texts.get(key) ?? {
      pack,
      ofWindows: histogramsApart(knownTexts.get(key) ?? BAR.repeat(count - 1)),
    };
    text.ofWindows[index] = histogram;
    texts.set(key, text);
  }
  await upsert(
    tx,
    level.table,
    [...changed].map(({ seriesId, startMs, values }) => ({
      series_id: seriesId,
      start_ms: startMs,
      window_values: values,
    })),
  );
  await upsert(
    tx,
    level.packs.histograms,
    [...texts.values()].map(({ pack: { seriesId, startMs }, ofWindows }) => ({
      series_id: seriesId,
      start_ms: startMs,
      histograms: ofWindows.join(BAR),
    })),
  );
}

function emptyValues(count: number): Buffer {
  const values = Buffer.alloc(count * BYTES);
  for (let index = 0; index < count; index++) {
    values.writeDoubleLE(NaN, index * BYTES);
  }
  return values;
}

async function upsert(
  tx: Knex,
  table: string,
  rows: readonly object[],
): Promise<void> {
  for (const chunk of chunks(rows, ROWS_PER_INSERT)) {
    await tx(table).insert(chunk).onConflict(['series_id', 'start_ms']).merge();
    await letOthers();
  }
}
