/** Values of series on an axis, put together from roll-ups and, where those are not up to date, from finer windows. */
import { mergeInto } from 'backstage-plugin-contention-common';
import type { Knex } from 'knex';
import { AGGREGATION } from '../aggregation';
import { addHistogramText, StoredHistogram } from '../histogramText';
import {
  LEVELS,
  levelsForWindows,
  spansOf,
  trustedUntil,
  type Level,
} from '../levels';
import { eachShare, MAX_SPAN_MS } from '../split';
import type {
  Aggregation,
  Axis,
  Point,
  SeriesKind,
  SeriesWindows,
} from '../Store';
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

/** Adds shares of points up on an axis. */
export class Accumulator {
  readonly result: SeriesWindows[];
  private readonly byId = new Map<
    number,
    { windows: SeriesWindows; aggregation: Aggregation }
  >();

  constructor(
    series: readonly SeriesKind[],
    private readonly axis: Axis,
  ) {
    this.result = series.map(({ id, metric }) => {
      const aggregation = AGGREGATION[metric];
      const windows: SeriesWindows = {
        seriesId: id,
        values: new Array(axis.count).fill(undefined),
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
    const { windows, aggregation } = entry;
    const { axis } = this;
    const window = Math.floor((Number(startMs) - axis.startMs) / axis.stepMs);
    this.put(windows, aggregation, window, value);
    const { histograms } = windows;
    if (!histograms || histogram === null) return;
    const known = histograms[window];
    if (!known) {
      histograms[window] = new StoredHistogram(histogram, value);
      return;
    }
    const merged = known instanceof StoredHistogram ? known.copy() : known;
    addHistogramText(merged, histogram, value);
    histograms[window] = merged;
  }

  /** Points of one series must come in the order of their ends: `last` keeps the one that came last. */
  add(seriesId: number, point: Point): void {
    const entry = this.byId.get(seriesId);
    if (!entry) return;
    const { windows, aggregation } = entry;
    eachShare(this.axis, point, (window, share) => {
      this.put(windows, aggregation, window, share.value);
      if (windows.histograms && share.histogram) {
        const known = windows.histograms[window];
        if (known) {
          const merged =
            known instanceof StoredHistogram ? known.copy() : known;
          mergeInto(merged, share.histogram);
          windows.histograms[window] = merged;
        } else {
          windows.histograms[window] = {
            ...share.histogram,
            buckets: new Map(share.histogram.buckets),
          };
        }
      }
    });
  }

  private put(
    { values }: SeriesWindows,
    aggregation: Aggregation,
    window: number,
    value: number,
  ): void {
    const known = values[window];
    if (aggregation === 'last') values[window] = value;
    else if (aggregation === 'max') {
      values[window] = Math.max(known ?? 0, value);
    } else values[window] = (known ?? 0) + value;
  }
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
    const { level, fromMs, toMs } = span;
    if (level) await readLevel(knex, level, ids, span, accumulator);
    else await readRaw(knex, ids, fromMs, toMs, accumulator);
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
  { table }: Level,
  ids: readonly number[],
  { fromMs, toMs }: Range,
  accumulator: Accumulator,
): Promise<void> {
  for (const chunk of chunks(ids, IDS_PER_QUERY)) {
    const rows = await readRows<WindowRow>(
      knex,
      `select series_id, start_ms, value, histogram from ${table}
       where ${amongSql(knex, 'series_id')} and start_ms >= ? and start_ms < ? order by series_id, start_ms`,
      [idsBinding(knex, chunk), fromMs, toMs],
    );
    for (const row of rows) accumulator.addWindow(row);
  }
}

export async function readRaw(
  knex: Knex,
  ids: readonly number[],
  fromMs: number,
  toMs: number,
  into: { add(seriesId: number, point: Point): void },
): Promise<void> {
  if (fromMs >= toMs) return;
  for (const chunk of chunks(ids, IDS_PER_QUERY)) {
    const rows = await readRows<RawRow>(
      knex,
      `select series_id, end_ms, start_ms, value, histogram from contention_points
       where ${amongSql(knex, 'series_id')} and end_ms > ? and end_ms < ? order by series_id, end_ms`,
      [idsBinding(knex, chunk), fromMs, toMs + MAX_SPAN_MS],
    );
    for (const [seriesId, end_ms, start_ms, value, histogram] of rows) {
      const point = clipped(
        rowToPoint({ end_ms, start_ms, value, histogram }),
        fromMs,
        toMs,
      );
      if (point) into.add(seriesId, point);
    }
  }
}

/** Only what lies in the range: the rest is in the roll-ups already, or outside of what was asked for. */
function clipped(
  point: Point,
  fromMs: number,
  toMs: number,
): Point | undefined {
  if (point.startMs === point.endMs) {
    return point.endMs > fromMs && point.endMs <= toMs ? point : undefined;
  }
  if (point.startMs >= toMs) return undefined;
  if (point.startMs >= fromMs && point.endMs <= toMs) return point;
  let part: Point | undefined;
  const axis: Axis = { startMs: fromMs, stepMs: toMs - fromMs, count: 1 };
  eachShare(axis, point, (_, share) => {
    part = share;
  });
  return part;
}
