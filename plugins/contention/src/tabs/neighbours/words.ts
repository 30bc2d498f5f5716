/** What this tab calls things. */
import type {
  Direction,
  Party,
  Resource,
} from 'backstage-plugin-contention-common';
import type { PartWords } from '../../theme';

/** What a party that is no neighbour is called. */
export function apartWord(
  party: Party,
  { levelWord, relationWord, behindWord }: PartWords,
  resource: Resource,
): string {
  if (resource === 'network') return behindWord(party.relation);
  if (party.relation === 'limit' && party.quotaLevel) {
    return levelWord(party.quotaLevel);
  }
  return relationWord(party.relation);
}

/** Search parameters of what is shown; the defaults need none. */
export function viewParams(
  direction: Direction,
  resource: Resource,
): Record<string, string> {
  return {
    ...(direction === 'caused' ? { direction } : {}),
    ...(resource === 'network' ? { resource } : {}),
  };
}

const OTHER_SIDE: Record<
  Direction,
  Record<Resource, Record<string, string>>
> = {
  suffered: {
    cpu: viewParams('caused', 'cpu'),
    network: viewParams('caused', 'network'),
  },
  caused: {
    cpu: viewParams('suffered', 'cpu'),
    network: viewParams('suffered', 'network'),
  },
};

/** Search parameters of a link to the other one: on a culprit's page one wants to see whom it holds up. */
export function otherSide(
  direction: Direction,
  resource: Resource,
): Record<string, string> {
  return OTHER_SIDE[direction][resource];
}

/** What is said of what was waited for, by which side is asked. */
export const SIDE_WORDS = {
  cpu: {
    suffered: {
      title: 'neighbours.waitedFor',
      how: 'neighbours.waitedForHow',
      above: 'neighbours.aboveSuffered',
      rows: 'neighbours.culprits',
      rowsHow: 'neighbours.culpritsHow',
      none: 'neighbours.noCulprit',
      apartHow: 'neighbours.apartSuffered',
    },
    caused: {
      title: 'neighbours.whoWaited',
      how: 'neighbours.whoWaitedHow',
      above: 'neighbours.aboveCaused',
      rows: 'neighbours.victims',
      rowsHow: 'neighbours.victimsHow',
      none: 'neighbours.noVictim',
      apartHow: 'neighbours.apartCaused',
    },
  },
  network: {
    suffered: {
      title: 'neighbours.stoodBehind',
      how: 'neighbours.stoodBehindHow',
      above: 'neighbours.aboveBehind',
      rows: 'neighbours.culprits',
      rowsHow: 'neighbours.aheadHow',
      none: 'neighbours.nobodyAhead',
      apartHow: 'neighbours.apartBehind',
    },
    caused: {
      title: 'neighbours.whoStood',
      how: 'neighbours.whoStoodHow',
      above: 'neighbours.aboveStood',
      rows: 'neighbours.victims',
      rowsHow: 'neighbours.behindHow',
      none: 'neighbours.nobodyBehind',
      apartHow: 'neighbours.apartCaused',
    },
  },
} as const;
