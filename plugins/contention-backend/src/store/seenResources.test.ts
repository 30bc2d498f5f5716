/** What a store answers from memory about who was there. */
import type { DatabaseService } from '@backstage/backend-plugin-api';
import { TestDatabases } from '@backstage/backend-test-utils';
import { METRIC } from 'backstage-plugin-contention-common';
import type { Knex } from 'knex';
import { KnexStore } from './KnexStore';
import { RESOURCES_FRESH_MS, type Batch } from './Store';

jest.setTimeout(120_000);

const HOUR = 3_600_000;
const BASE = Date.UTC(2026, 10, 21, 10, 0);
const kept = { rawMs: 6 * HOUR, minuteMs: 72 * HOUR, quarterMs: 720 * HOUR };
const databases = TestDatabases.create({
  ids: ['SQLITE_3', 'POSTGRES_15', 'POSTGRES_18'],
});

/** Ten seconds of CPU time of a pod. */
function seen(pod: string, endMs: number): Batch {
  return {
    series: [
      {
        cluster: 'demo',
        node: 'node-a',
        resource: { 'k8s.pod.name': pod, 'k8s.pod.ip': '10.0.0.1' },
        metric: METRIC.cpuTime,
        aggregation: 'sum',
        attributes: {},
        temporality: 'delta',
        points: [{ startMs: endMs - 10_000, endMs, value: 1 }],
      },
    ],
  };
}

describe.each(databases.eachSupportedId())('resources on %s', id => {
  let store: KnexStore;
  /** Another backend on the same database. */
  let other: KnexStore;
  let nowMs: number;

  beforeEach(async () => {
    const knex: Knex = await databases.init(id);
    const service = { getClient: async () => knex } as DatabaseService;
    await KnexStore.create(service, kept);
    nowMs = BASE;
    const clock = () => nowMs;
    store = new KnexStore(knex, kept, undefined, clock);
    other = new KnexStore(knex, kept, undefined, clock);
  });

  const podsIn = async (fromMs: number, toMs: number) =>
    (await store.resources({ fromMs, toMs })).map(
      ({ attributes }) => attributes['k8s.pod.name'],
    );

  it('that came with data are there at once', async () => {
    await store.ingest(seen('first', BASE), BASE);
    expect(await podsIn(BASE - HOUR, BASE)).toEqual(['first']);
    await store.ingest(seen('second', BASE), BASE);
    expect(await podsIn(BASE - HOUR, BASE)).toEqual(['first', 'second']);
  });

  it('that come back are there at once, and those that come late are, too', async () => {
    await store.ingest(seen('first', BASE), BASE);
    await podsIn(BASE - HOUR, BASE);
    await store.ingest(seen('first', BASE + 2 * HOUR), BASE + 2 * HOUR);
    expect(await podsIn(BASE + HOUR, BASE + 3 * HOUR)).toEqual(['first']);
    await store.ingest(seen('first', BASE - 2 * HOUR), BASE);
    expect(await podsIn(BASE - 3 * HOUR, BASE - HOUR)).toEqual(['first']);
  });

  it('that another backend wrote are there within seconds', async () => {
    await store.ingest(seen('first', BASE), BASE);
    await podsIn(BASE - HOUR, BASE);
    await other.ingest(seen('second', BASE), BASE);
    nowMs += RESOURCES_FRESH_MS;
    expect(await podsIn(BASE - HOUR, BASE)).toEqual(['first', 'second']);
  });

  it('are those of the range and of the nodes, whatever was asked before', async () => {
    await store.ingest(seen('first', BASE - 5 * HOUR), BASE);
    await store.ingest(seen('second', BASE), BASE);
    expect(await podsIn(BASE - HOUR, BASE)).toEqual(['second']);
    expect(await podsIn(BASE - 6 * HOUR, BASE)).toEqual(['first', 'second']);
    expect(await podsIn(BASE - 6 * HOUR, BASE - 4 * HOUR)).toEqual(['first']);
    expect(await podsIn(BASE - HOUR, BASE)).toEqual(['second']);
    const nowhere = [{ cluster: 'demo', node: 'node-b' }];
    const range = { fromMs: BASE - HOUR, toMs: BASE };
    expect(await store.resources({ ...range, nodes: nowhere })).toEqual([]);
    const [one] = await store.resources(range);
    expect(one.podIp).toBe('10.0.0.1');
  });
});
