/** The path of a resolved page in this portal, wherever it has put the pages of entities. */
import { useCallback } from 'react';
import { useEntityRefLink } from '@backstage/plugin-catalog-react';
import { searchFor, TAB_PATH, type Tab } from '../../report/links';

export interface PageTarget {
  entity: { entityRef: string };
  tab: Tab;
  range: { from: number; to: number };
  cluster?: string;
}

export function usePageLink(): (page: PageTarget) => string {
  const entityLink = useEntityRefLink();
  return useCallback(
    ({ entity, tab, range, cluster }) =>
      `${entityLink(entity.entityRef)}/${TAB_PATH[tab]}${searchFor(range, cluster)}`,
    [entityLink],
  );
}
