/** How a part of a request looks, in the colours of everything else. */
import type { AnatomyPart } from 'backstage-plugin-contention-common';
import {
  levelColour,
  queueColour,
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
    case 'retransmission':
      return { colour: requestCauseColour(part, mode), hatched: false };
    case 'queue':
      return {
        colour: queueColour(party?.relation ?? 'unknown', key, mode),
        hatched: !party || party.relation === 'unknown',
      };
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
