/**
 * The question of a link in a ticket, asked of a real store and a real directory whose clock a test sets: months pass at once.
 */
import type { DatabaseService } from '@backstage/backend-plugin-api';
import { mockCredentials, mockServices } from '@backstage/backend-test-utils';
import type { Entity } from '@backstage/catalog-model';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import {
  METRIC,
  resolveAnswerSchema,
  resolveQuerySchema,
  type ResolveAnswer,
} from 'backstage-plugin-contention-common';

import { EntityDirectory, Visibility } from '../attribution';
import type { Attributes } from '../otlp';
import { resolve } from '../resolve';
import { KnexStore } from '../store';
import { testKnex } from './database';

export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;
/** Ten o'clock of the incident. */
export const TEN = Date.parse('2026-11-21T10:00:00Z');

export interface Resolving {
  /** The backend's clock. */
  nowMs: number;
  /** Somebody ran from one moment to another. */
  ran(
    resource: Attributes,
    fromMs: number,
    toMs: number,
    where?: { node?: string; cluster?: string },
  ): Promise<void>;
  /** What a reader is told who may see all, or all but some. */
  ask(
    question: Record<string, string>,
    hidden?: readonly string[],
  ): Promise<ResolveAnswer>;
  /** Rolls up and forgets, as the tasks do. */
  pass(toMs: number): Promise<void>;
  store: KnexStore;
  close(): Promise<void>;
}

export async function resolving(entities: Entity[]): Promise<Resolving> {
  const knex = await testKnex();
  const store = await KnexStore.create(
    { getClient: async () => knex } as DatabaseService,
    { rawMs: 6 * HOUR, minuteMs: 3 * DAY, quarterMs: 30 * DAY },
  );
  const catalog = catalogServiceMock({ entities });
  const auth = mockServices.auth();
  const directory = new EntityDirectory({
    catalog,
    auth,
    logger: mockServices.logger.mock(),
    locator: 'multiTenant',
    refreshEveryMs: 60_000,
  });
  await directory.refresh();
  const credentials = mockCredentials.user();
  const self: Resolving = {
    nowMs: TEN + 20 * 60_000,
    store,
    async ran(resource, fromMs, toMs, where = {}) {
      const { node = 'node-a', cluster = 'demo' } = where;
      await store.ingest(
        {
          series: [
            {
              cluster,
              node,
              resource,
              metric: METRIC.cpuTime,
              aggregation: 'sum',
              attributes: { 'cpu.mode': 'user' },
              temporality: 'delta',
              points: Array.from(
                { length: Math.ceil((toMs - fromMs) / 60_000) },
                (_, minute) => ({
                  startMs: fromMs + minute * 60_000,
                  endMs: Math.min(fromMs + (minute + 1) * 60_000, toMs),
                  value: 1,
                }),
              ),
            },
          ],
        },
        toMs,
      );
    },
    async ask(question, hidden = []) {
      const visibility = new Visibility({ catalog, auth });
      const visible = async (refs: readonly string[]) =>
        new Set(
          [...(await visibility.visible(refs, credentials))].filter(
            ref => !hidden.includes(ref),
          ),
        );
      return resolveAnswerSchema.parse(
        JSON.parse(
          JSON.stringify(
            await resolve(
              {
                store,
                directory,
                nowMs: self.nowMs,
                baseUrl: 'https://portal.example',
                visible,
                readable: visible,
                entities: async refs =>
                  (
                    await catalog.getEntitiesByRefs(
                      { entityRefs: [...refs] },
                      { credentials },
                    )
                  ).items,
              },
              resolveQuerySchema.parse(question),
            ),
          ),
        ),
      );
    },
    async pass(toMs) {
      await store.rollUp(toMs);
      await store.purge(toMs);
      self.nowMs = toMs;
    },
    close: () => knex.destroy(),
  };
  return self;
}
