/** `GET /v1/resolve`: checks who asks, reads the question, gives the answer to that reader. */
import type {
  BackstageCredentials,
  HttpAuthService,
  PermissionsService,
} from '@backstage/backend-plugin-api';
import { InputError, ServiceUnavailableError } from '@backstage/errors';
import type { CatalogService } from '@backstage/plugin-catalog-node';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import {
  contentionReadPermission,
  resolveQuerySchema,
} from 'backstage-plugin-contention-common';
import express from 'express';
import Router from 'express-promise-router';
import type { EntityDirectory, ReadAccess, Visibility } from '../attribution';
import { resolve } from '../resolve';
import type { Store } from '../store';

export interface ResolveRouterOptions {
  store: Store;
  directory: EntityDirectory;
  visibility: Visibility;
  access: ReadAccess;
  catalog: CatalogService;
  httpAuth: HttpAuthService;
  permissions: PermissionsService;
  /** `app.baseUrl`, which permalinks begin with. */
  baseUrl?: string;
  now?: () => number;
}

export function createResolveRouter(
  options: ResolveRouterOptions,
): express.Router {
  const { store, directory, visibility, access, catalog } = options;
  const { httpAuth, permissions, baseUrl, now = Date.now } = options;

  async function readable(
    entityRefs: readonly string[],
    credentials: BackstageCredentials,
  ): Promise<ReadonlySet<string>> {
    const visible = await visibility.visible(entityRefs, credentials);
    // All of them, seen or not: how long it takes says nothing.
    const decisions = await permissions.authorize(
      entityRefs.map(resourceRef => ({
        permission: contentionReadPermission,
        resourceRef,
      })),
      { credentials },
    );
    return new Set(
      entityRefs.filter(
        (ref, index) =>
          visible.has(ref) && decisions[index].result === AuthorizeResult.ALLOW,
      ),
    );
  }

  const router = Router();
  router.get('/v1/resolve', async (request, response) => {
    const nowMs = now();
    const credentials = await httpAuth.credentials(request, {
      allow: ['user', 'service'],
    });
    await access.requireAny(credentials);
    const query = resolveQuerySchema.safeParse(request.query);
    if (!query.success) {
      const [{ path, message }] = query.error.issues;
      throw new InputError([...path, message].join(': '));
    }
    if (!directory.isLoaded) {
      throw new ServiceUnavailableError(
        'The catalog has not been read yet; try again in a few seconds',
      );
    }
    response.json(
      await resolve(
        {
          store,
          directory,
          nowMs,
          baseUrl,
          visible: refs => visibility.visible(refs, credentials),
          readable: refs => readable(refs, credentials),
          entities: async refs =>
            (
              await catalog.getEntitiesByRefs(
                { entityRefs: [...refs] },
                { credentials },
              )
            ).items,
        },
        query.data,
      ),
    );
  });
  return router;
}
