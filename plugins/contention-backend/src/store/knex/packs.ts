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
  isSqlite,
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
  /** The values of this pack, and before and after them those of others. */
  values: DataView;
  /** Where in `values` its first window begins, bytes. */
  offset: number;
}

interface Range {
  fromMs: number;
  toMs: number;
}

const BYTES = 8;

function valuesOfPack({ widthMs, packs }: PackedLevel): number {
  return packs.lengthMs / widthMs;
}

/** Between the texts of the histograms of windows; no text holds it. */
const BAR = '|';

/** Calls `visit` with every window of a pack that has a value and lies in a range, in the order of their starts. */
export function eachWindow(
  { startMs: packStartMs, values, offset }: Pack,
  level: PackedLevel,
  { fromMs, toMs }: Range,
  visit: (startMs: number, value: number, index: number) => void,
): void {
  const { widthMs } = level;
  const first = Math.max(0, Math.ceil((fromMs - packStartMs) / widthMs));
  const end = Math.min(
    valuesOfPack(level),
    Math.ceil((toMs - packStartMs) / widthMs),
  );
  for (let index = first; index < end; index++) {
    const value = values.getFloat64(offset + index * BYTES, true);
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

/**
 * Calls `visit` with the packs of series that reach into a range, by series and start. The database puts those of a series
 * together: a row of each would take several times as long.
 * @param visit - gets the same object each time, with another pack
 */
export async function readPacks(
  knex: Knex,
  level: PackedLevel,
  ids: readonly number[],
  range: Range,
  visit: (pack: Pack) => void,
): Promise<void> {
  const rows = await readRange<[number, starts: string, values: Buffer]>(
    knex,
    level,
    `select series_id, ${packsTogether(knex)} from ${level.table}`,
    'group by series_id order by series_id',
    { ids, range },
  );
  const bytesOfPack = valuesOfPack(level) * BYTES;
  const known = new Map<string, Starts>();
  for (const [seriesId, text, { buffer, byteOffset, byteLength }] of rows) {
    // Most series were there all the time.
    let starts = known.get(text);
    if (!starts) {
      starts = startsIn(text);
      known.set(text, starts);
    }
    const values = new DataView(buffer, byteOffset, byteLength);
    const pack: Pack = { seriesId, startMs: 0, values, offset: 0 };
    for (const { startMs, index } of starts) {
      pack.startMs = startMs;
      pack.offset = index * bytesOfPack;
      visit(pack);
    }
  }
}

/** When packs start, ascending, and where they stand among those that were put together. */
type Starts = { startMs: number; index: number }[];

function startsIn(text: string): Starts {
  return text
    .split(' ')
    .map((startMs, index) => ({ startMs: Number(startMs), index }))
    .sort((a, b) => a.startMs - b.startMs);
}

/**
 * SQL for the starts of packs, with spaces between them, and for their values, in the same order. Which order is not asked for:
 * the database would sort every time what comes in the order of its key anyway.
 */
function packsTogether(knex: Knex): string {
  return isSqlite(knex)
    ? // A text may hold any bytes there: NUL ends none, and nothing is recoded.
      `group_concat(start_ms, ' '), cast(group_concat(window_values, '') as blob)`
    : `string_agg(start_ms::text, ' '), string_agg(window_values, ''::bytea)`;
}

/** The histograms of packs, by their series and start. */
export async function readHistograms(
  knex: Knex,
  level: PackedLevel,
  ids: readonly number[],
  range: Range,
): Promise<Map<number, Map<number, string>>> {
  const rows = await readRange<[number, number | string, histograms: string]>(
    knex,
    level,
    `select series_id, start_ms, histograms from ${level.packs.histograms}`,
    '',
    { ids, range },
  );
  const result = new Map<number, Map<number, string>>();
  for (const [seriesId, startMs, histograms] of rows) {
    const ofSeries = result.get(seriesId) ?? new Map<number, string>();
    ofSeries.set(Number(startMs), histograms);
    result.set(seriesId, ofSeries);
  }
  return result;
}

function packKey({
  seriesId,
  startMs,
}: Pick<Pack, 'seriesId' | 'startMs'>): string {
  return `${seriesId} ${startMs}`;
}

/** The rows of packs that reach into a range. */
async function readRange<Row extends unknown[]>(
  knex: Knex,
  { packs }: PackedLevel,
  select: string,
  rest: string,
  { ids, range }: { ids: readonly number[]; range: Range },
): Promise<Row[]> {
  const result: Row[] = [];
  for (const chunk of chunks(ids, IDS_PER_QUERY)) {
    const rows = await readRows<Row>(
      knex,
      `${select} where ${amongSql(knex, 'series_id')} and start_ms > ? and start_ms < ? ${rest}`,
      [idsBinding(knex, chunk), range.fromMs - packs.lengthMs, range.toMs],
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
  const count = valuesOfPack(level);
  const starts = windows.map(({ startMs }) => startMs);
  const range = {
    fromMs: starts.reduce((a, b) => Math.min(a, b)),
    toMs: starts.reduce((a, b) => Math.max(a, b)) + level.widthMs,
  };
  const idsOf = (some: readonly PackedWindow[]) => [
    ...new Set(some.map(({ seriesId }) => seriesId)),
  ];
  const packs = new Map<string, Pack>();
  await readPacks(tx, level, idsOf(windows), range, pack => {
    packs.set(packKey(pack), { ...pack });
  });
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
    const pack = packs.get(key) ?? { ...place, ...emptyValues(count) };
    packs.set(key, pack);
    changed.add(pack);
    const index = (startMs - place.startMs) / level.widthMs;
    pack.values.setFloat64(pack.offset + index * BYTES, value, true);
    if (histogram === null) continue;
    const text = texts.get(key) ?? {
      pack,
      ofWindows: histogramsApart(
        knownTexts.get(seriesId)?.get(place.startMs) ?? BAR.repeat(count - 1),
      ),
    };
    text.ofWindows[index] = histogram;
    texts.set(key, text);
  }
  await upsert(
    tx,
    level.table,
    [...changed].map(({ seriesId, startMs, values, offset }) => ({
      series_id: seriesId,
      start_ms: startMs,
      window_values: Buffer.from(
        values.buffer,
        values.byteOffset + offset,
        count * BYTES,
      ),
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

function emptyValues(count: number): Pick<Pack, 'values' | 'offset'> {
  const values = new DataView(new ArrayBuffer(count * BYTES));
  for (let index = 0; index < count; index++) {
    values.setFloat64(index * BYTES, NaN, true);
  }
  return { values, offset: 0 };
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
