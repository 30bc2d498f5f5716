/** The REST interface for people: checks who asks, reads the query, answers a report. */
import type {
  BackstageCredentials,
  HttpAuthService,
} from '@backstage/backend-plugin-api';
import { stringifyEntityRef, type Entity } from '@backstage/catalog-model';
import { NotFoundError, ServiceUnavailableError } from '@backstage/errors';
import type { CatalogService } from '@backstage/plugin-catalog-node';
import {
  buildOpenApiDocument,
  directionSchema,
  latencyQuerySchema,
  reportQuerySchema,
  resourceSchema,
} from 'backstage-plugin-contention-common';
import express, { type Request } from 'express';
import Router from 'express-promise-router';
import type { EntityDirectory, ReadAccess, Visibility } from '../attribution';
import type { KnownServices } from '../kubernetes';
import { buildPeers, type PeersContext } from '../reports/peers';
import {
  buildDiagnosis,
  buildHealth,
  buildLatency,
  buildNeighbours,
  buildThrottling,
  type ReportRequest,
} from '../reports';
import type { Store } from '../store';
import { parsed } from './parsed';

export interface ReportRouterOptions {
  store: Store;
  directory: EntityDirectory;
  visibility: Visibility;
  access: ReadAccess;
  services: KnownServices;
  catalog: CatalogService;
  httpAuth: HttpAuthService;
  now?: () => number;
}

export function createReportRouter(
  options: ReportRouterOptions,
): express.Router {
  const { store, directory, visibility, access, catalog } = options;
  const { httpAuth } = options;
  const now = options.now ?? Date.now;

  /** The entity as the reader sees it; 404 when the reader does not, 403 without `contention.read` on it. */
  async function readableEntity(
    request: Request,
    credentials: BackstageCredentials,
  ): Promise<Entity> {
    const { kind, namespace, name } = request.params;
    const entityRef = stringifyEntityRef({ kind, namespace, name });
    // Every page asks for it, and the catalog would be asked twice: what it is, and who may see it.
    const known = directory.entity(entityRef);
    const entity = known
      ? (await visibility.visible([entityRef], credentials)).has(entityRef) &&
        known
      : await catalog.getEntityByRef(entityRef, { credentials });
    if (!entity) {
      throw new NotFoundError(
        `There is no entity ${entityRef}, or you may not see it`,
      );
    }
    await access.require(entityRef, credentials);
    return entity;
  }

  async function prepare(
    request: Request,
  ): Promise<{ context: PeersContext; report: ReportRequest }> {
    // Before anything that takes its time: the range was asked for relative to this.
    const nowMs = now();
    const credentials = await httpAuth.credentials(request, {
      allow: ['user', 'service'],
    });
    const query = parsed(reportQuerySchema, request.query);
    const entity = await readableEntity(request, credentials);
    if (!directory.isLoaded) {
      throw new ServiceUnavailableError(
        'The catalog has not been read yet; try again in a few seconds',
      );
    }
    return {
      context: {
        store,
        directory,
        services: options.services,
        visible: refs => visibility.visible(refs, credentials),
        readable: async refs => (await access.of(refs, credentials)).readable,
      },
      report: {
        entity,
        claim: directory.claimOfEntity(entity),
        fromMs: query.from,
        toMs: query.to,
        stepMs: query.step && query.step * 1000,
        cluster: query.cluster,
        nowMs,
      },
    };
  }

  const router = Router();

  router.get('/openapi.json', (_request, response) => {
    response.json(buildOpenApiDocument());
  });

  router.get('/v1/health', async (request, response) => {
    const credentials = await httpAuth.credentials(request, {
      allow: ['user', 'service'],
    });
    // Whoever may read some entity may know that agents are there.
    await access.requireAny(credentials);
    response.json(await buildHealth(store, now()));
  });

  const entityPath = '/v1/entities/:kind/:namespace/:name';
  router.get(`${entityPath}/neighbours`, async (request, response) => {
    const direction = parsed(directionSchema, request.query.direction);
    const resource = parsed(resourceSchema, request.query.resource);
    const { context, report } = await prepare(request);
    response.json(await buildNeighbours(context, report, direction, resource));
  });
  router.get(`${entityPath}/throttling`, async (request, response) => {
    const { context, report } = await prepare(request);
    response.json(await buildThrottling(context, report));
  });
  router.get(`${entityPath}/latency`, async (request, response) => {
    const query = parsed(latencyQuerySchema, request.query);
    const { context, report } = await prepare(request);
    response.json(await buildLatency(context, report, query));
  });
  router.get(`${entityPath}/peers`, async (request, response) => {
    const { context, report } = await prepare(request);
    response.json(await buildPeers(context, report));
  });
  router.get(`${entityPath}/diagnosis`, async (request, response) => {
    const { context, report } = await prepare(request);
    response.json(await buildDiagnosis(context, report));
  });
  return router;
}
