/**
 * A backend whose tokens, catalog and permission policy are the framework's own, not mocks: people sign in by a header
 * (as behind a proxy), own things through their groups, and a policy answers with conditions.
 */
import { createBackendModule } from '@backstage/backend-plugin-api';
import { authServiceFactory } from '@backstage/backend-defaults/auth';
import { databaseServiceFactory } from '@backstage/backend-defaults/database';
import { httpAuthServiceFactory } from '@backstage/backend-defaults/httpAuth';
import { httpRouterServiceFactory } from '@backstage/backend-defaults/httpRouter';
import { permissionsServiceFactory } from '@backstage/backend-defaults/permissions';
import { permissionsRegistryServiceFactory } from '@backstage/backend-defaults/permissionsRegistry';
import { schedulerServiceFactory } from '@backstage/backend-defaults/scheduler';
import { userInfoServiceFactory } from '@backstage/backend-defaults/userInfo';
import { mockServices, startTestBackend } from '@backstage/backend-test-utils';
import {
  ANNOTATION_LOCATION,
  ANNOTATION_ORIGIN_LOCATION,
  type Entity,
} from '@backstage/catalog-model';
import authPlugin from '@backstage/plugin-auth-backend';
import {
  authProvidersExtensionPoint,
  createProxyAuthenticator,
  createProxyAuthProviderFactory,
} from '@backstage/plugin-auth-node';
import catalogPlugin from '@backstage/plugin-catalog-backend';
import { catalogProcessingExtensionPoint } from '@backstage/plugin-catalog-node';
import permissionPlugin from '@backstage/plugin-permission-backend';
import type { PermissionPolicy } from '@backstage/plugin-permission-node';
import { policyExtensionPoint } from '@backstage/plugin-permission-node/alpha';
import type { JsonObject } from '@backstage/types';
import request from 'supertest';
import { contentionPlugin } from '../plugin';
import { testDatabase } from './database';

/** Whoever says in this header who they are is believed. */
const WHO = 'x-test-user';

const signIn = createBackendModule({
  pluginId: 'auth',
  moduleId: 'test-sign-in',
  register(env) {
    env.registerInit({
      deps: { providers: authProvidersExtensionPoint },
      async init({ providers }) {
        providers.registerProvider({
          providerId: 'test',
          factory: createProxyAuthProviderFactory<{ user: string }>({
            authenticator: createProxyAuthenticator({
              defaultProfileTransform: async () => ({ profile: {} }),
              initialize: () => undefined,
              authenticate: async ({ req }) => ({
                result: { user: String(req.header(WHO)) },
              }),
            }),
            signInResolver: ({ result }, context) =>
              context.signInWithCatalogUser({
                entityRef: { name: result.user },
              }),
          }),
        });
      },
    });
  },
});

/** Entities that can be exchanged while the backend runs. */
export class TestEntities {
  private apply: ((entities: Entity[]) => Promise<void>) | undefined;

  constructor(private entities: Entity[]) {}

  async replace(entities: Entity[]): Promise<void> {
    this.entities = entities;
    await this.apply?.(entities);
  }

  readonly feature = createBackendModule({
    pluginId: 'catalog',
    moduleId: 'test-entities',
    register: env =>
      env.registerInit({
        deps: { catalog: catalogProcessingExtensionPoint },
        init: async ({ catalog }) => {
          catalog.addEntityProvider({
            getProviderName: () => 'test',
            connect: async connection => {
              this.apply = async entities => {
                const location = 'url:https://example.test/catalog.yaml';
                await connection.applyMutation({
                  type: 'full',
                  entities: entities.map(entity => ({
                    locationKey: 'test',
                    entity: {
                      ...entity,
                      metadata: {
                        ...entity.metadata,
                        annotations: {
                          [ANNOTATION_LOCATION]: location,
                          [ANNOTATION_ORIGIN_LOCATION]: location,
                          ...entity.metadata.annotations,
                        },
                      },
                    },
                  })),
                });
              };
              await this.apply(this.entities);
            },
          });
        },
      }),
  });
}

export interface RealBackendOptions {
  folder: string;
  entities: Entity[];
  policy: PermissionPolicy;
  contention?: JsonObject;
  /** `backend.auth.externalAccess`. */
  externalAccess?: JsonObject[];
  features?: NonNullable<Parameters<typeof startTestBackend>[0]['features']>;
}

export async function startRealBackend(options: RealBackendOptions) {
  const { policy, folder } = options;
  const entities = new TestEntities(options.entities);
  const policyModule = createBackendModule({
    pluginId: 'permission',
    moduleId: 'test-policy',
    register: env =>
      env.registerInit({
        deps: { policies: policyExtensionPoint },
        init: async ({ policies }) => policies.setPolicy(policy),
      }),
  });
  const backend = await startTestBackend({
    features: [
      authServiceFactory,
      databaseServiceFactory,
      httpAuthServiceFactory,
      httpRouterServiceFactory,
      permissionsServiceFactory,
      permissionsRegistryServiceFactory,
      schedulerServiceFactory,
      userInfoServiceFactory,
      mockServices.rootConfig.factory({
        data: {
          app: { baseUrl: 'http://localhost:3000' },
          auth: { providers: { test: {} }, environment: 'test' },
          backend: {
            baseUrl: 'http://localhost:7007',
            auth: { externalAccess: options.externalAccess ?? [] },
            database: testDatabase(folder),
          },
          permission: { enabled: true },
          catalog: { processingInterval: { seconds: 1 } },
          contention: {
            catalogRefresh: { milliseconds: 200 },
            ...options.contention,
          },
        },
      }),
      authPlugin,
      signIn,
      catalogPlugin,
      entities.feature,
      permissionPlugin,
      policyModule,
      contentionPlugin,
      ...(options.features ?? []),
    ],
  });
  const { server } = backend;
  return {
    server,
    entities,
    stop: () => backend.stop(),
    /** The token of somebody who has just signed in. */
    async tokenOf(user: string): Promise<string> {
      const { body } = await request(server)
        .get('/api/auth/test/refresh')
        .set(WHO, user)
        .expect(200);
      return body.backstageIdentity.token;
    },
  };
}
