/** What this tab calls things. */
import type { Culprit, Layer, Party } from 'backstage-plugin-contention-common';
import { levelWord, WORDS } from '../../theme';

/** A layer's name in legend, tooltip and table: neighbours by their own name, the rest in our words. */
export function layerName(layer: Layer): string {
  switch (layer.relation) {
    case 'neighbour':
    case 'other':
      return layer.label;
    case 'sidecar':
      return `${WORDS.sidecar}: ${layer.label}`;
    default:
      return layer.label || WORDS[layer.relation];
  }
}

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
      return { short: 'not known', meaning: 'It names no CPU request' };
  }
}
