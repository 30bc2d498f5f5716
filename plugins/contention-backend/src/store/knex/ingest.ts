/** A batch into the database: one transaction, every point once. */
import type { Knex } from 'knex';
import { cumulativeStep, type CumulativeState } from '../cumulative';
import { MINUTE_MS, type Retention } from '../resolution';
import { pieces } from '../split';
import type { Batch, BatchSeries, IngestOutcome, Point } from '../Store';
import { recordCoverage, type NodeIntervals } from './coverage';
import type { Dictionary, ResolvedBatch } from './dictionary';
import {
  chunks,
  IDS_PER_QUERY,
  pointToRow,
  ROWS_PER_INSERT,
  rowToPoint,
  type PointRow,
} from './rows';
import { insertWorst } from './worst';

/** The intervals of a batch by node. Gauges cover nothing. */
class Coverage {
  private readonly byNode = new Map<string, NodeIntervals>();
  private readonly seen = new Set<string>();

  add(
    { cluster, node, agentVersion }: BatchSeries,
    { startMs, endMs }: Point,
  ): void {
    if (startMs === endMs) return;
    const key = JSON.stringify([cluster, node]);
    const interval = `${key}${startMs}-${endMs}${agentVersion}`;
    if (this.seen.has(interval)) return;
    this.seen.add(interval);
    const known = this.byNode.get(key) ?? { cluster, node, intervals: [] };
    known.intervals.push({ startMs, endMs, agentVersion });
    this.byNode.set(key, known);
  }

  /** In one order, as the rows are locked. */
  nodes(): NodeIntervals[] {
    return [...this.byNode.entries()]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([, node]) => node);
  }
}

export async function ingestBatch(
  tx: Knex,
  dictionary: Dictionary,
  batch: Batch,
  nowMs: number,
  kept: Retention,
): Promise<
  IngestOutcome & Pick<ResolvedBatch, 'newsOfResources' | 'committed'>
> {
  const { seriesIds, worstCulpritIds, newsOfResources, committed } =
    await dictionary.resolve(tx, batch.series, nowMs);
  const oldestMs = nowMs - kept.rawMs;
  const cumulative = await cumulativeDeltas(
    tx,
    batch.series,
    seriesIds,
    oldestMs,
  );
  const rows: PointRow[] = [];
  const coverage = new Coverage();
  const dirty = new Set<number>();
  batch.series.forEach((series, index) => {
    const points = cumulative.deltas.get(index) ?? series.points;
    for (const point of points) {
      coverage.add(series, point);
      for (const piece of pieces(point)) {
        rows.push(pointToRow(seriesIds[index], piece));
        markMinutes(dirty, piece);
      }
    }
  });
  // In the order of the key: neighbours on disk, and no two transactions wait for each other crosswise.
  rows.sort(
    (a, b) => a.series_id - b.series_id || Number(a.end_ms) - Number(b.end_ms),
  );
  let inserted = 0;
  for (const chunk of chunks(rows, ROWS_PER_INSERT)) {
    const fresh = await tx('contention_points')
      .insert(chunk)
      .onConflict(['series_id', 'end_ms', 'start_ms'])
      .ignore()
      .returning('end_ms');
    inserted += fresh.length;
  }
  // Merged, not ignored, so that a mark that is there already is locked: a roll-up that takes it meanwhile waits for us.
  for (const chunk of chunks([...dirty].sort(), ROWS_PER_INSERT)) {
    await tx('contention_dirty')
      .insert(chunk.map(start_ms => ({ width_ms: MINUTE_MS, start_ms })))
      .onConflict(['width_ms', 'start_ms'])
      .merge();
  }
  await insertWorst(
    tx,
    batch.series.flatMap(({ worst }, index) =>
      (worst ?? []).map((worstCase, position) => ({
        seriesId: seriesIds[index],
        culpritId: worstCulpritIds[index][position],
        worstCase,
      })),
    ),
  );
  for (const node of coverage.nodes()) await recordCoverage(tx, node);
  return {
    stored: inserted,
    duplicates: rows.length - inserted + cumulative.known,
    newsOfResources,
    committed,
  };
}

/** Cumulative streams as what they added since their last point. Their rows are locked until the transaction ends. */
async function cumulativeDeltas(
  tx: Knex,
  series: readonly BatchSeries[],
  seriesIds: readonly number[],
  oldestMs: number,
): Promise<{ deltas: Map<number, Point[]>; known: number }> {
  const deltas = new Map<number, Point[]>();
  const indices = series.flatMap((item, index) =>
    item.temporality === 'cumulative' ? [index] : [],
  );
  if (indices.length === 0) return { deltas, known: 0 };
  const ids = [...new Set(indices.map(index => seriesIds[index]))].sort(
    (a, b) => a - b,
  );
  const states = await lockedStates(tx, ids);
  const changed = new Map<number, CumulativeState>();
  let known = 0;
  for (const index of indices) {
    const id = seriesIds[index];
    const added: Point[] = deltas.get(index) ?? [];
    const ordered = [...series[index].points].sort((a, b) => a.endMs - b.endMs);
    for (const point of ordered) {
      const step = cumulativeStep(states.get(id), point, oldestMs);
      if (!step.state) known++;
      else {
        states.set(id, step.state);
        changed.set(id, step.state);
      }
      if (step.delta && step.delta.endMs > oldestMs) {
        const startMs = Math.max(step.delta.startMs, oldestMs);
        if (startMs < step.delta.endMs) added.push({ ...step.delta, startMs });
      }
    }
    deltas.set(index, added);
  }
  for (const chunk of chunks([...changed], ROWS_PER_INSERT)) {
    await tx('contention_cumulative')
      .insert(chunk.map(([id, state]) => pointToRow(id, state)))
      .onConflict('series_id')
      .merge();
  }
  return { deltas, known };
}

async function lockedStates(
  tx: Knex,
  ids: readonly number[],
): Promise<Map<number, CumulativeState>> {
  const states = new Map<number, CumulativeState>();
  for (const chunk of chunks(ids, IDS_PER_QUERY)) {
    await tx('contention_series')
      .select('id')
      .whereIn('id', chunk)
      .orderBy('id')
      .forUpdate();
    const rows: PointRow[] = await tx('contention_cumulative').whereIn(
      'series_id',
      chunk,
    );
    for (const row of rows) states.set(row.series_id, rowToPoint(row));
  }
  return states;
}

function markMinutes(dirty: Set<number>, { startMs, endMs }: Point): void {
  const isGauge = startMs === endMs;
  const first = Math.floor((isGauge ? endMs - 1 : startMs) / MINUTE_MS);
  for (
    let startOfMinute = first * MINUTE_MS;
    startOfMinute < endMs;
    startOfMinute += MINUTE_MS
  ) {
    dirty.add(startOfMinute);
  }
}
