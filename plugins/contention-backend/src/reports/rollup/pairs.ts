/** Victim, culprit and node: who waited while whom, or stood behind whose packets, added up over members. Pure. */
import { ATTRIBUTE, type Direction } from 'backstage-plugin-contention-common';
import type { StoredResource, StoredSeries } from '../../store';
import { nodeKey } from '../facts';
import { culpritOfSeries, partyOfResource, type PartyFacts } from '../parties';
import { BLAME, type RollupFacts, type SeriesTotal } from './facts';

export interface PairFacts {
  key: string;
  victim: PartyFacts;
  culprit: PartyFacts;
  cluster: string;
  node: string;
  seconds: number;
  isInside: boolean;
  /** Only of the network: packets of the victim on this node that passed a queue. */
  packets?: number;
  /** Only of the network: seconds by the device that they were at. */
  interfaces: Map<string, number>;
  /** What it is made of. */
  series: StoredSeries[];
  /** The culprit's own containers of these series. */
  culpritResources: Set<StoredResource>;
}

/** Who held the CPU, or whose packets were ahead, as it stands to the victim: other pods of the victim itself are no neighbours. */
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

function placeOf(
  { key }: PartyFacts,
  place: { cluster: string; node: string },
): string {
  return JSON.stringify([key, nodeKey(place)]);
}

/** Packets that passed a queue, by whose they were and on which node. */
function packetsByVictim(facts: RollupFacts): Map<string, number> {
  const packets = new Map<string, number>();
  for (const [id, count] of facts.packets) {
    const resource = facts.resources.get(id);
    if (!resource) continue;
    const key = placeOf(victimOf(resource, facts), resource);
    packets.set(key, (packets.get(key) ?? 0) + count);
  }
  return packets;
}

/** Pairs of one direction, largest first. */
export function pairsOf(facts: RollupFacts, direction: Direction): PairFacts[] {
  const isMember = ({ entityRefs }: PartyFacts) =>
    entityRefs.some(ref => facts.members.has(ref));
  const packets =
    facts.resource === 'network' ? packetsByVictim(facts) : undefined;
  const pairs = new Map<string, PairFacts>();
  for (const item of facts[direction]) {
    const { series, resource, seconds } = item;
    if (series.metric !== BLAME[facts.resource]) continue;
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
      packets: packets?.get(placeOf(victim, resource)),
      interfaces: new Map<string, number>(),
      series: [],
      culpritResources: new Set<StoredResource>(),
    };
    // Whoever also ran is more than the receiver of packets.
    if (pair.culprit.via && !culprit.via) pair.culprit = culprit;
    pair.seconds += seconds;
    pair.series.push(series);
    const device = series.attributes[ATTRIBUTE.interfaceName];
    if (device !== undefined) {
      const known = pair.interfaces.get(String(device)) ?? 0;
      pair.interfaces.set(String(device), known + seconds);
    }
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
