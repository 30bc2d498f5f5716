/** What this tab calls things. */
import type {
  Culprit,
  Direction,
  Party,
} from 'backstage-plugin-contention-common';
import { levelWord, WORDS } from '../../theme';

/** What a party that is no neighbour is called. */
export function apartWord(party: Party): string {
  if (party.relation === 'limit' && party.quotaLevel) {
    return levelWord(party.quotaLevel);
  }
  return WORDS[party.relation];
}

/** Whether it stayed within what it asked for, and what that says about whose turn it is to act. */
export function entitlementText(culprit: Culprit): {
  short: string;
  meaning: string;
} {
  switch (culprit.entitlement) {
    case 'within':
      return {
        short: 'within what it asked for',
        meaning: 'The node is too full',
      };
    case 'over':
      return {
        short: 'over what it asked for',
        meaning: 'It uses more CPU than its request',
      };
    default:
      return {
        short: 'request not known',
        meaning: 'Its CPU request is not known',
      };
  }
}

const TO_CULPRIT = { direction: 'caused' };
const TO_VICTIM = {};

/** Search parameters of a link to the other one: on a culprit's page one wants to see whom it holds up. */
export function otherSide(direction: Direction): Record<string, string> {
  return direction === 'suffered' ? TO_CULPRIT : TO_VICTIM;
}
