/**
 * Packs: consecutive windows of a series in one row, so that a page of a day reads 24 rows of a series instead of 288. Values
 * are 64-bit floats, little-endian, NaN where a window has none; histograms are their texts with a bar between windows.
 */
import type { Knex } from 'knex';
import { BESIDE } from '../histogramText';
import type { Level } from '../levels';
import {
  amongSql,
  chunks,
  IDS_PER_QUERY,
  idsBinding,
  ROWS_PER_INSERT,
} from './rows';
import { letOthers } from './others';
import { readRows } from './statements';

/** A level whose windows are packed. */
export type PackedLevel = Level & { packMs: number };

export function isPacked(level: Level): level is PackedLevel {
  return level.packMs !== undefined;
}

/** A row of a packed level. */
export type PackRow = [
  seriesId: number,
  startMs: number | string,
  values: Buffer,
  histograms: string | null,
];

const BYTES = 8;
/** Between the texts of the histograms of windows; no text holds it. */
const BAR = '|';

/** Calls `visit` with every window of a pack that has a value and lies in a range, in the order of their starts. */
export function eachWindow(
  [, start, values, histograms]: PackRow,
  { widthMs }: Level,
  { fromMs, toMs }: { fromMs: number; toMs: number },
  visit: (startMs: number, value: number, histogram: string | null) => void,
): void {
  const packStartMs = Number(start);
  const texts = histograms?.split(BAR);
  const first = Math.max(0, Math.ceil((fromMs - packStartMs) / widthMs));
  const end = Math.min(
    Math.floor(values.length / BYTES),
    Math.ceil((toMs - packStartMs) / widthMs),
  );
  for (let index = first; index < end; index++) {
    const value = values.readDoubleLE(index * BYTES);
    if (!Number.isNaN(value)) {
      visit(packStartMs + index * widthMs, value, texts?.[index] || null);
    }
  }
}

/** All histograms of a pack as the text of one, their sum; see `StoredHistogram.and`. */
export function histogramOfPack([, , , histograms]: PackRow): string | null {
  return histograms && histograms.replaceAll(BAR, BESIDE);
}

/** The packs of series that reach into a range, by series and start. */
export async function readPacks(
  knex: Knex,
  { table, packMs }: PackedLevel,
  ids: readonly number[],
  { fromMs, toMs }: { fromMs: number; toMs: number },
): Promise<PackRow[]> {
  const result: PackRow[] = [];
  for (const chunk of chunks(ids, IDS_PER_QUERY)) {
    const rows = await readRows<PackRow>(
      knex,
      `select series_id, start_ms, window_values, histograms from ${table}
       where ${amongSql(knex, 'series_id')} and start_ms > ? and start_ms < ? order by series_id, start_ms`,
      [idsBinding(knex, chunk), fromMs - packMs, toMs],
    );
    for (const row of rows) result.push(row);
  }
  return result;
}

/** A pack in memory, to be changed. */
class Pack {
  private readonly values: number[];
  private readonly histograms: (string | null)[];

  constructor(
    readonly seriesId: number,
    readonly startMs: number,
    count: number,
  ) {
    this.values = new Array(count).fill(NaN);
    this.histograms = new Array(count).fill(null);
  }

  static of(level: PackedLevel, row: PackRow): Pack {
    const [seriesId, start] = row;
    const startMs = Number(start);
    const pack = new Pack(seriesId, startMs, level.packMs / level.widthMs);
    eachWindow(
      row,
      level,
      { fromMs: startMs, toMs: startMs + level.packMs },
      (atMs, value, histogram) =>
        pack.set((atMs - startMs) / level.widthMs, value, histogram),
    );
    return pack;
  }

  get key(): string {
    return `${this.seriesId} ${this.startMs}`;
  }

  set(index: number, value: number, histogram: string | null): void {
    this.values[index] = value;
    this.histograms[index] = histogram;
  }

  toRow() {
    const values = Buffer.alloc(this.values.length * BYTES);
    this.values.forEach((value, index) =>
      values.writeDoubleLE(value, index * BYTES),
    );
    return {
      series_id: this.seriesId,
      start_ms: this.startMs,
      window_values: values,
      histograms: this.histograms.some(text => text !== null)
        ? this.histograms.map(text => text ?? '').join(BAR)
        : null,
    };
  }
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
  const starts = windows.map(({ startMs }) => startMs);
  const range = {
    fromMs: starts.reduce((a, b) => Math.min(a, b)),
    toMs: starts.reduce((a, b) => Math.max(a, b)) + level.widthMs,
  };
  const ids = [...new Set(windows.map(({ seriesId }) => seriesId))];
  const packs = new Map(
    (await readPacks(tx, level, ids, range)).map(row => {
      const pack = Pack.of(level, row);
      return [pack.key, pack];
    }),
  );
  const changed = new Set<Pack>();
  for (const { seriesId, startMs, value, histogram } of windows) {
    const fresh = new Pack(
      seriesId,
      Math.floor(startMs / level.packMs) * level.packMs,
      level.packMs / level.widthMs,
    );
    const pack = packs.get(fresh.key) ?? fresh;
    packs.set(pack.key, pack);
    pack.set((startMs - pack.startMs) / level.widthMs, value, histogram);
    changed.add(pack);
  }
  const rows = [...changed].map(pack => pack.toRow());
  for (const chunk of chunks(rows, ROWS_PER_INSERT)) {
    await tx(level.table)
      .insert(chunk)
      .onConflict(['series_id', 'start_ms'])
      .merge();
    await letOthers();
  }
}
