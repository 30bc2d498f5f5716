/** Who is ahead of packets in a device's queue, in words for packets: nobody there holds a CPU. Pure. */
import type { PartyFacts } from './parties';

/** A culprit as `culpritOfSeries` tells it, of packets instead of threads. */
export function partyInQueue(party: PartyFacts): PartyFacts {
  return party.kind === 'self' ? { ...party, name: 'its own packets' } : party;
}
