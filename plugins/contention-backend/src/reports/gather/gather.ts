/** Reads from the store what a report needs. Only the files of this folder wait for anything. */
import type { Entity } from '@backstage/catalog-model';
import { stringifyEntityRef } from '@backstage/catalog-model';
import {
  METRIC,
  type EntityLink,
  type MetricName,
  type Resource,
} from 'backstage-plugin-contention-common';
import {
  describeClaim,
  type Claim,
  type EntityDirectory,
} from '../../attribution';
import {
  LAST_SEEN_LAG_MS,
  MINUTE_MS,
  type Axis,
  type NodeSeen,
  type Store,
  type StoredResource,
  type StoredSeries,
  type Stretch,
} from '../../store';
import { coverageOf } from '../coverage';
import { isAt, isAtAny, type Facts, type SeriesFacts } from '../facts';
import { reachesNow } from '../freshness';
import { wasOff } from '../shed';
import type { Perspective } from '../parties';
import { coveredPerWindow, mostOf } from './covered';
import { nearest } from './nearest';
import { agentsOf, withCpu, type AgentFacts } from './nodes';
import { slicesAbove } from './places';
import { MAX_VALUES, ownUsageOf, usageOf } from './usage';
import { wholeOf } from './whole';

export interface GatherRequest {
  entity: Entity;
  claim: Claim | undefined;
  fromMs: number;
  toMs: number;
  stepMs?: number;
  cluster?: string;
  /** What the entity caused, of this, and of its own waiting only how much there was; absent: what it suffered. */
  caused?: Resource;
  /** Also how busy the nodes were, and how much CPU the larger culprits used and asked for. */
  usage: boolean;
  nowMs: number;
  /** How far before the range own resources are looked for, too; for what compares. */
  lookBackMs?: number;
}

/** Why there is nothing to calculate with, or everything that there is. */
export type Gathered = {
  entity: EntityLink;
  axis: Axis;
  clusters: string[];
  nodes: readonly NodeSeen[];
} & (
  | {
      state: 'ok';
      facts: Facts;
      /** The newest minute in the finest windows, where the axis is coarse and the range reaches now. */
      tail?: Facts;
      /** In reports of what it caused: the range in one window, with series of which only a sum is told. */
      whole?: Facts;
      /** Nodes of the entity, and every resource that was seen there in the range. */
      homes: readonly NodeSeen[];
      there: readonly StoredResource[];
      /** Where in the range agents sent data. */
      stretches: readonly Stretch[];
      /** Own resources of the range and of the time before it that was asked for. */
      past: readonly StoredResource[];
      /** Of the agents on the entity's nodes. */
      agents: AgentFacts;
    }
  | { state: 'not-annotated' }
  | { state: 'no-pods'; lookedFor: string[] }
  | { state: 'no-data'; nearest?: { fromMs: number; toMs: number } }
);

/** An idle container sends nothing: it is still there for this long after it last did. */
const STILL_THERE_MS = 15 * MINUTE_MS;

const OWN_METRICS: MetricName[] = [
  METRIC.cpuWait,
  METRIC.cpuWaitBlame,
  METRIC.cpuWaitOpen,
  METRIC.cpuTime,
  METRIC.cpuLimit,
  METRIC.cpuRequest,
  METRIC.cpuThrottledTime,
  METRIC.cpuThrottledPeriods,
  METRIC.cpuThrottledPeriodsThrottled,
  METRIC.cpuThrottledStall,
  METRIC.cpuQuotaBurn,
  METRIC.netQueue,
  METRIC.netQueueBlame,
];

const BLAME: Record<Resource, MetricName> = {
  cpu: METRIC.cpuWaitBlame,
  network: METRIC.netQueueBlame,
};

/** In reports of what the entity caused: what changed at it, window by window. */
const CHANGE_METRICS: MetricName[] = [METRIC.cpuLimit, METRIC.cpuRequest];

/** With windows up to this length the newest one says well enough what goes on now. */
const FINE_STEP_MS = 20_000;

const SLICE_METRICS: MetricName[] = [
  METRIC.cpuLimit,
  METRIC.cpuThrottledTime,
  METRIC.cpuThrottledPeriods,
  METRIC.cpuThrottledPeriodsThrottled,
];

export async function gather(
  store: Store,
  directory: EntityDirectory,
  request: GatherRequest,
): Promise<Gathered> {
  const { entity, claim, fromMs, toMs, nowMs } = request;
  const entityRef = stringifyEntityRef(entity);
  const nodes = await store.nodes();
  const base = {
    entity: directory.linkOfEntity(entity),
    axis: store.axis(request, nowMs),
    clusters: [] as string[],
    nodes,
  };
  if (!claim) return { ...base, state: 'not-annotated' };
  const perspective: Perspective = {
    entityRef,
    entitiesOf: resource => directory.entitiesOf(resource),
  };
  const isOwn = (resource: StoredResource) =>
    perspective.entitiesOf(resource).includes(entityRef);
  const firstMs = fromMs - STILL_THERE_MS;
  const known = await store.resources({
    fromMs: fromMs - Math.max(STILL_THERE_MS, request.lookBackMs ?? 0),
    toMs,
  });
  const isThere = ({ lastSeenMs }: StoredResource) =>
    lastSeenMs + LAST_SEEN_LAG_MS >= firstMs;
  const seen: StoredResource[] = [];
  const resources = new Map<number, StoredResource>();
  const knownOwn: StoredResource[] = [];
  // Once over all: a fleet has thousands.
  for (const resource of known) {
    if (isThere(resource)) {
      seen.push(resource);
      resources.set(resource.id, resource);
    }
    if (isOwn(resource)) knownOwn.push(resource);
  }
  const isAskedFor = ({ cluster }: StoredResource) =>
    request.cluster === undefined || cluster === request.cluster;
  const ownEverywhere = knownOwn.filter(isThere);
  base.clusters = unique(ownEverywhere.map(({ cluster }) => cluster));
  const own = ownEverywhere.filter(isAskedFor);
  const homes = nodes.filter(node => own.some(isAt(node)));
  const stretches = await store.coverage({ fromMs, toMs });
  const hasData = stretches.some(stretch => homes.some(isAt(stretch)));
  if (!hasData) {
    const all = await store.resources({ fromMs: 0, toMs: nowMs });
    const ever = all.filter(isOwn).filter(isAskedFor);
    if (ever.length === 0) {
      return { ...base, state: 'no-pods', lookedFor: describeClaim(claim) };
    }
    return {
      ...base,
      state: 'no-data',
      nearest: nearest(ever, nodes, fromMs, toMs),
    };
  }
  const there = seen.filter(isAtAny(homes));
  const { caused } = request;
  const ownIds = own.map(({ id }) => id);
  const ownSeries = await store.series({
    resourceIds: ownIds,
    metrics: caused ? CHANGE_METRICS : OWN_METRICS,
  });
  const sliceSeries = caused
    ? []
    : await store.series({
        resourceIds: slicesAbove(own, there).map(({ id }) => id),
        metrics: SLICE_METRICS,
      });
  const causedSeries = caused
    ? await store.series({ culpritIds: ownIds, metrics: [BLAME[caused]] })
    : [];
  const wanted = [...ownSeries, ...sliceSeries, ...causedSeries];
  let axis = base.axis;
  if (!request.stepMs && wanted.length * axis.count > MAX_VALUES) {
    axis = store.axis(
      { ...request, stepMs: Math.max(MINUTE_MS, axis.stepMs) },
      nowMs,
    );
  }
  const windows = new Map(
    (await store.read(wanted, axis)).map(item => [item.seriesId, item]),
  );
  const withWindows = (list: readonly StoredSeries[]): SeriesFacts[] =>
    list.flatMap(series => {
      const resource = resources.get(series.resourceId);
      return resource
        ? [{ series, resource, windows: windows.get(series.id)! }]
        : [];
    });
  const coverage = homes.map(node => coveredPerWindow(axis, node, stretches));
  const agents = await agentsOf(store, homes, there, axis, coverage);
  const facts: Facts = {
    entity: base.entity,
    range: { fromMs, toMs },
    nowMs,
    axis,
    coveredSeconds: mostOf(axis, coverage),
    coverage: coverageOf({ fromMs, toMs }, nowMs, homes, own, stretches),
    own,
    series: withWindows([...ownSeries, ...sliceSeries]),
    caused: withWindows(causedSeries),
    resources,
    nodes: homes.map((node, index) => ({
      ...node,
      coveredSeconds: coverage[index],
    })),
    usage: new Map(),
    ownUsage: new Map(),
    bandwidth: new Map(),
    perspective,
    blameWasOff: wasOff(agents.shed, 'blame'),
    queuesWereOff: wasOff(agents.shed, 'queues'),
    anatomyWasOff: wasOff(agents.shed, 'anatomy'),
  };
  const isLive = reachesNow(toMs, nowMs);
  const tail =
    isLive && !caused && axis.stepMs > FINE_STEP_MS
      ? await tailOf(store, facts, homes, nowMs)
      : undefined;
  return {
    ...base,
    axis,
    state: 'ok',
    homes,
    there,
    stretches,
    past: knownOwn.filter(isAskedFor),
    tail,
    whole: caused && (await wholeOf(store, facts, caused)),
    agents,
    facts: request.usage
      ? await withUsage(store, facts, { seen, there, stretches, homes, caused })
      : facts,
  };
}

/** How busy the nodes were, and CPU use of the larger culprits; in reports of what the entity caused, of the entity itself. */
async function withUsage(
  store: Store,
  facts: Facts,
  {
    seen,
    there,
    stretches,
    homes,
    caused,
  }: Pick<Extract<Gathered, { state: 'ok' }>, 'there' | 'stretches' | 'homes'> &
    Pick<GatherRequest, 'caused'> & { seen: readonly StoredResource[] },
): Promise<Facts> {
  return caused
    ? { ...facts, ownUsage: await ownUsageOf(store, facts, stretches, homes) }
    : {
        ...facts,
        nodes: await withCpu(store, facts.nodes, there, facts.axis),
        usage: await usageOf(store, facts, seen, stretches, homes),
      };
}

/** The newest minute of the entity's own waiting, in the finest windows. */
async function tailOf(
  store: Store,
  facts: Facts,
  homes: readonly NodeSeen[],
  nowMs: number,
): Promise<Facts> {
  const range = { fromMs: nowMs - MINUTE_MS, toMs: nowMs };
  const axis = store.axis(range, nowMs);
  const wanted: MetricName[] = [
    METRIC.cpuWait,
    METRIC.cpuTime,
    METRIC.cpuWaitBlame,
    METRIC.netQueue,
    METRIC.netQueueBlame,
  ];
  const series = facts.series.filter(item =>
    wanted.includes(item.series.metric),
  );
  const windows = await store.read(
    series.map(item => item.series),
    axis,
  );
  const stretches = await store.coverage(range);
  const nodes = homes.map(node => ({
    ...node,
    coveredSeconds: coveredPerWindow(axis, node, stretches),
  }));
  return {
    ...facts,
    range,
    axis,
    coveredSeconds: mostOf(
      axis,
      nodes.map(({ coveredSeconds }) => coveredSeconds),
    ),
    nodes,
    series: series.map((item, index) => ({ ...item, windows: windows[index] })),
  };
}

function unique(items: readonly string[]): string[] {
  return [...new Set(items)].sort();
}
