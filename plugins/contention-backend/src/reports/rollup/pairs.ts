/** Victim, culprit and node: who waited while whom, added up over members. Pure. */
import { METRIC, type Direction } from 'backstage-plugin-contention-common';
import type { StoredResource, StoredSeries } from '../../store';
import { nodeKey } from '../facts';
import { culpritOfSeries, partyOfResource, type PartyFacts } from '../parties';
import type { RollupFacts, SeriesTotal } from './facts';

export interface PairFacts {
  key: string;
  victim: PartyFacts;
  culprit: PartyFacts;
  cluster: string;
  node: string;
  seconds: number;
  isInside: boolean;
  /** What it is made of. */
  series: StoredSeries[];
  /** The culprit's own containers of these series. */
  culpritResources: Set<StoredResource>;
}

/** Who held the CPU, as it stands to the victim: other pods of the victim itself are no neighbours. */
export function culpritOf(
  { series, resource }: Pick<SeriesTotal, 'series' | 'resource'>,
  facts: Pick<RollupFacts, 'resources' | 'entitiesOf'>,
): PartyFacts {
  const own = facts.entitiesOf(resource);
  const culprit = culpritResource(series, facts);
  const theirs = culprit ? facts.entitiesOf(culprit) : [];
  return culpritOfSeries(series, facts.resources, {
    entityRef: own.find(ref => theirs.includes(ref)) ?? own[0] ?? '',
    entitiesOf: facts.entitiesOf,
  });
}

function culpritResource(
  { culpritId }: StoredSeries,
  { resources }: Pick<RollupFacts, 'resources'>,
): StoredResource | undefined {
  return culpritId === undefined ? undefined : resources.get(culpritId);
}

/** A victim of anybody: nobody's own page. */
function victimOf(
  resource: StoredResource,
  facts: Pick<RollupFacts, 'entitiesOf'>,
): PartyFacts {
  return partyOfResource(resource, 'neighbour', 'container', {
    entityRef: '',
    entitiesOf: facts.entitiesOf,
  });
}

/** Pairs of one direction, largest first. */
export function pairsOf(facts: RollupFacts, direction: Direction): PairFacts[] {
  const isMember = ({ entityRefs }: PartyFacts) =>
    entityRefs.some(ref => facts.members.has(ref));
  const pairs = new Map<string, PairFacts>();
  for (const item of facts[direction]) {
    const { series, resource, seconds } = item;
    if (series.metric !== METRIC.cpuWaitBlame) continue;
    const culprit = culpritOf(item, facts);
    if (culprit.relation !== 'neighbour') continue;
    const victim = victimOf(resource, facts);
    const key = JSON.stringify([victim.key, culprit.key, nodeKey(resource)]);
    const pair = pairs.get(key) ?? {
      key,
      victim,
      culprit,
      cluster: resource.cluster,
      node: resource.node,
      seconds: 0,
      isInside: isMember(victim) && isMember(culprit),
      series: [],
      culpritResources: new Set<StoredResource>(),
    };
    // Whoever also ran is more than the receiver of packets.
    if (pair.culprit.via && !culprit.via) pair.culprit = culprit;
    pair.seconds += seconds;
    pair.series.push(series);
    const ran = culpritResource(series, facts);
    if (ran) pair.culpritResources.add(ran);
    pairs.set(key, pair);
  }
  return [...pairs.values()].sort(
    (a, b) => b.seconds - a.seconds || (a.key < b.key ? -1 : 1),
  );
}

/** One side of pairs, put together. */
export interface Side {
  party: PartyFacts;
  seconds: number;
  pairs: PairFacts[];
}

/** Pairs by what `of` says, largest first. */
export function sidesOf(
  pairs: readonly PairFacts[],
  of: (pair: PairFacts) => { key: string; party: PartyFacts },
): Side[] {
  const sides = new Map<string, Side>();
  for (const pair of pairs) {
    const { key, party } = of(pair);
    const side = sides.get(key) ?? { party, seconds: 0, pairs: [] };
    side.seconds += pair.seconds;
    side.pairs.push(pair);
    sides.set(key, side);
  }
  return [...sides.values()].sort((a, b) => b.seconds - a.seconds);
}

export const byVictim = ({ victim }: PairFacts) => ({
  key: victim.key,
  party: victim,
});

export const byCulprit = ({ culprit }: PairFacts) => ({
  key: culprit.key,
  party: culprit,
});

export const byCulpritOnNode = (pair: PairFacts) => ({
  key: JSON.stringify([pair.culprit.key, nodeKey(pair)]),
  party: pair.culprit,
});
