/** The permissions of the contention plugin. */
import {
  createPermission,
  type BasicPermission,
  type ResourcePermission,
} from '@backstage/plugin-permission-common';

/** Value of `RESOURCE_TYPE_CATALOG_ENTITY` in `@backstage/plugin-catalog-common`, which browsers need not load for it. */
const RESOURCE_TYPE_CATALOG_ENTITY = 'catalog-entity';

/** See what held an entity up. A resource permission on catalog entities, so that policies can condition on ownership. */
export const contentionReadPermission: ResourcePermission<'catalog-entity'> =
  createPermission({
    name: 'contention.read',
    attributes: { action: 'read' },
    resourceType: RESOURCE_TYPE_CATALOG_ENTITY,
  });

/** Send metrics. For agents and Collectors, never for users. */
export const contentionIngestPermission: BasicPermission = createPermission({
  name: 'contention.ingest',
  attributes: { action: 'create' },
});

export const contentionPermissions = [
  contentionReadPermission,
  contentionIngestPermission,
];
