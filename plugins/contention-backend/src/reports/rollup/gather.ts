/** Reads from the store what a roll-up needs: a few queries, however many members there are. */
import {
  METRIC,
  type EntityLink,
  type MetricName,
  type Resource,
} from 'backstage-plugin-contention-common';
import type { EntityDirectory } from '../../attribution';
import {
  LAST_SEEN_LAG_MS,
  MINUTE_MS,
  QUARTER_MS,
  type Axis,
  type Store,
  type StoredResource,
  type StoredSeries,
  type Stretch,
} from '../../store';
import { coverageOf } from '../coverage';
import { isAtAny } from '../facts';
import { coveredPerWindow, mostOf } from '../gather/covered';
import { nearest } from '../gather/nearest';
import { agentsOf } from '../gather/nodes';
import type { AgentCounts } from '../losses';
import type { ShedSeries } from '../shed';
import { BLAME, WAIT, type RollupFacts, type SeriesTotal } from './facts';
import { measuredAt, packetsOfResources } from './packets';

export interface RollupRequest {
  entity: EntityLink;
  resource: Resource;
  /** Members that the reader may read. */
  members: ReadonlySet<string>;
  fromMs: number;
  toMs: number;
  stepMs?: number;
  cluster?: string;
  nowMs: number;
}

export type GatheredRollup = { clusters: string[]; axis: Axis } & (
  | {
      state: 'ok';
      facts: RollupFacts;
      /** Every resource that was seen in the range. */
      seen: readonly StoredResource[];
      stretches: readonly Stretch[];
      agents: AgentCounts;
      shed: readonly ShedSeries[];
    }
  | { state: 'no-data'; nearest?: { fromMs: number; toMs: number } }
);

const OF_MEMBERS: Record<Resource, MetricName[]> = {
  cpu: [WAIT.cpu, METRIC.cpuTime, BLAME.cpu],
  network: [WAIT.network, BLAME.network],
};

/** An idle container sends nothing: it is still there for this long after it last did. */
const STILL_THERE_MS = 15 * MINUTE_MS;

/** Values that the database adds up for one trend. */
const MAX_SUMMED = 1_000_000;

/** Widths that the store has levels of: in between, nothing is saved. */
const STEPS_MS = [MINUTE_MS, 5 * MINUTE_MS, QUARTER_MS, 4 * QUARTER_MS];

export async function gatherRollup(
  store: Store,
  directory: EntityDirectory,
  request: RollupRequest,
): Promise<GatheredRollup> {
  const { fromMs, toMs, nowMs, members } = request;
  const isOwn = (resource: StoredResource) =>
    directory.entitiesOf(resource).some(ref => members.has(ref));
  const isAskedFor = ({ cluster }: StoredResource) =>
    request.cluster === undefined || cluster === request.cluster;
  const firstMs = fromMs - STILL_THERE_MS;
  const seen = (await store.resources({ fromMs: firstMs, toMs })).filter(
    ({ lastSeenMs }) => lastSeenMs + LAST_SEEN_LAG_MS >= firstMs,
  );
  const ownEverywhere = seen.filter(isOwn);
  const own = ownEverywhere.filter(isAskedFor);
  const clusters = [
    ...new Set(ownEverywhere.map(({ cluster }) => cluster)),
  ].sort();
  const nodes = await store.nodes();
  const homes = nodes.filter(isAtAny(own));
  const stretches = (await store.coverage({ fromMs, toMs })).filter(
    isAtAny(homes),
  );
  if (stretches.length === 0) {
    const all = await store.resources({ fromMs: 0, toMs: nowMs });
    const ever = all.filter(isOwn).filter(isAskedFor);
    return {
      state: 'no-data',
      clusters,
      axis: store.axis(request, nowMs),
      nearest: ever.length ? nearest(ever, nodes, fromMs, toMs) : undefined,
    };
  }
  const ids = own.map(({ id }) => id);
  const sufferedSeries = await store.series({
    resourceIds: ids,
    metrics: OF_MEMBERS[request.resource],
  });
  const causedSeries = await store.series({
    culpritIds: ids,
    metrics: [BLAME[request.resource]],
  });
  const axis = bearable(
    store,
    request,
    Math.max(sufferedSeries.length, causedSeries.length),
  );
  const totals = await store.totals([...sufferedSeries, ...causedSeries], axis);
  const resources = new Map(seen.map(resource => [resource.id, resource]));
  const withTotals = (list: readonly StoredSeries[]): SeriesTotal[] =>
    list.flatMap(series => {
      const whose = resources.get(series.resourceId);
      const seconds = totals.get(series.id) ?? 0;
      return whose && seconds > 0 ? [{ series, resource: whose, seconds }] : [];
    });
  const coverage = homes.map(node => coveredPerWindow(axis, node, stretches));
  const there = seen.filter(isAtAny(homes));
  const agents = await agentsOf(store, homes, there, axis, coverage);
  const isNetwork = request.resource === 'network';
  const victims = causedSeries.map(({ resourceId }) => resourceId);
  return {
    state: 'ok',
    clusters,
    axis,
    seen,
    stretches,
    agents: agents.counts,
    shed: agents.shed,
    facts: {
      entity: request.entity,
      resource: request.resource,
      range: { fromMs, toMs },
      nowMs,
      axis,
      coveredSeconds: mostOf(axis, coverage),
      coverage: coverageOf({ fromMs, toMs }, nowMs, homes, own, stretches),
      nodes: homes,
      members,
      own,
      suffered: withTotals(sufferedSeries),
      caused: withTotals(causedSeries),
      packets: isNetwork
        ? await packetsOfResources(store, [...ids, ...victims], axis)
        : new Map(),
      measured: isNetwork ? await measuredAt(store, homes, there, axis) : [],
      resources,
      entitiesOf: resource => directory.entitiesOf(resource),
    },
  };
}

/** No finer than a minute, and coarse enough for the number of series. */
function bearable(
  store: Store,
  request: RollupRequest,
  seriesCount: number,
): Axis {
  const { fromMs, toMs, nowMs, stepMs = 0 } = request;
  const step = STEPS_MS.find(
    ms => ((toMs - fromMs) / ms) * seriesCount <= MAX_SUMMED,
  );
  const least = step ?? STEPS_MS[STEPS_MS.length - 1];
  return store.axis({ fromMs, toMs, stepMs: Math.max(least, stepMs) }, nowMs);
}
