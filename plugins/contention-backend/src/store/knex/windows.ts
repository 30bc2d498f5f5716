/** Values of series on an axis, put together from roll-ups and, where those are not up to date, from finer windows. */
import type { DurationHistogram } from 'backstage-plugin-contention-common';
import type { Knex } from 'knex';
import { AGGREGATION } from '../aggregation';
import {
  StoredHistogram,
  storedHistogram,
  sumOfHistograms,
} from '../histogramText';
import {
  LEVELS,
  levelsForWindows,
  spansOf,
  trustedUntil,
  type Level,
} from '../levels';
import type { Range } from '../resolution';
import { eachShare, MAX_SPAN_MS, share } from '../split';
import type {
  Aggregation,
  Axis,
  Point,
  SeriesKind,
  SeriesWindows,
} from '../Store';
import type { FinalPacks } from './finalPacks';
import {
  isPacked,
  PackHistograms,
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
  /** The last window that has a value; -1: none has. */
  last: number;
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
      this.byId.set(id, { windows, aggregation, last: -1 });
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
    if (histogram !== null) {
      putStored(entry, window, storedHistogram(histogram, value));
    }
  }

  /** Of the series that are asked for, those that have histograms. */
  havingHistograms(ids: readonly number[]): number[] {
    return ids.filter(id => this.byId.get(id)?.windows.histograms);
  }

  /**
   * As `addWindow`, of all windows of a pack that lie in the range.
   * @param histograms - of the whole pack, which is one then; undefined where it has none
   */
  addPack(
    pack: Pack,
    histograms: PackHistograms | undefined,
    level: PackedLevel,
    range: Range,
  ): void {
    const entry = this.byId.get(pack.seriesId);
    if (!entry) return;
    const { startMs: axisMs, stepMs } = this.axis;
    const { widthMs } = level;
    const lastMs = pack.startMs + (pack.count - 1) * widthMs;
    const firstWindow = Math.floor((pack.startMs - axisMs) / stepMs);
    // Days in one window: their histograms need not be told apart.
    const isTogether =
      pack.startMs >= range.fromMs &&
      lastMs < range.toMs &&
      firstWindow === Math.floor((lastMs - axisMs) / stepMs);
    const apart = isTogether ? undefined : histograms?.apart(pack);
    let sum = 0;
    const { first, end } = windowsIn(pack, level, range);
    let atMs = pack.startMs + first * widthMs;
    let window = Math.floor((atMs - axisMs) / stepMs);
    let nextMs = axisMs + (window + 1) * stepMs;
    const { values } = entry.windows;
    const isPeak = entry.aggregation === 'max';
    let { last } = entry;
    // By index, and without a division for each: a page of a day has tens of thousands of them.
    for (let index = first; index < end; index++, atMs += widthMs) {
      if (atMs >= nextMs) {
        window++;
        nextMs += stepMs;
      }
      const value = valueIn(pack, index);
      if (Number.isNaN(value)) continue;
      // As `put` does it, without a call for each.
      if (window > last && !isPeak) {
        values[window] = value;
        last = window;
      } else {
        entry.last = last;
        put(entry, window, value);
        ({ last } = entry);
      }
      sum += value;
      const histogram = apart?.[index];
      if (histogram) putStored(entry, window, histogram);
    }
    entry.last = last;
    if (histograms && isTogether) {
      putStored(entry, firstWindow, histograms.together(sum));
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
      if (histogram !== null) {
        putStored(entry, last, storedHistogram(histogram, value));
      }
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

function put(entry: Entry, window: number, value: number): void {
  const {
    windows: { values },
    aggregation,
  } = entry;
  if (aggregation === 'last') {
    values[window] = value;
    return;
  }
  let before = 0;
  // Mostly they come in order, and what is a hole need not be read.
  if (window > entry.last) entry.last = window;
  else {
    // A hole is NaN: compared with `undefined`, every number read would be made an object of its own.
    const known = Number(values[window]);
    if (!Number.isNaN(known)) before = known;
  }
  values[window] =
    aggregation === 'max' ? Math.max(before, value) : before + value;
}

function putStored(
  { windows: { histograms } }: Entry,
  window: number,
  histogram: StoredHistogram,
): void {
  if (!histograms) return;
  const known = histograms[window];
  histograms[window] =
    known instanceof StoredHistogram
      ? known.and(histogram)
      : withAnother(known, histogram);
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
  final: FinalPacks,
  series: readonly SeriesKind[],
  axis: Axis,
): Promise<SeriesWindows[]> {
  const accumulator = new Accumulator(series, axis);
  if (series.length === 0) return accumulator.result;
  const range = rangeOf(axis);
  const ids = series.map(({ id }) => id);
  const trust = await readTrust(knex, range);
  for (const span of spansOf(range, trust.untilMs, levelsForWindows(axis))) {
    const { level } = span;
    if (level && isPacked(level)) {
      await readPacked(knex, level, ids, span, {
        known: { final, settledUntilMs: trust.settledUntilMs },
        havingHistograms: accumulator.havingHistograms(ids),
        visit: (pack, histograms) =>
          accumulator.addPack(pack, histograms, level, span),
      });
    } else if (level) await readLevel(knex, level, ids, span, accumulator);
    else await readRaw(knex, ids, span, accumulator);
  }
  return accumulator.result;
}

export function rangeOf({ startMs, stepMs, count }: Axis): Range {
  return { fromMs: startMs, toMs: startMs + count * stepMs };
}

/** What the windows that wait to be rolled up leave to rely on. */
export interface Trust {
  /** Up to where each level can be trusted in a range. */
  untilMs: number[];
  /** Before this, whatever the range, nothing waits. */
  settledUntilMs: number;
}

export async function readTrust(
  knex: Knex,
  { fromMs, toMs }: Range,
): Promise<Trust> {
  type Time = number | string;
  const rows = await readRows<
    [widthMs: number, firstMs: Time, firstInRangeMs: Time | null]
  >(
    knex,
    `select width_ms, min(start_ms), min(case when start_ms + width_ms > ? and start_ms < ? then start_ms end)
     from contention_dirty group by width_ms`,
    [fromMs, toMs],
  );
  return {
    untilMs: trustedUntil(
      LEVELS.map(({ widthMs }) => {
        const [, , firstMs] = rows.find(([width]) => width === widthMs) ?? [];
        return firstMs === null || firstMs === undefined
          ? undefined
          : Number(firstMs);
      }),
    ),
    settledUntilMs: Math.min(...rows.map(([, firstMs]) => Number(firstMs))),
  };
}

export interface PackReading {
  /** Absent: everything is read anew. */
  known?: { final: FinalPacks; settledUntilMs: number };
  /** Of the series, those that have some. */
  havingHistograms: readonly number[];
  visit(pack: Pack, histograms: PackHistograms | undefined): void;
}

/**
 * Reads the packs of series that reach into a range, those of each series in the order of their starts; those that follow on
 * each other come as one where the series has no histograms.
 */
export async function readPacked(
  knex: Knex,
  level: PackedLevel,
  ids: readonly number[],
  range: Range,
  { known, havingHistograms, visit }: PackReading,
): Promise<void> {
  let { fromMs } = range;
  const withHistograms = new Set(havingHistograms);
  if (known) {
    const { lengthMs } = level.packs;
    const untilMs = Math.min(
      known.final.finalUntilMs(),
      known.settledUntilMs,
      // Beyond the pack that the range ends in.
      range.toMs + lengthMs - 1,
    );
    const finalMs = Math.floor(untilMs / lengthMs) * lengthMs;
    if (finalMs > fromMs) {
      await known.final.visit(
        knex,
        level,
        ids,
        { fromMs, toMs: finalMs },
        withHistograms,
        visit,
      );
      fromMs = finalMs;
    }
  }
  if (fromMs >= range.toMs) return;
  const rest = { fromMs, toMs: range.toMs };
  const texts = await readHistograms(knex, level, havingHistograms, rest);
  await readPacks(
    knex,
    level,
    ids,
    rest,
    id => withHistograms.has(id),
    pack => {
      const text = texts.get(pack.seriesId)?.get(pack.startMs);
      visit(pack, text && new PackHistograms(text));
    },
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
    await readPacked(knex, level, ids, range, {
      havingHistograms: accumulator.havingHistograms(ids),
      visit: (pack, histograms) =>
        accumulator.addPack(pack, histograms, level, range),
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
