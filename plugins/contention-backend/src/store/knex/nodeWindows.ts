/**
 * How much was waited on each node, for CPUs and in queues of devices, in windows of a minute and of an hour: what puts thousands of nodes in order without
 * reading a single series of theirs. Made with the minutes of series, from the same points.
 */
import {
  METRIC,
  type MetricName,
  type Resource,
} from 'backstage-plugin-contention-common';
import type { Knex } from 'knex';
import { MINUTE_MS } from '../resolution';
import type {
  Axis,
  Crowding,
  NodePlace,
  SeriesKind,
  SeriesWindows,
} from '../Store';
import { chunks, ROWS_PER_INSERT } from './rows';

const TABLE = 'contention_node_windows';
const HOUR_MS = 3_600_000;
const KEY = ['width_ms', 'start_ms', 'node_id'];

/** Columns of sums, by what is waited for. Those of the network are null where nothing of it was measured. */
const COLUMNS: Record<Resource, { wait: string; crowded: string }> = {
  cpu: { wait: 'wait_s', crowded: 'crowded_s' },
  network: { wait: 'queue_s', crowded: 'queue_crowded_s' },
};

const ALL_COLUMNS = Object.values(COLUMNS).flatMap(({ wait, crowded }) => [
  wait,
  crowded,
]);

const WAITS: Partial<Record<MetricName, Resource>> = {
  [METRIC.cpuWait]: 'cpu',
  [METRIC.netQueue]: 'network',
};

const BLAMES: Partial<Record<MetricName, Resource>> = {
  [METRIC.cpuWaitBlame]: 'cpu',
  [METRIC.netQueueBlame]: 'network',
};

/** A series of a node. */
export interface SeriesOnNode extends SeriesKind, NodePlace {
  /** Of blame: whether a container of another pod ran, or its packets left. */
  crowding: number | boolean;
}

/** SQL of `SeriesOnNode.crowding`, on the attributes of `contention_series as s`: canonical JSON, see dictionary.ts. */
export const CROWDING_SQL = `case
  when s.metric in ('${Object.keys(BLAMES).join("', '")}')
    and s.attributes like '%["contention.culprit.kind","container"]%'
    and s.attributes not like '%["contention.culprit.same_pod",true]%'
    and s.attributes not like '%["contention.culprit.same_pod","true"]%'
  then 1 else 0 end as crowding`;

function keyOf({ cluster, node }: NodePlace): string {
  return `${cluster}\0${node}`;
}

type Sums = Partial<Record<Resource, Crowding>>;

/** Adds series of many nodes up, page by page. */
export class NodeSums {
  private readonly byNode = new Map<
    string,
    NodePlace & { windows: (Sums | undefined)[] }
  >();

  constructor(private readonly axis: Axis) {}

  add(page: readonly SeriesOnNode[], values: readonly SeriesWindows[]): void {
    page.forEach((series, index) => {
      const waited = WAITS[series.metric];
      const isCrowding = Boolean(Number(series.crowding));
      const resource =
        waited ?? (isCrowding ? BLAMES[series.metric] : undefined);
      if (!resource) return;
      const { windows } = this.of(series);
      values[index].values.forEach((value, window) => {
        if (value === undefined) return;
        const sums = ((windows[window] ??= {})[resource] ??= {
          waitSeconds: 0,
          crowdedSeconds: 0,
        });
        if (waited) sums.waitSeconds += value;
        else sums.crowdedSeconds += value;
      });
    });
  }

  private of({ cluster, node }: NodePlace) {
    const key = keyOf({ cluster, node });
    const known = this.byNode.get(key);
    if (known) return known;
    const windows = new Array<Sums | undefined>(this.axis.count);
    const fresh = { cluster, node, windows: windows.fill(undefined) };
    this.byNode.set(key, fresh);
    return fresh;
  }

  /** Writes the minutes, and the hours that hold them anew. */
  async write(tx: Knex): Promise<void> {
    if (this.byNode.size === 0) return;
    const ids = await nodeIds(tx);
    const { startMs, stepMs, count } = this.axis;
    const rows = [...this.byNode.values()].flatMap(place => {
      const nodeId = ids.get(keyOf(place));
      if (nodeId === undefined) return [];
      return place.windows.flatMap((sums, window) =>
        sums
          ? [
              {
                width_ms: MINUTE_MS,
                start_ms: startMs + window * stepMs,
                node_id: nodeId,
                wait_s: sums.cpu?.waitSeconds ?? 0,
                crowded_s: sums.cpu?.crowdedSeconds ?? 0,
                queue_s: sums.network?.waitSeconds ?? null,
                queue_crowded_s: sums.network?.crowdedSeconds ?? null,
              },
            ]
          : [],
      );
    });
    for (const chunk of chunks(rows, ROWS_PER_INSERT)) {
      await tx(TABLE).insert(chunk).onConflict(KEY).merge();
    }
    const endMs = startMs + count * stepMs;
    for (
      let hour = Math.floor(startMs / HOUR_MS) * HOUR_MS;
      hour < endMs;
      hour += HOUR_MS
    ) {
      await tx.raw(
        `insert into ${TABLE} (width_ms, start_ms, node_id, ${ALL_COLUMNS.join(', ')})
         select ${HOUR_MS}, ${hour}, node_id, ${ALL_COLUMNS.map(column => `sum(${column})`).join(', ')} from ${TABLE}
         where width_ms = ${MINUTE_MS} and start_ms >= ${hour} and start_ms < ${hour + HOUR_MS}
         group by node_id
         on conflict (width_ms, start_ms, node_id)
         do update set ${ALL_COLUMNS.map(column => `${column} = excluded.${column}`).join(', ')}`,
      );
    }
  }
}

async function nodeIds(knex: Knex): Promise<Map<string, number>> {
  const rows = await knex('contention_nodes').select('id', 'cluster', 'node');
  return new Map(rows.map(row => [keyOf(row), row.id]));
}

/** Whole hours in the middle of a range, minutes at its edges; in the order of time. */
function spansOf(
  fromMs: number,
  toMs: number,
): { widthMs: number; fromMs: number; toMs: number }[] {
  const firstHour = Math.ceil(fromMs / HOUR_MS) * HOUR_MS;
  const lastHour = Math.floor(toMs / HOUR_MS) * HOUR_MS;
  if (firstHour >= lastHour) return [{ widthMs: MINUTE_MS, fromMs, toMs }];
  return [
    { widthMs: MINUTE_MS, fromMs, toMs: firstHour },
    { widthMs: HOUR_MS, fromMs: firstHour, toMs: lastHour },
    { widthMs: MINUTE_MS, fromMs: lastHour, toMs },
  ].filter(span => span.fromMs < span.toMs);
}

/** Sums of every node over a range; a minute belongs to the range that it starts in. Nodes without data are absent. */
export async function readCrowding(
  knex: Knex,
  range: { fromMs: number; toMs: number },
  resource: Resource,
): Promise<(NodePlace & Crowding & { seconds: number })[]> {
  const { wait, crowded } = COLUMNS[resource];
  const sums = new Map<number, Crowding & { seconds: number }>();
  for (const { widthMs, fromMs, toMs } of spansOf(range.fromMs, range.toMs)) {
    const rows = await knex(TABLE)
      .where('width_ms', widthMs)
      .where('start_ms', '>=', fromMs)
      .where('start_ms', '<', toMs)
      .whereNotNull(wait)
      .groupBy('node_id')
      .select('node_id')
      .sum(`${wait} as wait`)
      .sum(`${crowded} as crowded`)
      .count('* as windows');
    for (const row of rows as {
      node_id: number;
      wait: number;
      crowded: number;
      windows: number | string;
    }[]) {
      const known = sums.get(row.node_id) ?? {
        waitSeconds: 0,
        crowdedSeconds: 0,
        seconds: 0,
      };
      known.waitSeconds += Number(row.wait);
      known.crowdedSeconds += Number(row.crowded);
      known.seconds += (Number(row.windows) * widthMs) / 1000;
      sums.set(row.node_id, known);
    }
  }
  const ids = new Map([...(await nodeIds(knex))].map(([key, id]) => [id, key]));
  return [...sums].flatMap(([id, values]) => {
    const [cluster, node] = ids.get(id)?.split('\0') ?? [];
    return cluster === undefined ? [] : [{ cluster, node, ...values }];
  });
}

/** Seconds of waiting for other pods per second, of some nodes on an axis; null where nothing is known. */
export async function readCrowdingWindows(
  knex: Knex,
  places: readonly NodePlace[],
  axis: Axis,
  resource: Resource,
): Promise<(number | null)[][]> {
  const { wait, crowded } = COLUMNS[resource];
  const ids = await nodeIds(knex);
  const widthMs = axis.stepMs % HOUR_MS === 0 ? HOUR_MS : MINUTE_MS;
  const wanted = places.map(place => ids.get(keyOf(place)));
  const sums = new Map<number, { seconds: number; covered: number }[]>();
  const rows = await knex(TABLE)
    .where('width_ms', widthMs)
    .where('start_ms', '>=', axis.startMs)
    .where('start_ms', '<', axis.startMs + axis.count * axis.stepMs)
    .whereIn(
      'node_id',
      wanted.filter(id => id !== undefined),
    )
    .whereNotNull(wait)
    .select('node_id', 'start_ms', { crowded });
  for (const row of rows) {
    const windows = sums.get(row.node_id) ?? [];
    const window = Math.floor(
      (Number(row.start_ms) - axis.startMs) / axis.stepMs,
    );
    const known = (windows[window] ??= { seconds: 0, covered: 0 });
    known.seconds += Number(row.crowded);
    known.covered += widthMs / 1000;
    sums.set(row.node_id, windows);
  }
  return wanted.map(id =>
    Array.from({ length: axis.count }, (_, window) => {
      const known = id === undefined ? undefined : sums.get(id)?.[window];
      return known ? known.seconds / known.covered : null;
    }),
  );
}

export async function purgeNodeWindows(
  knex: Knex,
  before: { minutesMs: number; hoursMs: number },
): Promise<void> {
  for (const [width, beforeMs] of [
    [MINUTE_MS, before.minutesMs],
    [HOUR_MS, before.hoursMs],
  ]) {
    await knex(TABLE)
      .where('width_ms', width)
      .where('start_ms', '<', beforeMs)
      .delete();
  }
}
