/** Values of series on an axis, put together from roll-ups and, where those are not up to date, from finer windows. */
import { mergeInto } from 'backstage-plugin-contention-common';
import type { Knex } from 'knex';
import { AGGREGATION } from '../aggregation';
import { MINUTE_MS, QUARTER_MS, resolutionOf } from '../resolution';
import { eachShare, MAX_SPAN_MS } from '../split';
import type {
  Aggregation,
  Axis,
  Point,
  SeriesKind,
  SeriesWindows,
} from '../Store';
import { chunks, IDS_PER_QUERY, rowToPoint, type PointRow } from './rows';

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

  /** Points of one series must come in the order of their ends: `last` keeps the one that came last. */
  add(seriesId: number, point: Point): void {
    const entry = this.byId.get(seriesId);
    if (!entry) return;
    const { windows, aggregation } = entry;
    eachShare(this.axis, point, (window, share) => {
      const known = windows.values[window];
      if (aggregation === 'last') {
        windows.values[window] = share.value;
      } else if (aggregation === 'max') {
        windows.values[window] = Math.max(known ?? 0, share.value);
      } else {
        windows.values[window] = (known ?? 0) + share.value;
      }
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
}

export async function readWindows(
  knex: Knex,
  series: readonly SeriesKind[],
  axis: Axis,
): Promise<SeriesWindows[]> {
  const fromMs = axis.startMs;
  const toMs = axis.startMs + axis.count * axis.stepMs;
  const accumulator = new Accumulator(series, axis);
  const { quartersUntilMs, minutesUntilMs } = await upToDate(
    knex,
    axis,
    fromMs,
    toMs,
  );
  const ids = series.map(({ id }) => id);
  await readRollUp(knex, 'quarter', ids, fromMs, quartersUntilMs, accumulator);
  await readRollUp(
    knex,
    'minute',
    ids,
    quartersUntilMs,
    minutesUntilMs,
    accumulator,
  );
  await readRaw(knex, ids, minutesUntilMs, toMs, accumulator);
  return accumulator.result;
}

export async function readTotals(
  knex: Knex,
  ids: readonly number[],
  axis: Axis,
): Promise<Map<number, number>> {
  const fromMs = axis.startMs;
  const toMs = axis.startMs + axis.count * axis.stepMs;
  const { quartersUntilMs, minutesUntilMs } = await upToDate(
    knex,
    axis,
    fromMs,
    toMs,
  );
  const totals = new Map<number, number>();
  const parts = [
    ['contention_quarters', 'start_ms', fromMs - 1, quartersUntilMs - 1],
    ['contention_minutes', 'start_ms', quartersUntilMs - 1, minutesUntilMs - 1],
    ['contention_points', 'end_ms', minutesUntilMs, toMs],
  ] as const;
  for (const [table, column, afterMs, untilMs] of parts) {
    if (afterMs >= untilMs) continue;
    for (const chunk of chunks(ids, IDS_PER_QUERY)) {
      const rows = await knex(table)
        .whereIn('series_id', chunk)
        .where(column, '>', afterMs)
        .where(column, '<=', untilMs)
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

/** Up to where each roll-up can be trusted in a range: to its first window that changed since. */
async function upToDate(knex: Knex, axis: Axis, fromMs: number, toMs: number) {
  const resolution = resolutionOf(axis);
  if (resolution === 'raw') {
    return { quartersUntilMs: fromMs, minutesUntilMs: fromMs };
  }
  const firstDirty = async (width: number) => {
    const row = await knex('contention_dirty')
      .where({ width_ms: width })
      .where('start_ms', '>', fromMs - width)
      .where('start_ms', '<', toMs)
      .min('start_ms as start')
      .first();
    return row?.start === null || row?.start === undefined
      ? toMs
      : Math.max(fromMs, Number(row.start));
  };
  const minutesUntilMs = await firstDirty(MINUTE_MS);
  if (resolution === 'minute') {
    return { quartersUntilMs: fromMs, minutesUntilMs };
  }
  const quartersUntilMs = Math.min(
    await firstDirty(QUARTER_MS),
    Math.max(fromMs, Math.floor(minutesUntilMs / QUARTER_MS) * QUARTER_MS),
  );
  return { quartersUntilMs, minutesUntilMs };
}

async function readRollUp(
  knex: Knex,
  width: 'minute' | 'quarter',
  ids: readonly number[],
  fromMs: number,
  toMs: number,
  accumulator: Accumulator,
): Promise<void> {
  if (fromMs >= toMs) return;
  const [table, widthMs] =
    width === 'minute'
      ? (['contention_minutes', MINUTE_MS] as const)
      : (['contention_quarters', QUARTER_MS] as const);
  for (const chunk of chunks(ids, IDS_PER_QUERY)) {
    const rows: PointRow[] = await knex(table)
      .select('series_id', 'start_ms', 'value', 'histogram')
      .whereIn('series_id', chunk)
      .where('start_ms', '>=', fromMs)
      .where('start_ms', '<', toMs)
      .orderBy(['series_id', 'start_ms']);
    for (const row of rows) {
      const startMs = Number(row.start_ms);
      const point = rowToPoint({ ...row, end_ms: startMs + widthMs });
      accumulator.add(row.series_id, point);
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
      .whereIn('series_id', chunk)
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
