/** How a part of a request looks and is called, in the colours and words of everything else. */
import type { AnatomyPart, Relation } from 'backstage-plugin-contention-common';
import {
  levelColour,
  levelWord,
  requestCauseColour,
  swatchOf,
  type Mode,
  type Swatch,
} from './colours';

type Part = Pick<AnatomyPart, 'part' | 'party' | 'label' | 'key'>;

export function partSwatch({ part, party, key }: Part, mode: Mode): Swatch {
  switch (part) {
    case 'work':
    case 'upstream':
    case 'unread':
      return { colour: requestCauseColour(part, mode), hatched: false };
    case 'throttled':
      return {
        colour: levelColour(party?.quotaLevel ?? 'container', mode),
        hatched: false,
      };
    case 'wait':
      return swatchOf(party?.relation ?? 'unknown', party?.key ?? key, mode);
    default:
      return swatchOf('unknown', key, mode);
  }
}

/** `working`, `waiting for batch-report`, `stopped by its CPU limit (pod)` */
export function partWords({ part, party, label }: Part): string {
  if (part === 'throttled' && party?.quotaLevel) {
    return levelWord(party.quotaLevel);
  }
  return party?.relation === 'neighbour' ? `waiting for ${party.name}` : label;
}

const SHORT: Record<AnatomyPart['part'] | Relation, string> = {
  work: 'working',
  upstream: 'upstream',
  unread: 'not read yet',
  unattributed: 'not known',
  throttled: 'CPU limit',
  wait: 'waiting',
  neighbour: 'neighbours',
  sidecar: 'own sidecar',
  self: 'itself',
  limit: 'CPU limit',
  host: 'the host',
  idle: 'between queues',
  other: 'others',
  unknown: 'not known',
};

/** The same, as short as it may be inside a bar. */
export function partShort({ part, party }: Part): string {
  if (part === 'throttled' && party?.quotaLevel) {
    return `${SHORT.limit} (${party.quotaLevel})`;
  }
  if (part !== 'wait' || !party) return SHORT[part];
  return party.relation === 'neighbour' ? party.name : SHORT[party.relation];
}
