/** The calls that look at more than one entity: checks who asks, reads the query, answers. */
import type {
  BackstageCredentials,
  HttpAuthService,
} from '@backstage/backend-plugin-api';
import { stringifyEntityRef } from '@backstage/catalog-model';
import {
  InputError,
  NotFoundError,
  ServiceUnavailableError,
} from '@backstage/errors';
import type { CatalogService } from '@backstage/plugin-catalog-node';
import {
  directionSchema,
  reportQuerySchema,
  resourceSchema,
  ROLLUP_KINDS,
  type EntityLink,
} from 'backstage-plugin-contention-common';
import express, { type Request } from 'express';
import Router from 'express-promise-router';
import type { z } from 'zod';
import type {
  CatalogOutline,
  EntityDirectory,
  ReadAccess,
  Visibility,
} from '../attribution';
import { buildCatalogCoverage, type NodeLists } from '../catalogCoverage';
import { buildPairs } from '../reports/rollup';
import type { Store } from '../store';

export interface RollupRouterOptions {
  store: Store;
  directory: EntityDirectory;
  outline: CatalogOutline;
  nodeLists: NodeLists;
  visibility: Visibility;
  access: ReadAccess;
  catalog: CatalogService;
  httpAuth: HttpAuthService;
  now?: () => number;
}

/** Workloads that run once a day are workloads, too. */
const COVERAGE_DEFAULT_SECONDS = 24 * 3600;

export function createRollupRouter(
  options: RollupRouterOptions,
): express.Router {
  const { store, directory, outline, visibility, access } = options;
  const { catalog, httpAuth, now = Date.now } = options;

  function requireCatalog(): void {
    if (directory.isLoaded && outline.isLoaded) return;
    throw new ServiceUnavailableError(
      'The catalog has not been read yet; try again in a few seconds',
    );
  }

  /** 404 when the reader does not see it, 403 without `contention.read` on it. */
  async function readableLink(
    { kind, namespace, name }: Request['params'],
    credentials: BackstageCredentials,
  ): Promise<EntityLink> {
    const entity = await catalog.getEntityByRef(
      { kind, namespace, name },
      { credentials },
    );
    if (!entity) {
      throw new NotFoundError(
        `There is no entity ${kind}:${namespace}/${name}, or you may not see it`,
      );
    }
    const entityRef = stringifyEntityRef(entity);
    await access.require(entityRef, credentials);
    if (!isRollupKind(entity.kind)) {
      throw new InputError(
        `${entityRef} has no members: pairs are of ${ROLLUP_KINDS.join(', ')}`,
      );
    }
    return (
      outline.entity(entityRef)?.link ?? {
        entityRef,
        title: entity.metadata.title || entity.metadata.name,
      }
    );
  }

  const router = Router();

  router.get(
    '/v1/entities/:kind/:namespace/:name/pairs',
    async (request, response) => {
      // Before anything that takes its time: the range was asked for relative to this.
      const nowMs = now();
      const credentials = await httpAuth.credentials(request, {
        allow: ['user', 'service'],
      });
      const query = parsed(reportQuerySchema, request.query);
      const direction = parsed(directionSchema, request.query.direction);
      const resource = parsed(resourceSchema, request.query.resource);
      const entity = await readableLink(request.params, credentials);
      requireCatalog();
      response.json(
        await buildPairs(
          {
            store,
            directory,
            outline,
            visible: refs => visibility.visible(refs, credentials),
            access: refs => access.of(refs, credentials),
          },
          {
            entity,
            direction,
            resource,
            fromMs: query.from,
            toMs: query.to,
            stepMs: query.step && query.step * 1000,
            cluster: query.cluster,
            nowMs,
          },
        ),
      );
    },
  );

  router.get('/v1/coverage', async (request, response) => {
    const nowMs = now();
    const credentials = await httpAuth.credentials(request, {
      allow: ['user', 'service'],
    });
    await access.requireAny(credentials);
    const asked = request.query;
    const isOpen = ['from', 'to', 'last'].every(
      key => asked[key] === undefined,
    );
    const query = parsed(
      reportQuerySchema,
      isOpen ? { ...asked, last: COVERAGE_DEFAULT_SECONDS } : asked,
    );
    requireCatalog();
    response.json(
      await buildCatalogCoverage(
        {
          store,
          directory,
          outline,
          nodeLists: options.nodeLists,
          visible: refs => visibility.visible(refs, credentials),
          access: refs => access.of(refs, credentials),
        },
        {
          fromMs: query.from,
          toMs: query.to,
          cluster: query.cluster,
          nowMs,
        },
      ),
    );
  });
  return router;
}

function isRollupKind(kind: string): boolean {
  return (ROLLUP_KINDS as readonly string[]).includes(
    kind.toLocaleLowerCase('en-US'),
  );
}

function parsed<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
): z.output<Schema> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const where = issue.path.join('.');
  throw new InputError(where ? `${where}: ${issue.message}` : issue.message);
}
