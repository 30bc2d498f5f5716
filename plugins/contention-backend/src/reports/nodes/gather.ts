/** Reads from the store everything that is told of one node. */
import {
  ATTRIBUTE,
  METRIC,
  type MetricName,
  type NodeQuestion,
} from 'backstage-plugin-contention-common';
import type { EntityDirectory } from '../../attribution';
import {
  LAST_SEEN_LAG_MS,
  MINUTE_MS,
  type Axis,
  type NodeSeen,
  type Store,
} from '../../store';
import type { NodeCost } from '../cost';
import { coverageOf, type Coverage } from '../coverage';
import { isAt, type SeriesFacts } from '../facts';
import { coveredPerWindow } from '../gather/covered';
import { agentsOf, withCpu } from '../gather/nodes';
import { MAX_VALUES } from '../gather/usage';
import type { AgentCounts } from '../losses';
import { wasOff, type ShedSeries } from '../shed';
import type { OneNode } from './facts';
import { gatherNodeNetwork } from './network';

export interface NodeRequest extends NodeQuestion {
  cluster: string;
  node: string;
  fromMs: number;
  toMs: number;
  stepMs?: number;
  nowMs: number;
}

export type GatheredNode = { home: NodeSeen; axis: Axis } & (
  | {
      state: 'ok';
      facts: OneNode;
      coverage: Coverage;
      agents: AgentCounts;
      cost: readonly NodeCost[];
      shed: readonly ShedSeries[];
    }
  | { state: 'no-data' }
);

/** An idle container sends nothing: it is still there for this long after it last did. */
const STILL_THERE_MS = 15 * MINUTE_MS;

/** Windows that a person can play through; each is a matrix of its own. */
const MAX_WINDOWS = 120;

const FINEST_MS = 10_000;

/** Of how full the node is. */
const CAPACITY: MetricName[] = [
  METRIC.cpuTime,
  METRIC.cpuRequest,
  METRIC.cpuLimit,
];

const METRICS: Record<NodeRequest['resource'], MetricName[]> = {
  cpu: [METRIC.cpuWait, METRIC.cpuWaitBlame, ...CAPACITY],
  network: [METRIC.netQueue, METRIC.netQueueBlame, ...CAPACITY],
};

/** Undefined: nothing was ever heard of such a node. */
export async function gatherNode(
  store: Store,
  directory: EntityDirectory,
  request: NodeRequest,
): Promise<GatheredNode | undefined> {
  const { fromMs, toMs, nowMs } = request;
  const home = (await store.nodes()).find(isAt(request));
  if (!home) return undefined;
  const leastMs = Math.max(request.stepMs ?? 0, (toMs - fromMs) / MAX_WINDOWS);
  const stretches = (await store.coverage({ fromMs, toMs })).filter(isAt(home));
  if (stretches.length === 0) {
    const axis = store.axis({ fromMs, toMs, stepMs: leastMs }, nowMs);
    return { home, axis, state: 'no-data' };
  }
  const firstMs = fromMs - STILL_THERE_MS;
  const there = (
    await store.resources({ fromMs: firstMs, toMs, nodes: [home] })
  ).filter(({ lastSeenMs }) => lastSeenMs + LAST_SEEN_LAG_MS >= firstMs);
  const resources = new Map(there.map(resource => [resource.id, resource]));
  const series = await store.series({
    resourceIds: [...resources.keys()],
    metrics: METRICS[request.resource],
  });
  // What was not rolled up is read value by value: with many series, minutes are fine enough.
  const isMuch = (series.length * (toMs - fromMs)) / FINEST_MS > MAX_VALUES;
  const stepMs = isMuch ? Math.max(MINUTE_MS, leastMs) : leastMs;
  const axis = store.axis({ fromMs, toMs, stepMs }, nowMs);
  const windows = await store.read(series, axis);
  const coveredSeconds = coveredPerWindow(axis, home, stretches);
  const [{ cpuCount }] = await withCpu(
    store,
    [{ ...home, coveredSeconds }],
    there,
    axis,
  );
  const agents = await agentsOf(store, [home], there, axis, [coveredSeconds]);
  const all = series.flatMap((item, index): SeriesFacts[] => {
    const resource = resources.get(item.resourceId);
    return resource
      ? [{ series: item, resource, windows: windows[index] }]
      : [];
  });
  const network =
    request.resource === 'network'
      ? await gatherNodeNetwork(store, home, there, axis, {
          waits: all.filter(item => item.series.metric === METRIC.netQueue),
          queuesWereOff: wasOff(agents.shed, 'queues'),
          interfaceName: request.interfaceName,
          entitiesOf: resource => directory.entitiesOf(resource),
        })
      : undefined;
  return {
    home,
    axis,
    state: 'ok',
    coverage: coverageOf({ fromMs, toMs }, nowMs, [home], there, stretches),
    agents: agents.counts,
    cost: agents.cost,
    shed: agents.shed,
    facts: {
      home,
      range: { fromMs, toMs },
      nowMs,
      axis,
      coveredSeconds,
      resource: request.resource,
      series: all.filter(isAtDevice(network?.interfaceName)),
      resources,
      entitiesOf: resource => directory.entitiesOf(resource),
      cpuCount,
      blameWasOff: wasOff(agents.shed, 'blame'),
      network,
    },
  };
}

/** What is of no device, such as CPU time, is of every one. */
function isAtDevice(name: string | undefined) {
  return ({ series: { metric, attributes } }: SeriesFacts): boolean =>
    name === undefined ||
    (metric !== METRIC.netQueue && metric !== METRIC.netQueueBlame) ||
    attributes[ATTRIBUTE.interfaceName] === name;
}
