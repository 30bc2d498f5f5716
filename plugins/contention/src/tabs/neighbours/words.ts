/** What this tab calls things. */
import type { Direction, Party } from 'backstage-plugin-contention-common';
import type { PartWords } from '../../theme';

/** What a party that is no neighbour is called. */
export function apartWord(
  party: Party,
  { levelWord, relationWord }: PartWords,
): string {
  if (party.relation === 'limit' && party.quotaLevel) {
    return levelWord(party.quotaLevel);
  }
  return relationWord(party.relation);
}

const TO_CULPRIT = { direction: 'caused' };
const TO_VICTIM = {};

/** Search parameters of a link to the other one: on a culprit's page one wants to see whom it holds up. */
export function otherSide(direction: Direction): Record<string, string> {
  return direction === 'suffered' ? TO_CULPRIT : TO_VICTIM;
}
