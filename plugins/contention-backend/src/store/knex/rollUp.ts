/**
 * Finer windows added up into coarser ones. Only windows that are marked as changed are made anew, always from all finer
 * rows, so doing it twice or after late data gives the same numbers.
 */
import type { Knex } from 'knex';
import { histogramToText } from '../histogramText';
import { LEVELS, type Level } from '../levels';
import { MAX_SPAN_MS } from '../split';
import { LAST_SEEN_LAG_MS, type Axis } from '../Store';
import { CROWDING_SQL, NodeSums, type SeriesOnNode } from './nodeWindows';
import { letOthers } from './others';
import { isPacked, writeWindows, type PackedWindow } from './packs';
import { chunks, ROWS_PER_INSERT } from './rows';
import { Accumulator, rangeOf, readLevel, readRaw } from './windows';

/** Data of a window may still be under way for this long after its end. */
const SETTLE_MS = 30_000;
/** Windows that are made in one transaction. */
const WINDOWS_PER_RUN = 15;
/** Series whose values are in memory at once. */
const SERIES_PER_RUN = 2_000;

export interface RolledUp {
  windows: number;
  /** Start of the first of them; infinite if there was none. */
  firstMs: number;
}

export async function rollUpAll(knex: Knex, nowMs: number): Promise<RolledUp> {
  const all: RolledUp = { windows: 0, firstMs: Infinity };
  for (const [index] of LEVELS.entries()) {
    const { windows, firstMs } = await rollUpLevel(knex, index, nowMs);
    all.windows += windows;
    all.firstMs = Math.min(all.firstMs, firstMs);
  }
  return all;
}

async function rollUpLevel(
  knex: Knex,
  index: number,
  nowMs: number,
): Promise<RolledUp> {
  const level = LEVELS[index];
  const { widthMs } = level;
  const starts: number[] = (
    await knex('contention_dirty')
      .where({ width_ms: widthMs })
      .where('start_ms', '<=', nowMs - widthMs - SETTLE_MS)
      .orderBy('start_ms')
      .select('start_ms')
  ).map((row: { start_ms: unknown }) => Number(row.start_ms));
  for (const run of runs(starts, widthMs)) {
    await knex.transaction(async tx => {
      // First the mark: what comes in meanwhile waits for us, and marks the window again.
      await tx('contention_dirty')
        .where({ width_ms: widthMs })
        .whereIn('start_ms', run)
        .delete();
      const axis = {
        startMs: run[0],
        stepMs: widthMs,
        count: (run[run.length - 1] - run[0]) / widthMs + 1,
      };
      if (index === 0) await fromPoints(tx, level, axis);
      else await fromFiner(tx, level, LEVELS[index - 1], axis);
      await markWider(tx, LEVELS[index + 1], axis);
    });
  }
  return { windows: starts.length, firstMs: starts[0] ?? Infinity };
}

/** Consecutive windows together, at most `WINDOWS_PER_RUN`. */
function runs(starts: readonly number[], widthMs: number): number[][] {
  const result: number[][] = [];
  for (const start of starts) {
    const run = result[result.length - 1];
    const follows = run && start === run[run.length - 1] + widthMs;
    if (follows && run.length < WINDOWS_PER_RUN) run.push(start);
    else result.push([start]);
  }
  return result;
}

async function* seriesSeenIn(
  tx: Knex,
  fromMs: number,
  toMs: number,
): AsyncGenerator<SeriesOnNode[]> {
  let after = 0;
  for (;;) {
    const page: SeriesOnNode[] = await tx('contention_series as s')
      .join('contention_resources as r', 'r.id', 's.resource_id')
      .where('r.last_seen_ms', '>', fromMs - LAST_SEEN_LAG_MS)
      .where('r.first_seen_ms', '<', toMs)
      .where('s.id', '>', after)
      .orderBy('s.id')
      .limit(SERIES_PER_RUN)
      .select(
        's.id as id',
        's.metric as metric',
        'r.cluster as cluster',
        'r.node as node',
        tx.raw(CROWDING_SQL),
      );
    if (page.length === 0) return;
    yield page;
    await letOthers();
    after = page[page.length - 1].id;
  }
}

async function fromPoints(tx: Knex, level: Level, axis: Axis): Promise<void> {
  const toMs = axis.startMs + axis.count * axis.stepMs;
  const nodes = new NodeSums(axis);
  // A long point that ends after these windows was seen after them, too.
  for await (const page of seriesSeenIn(tx, axis.startMs, toMs + MAX_SPAN_MS)) {
    const accumulator = new Accumulator(page, axis);
    const ids = page.map(({ id }) => id);
    await readRaw(tx, ids, rangeOf(axis), accumulator);
    await write(tx, level, axis, accumulator);
    nodes.add(page, accumulator.result);
  }
  await nodes.write(tx);
}

async function fromFiner(
  tx: Knex,
  level: Level,
  finer: Level,
  axis: Axis,
): Promise<void> {
  const fromMs = axis.startMs;
  const toMs = axis.startMs + axis.count * axis.stepMs;
  for await (const page of seriesSeenIn(tx, fromMs, toMs)) {
    const accumulator = new Accumulator(page, axis);
    const ids = page.map(({ id }) => id);
    await readLevel(tx, finer, ids, { fromMs, toMs }, accumulator);
    await write(tx, level, axis, accumulator);
  }
}

/** Wider windows that hold what was made must be made anew. */
async function markWider(
  tx: Knex,
  wider: Level | undefined,
  axis: Axis,
): Promise<void> {
  if (!wider) return;
  const { widthMs } = wider;
  const toMs = axis.startMs + axis.count * axis.stepMs;
  const starts = new Set<number>();
  for (let at = axis.startMs; at < toMs; at += axis.stepMs) {
    starts.add(Math.floor(at / widthMs) * widthMs);
  }
  await tx('contention_dirty')
    .insert([...starts].map(start_ms => ({ width_ms: widthMs, start_ms })))
    .onConflict(['width_ms', 'start_ms'])
    .merge();
}

async function write(
  tx: Knex,
  level: Level,
  axis: Axis,
  { result }: Accumulator,
): Promise<void> {
  const windows: PackedWindow[] = [];
  for (const { seriesId, values, histograms } of result) {
    values.forEach((value, window) => {
      if (value === undefined) return;
      const histogram = histograms?.[window];
      windows.push({
        seriesId,
        startMs: axis.startMs + window * axis.stepMs,
        value,
        histogram: histogram ? histogramToText(histogram) : null,
      });
    });
  }
  if (isPacked(level)) {
    await writeWindows(tx, level, windows);
    return;
  }
  const rows = windows.map(({ seriesId, startMs, ...row }) => ({
    ...row,
    series_id: seriesId,
    start_ms: startMs,
  }));
  for (const chunk of chunks(rows, ROWS_PER_INSERT)) {
    await tx(level.table)
      .insert(chunk)
      .onConflict(['series_id', 'start_ms'])
      .merge();
    await letOthers();
  }
}
