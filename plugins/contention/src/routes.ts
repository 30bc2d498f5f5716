/** Where the plugin's own pages are. What is on a service's page is not here: the catalog says where that is. */
import {
  createRouteRef,
  createSubRouteRef,
} from '@backstage/frontend-plugin-api';

/** `/contention`, wherever the portal has put it. */
export const rootRouteRef = createRouteRef();

export const nodesRouteRef = createSubRouteRef({
  parent: rootRouteRef,
  path: '/nodes',
});

export const nodeRouteRef = createSubRouteRef({
  parent: rootRouteRef,
  path: '/nodes/:cluster/:node',
});
