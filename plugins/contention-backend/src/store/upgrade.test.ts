import { resolve } from 'node:path';
import { TestDatabases } from '@backstage/backend-test-utils';
import { METRIC } from 'backstage-plugin-contention-common';
import type { Knex } from 'knex';
import { KnexStore } from './KnexStore';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const directory = resolve(__dirname, '../../migrations');

/** An hour begins then. */
const BASE = 1_700_000_000_000 - (1_700_000_000_000 % HOUR);

/** What it holds begins a quarter earlier: of the oldest one a part may be forgotten already, so it is not made anew. */
const OLDEST = BASE - 15 * MINUTE;

const databases = TestDatabases.create({
  ids: ['SQLITE_3', 'POSTGRES_15', 'POSTGRES_18'],
});

/** What the first release stored of one container: two hours and a quarter in windows of a minute and of a quarter. */
async function asTheFirstRelease(knex: Knex) {
  await knex.migrate.up({ directory });
  await knex('contention_resources').insert({
    hash: 'r'.repeat(43),
    cluster: 'demo',
    node: 'node-a',
    attributes: JSON.stringify([
      ['k8s.cluster.name', 'demo'],
      ['k8s.container.name', 'app'],
      ['k8s.namespace.name', 'shop'],
      ['k8s.pod.name', 'checkout-1'],
    ]),
    first_seen_ms: OLDEST,
    last_seen_ms: BASE + 2 * HOUR,
  });
  await knex('contention_series').insert({
    hash: 's'.repeat(43),
    resource_id: 1,
    metric: METRIC.cpuTime,
    attributes: '[]',
  });
  const windows = (widthMs: number, value: number) =>
    Array.from(
      { length: (BASE + 2 * HOUR - OLDEST) / widthMs },
      (_, index) => ({
        series_id: 1,
        start_ms: OLDEST + index * widthMs,
        value,
      }),
    );
  await knex('contention_minutes').insert(windows(MINUTE, 2));
  await knex('contention_quarters').insert(windows(15 * MINUTE, 30));
}

describe.each(databases.eachSupportedId())(
  'a database of the first release on %s',
  id => {
    it.each([
      ['five minutes', 5 * MINUTE],
      ['a quarter of an hour', 15 * MINUTE],
      ['an hour', HOUR],
    ])('is drawn in windows of %s with all that it held', async (_, stepMs) => {
      const knex = await databases.init(id);
      await asTheFirstRelease(knex);
      const store = await KnexStore.create(
        { getClient: async () => knex },
        { rawMs: 6 * HOUR, minuteMs: 3 * DAY, quarterMs: 30 * DAY },
      );
      await store.rollUp(BASE + 2 * HOUR);
      const resources = await store.resources({
        fromMs: BASE,
        toMs: BASE + 2 * HOUR,
      });
      expect(resources.map(({ node }) => node)).toEqual(['node-a']);
      const series = await store.series({
        resourceIds: resources.map(resource => resource.id),
        metrics: [METRIC.cpuTime],
      });
      const [{ values }] = await store.read(series, {
        startMs: BASE,
        stepMs,
        count: (2 * HOUR) / stepMs,
      });
      expect(values).toEqual(
        Array.from(
          { length: (2 * HOUR) / stepMs },
          () => (stepMs / MINUTE) * 2,
        ),
      );
    });
  },
);
