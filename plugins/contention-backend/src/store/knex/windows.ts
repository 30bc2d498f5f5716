/** Values of series on an axis, put together from roll-ups and, where those are not up to date, from finer windows. */
import { emptyHistogram, mergeInto } from 'backstage-plugin-contention-common';
import type { Knex } from 'knex';
import { AGGREGATION } from '../aggregation';
import { addHistogramText } from '../histogramText';
import {
  LEVELS,
  levelsForTotals,
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
  chunks,
  IDS_PER_QUERY,
  isAmong,
  rowToPoint,
  type PointRow,
} from './rows';

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
  addWindow({
    series_id: id,
    start_ms: startMs,
    value,
    histogram,
  }: Omit<PointRow, 'end_ms'>): void {
    const entry = this.byId.get(id);
    if (!entry) return;
    const { windows, aggregation } = entry;
    const { axis } = this;
    const window = Math.floor((Number(startMs) - axis.startMs) / axis.stepMs);
    this.put(windows, aggregation, window, value);
    if (!windows.histograms || histogram === null) return;
    addHistogramText(
      (windows.histograms[window] ??= emptyHistogram()),
      histogram,
      value,
    );
  }

  /** Points of one series must come in the order of their ends: `last` keeps the one that came last. */
  add(seriesId: number, point: Point): void {
    const entry = this.byId.get(seriesId);
    if (!entry) return;
    const { windows, aggregation } = entry;
    eachShare(this.axis, point, (window, share) => {
      this.put(windows, aggregation, window, share.value);
      if (windows.histograms && share.histogram) {
        const merged = windows.histograms[window];
        if (merged) mergeInto(merged, share.histogram);
        else {
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

export async function readTotals(
  knex: Knex,
  ids: readonly number[],
  axis: Axis,
): Promise<Map<number, number>> {
  const totals = new Map<number, number>();
  if (ids.length === 0) return totals;
  const range = rangeOf(axis);
  const trusted = await trustedLevels(knex, range);
  for (const { level, fromMs, toMs } of spansOf(
    range,
    trusted,
    levelsForTotals(axis.stepMs),
  )) {
    // A window belongs to the span that it starts in, a point to the one that it ends in.
    const [table, column, shiftMs] = level
      ? ([level.table, 'start_ms', -1] as const)
      : (['contention_points', 'end_ms', 0] as const);
    for (const chunk of chunks(ids, IDS_PER_QUERY)) {
      const rows = await knex(table)
        .where(isAmong(knex, 'series_id', chunk))
        .where(column, '>', fromMs + shiftMs)
        .where(column, '<=', toMs + shiftMs)
        .groupBy('series_id')
        .select('series_id')
        .sum('value as total');
      for (const row of rows as { series_id: number; total: number }[]) {
        const id = row.series_id;
        totals.set(id, (totals.get(id) ?? 0) + Number(row.total));
      }
    }
  }
  return totals;
}

interface Range {
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
  const rows: { width_ms: number; start: number | string }[] = await knex(
    'contention_dirty',
  )
    .whereRaw('start_ms + width_ms > ?', [fromMs])
    .where('start_ms', '<', toMs)
    .groupBy('width_ms')
    .select('width_ms')
    .min('start_ms as start');
  return trustedUntil(
    LEVELS.map(({ widthMs }) => {
      const row = rows.find(({ width_ms }) => width_ms === widthMs);
      return row && Number(row.start);
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
    const rows: PointRow[] = await knex(table)
      .select('series_id', 'start_ms', 'value', 'histogram')
      .where(isAmong(knex, 'series_id', chunk))
      .where('start_ms', '>=', fromMs)
      .where('start_ms', '<', toMs)
      .orderBy(['series_id', 'start_ms']);
    for (const row of rows) {
      accumulator.addWindow(row);
    }
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
    const rows: PointRow[] = await knex('contention_points')
      .select('series_id', 'end_ms', 'start_ms', 'value', 'histogram')
      .where(isAmong(knex, 'series_id', chunk))
      .where('end_ms', '>', fromMs)
      .where('end_ms', '<', toMs + MAX_SPAN_MS)
      .orderBy(['series_id', 'end_ms']);
    for (const row of rows) {
      const point = clipped(rowToPoint(row), fromMs, toMs);
      if (point) into.add(row.series_id, point);
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
