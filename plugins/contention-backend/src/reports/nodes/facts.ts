/** What the arithmetic of one node starts from: every series of everything on it, on one axis. */
import {
  ATTRIBUTE,
  METRIC,
  type Relation,
} from 'backstage-plugin-contention-common';
import type { Axis, NodeSeen, StoredResource } from '../../store';
import { addInto, zeros, type SeriesFacts, type Windows } from '../facts';
import {
  culpritOfSeries,
  partyOfResource,
  type PartyFacts,
  type Perspective,
} from '../parties';

export interface OneNode {
  home: NodeSeen;
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

/** Somebody on the node who waited or ran. */
export interface VictimFacts {
  party: PartyFacts;
  /** Seconds in each window. */
  wait: Windows;
  cpu: Windows;
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
      by: new Map(),
    };
    victims.set(party.key, fresh);
    return fresh;
  };
  for (const { series, resource, windows } of facts.series) {
    switch (series.metric) {
      case METRIC.cpuWait:
        addInto(victimOf(resource).wait, windows.values);
        break;
      case METRIC.cpuTime:
        addInto(victimOf(resource).cpu, windows.values);
        break;
      case METRIC.cpuWaitBlame: {
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
