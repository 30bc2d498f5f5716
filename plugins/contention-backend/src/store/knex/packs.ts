/**
 * Packs: consecutive windows of a series in one row, so that a page of a day reads 24 rows of a series instead of 288. Values
 * are 64-bit floats, little-endian, NaN where a window has none. Histograms are their texts with a bar between windows, in a
 * table of their own: beside rows that are longer than a quarter of a page SQLite finds none without reading those.
 */
import type { Knex } from 'knex';
import {
  HistogramTexts,
  StoredHistogram,
  type TextBytes,
} from '../histogramText';
import type { Level } from '../levels';
import type { Range } from '../resolution';
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

/** The values of windows that lie together: of one pack, or of several that follow on each other. */
export interface Pack {
  seriesId: number;
  startMs: number;
  /** Number of windows. */
  count: number;
  /** The values of this pack, and before and after them those of others. */
  values: DataView;
  /** Where in `values` its first window begins, bytes. */
  offset: number;
}

/** Of the value of a window. */
export const BYTES_OF_VALUE = 8;

/** Number of windows of one pack. */
export function windowsOfPack({ widthMs, packs }: PackedLevel): number {
  return packs.lengthMs / widthMs;
}

/** Between the texts of the histograms of windows; no text holds it. */
const BAR = '|';
const BAR_BYTE = BAR.charCodeAt(0);

/** Between those of packs. */
const HASH = '#';
const HASH_BYTE = HASH.charCodeAt(0);

const SPACE = 32;
const ZERO = 48;

/** The windows of a pack that lie in a range, by index: from `first` to before `end`. */
export function windowsIn(
  { startMs, count }: Pack,
  { widthMs }: PackedLevel,
  { fromMs, toMs }: Range,
): { first: number; end: number } {
  return {
    first: Math.max(0, Math.ceil((fromMs - startMs) / widthMs)),
    end: Math.min(count, Math.ceil((toMs - startMs) / widthMs)),
  };
}

/** The value of a window of a pack; NaN where it has none. */
export function valueIn({ values, offset }: Pack, index: number): number {
  return values.getFloat64(offset + index * BYTES_OF_VALUE, true);
}

/** Calls `visit` with every window of a pack that has a value and lies in a range, in the order of their starts. */
export function eachWindow(
  pack: Pack,
  level: PackedLevel,
  range: Range,
  visit: (startMs: number, value: number) => void,
): void {
  const { first, end } = windowsIn(pack, level, range);
  for (let index = first; index < end; index++) {
    const value = valueIn(pack, index);
    if (!Number.isNaN(value)) {
      visit(pack.startMs + index * level.widthMs, value);
    }
  }
}

/** The same text without those around it. */
export function textAlone({ bytes, from, to }: TextBytes): TextBytes {
  return {
    bytes: new Uint8Array(bytes.subarray(from, to)),
    from: 0,
    to: to - from,
  };
}

/** The sum of the windows of a pack that lie in a range; undefined where none has a value. */
export function sumIn(
  pack: Pack,
  level: PackedLevel,
  range: Range,
): number | undefined {
  let sum = 0;
  let isThere = false;
  // By index: what a function that is called for each adds up would be an object every time.
  const { first, end } = windowsIn(pack, level, range);
  for (let index = first; index < end; index++) {
    const value = valueIn(pack, index);
    if (Number.isNaN(value)) continue;
    sum += value;
    isThere = true;
  }
  return isThere ? sum : undefined;
}

/** The histograms of a pack, of which texts are read when they are asked for. */
export class PackHistograms {
  private windows: (StoredHistogram | undefined)[] | undefined;
  private whole: HistogramTexts | undefined;

  constructor(private readonly text: TextBytes) {}

  /** By the index of their windows. */
  apart(pack: Pack): readonly (StoredHistogram | undefined)[] {
    if (!this.windows) {
      const texts = textsApart(this.text);
      const together = new HistogramTexts(texts);
      this.windows = texts.map(({ from, to }, index) =>
        from < to
          ? new StoredHistogram(together, index, valueIn(pack, index))
          : undefined,
      );
    }
    return this.windows;
  }

  /** Of all windows: the whole text is that of their sum. */
  together(sumSeconds: number): StoredHistogram {
    this.whole ??= new HistogramTexts([this.text]);
    return new StoredHistogram(this.whole, 0, sumSeconds);
  }
}

/** By the index of their windows; an empty text is no histogram. */
function textsApart({ bytes, from, to }: TextBytes): TextBytes[] {
  const texts: TextBytes[] = [];
  for (let at = from; at <= to;) {
    const bar = bytes.indexOf(BAR_BYTE, at);
    const end = bar < 0 || bar > to ? to : bar;
    texts.push({ bytes, from: at, to: end });
    at = end + 1;
  }
  return texts;
}

/**
 * Calls `visit` with the packs of series that reach into a range, by series and start.
 * @param isApart - of which series each pack is wanted by itself; of others those that follow on each other come as one
 */
export async function readPacks(
  knex: Knex,
  level: PackedLevel,
  ids: readonly number[],
  range: Range,
  isApart: (seriesId: number) => boolean,
  visit: (pack: Pack) => void,
): Promise<void> {
  const windows = windowsOfPack(level);
  for (const { places, bytes } of await readTogether(knex, level, ids, range, {
    table: level.table,
    sql: isSqlite(knex)
      ? // A text may hold any bytes there: NUL ends none, and nothing is recoded.
        `cast(group_concat(window_values, '') as blob)`
      : `string_agg(window_values, ''::bytea)`,
  })) {
    const { buffer, byteOffset, byteLength } = bytes;
    const values = new DataView(buffer, byteOffset, byteLength);
    const order = inOrder(places);
    for (let at = 0; at < order.length;) {
      const index = order[at];
      const place = places[index];
      const seriesId = seriesAt(place);
      let packs = 1;
      if (!isApart(seriesId)) {
        while (
          order[at + packs] === index + packs &&
          places[index + packs] === place + packs
        ) {
          packs++;
        }
      }
      visit({
        seriesId,
        startMs: startAt(place, level),
        count: packs * windows,
        values,
        offset: index * windows * BYTES_OF_VALUE,
      });
      at += packs;
    }
  }
}

/** The texts of the histograms of packs, with a bar between windows; by their series and start. */
export async function readHistograms(
  knex: Knex,
  level: PackedLevel,
  ids: readonly number[],
  range: Range,
): Promise<Map<number, Map<number, TextBytes>>> {
  const result = new Map<number, Map<number, TextBytes>>();
  for (const { places, bytes } of await readTogether(knex, level, ids, range, {
    table: level.packs.histograms,
    sql: isSqlite(knex)
      ? `cast(group_concat(histograms, '${HASH}') as blob)`
      : `convert_to(string_agg(histograms, '${HASH}'), 'UTF8')`,
  })) {
    let from = 0;
    for (const place of places) {
      const hash = bytes.indexOf(HASH_BYTE, from);
      const to = hash < 0 ? bytes.length : hash;
      const seriesId = seriesAt(place);
      const ofSeries = result.get(seriesId) ?? new Map<number, TextBytes>();
      ofSeries.set(startAt(place, level), { bytes, from, to });
      result.set(seriesId, ofSeries);
      from = to + 1;
    }
  }
  return result;
}

function packKey({
  seriesId,
  startMs,
}: Pick<Pack, 'seriesId' | 'startMs'>): string {
  return `${seriesId} ${startMs}`;
}

/**
 * Where packs are, each a number of its series and start: half of what the database needs to put packs together is for numbers
 * that it writes. There is room for packs of an hour until 2089, and for 2^33 series.
 */
const STARTS = 2 ** 20;

function seriesAt(place: number): number {
  return Math.floor(place / STARTS);
}

function startAt(place: number, { packs }: PackedLevel): number {
  // Without a remainder: of numbers as large as these, it is ten times as slow.
  return (place - seriesAt(place) * STARTS) * packs.lengthMs;
}

/**
 * What is stored of the packs that reach into a range, put together by the database: a row of each pack would take many times
 * as long, and one of each series up to twice. In which order is not asked for: the database would sort every time what comes in the
 * order of its key anyway.
 * @param stored - the table, and SQL that puts a column of it together
 */
async function readTogether(
  knex: Knex,
  { packs }: PackedLevel,
  ids: readonly number[],
  range: Range,
  stored: { table: string; sql: string },
): Promise<{ places: number[]; bytes: Buffer }[]> {
  const places = isSqlite(knex)
    ? `group_concat(series_id * ${STARTS} + start_ms / ${packs.lengthMs}, ' ')`
    : `string_agg((series_id::bigint * ${STARTS} + start_ms / ${packs.lengthMs})::text, ' ')`;
  const result: { places: number[]; bytes: Buffer }[] = [];
  for (const chunk of chunks(ids, IDS_PER_QUERY)) {
    const [[numbers, bytes]] = await readRows<
      [places: string, Buffer] | [null, null]
    >(
      knex,
      `select ${places}, ${stored.sql} from ${stored.table}
       where ${amongSql(knex, 'series_id')} and start_ms > ? and start_ms < ?`,
      [idsBinding(knex, chunk), range.fromMs - packs.lengthMs, range.toMs],
    );
    if (numbers === null) continue;
    result.push({ places: numbersIn(numbers), bytes });
  }
  return result;
}

/** Whole numbers with a space between them. */
function numbersIn(text: string): number[] {
  const numbers: number[] = [];
  let number = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === SPACE) {
      numbers.push(number);
      number = 0;
    } else number = number * 10 + (code - ZERO);
  }
  numbers.push(number);
  return numbers;
}

/** Indices of the packs by series and start. */
function inOrder(places: readonly number[]): number[] {
  const indices = places.map((_, index) => index);
  const isOrdered = places.every(
    (place, index) => index === 0 || places[index - 1] < place,
  );
  return isOrdered ? indices : indices.sort((a, b) => places[a] - places[b]);
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
  const count = windowsOfPack(level);
  const starts = windows.map(({ startMs }) => startMs);
  const range = {
    fromMs: starts.reduce((a, b) => Math.min(a, b)),
    toMs: starts.reduce((a, b) => Math.max(a, b)) + level.widthMs,
  };
  const idsOf = (some: readonly PackedWindow[]) => [
    ...new Set(some.map(({ seriesId }) => seriesId)),
  ];
  const packs = new Map<string, Pack>();
  await readPacks(
    tx,
    level,
    idsOf(windows),
    range,
    () => true,
    pack => packs.set(packKey(pack), pack),
  );
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
    const pack = packs.get(key) ?? {
      ...place,
      count,
      values: emptyValues(count),
      offset: 0,
    };
    packs.set(key, pack);
    changed.add(pack);
    const index = (startMs - place.startMs) / level.widthMs;
    pack.values.setFloat64(pack.offset + index * BYTES_OF_VALUE, value, true);
    if (histogram === null) continue;
    const text = texts.get(key) ?? {
      pack,
      ofWindows: textsOf(knownTexts.get(seriesId)?.get(place.startMs), count),
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
        count * BYTES_OF_VALUE,
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

/** Texts of the histograms of a pack, by the index of their windows. */
function textsOf(known: TextBytes | undefined, count: number): string[] {
  if (!known) return new Array(count).fill('');
  const { buffer, byteOffset } = known.bytes;
  return textsApart(known).map(({ from, to }) =>
    Buffer.from(buffer, byteOffset + from, to - from).toString('latin1'),
  );
}

/** Of windows that have no value. */
export function emptyValues(count: number): DataView<ArrayBuffer> {
  const values = new DataView(new ArrayBuffer(count * BYTES_OF_VALUE));
  for (let index = 0; index < count; index++) {
    values.setFloat64(index * BYTES_OF_VALUE, NaN, true);
  }
  return values;
}

/**
 * Copies values of windows.
 * @param at - where the first of them is in `into`, by index
 */
export function copyValues(
  { values, offset, count }: Pick<Pack, 'values' | 'offset' | 'count'>,
  into: DataView,
  at: number,
): void {
  new Uint8Array(into.buffer, into.byteOffset).set(
    new Uint8Array(
      values.buffer,
      values.byteOffset + offset,
      count * BYTES_OF_VALUE,
    ),
    at * BYTES_OF_VALUE,
  );
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
