/** Values of series on an axis, put together from roll-ups and, where those are not up to date, from finer windows. */
import type { DurationHistogram } from 'backstage-plugin-contention-common';
import type { Knex } from 'knex';
import { AGGREGATION } from '../aggregation';
import {
  StoredHistogram,
  sumOfHistograms,
  type StoredText,
  type TextBytes,
} from '../histogramText';
import {
  LEVELS,
  levelsForWindows,
  spansOf,
  trustedUntil,
  type Level,
} from '../levels';
import { eachShare, MAX_SPAN_MS, share } from '../split';
import type {
  Aggregation,
  Axis,
  Point,
  SeriesKind,
  SeriesWindows,
} from '../Store';
import {
  histogramsApart,
  isPacked,
  readHistograms,
  readPacks,
  valueIn,
  windowsIn,
  type Pack,
  type PackedLevel,
} from './packs';
import {
  amongSql,
  chunks,
  IDS_PER_QUERY,
  idsBinding,
  rowToPoint,
} from './rows';
import { readRows } from './statements';

/** A row of a level. */
type WindowRow = [
  seriesId: number,
  startMs: number | string,
  value: number,
  histogram: string | null,
];

/** A row of points. */
type RawRow = [
  seriesId: number,
  endMs: number | string,
  startMs: number | string,
  value: number,
  histogram: string | null,
];

interface Entry {
  windows: SeriesWindows;
  aggregation: Aggregation;
}

/** Adds shares of points up on an axis. */
export class Accumulator {
  readonly result: SeriesWindows[];
  private readonly byId = new Map<number, Entry>();

  constructor(
    series: readonly SeriesKind[],
    private readonly axis: Axis,
  ) {
    this.result = series.map(({ id, metric }) => {
      const aggregation = AGGREGATION[metric];
      const windows: SeriesWindows = {
        seriesId: id,
        // Holes: beside `undefined` every number would be an object of its own.
        values: new Array(axis.count),
        ...(aggregation === 'histogram'
          ? { histograms: new Array(axis.count).fill(undefined) }
          : {}),
      };
      this.byId.set(id, { windows, aggregation });
      return windows;
    });
  }

  /** A row of a level whose windows lie wholly in those of the axis; in the order of their starts. */
  addWindow([id, startMs, value, histogram]: WindowRow): void {
    const entry = this.byId.get(id);
    if (!entry) return;
    const window = Math.floor(
      (Number(startMs) - this.axis.startMs) / this.axis.stepMs,
    );
    put(entry, window, value);
    if (histogram !== null) putText(entry, window, histogram, value);
  }

  /** Of the series that are asked for, those that have histograms. */
  havingHistograms(ids: readonly number[]): number[] {
    return ids.filter(id => this.byId.get(id)?.windows.histograms);
  }

  /**
   * As `addWindow`, of all windows of a pack that lie in the range.
   * @param histograms - of the whole pack; undefined where it has none
   */
  addPack(
    pack: Pack,
    histograms: TextBytes | undefined,
    level: PackedLevel,
    range: Range,
  ): void {
    const entry = this.byId.get(pack.seriesId);
    if (!entry) return;
    const { startMs: axisMs, stepMs } = this.axis;
    const windowAt = (atMs: number) => Math.floor((atMs - axisMs) / stepMs);
    const lastMs = pack.startMs + level.packs.lengthMs - level.widthMs;
    const firstWindow = windowAt(pack.startMs);
    // Days in one window: their histograms need not be told apart.
    const isTogether =
      pack.startMs >= range.fromMs &&
      lastMs < range.toMs &&
      firstWindow === windowAt(lastMs);
    const texts =
      histograms === undefined || isTogether
        ? undefined
        : histogramsApart(histograms);
    let sum = 0;
    // By index: a page of a day has tens of thousands of them.
    const { first, end } = windowsIn(pack, level, range);
    for (let index = first; index < end; index++) {
      const value = valueIn(pack, index);
      if (Number.isNaN(value)) continue;
      const window = windowAt(pack.startMs + index * level.widthMs);
      put(entry, window, value);
      sum += value;
      const text = texts?.[index];
      if (text && text.from < text.to) putText(entry, window, text, value);
    }
    if (histograms !== undefined && isTogether) {
      putText(entry, firstWindow, histograms, sum);
    }
  }

  /**
   * Of a point what lies in the range: the rest is in the roll-ups already, or outside of what was asked for. Points of one
   * series must come in the order of their ends: `last` keeps the one that came last. A report adds tens of thousands, so
   * none of them becomes an object unless a histogram has to be cut.
   */
  addPoint([id, end, start, value, histogram]: RawRow, range: Range): void {
    const entry = this.byId.get(id);
    if (!entry) return;
    const { startMs: axisMs, stepMs, count } = this.axis;
    const startMs = Number(start);
    const endMs = Number(end);
    const isInside =
      startMs >= range.fromMs && endMs > range.fromMs && endMs <= range.toMs;
    const last = Math.ceil((endMs - axisMs) / stepMs) - 1;
    const first =
      startMs === endMs ? last : Math.floor((startMs - axisMs) / stepMs);
    if (isInside && first === last && first >= 0 && last < count) {
      put(entry, last, value);
      if (histogram !== null) putText(entry, last, histogram, value);
    } else if (histogram === null && startMs < endMs) {
      const fromMs = Math.max(startMs, range.fromMs, axisMs);
      const toMs = Math.min(endMs, range.toMs, axisMs + count * stepMs);
      const perMs = value / (endMs - startMs);
      for (let atMs = fromMs; atMs < toMs;) {
        const window = Math.floor((atMs - axisMs) / stepMs);
        const untilMs = Math.min(toMs, axisMs + (window + 1) * stepMs);
        put(entry, window, perMs * (untilMs - atMs));
        atMs = untilMs;
      }
    } else if (histogram !== null) {
      const point = rowToPoint({
        start_ms: start,
        end_ms: end,
        value,
        histogram,
      });
      const part = clipped(point, range);
      if (part) this.addShares(entry, part);
    }
  }

  private addShares(entry: Entry, point: Point): void {
    eachShare(this.axis, point, (window, { value, histogram }) => {
      put(entry, window, value);
      if (histogram) putHistogram(entry, window, histogram);
    });
  }
}

function put(
  { windows: { values }, aggregation }: Entry,
  window: number,
  value: number,
): void {
  if (aggregation === 'last') {
    values[window] = value;
    return;
  }
  // A hole is NaN: compared with `undefined`, every number read would be made an object of its own.
  const known = Number(values[window]);
  const before = Number.isNaN(known) ? 0 : known;
  values[window] =
    aggregation === 'max' ? Math.max(before, value) : before + value;
}

function putText(
  { windows: { histograms } }: Entry,
  window: number,
  text: StoredText,
  sumSeconds: number,
): void {
  if (!histograms) return;
  const known = histograms[window];
  histograms[window] =
    known instanceof StoredHistogram
      ? known.and(text, sumSeconds)
      : withAnother(known, new StoredHistogram(text, sumSeconds));
}

function putHistogram(
  { windows: { histograms } }: Entry,
  window: number,
  histogram: DurationHistogram,
): void {
  if (!histograms) return;
  histograms[window] = withAnother(histograms[window], histogram);
}

function withAnother(
  known: DurationHistogram | undefined,
  another: DurationHistogram,
): DurationHistogram {
  return known ? sumOfHistograms([known, another]) : another;
}

export async function readWindows(
  knex: Knex,
  series: readonly SeriesKind[],
  axis: Axis,
): Promise<SeriesWindows[]> {
  const accumulator = new Accumulator(series, axis);
  if (series.length === 0) return accumulator.result;
  const range = rangeOf(axis);
  const ids = series.map(({ id }) => id);
  const trusted = await trustedLevels(knex, range);
  for (const span of spansOf(range, trusted, levelsForWindows(axis))) {
    const { level } = span;
    if (level) await readLevel(knex, level, ids, span, accumulator);
    else await readRaw(knex, ids, span, accumulator);
  }
  return accumulator.result;
}

/** [fromMs, toMs). */
export interface Range {
  fromMs: number;
  toMs: number;
}

export function rangeOf({ startMs, stepMs, count }: Axis): Range {
  return { fromMs: startMs, toMs: startMs + count * stepMs };
}

export async function trustedLevels(
  knex: Knex,
  { fromMs, toMs }: Range,
): Promise<number[]> {
  const rows = await readRows<[widthMs: number, startMs: number | string]>(
    knex,
    `select width_ms, min(start_ms) from contention_dirty
     where start_ms + width_ms > ? and start_ms < ? group by width_ms`,
    [fromMs, toMs],
  );
  return trustedUntil(
    LEVELS.map(({ widthMs }) => {
      const row = rows.find(([width]) => width === widthMs);
      return row && Number(row[1]);
    }),
  );
}

export async function readLevel(
  knex: Knex,
  level: Level,
  ids: readonly number[],
  range: Range,
  accumulator: Accumulator,
): Promise<void> {
  if (isPacked(level)) {
    const texts = await readHistograms(
      knex,
      level,
      accumulator.havingHistograms(ids),
      range,
    );
    await readPacks(knex, level, ids, range, pack => {
      const histograms = texts.get(pack.seriesId)?.get(pack.startMs);
      accumulator.addPack(pack, histograms, level, range);
    });
    return;
  }
  for (const chunk of chunks(ids, IDS_PER_QUERY)) {
    const rows = await readRows<WindowRow>(
      knex,
      `select series_id, start_ms, value, histogram from ${level.table}
       where ${amongSql(knex, 'series_id')} and start_ms >= ? and start_ms < ? order by series_id, start_ms`,
      [idsBinding(knex, chunk), range.fromMs, range.toMs],
    );
    for (const row of rows) accumulator.addWindow(row);
  }
}

export async function readRaw(
  knex: Knex,
  ids: readonly number[],
  range: Range,
  accumulator: Accumulator,
): Promise<void> {
  const { fromMs, toMs } = range;
  if (fromMs >= toMs) return;
  for (const chunk of chunks(ids, IDS_PER_QUERY)) {
    const rows = await readRows<RawRow>(
      knex,
      `select series_id, end_ms, start_ms, value, histogram from contention_points
       where ${amongSql(knex, 'series_id')} and end_ms > ? and end_ms < ? order by series_id, end_ms`,
      [idsBinding(knex, chunk), fromMs, toMs + MAX_SPAN_MS],
    );
    for (const row of rows) accumulator.addPoint(row, range);
  }
}

/** What of a point lies in a range; of one that has no length, the point or nothing. */
function clipped(point: Point, { fromMs, toMs }: Range): Point | undefined {
  const { startMs, endMs } = point;
  if (startMs === endMs) {
    return endMs > fromMs && endMs <= toMs ? point : undefined;
  }
  return startMs < toMs && endMs > fromMs
    ? share(point, fromMs, toMs)
    : undefined;
}
