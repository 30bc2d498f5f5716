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

/** Freeze what an entity's tabs show. Besides `contention.read` on the same entity. */
export const contentionEvidenceCreatePermission: ResourcePermission<'catalog-entity'> =
  createPermission({
    name: 'contention.evidence.create',
    attributes: { action: 'create' },
    resourceType: RESOURCE_TYPE_CATALOG_ENTITY,
  });

/** Delete frozen records of an entity, with their replies. Besides `contention.read` on the same entity. */
export const contentionEvidenceDeletePermission: ResourcePermission<'catalog-entity'> =
  createPermission({
    name: 'contention.evidence.delete',
    attributes: { action: 'delete' },
    resourceType: RESOURCE_TYPE_CATALOG_ENTITY,
  });

/** Send metrics. For agents and Collectors, never for users. */
export const contentionIngestPermission: BasicPermission = createPermission({
  name: 'contention.ingest',
  attributes: { action: 'create' },
});

export const contentionPermissions = [
  contentionReadPermission,
  contentionEvidenceCreatePermission,
  contentionEvidenceDeletePermission,
  contentionIngestPermission,
];
