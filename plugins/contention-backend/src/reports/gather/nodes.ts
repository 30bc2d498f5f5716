/**
 * Reads what is told of the entity's nodes: how busy they were, and what their agents saw, lost and switched off. `there` is
 * every resource that was seen on them.
 */
import { ATTRIBUTE, METRIC } from 'backstage-plugin-contention-common';
import type {
  Axis,
  NodeSeen,
  Store,
  StoredResource,
  StoredSeries,
} from '../../store';
import { isAt, isAtAny, nodeKey, sumOf, type NodeFacts } from '../facts';
import { PROCESSES, type NodeCost } from '../cost';
import type { AgentCounts } from '../losses';
import type { ShedSeries } from '../shed';

/** What agents told of themselves. */
export interface AgentFacts {
  /** What they saw and lost in the range. */
  counts: AgentCounts;
  /** What they cost in it. */
  cost: readonly NodeCost[];
  /** What they switched off in it. */
  shed: readonly ShedSeries[];
}

/** @param coverage - seconds of each window in which each of `homes` sent data */
export async function agentsOf(
  store: Store,
  homes: readonly NodeSeen[],
  there: readonly StoredResource[],
  axis: Axis,
  coverage: readonly number[][],
): Promise<AgentFacts> {
  const homeOf = homesOf(homes, there);
  const series = await store.series({
    resourceIds: [...homeOf.keys()],
    metrics: [
      METRIC.agentLost,
      METRIC.agentEvents,
      METRIC.agentOverhead,
      METRIC.agentShed,
    ],
  });
  const isShed = ({ metric }: StoredSeries) => metric === METRIC.agentShed;
  const shed = series.filter(isShed);
  const windows = await store.read(shed, axis);
  const totals = await store.totals(
    series.filter(item => !isShed(item)),
    axis,
  );
  return {
    counts: countsOf(series, totals),
    cost: homes.flatMap((home, index) => {
      const own = series.filter(
        ({ metric, resourceId }) =>
          metric === METRIC.agentOverhead && homeOf.get(resourceId) === index,
      );
      return costOf(home, own, totals, sumOf(coverage[index]));
    }),
    shed: shed.map(({ resourceId, attributes }, index) => {
      const home = homeOf.get(resourceId)!;
      return {
        node: homes[home].node,
        step: String(attributes[ATTRIBUTE.program]),
        values: windows[index].values,
        coveredSeconds: coverage[home],
      };
    }),
  };
}

/** Index of the node of each resource, by its id. */
function homesOf(
  homes: readonly NodeSeen[],
  there: readonly StoredResource[],
): Map<number, number> {
  const indices = new Map(homes.map((home, index) => [nodeKey(home), index]));
  return new Map(
    there.map(resource => [resource.id, indices.get(nodeKey(resource))!]),
  );
}

function countsOf(
  series: readonly StoredSeries[],
  totals: ReadonlyMap<number, number>,
): AgentCounts {
  const counts: AgentCounts = { lost: {}, events: {} };
  for (const { id, metric, attributes } of series) {
    if (metric !== METRIC.agentLost && metric !== METRIC.agentEvents) continue;
    const by = metric === METRIC.agentLost ? counts.lost : counts.events;
    const program = String(attributes[ATTRIBUTE.program]);
    by[program] = (by[program] ?? 0) + (totals.get(id) ?? 0);
  }
  return counts;
}

function costOf(
  { node }: NodeSeen,
  series: readonly StoredSeries[],
  totals: ReadonlyMap<number, number>,
  coveredSeconds: number,
): NodeCost[] {
  if (series.length === 0 || coveredSeconds <= 0) return [];
  const cpusOf = (isProcess: boolean) =>
    sumOf(
      series
        .filter(
          ({ attributes }) =>
            PROCESSES.includes(String(attributes[ATTRIBUTE.program])) ===
            isProcess,
        )
        .map(({ id }) => totals.get(id)),
    ) / coveredSeconds;
  return [{ node, kernelCpus: cpusOf(false), processCpus: cpusOf(true) }];
}

/** How busy nodes were: a sum over everything that ran on them, so only for those of which it is told. */
export async function withCpu(
  store: Store,
  nodes: readonly NodeFacts[],
  there: readonly StoredResource[],
  axis: Axis,
): Promise<NodeFacts[]> {
  const local = there.filter(isAtAny(nodes));
  const byId = new Map(local.map(resource => [resource.id, resource]));
  const cpu = await store.series({
    resourceIds: [...byId.keys()],
    metrics: [METRIC.cpuTime],
  });
  const totals = await store.totals(cpu, axis);
  const counted = await withCpuCount(store, nodes, there, axis);
  const secondsOn = new Map<string, number>();
  for (const { id, resourceId } of cpu) {
    const key = nodeKey(byId.get(resourceId)!);
    secondsOn.set(key, (secondsOn.get(key) ?? 0) + (totals.get(id) ?? 0));
  }
  return counted.map(node => {
    const seconds = secondsOn.get(nodeKey(node)) ?? 0;
    const known = sumOf(node.coveredSeconds);
    return { ...node, cpuMean: known > 0 ? seconds / known : undefined };
  });
}

/** How many CPUs nodes have, as the limit of their roots says. */
export async function withCpuCount(
  store: Store,
  nodes: readonly NodeFacts[],
  there: Iterable<StoredResource>,
  axis: Axis,
): Promise<NodeFacts[]> {
  const isLocal = isAtAny(nodes);
  const roots = new Map<number, StoredResource>();
  for (const resource of there) {
    if (resource.attributes[ATTRIBUTE.cgroupPath] !== '/') continue;
    if (isLocal(resource)) roots.set(resource.id, resource);
  }
  const counts = await store.series({
    resourceIds: [...roots.keys()],
    metrics: [METRIC.cpuLimit],
  });
  const countWindows = await store.read(counts, axis);
  return nodes.map(node => {
    const index = counts.findIndex(({ resourceId }) =>
      isAt(node)(roots.get(resourceId)!),
    );
    return {
      ...node,
      cpuCount: index < 0 ? undefined : lastOf(countWindows[index].values),
    };
  });
}

function lastOf(values: readonly (number | undefined)[]): number | undefined {
  return values.findLast(value => value !== undefined);
}
