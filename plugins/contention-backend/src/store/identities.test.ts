import type { DatabaseService } from '@backstage/backend-plugin-api';
import { TestDatabases } from '@backstage/backend-test-utils';
import { METRIC } from 'backstage-plugin-contention-common';
import type { Knex } from 'knex';
import type { Attributes } from '../otlp';
import { KnexStore } from './KnexStore';
import type { NameRetention } from './Store';

jest.setTimeout(120_000);

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const BASE = Math.floor(1_763_700_000_000 / HOUR) * HOUR;
const kept = { rawMs: 6 * HOUR, minuteMs: 3 * DAY, quarterMs: 30 * DAY };

const CONTAINER_ID = 'ab9'.padEnd(64, '0');

const pod: Attributes = {
  'k8s.namespace.name': 'shop',
  'k8s.pod.name': 'checkout-5d8f7c9b64-x2x4z',
  'k8s.pod.uid': 'uid-1',
  'k8s.pod.ip': '10.0.0.5',
  'k8s.deployment.name': 'checkout',
  'k8s.pod.label.backstage.io/kubernetes-id': 'checkout',
  'contention.cgroup.path': '/kubepods/poduid-1',
};
const container: Attributes = {
  ...pod,
  'k8s.container.name': 'app',
  'container.id': CONTAINER_ID,
  'container.image.name': 'shop/checkout',
};

const databases = TestDatabases.create({
  ids: ['SQLITE_3', 'POSTGRES_15', 'POSTGRES_18'],
});

describe.each(databases.eachSupportedId())('names on %s', id => {
  let knex: Knex;
  let store: KnexStore;
  const service = (): DatabaseService => ({ getClient: async () => knex });
  const open = async (names?: NameRetention) => {
    store = await KnexStore.create(service(), kept, names);
  };

  beforeEach(async () => {
    knex = await databases.init(id);
    await open();
  });

  const see = (resource: Attributes, atMs: number, node = 'node-a') =>
    store.ingest(
      {
        series: [
          {
            cluster: 'demo',
            node,
            resource,
            metric: METRIC.cpuTime,
            aggregation: 'sum',
            attributes: {},
            temporality: 'delta',
            points: [{ startMs: atMs - 10_000, endMs: atMs, value: 1 }],
          },
        ],
      },
      atMs,
    );
  const pods = async (name: string) =>
    store.identities({ by: { type: 'pod', pod: name } });

  it.each([
    ['a pod', { type: 'pod', pod: 'checkout-5d8f7c9b64-x2x4z' }],
    ['an address', { type: 'ip', ip: '10.0.0.5' }],
    ['a container', { type: 'container', id: CONTAINER_ID }],
    [
      'the first digits of one, the last of which is a 9',
      { type: 'container-prefix', prefix: 'ab9' },
    ],
    ['a workload', { type: 'workload', workload: 'checkout' }],
    ['a node', { type: 'node', node: 'node-a' }],
  ] as const)('are found by %s as soon as they are seen', async (_, by) => {
    await see(container, BASE);
    await see(
      {
        ...container,
        'container.id': 'aba'.padEnd(64, '0'),
        'k8s.pod.name': 'x',
        'k8s.pod.ip': '10.0.0.6',
        'k8s.deployment.name': 'x',
      },
      BASE,
      'node-b',
    );
    const found = await store.identities({ by });
    expect(found).toHaveLength(1);
    expect(found[0]).toMatchObject({
      cluster: 'demo',
      node: 'node-a',
      firstSeenMs: BASE - 10_000,
      lastSeenMs: BASE,
      attributes: {
        'k8s.pod.name': 'checkout-5d8f7c9b64-x2x4z',
        'k8s.pod.label.backstage.io/kubernetes-id': 'checkout',
      },
    });
    // A new image is no new name.
    expect(found[0].attributes).not.toHaveProperty(['container.image.name']);
  });

  it('know when somebody was last seen, with and without its data', async () => {
    await see(container, BASE);
    await pods('checkout-5d8f7c9b64-x2x4z');
    await see(container, BASE + 2 * HOUR);
    const seen = async () =>
      (await pods('checkout-5d8f7c9b64-x2x4z')).map(
        ({ firstSeenMs, lastSeenMs }) => [firstSeenMs, lastSeenMs],
      );
    const life = [[BASE - 10_000, BASE + 2 * HOUR]];
    expect(await seen()).toEqual(life);
    await store.rollUp(BASE + 200 * DAY);
    await store.purge(BASE + 200 * DAY);
    expect(await store.health()).toMatchObject({ resources: 0, series: 0 });
    expect(await seen()).toEqual(life);
  });

  it('of a new image and an old one are the same', async () => {
    await see(container, BASE);
    await see({ ...container, 'container.image.tags': '2' }, BASE + HOUR);
    expect(await pods('checkout-5d8f7c9b64-x2x4z')).toHaveLength(1);
  });

  it('are forgotten at last, and never while there is data', async () => {
    await open({ namesMs: 10 * DAY, maxNames: 1000 });
    await see(container, BASE);
    await store.purge(BASE + 20 * DAY);
    expect(await pods('checkout-5d8f7c9b64-x2x4z')).toHaveLength(1);
    await store.purge(BASE + 40 * DAY);
    expect(await pods('checkout-5d8f7c9b64-x2x4z')).toEqual([]);
  });

  it('are bounded in number: who was seen longest ago goes first', async () => {
    await open({ namesMs: 400 * DAY, maxNames: 2 });
    for (const [index, name] of ['a', 'b', 'c', 'd'].entries()) {
      await see({ ...pod, 'k8s.pod.name': name }, BASE + index * DAY);
    }
    await store.purge(BASE + 60 * DAY);
    const left = await store.identities({
      by: { type: 'workload', workload: 'checkout' },
    });
    expect(
      left.map(({ attributes }) => attributes['k8s.pod.name']).sort(),
    ).toEqual(['c', 'd']);
  });

  it('of workloads are listed once each, with the latest that carried it', async () => {
    await see({ ...pod, 'k8s.pod.name': 'old' }, BASE);
    await pods('old');
    await see({ ...pod, 'k8s.pod.name': 'new' }, BASE + HOUR);
    const [latest] = await pods('new');
    expect(await store.workloadNames()).toEqual([
      {
        cluster: 'demo',
        namespace: 'shop',
        workload: 'checkout',
        identityId: latest.id,
      },
    ]);
  });

  it('are not taken of what names nobody', async () => {
    await see({ 'contention.cgroup.path': '/user.slice' }, BASE);
    await see({ 'k8s.pod.uid': 'u', 'container.id': CONTAINER_ID }, BASE);
    expect(
      await store.identities({ by: { type: 'node', node: 'node-a' } }),
    ).toEqual([]);
  });

  it('came with a migration that can be taken back', async () => {
    await see(container, BASE);
    await knex.migrate.down({
      directory: `${__dirname}/../../migrations`,
      name: '20261124000000_identities.js',
    } as never);
    expect(await store.resources({ fromMs: 0, toMs: BASE * 2 })).toHaveLength(
      1,
    );
    await open();
    expect(await pods('checkout-5d8f7c9b64-x2x4z')).toHaveLength(1);
  });
});
