/**
 * Where the plugin's own pages are, made so that both frontend systems know them. What is on a service's page is not here:
 * the catalog says where that is.
 */
import { createRouteRef, createSubRouteRef } from '@backstage/core-plugin-api';

/** `/contention`, wherever the portal has put it. */
export const rootRouteRef = createRouteRef({ id: 'contention' });

export const nodesRouteRef = createSubRouteRef({
  id: 'contention-nodes',
  parent: rootRouteRef,
  path: '/nodes',
});

export const nodeRouteRef = createSubRouteRef({
  id: 'contention-node',
  parent: rootRouteRef,
  path: '/nodes/:cluster/:node',
});

/** The records of one entity: `?entity=kind:namespace/name`. */
export const evidenceListRouteRef = createSubRouteRef({
  id: 'contention-evidence-list',
  parent: rootRouteRef,
  path: '/evidence',
});

/** One record. Below it, a tab. */
export const evidenceRouteRef = createSubRouteRef({
  id: 'contention-evidence',
  parent: rootRouteRef,
  path: '/evidence/:id',
});
