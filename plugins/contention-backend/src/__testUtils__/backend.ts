/** A real backend for tests: this plugin on a database that lasts, a catalog in memory, tokens as the framework's mocks make them. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { databaseServiceFactory } from '@backstage/backend-defaults/database';
import {
  mockCredentials,
  mockServices,
  startTestBackend,
} from '@backstage/backend-test-utils';
import type { Entity } from '@backstage/catalog-model';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import type { JsonObject } from '@backstage/types';
import request from 'supertest';
import { contentionPlugin } from '../plugin';
import { testDatabase } from './database';

export const SUBJECT = 'external:test-service';

export function temporaryFolder(): { path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), 'contention-test-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

export interface TestBackendOptions {
  folder: string;
  entities?: Entity[];
  /** In place of one with `entities`. */
  catalog?: NonNullable<TestBackendOptions['features']>[number];
  contention?: JsonObject;
  kubernetes?: JsonObject;
  features?: Parameters<typeof startTestBackend>[0]['features'];
}

export async function startContentionBackend(options: TestBackendOptions) {
  const backend = await startTestBackend({
    features: [
      contentionPlugin,
      databaseServiceFactory,
      options.catalog ??
        catalogServiceMock.factory({ entities: options.entities ?? [] }),
      mockServices.rootConfig.factory({
        data: {
          backend: {
            database: testDatabase(options.folder),
          },
          ...(options.kubernetes ? { kubernetes: options.kubernetes } : {}),
          contention: {
            catalogRefresh: { milliseconds: 100 },
            ingest: { clusters: [{ subject: SUBJECT, cluster: 'demo' }] },
            ...options.contention,
          },
        },
      }),
      ...(options.features ?? []),
    ],
  });
  const { server } = backend;
  return {
    server,
    url: `http://127.0.0.1:${server.port()}/api/contention`,
    stop: () => backend.stop(),
    send: (body: object) =>
      request(server)
        .post('/api/contention/otlp/v1/metrics')
        .set('authorization', mockCredentials.service.header())
        .set('content-type', 'application/json')
        .send(JSON.stringify(body)),
    report: (
      entity: string,
      report: string,
      query: Record<string, string | number> = {},
    ) =>
      request(server)
        .get(
          `/api/contention/v1/entities/component/default/${entity}/${report}`,
        )
        .set('authorization', mockCredentials.user.header())
        .query(query),
  };
}

export function component(
  name: string,
  annotations: Record<string, string> = {
    'backstage.io/kubernetes-id': name,
  },
  owner?: string,
): Entity {
  return {
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'Component',
    metadata: { name, namespace: 'default', annotations },
    spec: { type: 'service' },
    relations: owner ? [{ type: 'ownedBy', targetRef: owner }] : [],
  };
}

export function group(name: string, displayName?: string): Entity {
  return {
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'Group',
    metadata: { name, namespace: 'default' },
    spec: {
      type: 'team',
      children: [],
      ...(displayName ? { profile: { displayName } } : {}),
    },
    relations: [],
  };
}
