/** The figures of each member, from the sums that the roll-up has anyway. Pure. */
import {
  METRIC,
  type Member,
  type Relation,
} from 'backstage-plugin-contention-common';
import { sumOf } from '../facts';
import {
  HELD_SECONDS_PER_SECOND,
  HELD_SHARE,
  SERIOUS_SHARE,
} from '../thresholds';
import type { RollupFacts } from './facts';
import { culpritOf } from './pairs';

export type MemberFigures = Pick<
  Member,
  | 'waitSeconds'
  | 'wantedSeconds'
  | 'waitShare'
  | 'neighbourSeconds'
  | 'causedSeconds'
  | 'main'
  | 'severity'
>;

/** What a member can be held up by; the others say only that something is not known. */
const HOLDS: readonly Relation[] = [
  'neighbour',
  'limit',
  'sidecar',
  'self',
  'host',
];

interface Sums {
  waitSeconds: number;
  cpuSeconds: number;
  causedSeconds: number;
  parts: Map<Relation, number>;
}

/** Figures by member, and all waiting by what it was for. What several members claim counts for each of them. */
export function figuresOf(facts: RollupFacts): {
  byMember: Map<string, MemberFigures>;
  all: Map<Relation, number>;
  waitSeconds: number;
  cpuSeconds: number;
} {
  const sums = new Map<string, Sums>();
  const of = (ref: string): Sums => {
    const known = sums.get(ref);
    if (known) return known;
    const fresh: Sums = {
      waitSeconds: 0,
      cpuSeconds: 0,
      causedSeconds: 0,
      parts: new Map(),
    };
    sums.set(ref, fresh);
    return fresh;
  };
  const all = new Map<Relation, number>();
  let waitSeconds = 0;
  let cpuSeconds = 0;
  const membersAmong = (refs: readonly string[]) =>
    refs.filter(ref => facts.members.has(ref));
  for (const resource of facts.own) {
    // There, though it may have waited for nothing.
    membersAmong(facts.entitiesOf(resource)).forEach(of);
  }
  for (const item of facts.suffered) {
    const { series, resource, seconds } = item;
    const members = membersAmong(facts.entitiesOf(resource)).map(of);
    if (series.metric === METRIC.cpuWait) {
      waitSeconds += seconds;
      for (const member of members) member.waitSeconds += seconds;
    } else if (series.metric === METRIC.cpuTime) {
      cpuSeconds += seconds;
      for (const member of members) member.cpuSeconds += seconds;
    } else {
      const { relation } = culpritOf(item, facts);
      addTo(all, relation, seconds);
      for (const member of members) addTo(member.parts, relation, seconds);
    }
  }
  for (const item of facts.caused) {
    const culprit = culpritOf(item, facts);
    if (culprit.relation !== 'neighbour') continue;
    for (const member of membersAmong(culprit.entityRefs).map(of)) {
      member.causedSeconds += item.seconds;
    }
  }
  const covered = sumOf(facts.coveredSeconds);
  return {
    all,
    waitSeconds,
    cpuSeconds,
    byMember: new Map(
      [...sums].map(([ref, member]) => [ref, figures(member, covered)]),
    ),
  };
}

function addTo(
  parts: Map<Relation, number>,
  relation: Relation,
  seconds: number,
): void {
  parts.set(relation, (parts.get(relation) ?? 0) + seconds);
}

function figures(sums: Sums, coveredSeconds: number): MemberFigures {
  const { waitSeconds, cpuSeconds, causedSeconds, parts } = sums;
  const wantedSeconds = waitSeconds + cpuSeconds;
  const [largest] = HOLDS.map(relation => ({
    relation,
    seconds: parts.get(relation) ?? 0,
  })).sort((a, b) => b.seconds - a.seconds);
  const share = wantedSeconds > 0 ? largest.seconds / wantedSeconds : 0;
  const isHeld =
    share >= HELD_SHARE &&
    largest.seconds >= HELD_SECONDS_PER_SECOND * coveredSeconds;
  const serious = share >= SERIOUS_SHARE ? 'serious' : 'notice';
  return {
    waitSeconds,
    wantedSeconds,
    ...(wantedSeconds > 0 ? { waitShare: waitSeconds / wantedSeconds } : {}),
    neighbourSeconds: parts.get('neighbour') ?? 0,
    causedSeconds,
    ...(isHeld ? { main: largest.relation } : {}),
    severity: isHeld ? serious : 'none',
  };
}
