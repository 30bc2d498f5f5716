/** What each window of an entity's waiting was made of. Pure. */
import { METRIC, type Relation } from 'backstage-plugin-contention-common';
import type { Axis } from '../store';
import {
  addInto,
  nodeKey,
  seriesOf,
  sumOf,
  totalOf,
  zeros,
  type Facts,
  type Windows,
} from './facts';
import { culpritOfSeries, type PartyFacts } from './parties';

/** One party's part of the waiting. */
export interface PartTimeline {
  party: PartyFacts;
  /** Seconds of waiting in each window. */
  seconds: Windows;
  total: number;
  /** The same by node: see `nodeKey`. */
  byNode: Map<string, { cluster: string; node: string; seconds: number }>;
}

export interface Timeline {
  axis: Axis;
  coveredSeconds: readonly number[];
  /** Seconds of waiting and of running in each window. */
  wait: Windows;
  cpu: Windows;
  /** What the waiting is held against: the seconds that the service wanted to run, those that it ran and those that it waited. */
  wanted: Windows;
  /** Largest first. */
  parts: PartTimeline[];
}

export function timelineOf(facts: Facts): Timeline {
  const parts = new Map<string, PartTimeline>();
  for (const { series, resource, windows } of seriesOf(
    facts,
    METRIC.cpuWaitBlame,
  )) {
    const party = culpritOfSeries(series, facts.resources, facts.perspective);
    addPart(parts, facts.axis, party, resource, windows.values);
  }
  const wait = totalOf(facts, METRIC.cpuWait);
  const cpu = totalOf(facts, METRIC.cpuTime);
  return {
    axis: facts.axis,
    coveredSeconds: facts.coveredSeconds,
    wait,
    cpu,
    wanted: wait.map((seconds, window) => seconds + cpu[window]),
    parts: largestFirst(parts),
  };
}

export function addPart(
  parts: Map<string, PartTimeline>,
  axis: Axis,
  party: PartyFacts,
  { cluster, node }: { cluster: string; node: string },
  values: readonly (number | undefined)[],
): void {
  const part = parts.get(party.key) ?? {
    party,
    seconds: zeros(axis),
    total: 0,
    byNode: new Map(),
  };
  // Whoever also ran is more than the receiver of packets.
  if (part.party.via && !party.via) part.party = party;
  const sum = sumOf(values);
  addInto(part.seconds, values);
  part.total += sum;
  const key = nodeKey({ cluster, node });
  const onNode = part.byNode.get(key) ?? { cluster, node, seconds: 0 };
  onNode.seconds += sum;
  part.byNode.set(key, onNode);
  parts.set(party.key, part);
}

/** Parts in which nothing was waited are no parts. */
export function largestFirst(parts: Map<string, PartTimeline>): PartTimeline[] {
  return [...parts.values()]
    .filter(({ total }) => total > 0)
    .sort((a, b) => b.total - a.total || (a.party.key < b.party.key ? -1 : 1));
}

type Parts = Pick<Timeline, 'axis' | 'parts'>;

/** A judgement asks for the same relations of a time line several times. */
const byRelation = new WeakMap<Parts, Map<Relation, Windows>>();

/** Seconds of waiting per window of all parties of a relation. */
export function secondsOf(
  timeline: Parts,
  relation: Relation,
): readonly number[] {
  let known = byRelation.get(timeline);
  if (!known) {
    known = new Map();
    byRelation.set(timeline, known);
  }
  let seconds = known.get(relation);
  if (!seconds) {
    seconds = addedUp(timeline, relation);
    known.set(relation, seconds);
  }
  return seconds;
}

function addedUp(timeline: Parts, relation: Relation): Windows {
  const seconds = zeros(timeline.axis);
  for (const part of timeline.parts) {
    if (part.party.relation === relation) addInto(seconds, part.seconds);
  }
  return seconds;
}

/** The last window that holds data; -1 if none does. */
export function newestWindow({
  coveredSeconds,
}: Pick<Timeline, 'coveredSeconds'>): number {
  return coveredSeconds.findLastIndex(seconds => seconds > 0);
}
