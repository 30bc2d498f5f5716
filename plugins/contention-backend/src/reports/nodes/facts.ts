/** What the arithmetic of one node starts from: the series of everything on it, on one axis. */
import {
  ATTRIBUTE,
  METRIC,
  type MetricName,
  type NodeNetwork,
  type Relation,
  type Resource,
} from 'backstage-plugin-contention-common';
import type { Axis, NodeSeen, StoredResource } from '../../store';
import { addInto, zeros, type SeriesFacts, type Windows } from '../facts';
import type { ReceiveFacts } from '../network/receive';
import { packetsOf } from '../network/timeline';
import {
  culpritOfSeries,
  partyOfResource,
  type PartyFacts,
  type Perspective,
} from '../parties';

export interface OneNode {
  home: NodeSeen;
  /** What is waited for. */
  resource: Resource;
  range: { fromMs: number; toMs: number };
  nowMs: number;
  axis: Axis;
  /** Seconds of each window in which the node sent data; 0 is a gap. */
  coveredSeconds: readonly number[];
  series: readonly SeriesFacts[];
  resources: ReadonlyMap<number, StoredResource>;
  entitiesOf(resource: StoredResource): readonly string[];
  cpuCount?: number;
  /** The agent did not look at who had the CPU for some of the time. */
  blameWasOff: boolean;
  /** Only of the network. */
  network?: NodeNetworkFacts;
}

/** What the network of a node is told by, beside the series of queues. */
export interface NodeNetworkFacts {
  /** Anything of the network was measured there. */
  isMeasured: boolean;
  /** The agent did not look at packets in queues for some of the time. */
  queuesWereOff: boolean;
  /** The device that is asked for; absent: all. Series of others are not among the node's. */
  interfaceName?: string;
  /** Of all devices. */
  queues: NodeNetwork['queues'];
  receive: readonly ReceiveFacts[];
  /** Bytes in the range, by the id of the resource that sent and received them. */
  bytes: ReadonlyMap<number, { transmit: number; receive: number }>;
}

/** Nobody's point of view: on a node everybody is a neighbour of everybody else. */
export function perspectiveOf(facts: OneNode): Perspective {
  return { entityRef: '', entitiesOf: facts.entitiesOf };
}

/** Whether it is a container, or a pod around containers; everything else belongs to the host. */
export function isOfPod({ attributes }: StoredResource): boolean {
  return [
    ATTRIBUTE.podName,
    ATTRIBUTE.podUid,
    ATTRIBUTE.containerName,
    ATTRIBUTE.plainContainerName,
  ].some(key => attributes[key] !== undefined && attributes[key] !== '');
}

/** Whom a resource of the node is a part of. */
export function residentOf(
  facts: OneNode,
  resource: StoredResource,
): PartyFacts {
  return isOfPod(resource)
    ? partyOfResource(resource, 'neighbour', 'container', perspectiveOf(facts))
    : partyOfResource(resource, 'host', 'system', perspectiveOf(facts));
}

/** Somebody on the node who waited or ran; or whose packets stood in queues. */
export interface VictimFacts {
  party: PartyFacts;
  /** Seconds in each window. */
  wait: Windows;
  /** Not of the network. */
  cpu: Windows;
  /** Only of the network: those that passed a queue, in each window. */
  packets: Windows;
  /** The waiting by who ran meanwhile, by `CulpritFacts.key`. */
  by: Map<string, Windows>;
}

/** A neighbour, or everything of one relation that is no neighbour. */
export interface CulpritFacts {
  key: string;
  relation: Relation;
  /** Only of neighbours. */
  party?: PartyFacts;
  total: number;
}

export interface WhoWaited {
  /** Most waiting first. */
  victims: VictimFacts[];
  /** By key. */
  culprits: Map<string, CulpritFacts>;
}

const WAIT: Record<Resource, MetricName> = {
  cpu: METRIC.cpuWait,
  network: METRIC.netQueue,
};

export const BLAME: Record<Resource, MetricName> = {
  cpu: METRIC.cpuWaitBlame,
  network: METRIC.netQueueBlame,
};

/** Every victim with its waiting by culprit; another pod of the victim's own service is no neighbour, but itself. */
export function whoWaited(facts: OneNode): WhoWaited {
  const victims = new Map<string, VictimFacts>();
  const culprits = new Map<string, CulpritFacts>();
  const partyOf = new Map<number, PartyFacts>();
  const victimOf = (resource: StoredResource): VictimFacts => {
    const party = partyOf.get(resource.id) ?? residentOf(facts, resource);
    partyOf.set(resource.id, party);
    const known = victims.get(party.key);
    if (known) return known;
    const fresh: VictimFacts = {
      party,
      wait: zeros(facts.axis),
      cpu: zeros(facts.axis),
      packets: zeros(facts.axis),
      by: new Map(),
    };
    victims.set(party.key, fresh);
    return fresh;
  };
  const isCpu = facts.resource === 'cpu';
  for (const item of facts.series) {
    const { series, resource, windows } = item;
    switch (series.metric) {
      case WAIT[facts.resource]: {
        const victim = victimOf(resource);
        addInto(victim.wait, windows.values);
        if (!isCpu) addInto(victim.packets, packetsOf(facts, [item]));
        break;
      }
      case METRIC.cpuTime:
        if (isCpu) addInto(victimOf(resource).cpu, windows.values);
        break;
      case BLAME[facts.resource]: {
        const victim = victimOf(resource);
        const party = culpritOfSeries(
          series,
          facts.resources,
          perspectiveOf(facts),
        );
        const isSelf = party.key === victim.party.key;
        const isNeighbour = party.relation === 'neighbour' && !isSelf;
        const relation = isSelf ? 'self' : party.relation;
        const key = isNeighbour ? party.key : relation;
        const culprit = culprits.get(key) ?? {
          key,
          relation,
          ...(isNeighbour ? { party } : {}),
          total: 0,
        };
        const seconds = victim.by.get(key) ?? zeros(facts.axis);
        addInto(seconds, windows.values);
        victim.by.set(key, seconds);
        for (const value of windows.values) culprit.total += value ?? 0;
        culprits.set(key, culprit);
        break;
      }
      default:
    }
  }
  return {
    victims: [...victims.values()].sort(
      (a, b) =>
        total(b.wait) - total(a.wait) || (a.party.key < b.party.key ? -1 : 1),
    ),
    culprits,
  };
}

export function total(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}

/** Seconds in each window in which a victim waited while neighbours ran. */
export function crowdedOf(
  { by, wait }: VictimFacts,
  culprits: WhoWaited['culprits'],
): Windows {
  const sum = new Array<number>(wait.length).fill(0);
  for (const [key, seconds] of by) {
    if (culprits.get(key)?.relation === 'neighbour') addInto(sum, seconds);
  }
  return sum;
}
