/**
 * A real backend for tests of evidence: any database, a catalog that loses and hides entities, people in groups, a policy
 * that a test writes, and an audit log to look into.
 */
import {
  coreServices,
  createServiceFactory,
  type BackstageCredentials,
} from '@backstage/backend-plugin-api';
import {
  CATALOG_FILTER_EXISTS,
  type EntityFilterQuery,
} from '@backstage/catalog-client';
import {
  mockCredentials,
  mockServices,
  startTestBackend,
} from '@backstage/backend-test-utils';
import { stringifyEntityRef, type Entity } from '@backstage/catalog-model';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import type { JsonObject } from '@backstage/types';
import type { Knex } from 'knex';
import request from 'supertest';
import { contentionPlugin } from '../plugin';
import { KnexStore } from '../store';
import { SUBJECT } from './backend';

export interface World {
  entities: Entity[];
  /** References that a user does not see in the catalog. */
  hidden: Record<string, string[]>;
  /** Groups of a user. */
  groups: Record<string, string[]>;
  /** Everything is allowed where this says nothing. `resourceRef` is absent where the policy is asked without one. */
  policy(
    user: string,
    permission: string,
    resourceRef?: string,
  ): AuthorizeResult | undefined;
}

export interface AuditEntry {
  eventId: string;
  meta: JsonObject;
  outcome: 'success' | 'failure';
}

/** Who asks, of the options of a call. */
function userOf(options: object | undefined): string {
  const { credentials } = options as { credentials?: BackstageCredentials };
  const principal = credentials?.principal as
    { userEntityRef?: string } | undefined;
  return principal?.userEntityRef ?? 'service';
}

/** Whether an entity has the annotations that one of the filters asks for. */
function matches({ metadata }: Entity, filters: EntityFilterQuery = {}) {
  return [filters].flat().some(filter =>
    Object.entries(filter).every(([key, value]) => {
      const name = key.replace('metadata.annotations.', '');
      const annotation = metadata.annotations?.[name];
      return (
        annotation !== undefined &&
        (value === annotation || value === CATALOG_FILTER_EXISTS)
      );
    }),
  );
}

export async function startEvidenceBackend(
  knex: Knex,
  world: World,
  options: {
    evidence?: JsonObject;
    /** More below `contention`. */
    contention?: JsonObject;
    features?: Parameters<typeof startTestBackend>[0]['features'];
    config?: JsonObject;
  } = {},
) {
  const audit: AuditEntry[] = [];
  const isSeen = (entity: Entity | undefined, user: string) =>
    entity !== undefined &&
    !world.hidden[user]?.includes(stringifyEntityRef(entity));
  const find = (ref: string) =>
    world.entities.find(entity => stringifyEntityRef(entity) === ref);
  const catalog = catalogServiceMock.mock({
    queryEntities: async query => {
      const { filter } = query as { filter?: EntityFilterQuery };
      const items = world.entities.filter(entity => matches(entity, filter));
      return { items, totalItems: items.length, pageInfo: {} };
    },
    streamEntities: async function* stream(query) {
      yield world.entities.filter(entity => matches(entity, query?.filter));
    },
    getEntitiesByRefs: async ({ entityRefs }, asked) => ({
      items: entityRefs.map(ref => {
        const entity = find(ref);
        return isSeen(entity, userOf(asked)) ? entity : undefined;
      }),
    }),
    getEntityByRef: async (ref, asked) => {
      const entity = find(
        typeof ref === 'string'
          ? ref
          : `${ref.kind}:${ref.namespace}/${ref.name}`.toLowerCase(),
      );
      return isSeen(entity, userOf(asked)) ? entity : undefined;
    },
  });
  const permissions = mockServices.permissions.mock({
    authorize: async (requests, asked) =>
      requests.map(({ permission, resourceRef }) => ({
        result: (world.policy(userOf(asked), permission.name, resourceRef) ??
          AuthorizeResult.ALLOW) as never,
      })),
    authorizeConditional: async (requests, asked) =>
      requests.map(({ permission }) => ({
        result: (world.policy(userOf(asked), permission.name) ??
          AuthorizeResult.ALLOW) as never,
      })),
  });
  const userInfo = mockServices.userInfo.mock({
    getUserInfo: async credentials => ({
      userEntityRef: userOf({ credentials }),
      ownershipEntityRefs: [
        userOf({ credentials }),
        ...(world.groups[userOf({ credentials })] ?? []),
      ],
    }),
  });
  const auditor = mockServices.auditor.mock({
    createEvent: async ({ eventId, meta = {} }) => {
      const end =
        (outcome: AuditEntry['outcome']) =>
        async (more?: { meta?: JsonObject }) => {
          audit.push({ eventId, meta: { ...meta, ...more?.meta }, outcome });
        };
      return { success: end('success'), fail: end('failure') };
    },
  });
  const backend = await startTestBackend({
    features: [
      contentionPlugin,
      createServiceFactory({
        service: coreServices.database,
        deps: {},
        factory: () => ({ getClient: async () => knex }),
      }),
      catalog.factory,
      permissions.factory,
      userInfo.factory,
      auditor.factory,
      mockServices.httpAuth.factory({
        defaultCredentials: mockCredentials.none(),
      }),
      mockServices.rootConfig.factory({
        data: {
          contention: {
            catalogRefresh: { milliseconds: 100 },
            ingest: { clusters: [{ subject: SUBJECT, cluster: 'demo' }] },
            ...(options.evidence ? { evidence: options.evidence } : {}),
            ...options.contention,
          },
          ...options.config,
        },
      }),
      ...(options.features ?? []),
    ],
  });
  const { server } = backend;
  const base = '/api/contention/v1';
  return {
    server,
    audit,
    stop: () => backend.stop(),
    send: (body: object) =>
      request(server)
        .post('/api/contention/otlp/v1/metrics')
        .set('authorization', mockCredentials.service.header())
        .set('content-type', 'application/json')
        .send(JSON.stringify(body)),
    /** With the token of a user. */
    get: (user: string, path: string) =>
      request(server)
        .get(`${base}${path}`)
        .set('authorization', mockCredentials.user.header(user)),
    post: (user: string, path: string, body: object) =>
      request(server)
        .post(`${base}${path}`)
        .set('authorization', mockCredentials.user.header(user))
        .send(body),
    remove: (user: string, path: string) =>
      request(server)
        .delete(`${base}${path}`)
        .set('authorization', mockCredentials.user.header(user)),
    /** A plain link in a browser of somebody who is signed in to the portal. */
    link: (user: string, path: string) =>
      request(server)
        .get(`${base}${path}`)
        .set('cookie', mockCredentials.limitedUser.cookie(user)),
  };
}

/** Retention, long after. */
export async function purgeEverything(knex: Knex): Promise<void> {
  const store = new KnexStore(
    knex,
    { rawMs: 1, minuteMs: 1, quarterMs: 1 },
    { namesMs: 1, maxNames: 1 },
  );
  const muchLater = Date.now() + 1000 * 24 * 3_600_000;
  await store.rollUp(muchLater);
  await store.purge(muchLater);
}
