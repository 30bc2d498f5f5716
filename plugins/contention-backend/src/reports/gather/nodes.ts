/**
 * Reads what is told of the entity's nodes: how busy they were, and what their agents saw, lost and switched off. `there` is
 * every resource that was seen on them.
 */
import { ATTRIBUTE, METRIC } from 'backstage-plugin-contention-common';
import type { Axis, NodeSeen, Store, StoredResource } from '../../store';
import { isAt, nodeKey, type NodeFacts } from '../facts';
import { PROCESSES, type NodeCost } from '../cost';
import type { AgentCounts } from '../losses';
import type { ShedSeries } from '../shed';

export async function agentCountsOf(
  store: Store,
  there: readonly StoredResource[],
  axis: Axis,
): Promise<AgentCounts> {
  const series = await store.series({
    resourceIds: there.map(({ id }) => id),
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

/** @param covered - seconds of the axis in which a node sent data */
export async function costOf(
  store: Store,
  homes: readonly NodeSeen[],
  there: readonly StoredResource[],
  axis: Axis,
  covered: (node: NodeSeen) => number,
): Promise<NodeCost[]> {
  const byId = new Map(there.map(resource => [resource.id, resource]));
  const series = await store.series({
    resourceIds: there.map(({ id }) => id),
    metrics: [METRIC.agentOverhead],
  });
  const totals = await store.totals(series, axis);
  return homes.flatMap(home => {
    const own = series.filter(({ resourceId }) =>
      isAt(home)(byId.get(resourceId)!),
    );
    const known = covered(home);
    if (own.length === 0 || known <= 0) return [];
    const cpusOf = (isProcess: boolean) =>
      own
        .filter(
          ({ attributes }) =>
            PROCESSES.includes(String(attributes[ATTRIBUTE.program])) ===
            isProcess,
        )
        .reduce((sum, { id }) => sum + (totals.get(id) ?? 0), 0) / known;
    return [
      {
        node: home.node,
        kernelCpus: cpusOf(false),
        processCpus: cpusOf(true),
      },
    ];
  });
}

/** @param coverage - seconds of each window in which each of `homes` sent data */
export async function shedOf(
  store: Store,
  homes: readonly NodeSeen[],
  there: readonly StoredResource[],
  axis: Axis,
  coverage: readonly number[][],
): Promise<ShedSeries[]> {
  const byId = new Map(there.map(resource => [resource.id, resource]));
  const series = await store.series({
    resourceIds: [...byId.keys()],
    metrics: [METRIC.agentShed],
  });
  const windows = await store.read(series, axis);
  return series.map(({ resourceId, attributes }, index) => {
    const home = homes.findIndex(isAt(byId.get(resourceId)!));
    return {
      node: homes[home].node,
      step: String(attributes[ATTRIBUTE.program]),
      values: windows[index].values,
      coveredSeconds: coverage[home],
    };
  });
}

export async function nodeFacts(
  store: Store,
  homes: readonly NodeSeen[],
  there: readonly StoredResource[],
  axis: Axis,
  covered: (node: NodeSeen) => number,
): Promise<Omit<NodeFacts, 'coveredSeconds'>[]> {
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
  const secondsOn = new Map<string, number>();
  for (const { id, resourceId } of cpu) {
    const key = nodeKey(byId.get(resourceId)!);
    secondsOn.set(key, (secondsOn.get(key) ?? 0) + (totals.get(id) ?? 0));
  }
  return homes.map(node => {
    const seconds = secondsOn.get(nodeKey(node)) ?? 0;
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
