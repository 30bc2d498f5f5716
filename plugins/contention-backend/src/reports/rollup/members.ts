/** The figures of each member, from the sums that the roll-up has anyway. Pure. */
import {
  METRIC,
  type Member,
  type Relation,
  type Resource,
} from 'backstage-plugin-contention-common';
import { sumOf } from '../facts';
import {
  HELD_SECONDS_PER_SECOND,
  HELD_SHARE,
  SERIOUS_SHARE,
} from '../thresholds';
import {
  HELD_AGAINST_SECONDS,
  LEAST_PACKETS,
  SERIOUS_DELAY_SHARE,
} from '../network/thresholds';
import { WAIT, type RollupFacts } from './facts';
import { culpritOf } from './pairs';

export type MemberFigures = Pick<
  Member,
  | 'waitSeconds'
  | 'wantedSeconds'
  | 'waitShare'
  | 'neighbourSeconds'
  | 'causedSeconds'
  | 'packets'
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
  packets: number;
  parts: Map<Relation, number>;
}

/** Figures by member, and all waiting by what it was for. What several members claim counts for each of them. */
export function figuresOf(facts: RollupFacts): {
  byMember: Map<string, MemberFigures>;
  all: Map<Relation, number>;
  waitSeconds: number;
  cpuSeconds: number;
  /** Only of the network. */
  packets: number;
} {
  const sums = new Map<string, Sums>();
  const of = (ref: string): Sums => {
    const known = sums.get(ref);
    if (known) return known;
    const fresh: Sums = {
      waitSeconds: 0,
      cpuSeconds: 0,
      causedSeconds: 0,
      packets: 0,
      parts: new Map(),
    };
    sums.set(ref, fresh);
    return fresh;
  };
  const all = new Map<Relation, number>();
  let waitSeconds = 0;
  let cpuSeconds = 0;
  let packets = 0;
  const membersAmong = (refs: readonly string[]) =>
    refs.filter(ref => facts.members.has(ref));
  for (const resource of facts.own) {
    // There, though it may have waited for nothing.
    const members = membersAmong(facts.entitiesOf(resource)).map(of);
    const own = facts.packets.get(resource.id) ?? 0;
    packets += own;
    for (const member of members) member.packets += own;
  }
  for (const item of facts.suffered) {
    const { series, resource, seconds } = item;
    const members = membersAmong(facts.entitiesOf(resource)).map(of);
    if (series.metric === WAIT[facts.resource]) {
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
    packets,
    byMember: new Map(
      [...sums].map(([ref, member]) => [
        ref,
        figures(member, covered, facts.resource),
      ]),
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

function figures(
  sums: Sums,
  coveredSeconds: number,
  resource: Resource,
): MemberFigures {
  const { waitSeconds, cpuSeconds, causedSeconds, packets, parts } = sums;
  const isCpu = resource === 'cpu';
  const wantedSeconds = isCpu ? waitSeconds + cpuSeconds : 0;
  const against = isCpu ? wantedSeconds : packets * HELD_AGAINST_SECONDS;
  const [largest] = HOLDS.map(relation => ({
    relation,
    seconds: parts.get(relation) ?? 0,
  })).sort((a, b) => b.seconds - a.seconds);
  const share = against > 0 ? largest.seconds / against : 0;
  const isHeld =
    share >= HELD_SHARE &&
    largest.seconds >= HELD_SECONDS_PER_SECOND * coveredSeconds &&
    (isCpu || packets >= LEAST_PACKETS) &&
    // Whoever sends as fast as a link lets it stands behind itself: that is how a link is used.
    (isCpu || largest.relation !== 'self');
  const isSerious = share >= (isCpu ? SERIOUS_SHARE : SERIOUS_DELAY_SHARE);
  const severity = isSerious ? 'serious' : 'notice';
  return {
    waitSeconds,
    wantedSeconds,
    ...(wantedSeconds > 0 ? { waitShare: waitSeconds / wantedSeconds } : {}),
    neighbourSeconds: parts.get('neighbour') ?? 0,
    causedSeconds,
    ...(isCpu ? {} : { packets }),
    ...(isHeld ? { main: largest.relation } : {}),
    severity: isHeld ? severity : 'none',
  };
}
