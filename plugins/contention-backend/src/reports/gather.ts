/** Reads from the store what a report needs. The only file of the reports that waits for anything. */
import type { Entity } from '@backstage/catalog-model';
import { stringifyEntityRef } from '@backstage/catalog-model';
import {
  ATTRIBUTE,
  METRIC,
  type EntityLink,
  type MetricName,
} from 'backstage-plugin-contention-common';
import {
  describeClaim,
  type Claim,
  type EntityDirectory,
} from '../attribution';
import {
  LAST_SEEN_LAG_MS,
  MINUTE_MS,
  type Axis,
  type NodeSeen,
  type Store,
  type StoredResource,
  type StoredSeries,
  type Stretch,
} from '../store';
import { coveredMs } from '../store/stretches';
import {
  isAt,
  sumOf,
  zeros,
  type Facts,
  type NodeFacts,
  type SeriesFacts,
  type Usage,
} from './facts';
import { coverageOf } from './coverage';
import { reachesNow } from './freshness';
import type { AgentCounts } from './losses';
import { culpritOfSeries, type Perspective } from './parties';
import { usageOfParty, type UsageOfOne } from './usage';

export interface GatherRequest {
  entity: Entity;
  claim: Claim | undefined;
  fromMs: number;
  toMs: number;
  stepMs?: number;
  cluster?: string;
  caused: boolean;
  nowMs: number;
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
      /** What agents on the entity's nodes saw and lost in the range. */
      agents: AgentCounts;
    }
  | { state: 'not-annotated' }
  | { state: 'no-pods'; lookedFor: string[] }
  | { state: 'no-data'; nearest?: { fromMs: number; toMs: number } }
);

/** An idle container sends nothing: it is still there for this long after it last did. */
const STILL_THERE_MS = 15 * MINUTE_MS;

/** More values than this are read in coarser windows. */
const MAX_VALUES = 250_000;

/** Culprits whose CPU use is looked up. */
const MAX_USAGES = 12;

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
];

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
  const seen = await store.resources({
    fromMs: fromMs - STILL_THERE_MS,
    toMs,
  });
  const isAskedFor = ({ cluster }: StoredResource) =>
    request.cluster === undefined || cluster === request.cluster;
  const ownEverywhere = seen.filter(isOwn);
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
  const resources = new Map(seen.map(resource => [resource.id, resource]));
  const ownSeries = await store.series({
    resourceIds: own.map(({ id }) => id),
    metrics: OWN_METRICS,
  });
  const sliceSeries = await store.series({
    resourceIds: slicesAbove(own, seen).map(({ id }) => id),
    metrics: SLICE_METRICS,
  });
  const causedSeries = request.caused
    ? await store.series({
        culpritIds: own.map(({ id }) => id),
        metrics: [METRIC.cpuWaitBlame],
      })
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
    nodes: [],
    usage: new Map(),
    perspective,
  };
  const isLive = reachesNow(toMs, nowMs);
  const tail =
    isLive && axis.stepMs > FINE_STEP_MS
      ? await tailOf(store, facts, homes, nowMs)
      : undefined;
  const covered = (node: NodeSeen) =>
    coveredMs(
      stretches.filter(isAt(node)),
      axis.startMs,
      axis.startMs + axis.count * axis.stepMs,
    ) / 1000;
  return {
    ...base,
    axis,
    state: 'ok',
    tail,
    agents: await agentCountsOf(store, homes, seen, axis),
    facts: {
      ...facts,
      nodes: (await nodeFacts(store, homes, seen, axis, covered)).map(
        (node, index) => ({ ...node, coveredSeconds: coverage[index] }),
      ),
      usage: await usageOf(store, facts, seen, stretches, homes),
    },
  };
}

/** Seconds of each window in which a node sent data. */
function coveredPerWindow(
  axis: Axis,
  node: NodeSeen,
  stretches: readonly Stretch[],
): number[] {
  const own = stretches.filter(isAt(node));
  return Array.from({ length: axis.count }, (_, window) => {
    const startMs = axis.startMs + window * axis.stepMs;
    return coveredMs(own, startMs, startMs + axis.stepMs) / 1000;
  });
}

/** Seconds of each window in which at least one of the nodes sent data. */
function mostOf(axis: Axis, coverage: readonly number[][]): number[] {
  return zeros(axis).map((_, window) =>
    Math.max(0, ...coverage.map(covered => covered[window])),
  );
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

async function agentCountsOf(
  store: Store,
  homes: readonly NodeSeen[],
  seen: readonly StoredResource[],
  axis: Axis,
): Promise<AgentCounts> {
  const series = await store.series({
    resourceIds: seen
      .filter(resource => homes.some(isAt(resource)))
      .map(({ id }) => id),
    metrics: [METRIC.agentLost, METRIC.agentEvents],
  });
  const totals = await store.totals(series, axis);
  const counts: AgentCounts = { lost: {}, events: {} };
  for (const { id, metric, attributes } of series) {
    const by = metric === METRIC.agentLost ? counts.lost : counts.events;
    const program = String(attributes[ATTRIBUTE.program]);
    by[program] = (by[program] ?? 0) + (totals.get(id) ?? 0);
  }
  return counts;
}

function unique(items: readonly string[]): string[] {
  return [...new Set(items)].sort();
}

function pathOf(resource: StoredResource): string {
  return String(resource.attributes[ATTRIBUTE.cgroupPath] ?? '');
}

/** Cgroups above the entity's own: their quota stops it, too. */
function slicesAbove(
  own: readonly StoredResource[],
  seen: readonly StoredResource[],
): StoredResource[] {
  const ownIds = new Set(own.map(({ id }) => id));
  const above = new Set<string>();
  for (const resource of own) {
    const steps = pathOf(resource).split('/');
    for (let length = steps.length - 1; length > 1; length--) {
      above.add(placeKey(resource, steps.slice(0, length).join('/')));
    }
  }
  return seen.filter(
    resource =>
      !ownIds.has(resource.id) &&
      above.has(placeKey(resource, pathOf(resource))),
  );
}

function placeKey(
  { cluster, node }: { cluster: string; node: string },
  path: string,
): string {
  return JSON.stringify([cluster, node, path]);
}

/** The stretch of the entity's own data that is closest to a range, at most as long as the range. */
function nearest(
  ever: readonly StoredResource[],
  nodes: readonly NodeSeen[],
  fromMs: number,
  toMs: number,
): { fromMs: number; toMs: number } {
  const length = toMs - fromMs;
  const lives = ever.map(resource => {
    const home = nodes.find(isAt(resource));
    const lastSeenMs = resource.lastSeenMs + LAST_SEEN_LAG_MS;
    return {
      firstSeenMs: resource.firstSeenMs,
      lastSeenMs: Math.min(lastSeenMs, home?.lastSeenMs ?? lastSeenMs),
    };
  });
  const candidates = lives.map(({ firstSeenMs, lastSeenMs }) =>
    lastSeenMs <= fromMs
      ? {
          distance: fromMs - lastSeenMs,
          fromMs: Math.max(firstSeenMs, lastSeenMs - length),
          toMs: lastSeenMs,
        }
      : {
          distance: Math.max(0, firstSeenMs - toMs),
          fromMs: firstSeenMs,
          toMs: Math.min(lastSeenMs, firstSeenMs + length),
        },
  );
  const best = candidates.reduce((a, b) => (b.distance < a.distance ? b : a));
  return {
    fromMs: Math.floor(best.fromMs),
    toMs: Math.ceil(Math.max(best.toMs, best.fromMs + 1)),
  };
}

async function nodeFacts(
  store: Store,
  homes: readonly NodeSeen[],
  seen: readonly StoredResource[],
  axis: Axis,
  covered: (node: NodeSeen) => number,
): Promise<Omit<NodeFacts, 'coveredSeconds'>[]> {
  const there = seen.filter(resource => homes.some(isAt(resource)));
  const byId = new Map(there.map(resource => [resource.id, resource]));
  const cpu = await store.series({
    resourceIds: there.map(({ id }) => id),
    metrics: [METRIC.cpuTime],
  });
  const totals = await store.totals(cpu, axis);
  const roots = there.filter(
    ({ attributes }) => attributes[ATTRIBUTE.cgroupPath] === '/',
  );
  const counts = await store.series({
    resourceIds: roots.map(({ id }) => id),
    metrics: [METRIC.cpuLimit],
  });
  const countWindows = await store.read(counts, axis);
  return homes.map(node => {
    const seconds = cpu
      .filter(series => isAt(node)(byId.get(series.resourceId)!))
      .reduce((sum, series) => sum + (totals.get(series.id) ?? 0), 0);
    const known = covered(node);
    const index = counts.findIndex(series =>
      isAt(node)(byId.get(series.resourceId)!),
    );
    return {
      ...node,
      cpuMean: known > 0 ? seconds / known : undefined,
      cpuCount: index < 0 ? undefined : lastOf(countWindows[index].values),
    };
  });
}

function lastOf(values: readonly (number | undefined)[]): number | undefined {
  return values.findLast(value => value !== undefined);
}

/** CPU use and request of the larger culprits and of those that this entity hurts, on the nodes where they meet. */
async function usageOf(
  store: Store,
  facts: Facts,
  seen: readonly StoredResource[],
  stretches: readonly Stretch[],
  homes: readonly NodeSeen[],
): Promise<Map<string, Usage>> {
  const seconds = new Map<string, number>();
  const places = new Map<string, Set<string>>();
  for (const { series, windows } of facts.series) {
    if (series.metric !== METRIC.cpuWaitBlame) continue;
    const culprit =
      series.culpritId === undefined
        ? undefined
        : facts.resources.get(series.culpritId);
    if (!culprit) continue;
    const { key } = culpritOfSeries(series, facts.resources, facts.perspective);
    seconds.set(key, (seconds.get(key) ?? 0) + sumOf(windows.values));
    const where = places.get(key) ?? new Set();
    where.add(placeKey(culprit, pathOf(culprit)));
    places.set(key, where);
  }
  const largest = [...seconds]
    .sort(([, a], [, b]) => b - a)
    .slice(0, MAX_USAGES)
    .map(([key]) => key);
  const byPlace = new Map<string, StoredResource[]>();
  for (const resource of seen) {
    const key = placeKey(resource, pathOf(resource));
    byPlace.set(key, [...(byPlace.get(key) ?? []), resource]);
  }
  const resourcesOf = new Map(
    largest.map(key => [
      key,
      [...places.get(key)!].flatMap(place => byPlace.get(place) ?? []),
    ]),
  );
  const all = [...resourcesOf.values()].flat();
  const series = await store.series({
    resourceIds: [...new Set(all.map(({ id }) => id))],
    metrics: [METRIC.cpuTime, METRIC.cpuRequest],
  });
  const axis = bearable(store, facts, series.length);
  const windows = await store.read(series, axis);
  const coveredAt = homes.map(node => coveredPerWindow(axis, node, stretches));
  const valuesOf = new Map<number, UsageOfOne>();
  const none = new Array<undefined>(axis.count).fill(undefined);
  series.forEach(({ resourceId, metric }, index) => {
    const one = valuesOf.get(resourceId) ?? { cpu: none, request: none };
    const { values } = windows[index];
    valuesOf.set(
      resourceId,
      metric === METRIC.cpuTime
        ? { ...one, cpu: summed(one.cpu, values) }
        : { ...one, request: values },
    );
  });
  return new Map(
    [...resourcesOf].map(([key, resources]) => [
      key,
      usageOfParty(
        [...new Set(resources)].flatMap(({ id }) => valuesOf.get(id) ?? []),
        mostOf(
          axis,
          coveredAt.filter((_, index) => resources.some(isAt(homes[index]))),
        ),
      ),
    ]),
  );
}

/** Sums where either has a value. */
function summed(
  a: readonly (number | undefined)[],
  b: readonly (number | undefined)[],
): (number | undefined)[] {
  return a.map((value, window) =>
    value === undefined && b[window] === undefined
      ? undefined
      : (value ?? 0) + (b[window] ?? 0),
  );
}

/** The axis of the report, or a coarser one where that many series have too many values on it. */
function bearable(store: Store, facts: Facts, seriesCount: number): Axis {
  const { axis, range, nowMs } = facts;
  if (seriesCount * axis.count <= MAX_VALUES) return axis;
  const stepMs = Math.max(MINUTE_MS, axis.stepMs);
  return store.axis({ ...range, stepMs }, nowMs);
}
