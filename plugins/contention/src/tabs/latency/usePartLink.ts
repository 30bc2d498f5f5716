/**
 * Where a part of a request leads, in the same range: a neighbour to its page, a limit to this entity's own throttling, any
 * other wait to who ran while this entity waited.
 */
import { useCallback } from 'react';
import type { AnatomyPart, Relation } from 'backstage-plugin-contention-common';
import { useTabLink } from '../../report/links';

/** Search parameters of the page of a culprit. */
export const WHOM_IT_HELD_UP = { direction: 'caused' };

/** No neighbours, but told apart by name on the own page of who ran while it waited. */
const TOLD_APART: ReadonlySet<Relation> = new Set([
  'host',
  'sidecar',
  'self',
  'other',
]);

/** The page of somebody who ran while this entity waited: whom it held up, in the same range. */
export function useCulpritLink(): (entityRef: string) => string {
  const tabLink = useTabLink();
  return useCallback(
    entityRef => tabLink(entityRef, 'neighbours', WHOM_IT_HELD_UP),
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
      if (part !== 'wait' || !party) return undefined;
      if (TOLD_APART.has(party.relation)) {
        return tabLink(entityRef, 'neighbours');
      }
      const [entity] = party.entities;
      return entity && culpritLink(entity.entityRef);
    },
    [tabLink, culpritLink, entityRef],
  );
}
