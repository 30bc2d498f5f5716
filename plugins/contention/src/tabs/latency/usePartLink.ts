/**
 * Where a part of a request leads, in the same range: a neighbour to its page, a limit to this entity's own throttling, any
 * other wait to who ran while this entity waited, or whose packets were ahead of its own.
 */
import { useCallback } from 'react';
import type {
  AnatomyPart,
  Relation,
  Resource,
} from 'backstage-plugin-contention-common';
import { useTabLink } from '../../report/links';

/** Search parameters of the page of a culprit. */
export const WHOM_IT_HELD_UP = { direction: 'caused' };

/** Search parameters of who is ahead in a queue instead of on a CPU. */
const IN_A_QUEUE = { resource: 'network' };

/** No neighbours, but told apart by name on the own page of who ran while it waited. */
const TOLD_APART: ReadonlySet<Relation> = new Set([
  'host',
  'sidecar',
  'self',
  'other',
]);

/** The page of somebody who ran while this entity waited: whom it held up, in the same range. */
export function useCulpritLink(): (
  entityRef: string,
  resource?: Resource,
) => string {
  const tabLink = useTabLink();
  return useCallback(
    (entityRef, resource = 'cpu') =>
      tabLink(entityRef, 'neighbours', {
        ...WHOM_IT_HELD_UP,
        ...(resource === 'network' ? IN_A_QUEUE : {}),
      }),
    [tabLink],
  );
}

/** `entityRef`: whose requests they are. */
export function usePartLink(
  entityRef: string,
): (part: Pick<AnatomyPart, 'part' | 'party'>) => string | undefined {
  const tabLink = useTabLink();
  const culpritLink = useCulpritLink();
  return useCallback(
    ({ part, party }) => {
      if (part === 'throttled') return tabLink(entityRef, 'throttling');
      if ((part !== 'wait' && part !== 'queue') || !party) return undefined;
      const isQueue = part === 'queue';
      if (TOLD_APART.has(party.relation)) {
        return tabLink(entityRef, 'neighbours', isQueue ? IN_A_QUEUE : {});
      }
      const [entity] = party.entities;
      return (
        entity && culpritLink(entity.entityRef, isQueue ? 'network' : 'cpu')
      );
    },
    [tabLink, culpritLink, entityRef],
  );
}
