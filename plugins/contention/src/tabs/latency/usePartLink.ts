/** Where a part of a request leads: a neighbour to its page, a limit to this entity's own throttling; same range. */
import { useCallback } from 'react';
import type { AnatomyPart } from 'backstage-plugin-contention-common';
import { useTabLink } from '../../report/links';

/** Search parameters of the page of a culprit. */
export const WHOM_IT_HELD_UP = { direction: 'caused' };

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
      const [entity] = party?.entities ?? [];
      if (!entity || entity.entityRef === entityRef) return undefined;
      return culpritLink(entity.entityRef);
    },
    [tabLink, culpritLink, entityRef],
  );
}
