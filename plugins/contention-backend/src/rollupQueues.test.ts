/** Roll-ups of packets: whose stood behind whose, over the services of a system or a team, also when only roll-ups are left. */
import { mockCredentials } from '@backstage/backend-test-utils';
import type { Entity } from '@backstage/catalog-model';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import {
  ATTRIBUTE,
  pairsReportSchema,
} from 'backstage-plugin-contention-common';
import request from 'supertest';
import {
  component,
  group,
  startContentionBackend,
  temporaryFolder,
} from './__testUtils__/backend';
import { pluginKnex } from './__testUtils__/database';
import { rollUpAll } from './store/knex/rollUp';
import * as otlp from './__testUtils__/otlp';

jest.setTimeout(120_000);

const orders = otlp.container('orders');
const cart = otlp.container('cart', { node: 'node-b' });
const shipper = otlp.container('log-shipper');
const SELF = { [ATTRIBUTE.culpritKind]: 'self' };

const inShop = (entity: Entity): Entity => ({
  ...entity,
  relations: [
    ...(entity.relations ?? []),
    { type: 'partOf', targetRef: 'system:default/shop' },
  ],
});

const entities: Entity[] = [
  inShop(component('orders', undefined, 'group:default/payments')),
  inShop(component('cart', undefined, 'group:default/payments')),
  component('log-shipper', undefined, 'group:default/platform'),
  component('idle', undefined, 'group:default/idlers'),
  {
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'System',
    metadata: { name: 'shop', namespace: 'default' },
    spec: { owner: 'payments' },
    relations: [],
  },
  group('payments', 'Payments'),
  group('platform', 'Platform'),
  group('idlers', 'Idlers'),
];

/** Ten minutes: packets of orders stand behind those of log-shipper, those of cart behind each other. */
function story(nowMs: number) {
  return Array.from({ length: 60 }, (_, index) => {
    const startMs = nowMs - (60 - index) * 10_000;
    const span = { startMs, endMs: startMs + 10_000 };
    return otlp.request(
      otlp.queue(orders, span, {
        interfaceName: 'uplink',
        packets: new Array(100).fill(0.014),
        behind: [
          { seconds: 1.2, by: otlp.blamed(shipper) },
          { seconds: 0.2, by: SELF },
        ],
        io: { transmit: 1_000_000 },
      }),
      otlp.queue(cart, span, {
        packets: new Array(100).fill(0.02),
        behind: [{ seconds: 2, by: SELF }],
        io: { transmit: 1_000_000 },
      }),
      otlp.queue(shipper, span, {
        interfaceName: 'uplink',
        packets: [],
        behind: [],
        io: { transmit: 12_000_000 },
      }),
      ...[
        orders,
        cart,
        shipper,
        otlp.container('idle', { node: 'node-c' }),
      ].map(of => otlp.interval(of, span, { cpuSeconds: 1, waits: [] })),
    );
  });
}

async function withStory(
  options: Partial<Parameters<typeof startContentionBackend>[0]> = {},
) {
  const folder = temporaryFolder();
  const backend = await startContentionBackend({
    folder: folder.path,
    entities,
    contention: { catalogRefresh: { milliseconds: 100 } },
    ...options,
  });
  const nowMs = Math.floor(Date.now() / 60_000) * 60_000;
  for (const body of story(nowMs)) await backend.send(body).expect(200);
  const get = (path: string, query: object = {}) =>
    request(backend.server)
      .get(`/api/contention/v1/entities/${path}/pairs`)
      .set('authorization', mockCredentials.user.header())
      .query({
        from: nowMs - 600_000,
        to: nowMs,
        resource: 'network',
        ...query,
      });
  for (let tries = 0; tries < 100; tries++) {
    if ((await get('system/default/shop')).status !== 503) break;
    await new Promise(resolve => setTimeout(resolve, 50));
  }
  return {
    folder,
    nowMs,
    get,
    pairs: async (path: string, query: object = {}) =>
      pairsReportSchema.parse((await get(path, query).expect(200)).body),
    stop: async () => {
      await backend.stop();
      folder.remove();
    },
  };
}

describe('a roll-up of packets', () => {
  let told: Awaited<ReturnType<typeof withStory>>;
  beforeAll(async () => {
    told = await withStory();
  });
  afterAll(() => told.stop());

  it('of a system says how long packets of its services stood, behind whose, and where', async () => {
    const report = await told.pairs('system/default/shop');
    expect(report.resource).toBe('network');
    expect(report.verdict).toMatchObject({
      cause: 'neighbour',
      severity: 'serious',
      resource: 'network',
    });
    expect(report.verdict.sentence.text).toMatch(
      /^Packets of `shop`'s services stood 17 ms on average in queues of devices (in|from) .*; 35 % of that behind `log-shipper` \(team Platform\) on node-a\. It sent 9\.6 Mbit\/s there on average\.$/,
    );
    expect(report.total).toMatchObject({
      neighbourSeconds: expect.closeTo(72, 3),
      wantedSeconds: 0,
      packets: 12_000,
      pairs: 1,
    });
    expect(report.pairs).toEqual([
      expect.objectContaining({
        node: 'node-a',
        delaySeconds: expect.closeTo(0.012, 4),
        transmitMean: expect.closeTo(1_200_000, -3),
        interfaces: ['uplink'],
        entitlement: 'unknown',
      }),
    ]);
    expect(report.pairs[0].cpuMean).toBeUndefined();
  });

  it('draws a trend that adds up to its pairs', async () => {
    const { layers, axis, total } = await told.pairs('system/default/shop');
    const drawn = layers
      .flatMap(({ values }) => values)
      .reduce<number>((sum, value) => sum + (value ?? 0), 0);
    expect(layers.map(({ label }) => label)).toEqual(['log-shipper']);
    expect(drawn * axis.stepSeconds).toBeCloseTo(total.neighbourSeconds, 3);
  });

  it('does not call it a matter of a service what its own packets do to each other', async () => {
    const { members } = await told.pairs('system/default/shop');
    expect(
      members.map(({ entity, main, severity, packets, waitSeconds }) => [
        entity.title,
        main,
        severity,
        packets,
        waitSeconds,
      ]),
    ).toEqual([
      ['orders', 'neighbour', 'serious', 6_000, expect.closeTo(84, 2)],
      ['cart', undefined, 'none', 6_000, expect.closeTo(120, 2)],
    ]);
  });

  it('of a team says whose packets stood behind those of its services', async () => {
    const report = await told.pairs('group/default/platform', {
      direction: 'caused',
    });
    expect(report.verdict).toMatchObject({
      cause: 'neighbour',
      severity: 'notice',
      resource: 'network',
    });
    expect(report.verdict.sentence.text).toMatch(
      /^Packets of others stood 12 ms on average behind those of `Platform`'s service (in|from) .*; 100 % of that behind `log-shipper` \(team Platform\) on node-a\. It sent 9\.6 Mbit\/s there on average\.$/,
    );
    expect(report.members[0]).toMatchObject({
      causedSeconds: expect.closeTo(72, 3),
    });
  });

  it('says that it does not know where no agent measured the network', async () => {
    const { verdict, confidence } = await told.pairs('group/default/idlers');
    expect(verdict).toMatchObject({ cause: 'no-data', severity: 'none' });
    expect(verdict.sentence.text).toMatch(
      /^Whether packets of `Idlers`'s service stood in queues is not known: no agent there measured it /,
    );
    expect(confidence.missing[0]).toMatch(/^On node-c no agent measured/);
  });

  it('leaves the roll-up of CPUs as it was, and refuses what it does not know', async () => {
    const report = await told.pairs('system/default/shop', { resource: 'cpu' });
    expect(report.resource).toBe('cpu');
    expect(report.verdict.cause).toBe('quiet');
    expect(report.pairs).toEqual([]);
    expect(report.total.packets).toBeUndefined();
    await told.get('system/default/shop', { resource: 'disk' }).expect(400);
  });

  it('says the same when points are gone and only roll-ups are left', async () => {
    const before = await told.pairs('system/default/shop');
    const knex = pluginKnex(told.folder.path);
    await rollUpAll(knex, told.nowMs + 7_200_000);
    await knex('contention_points').delete();
    await knex.destroy();
    const after = await told.pairs('system/default/shop');
    expect(after.verdict).toEqual(before.verdict);
    expect(after.total).toMatchObject({
      packets: before.total.packets,
      neighbourSeconds: expect.closeTo(before.total.neighbourSeconds, 6),
      waitSeconds: expect.closeTo(before.total.waitSeconds, 6),
    });
    expect(after.pairs).toEqual(
      before.pairs.map(pair => ({
        ...pair,
        waitSeconds: expect.closeTo(pair.waitSeconds, 6),
        share: expect.closeTo(pair.share, 6),
        delaySeconds: expect.closeTo(pair.delaySeconds!, 6),
      })),
    );
  });
});

it('names nobody in a roll-up of packets whom the reader may not see', async () => {
  const real = catalogServiceMock({ entities });
  const hidden = ['component:default/log-shipper', 'group:default/platform'];
  const catalog = catalogServiceMock.mock({
    streamEntities: (...args) => real.streamEntities(...args),
    getEntitiesByRefs: async (query, options) => {
      const answer = await real.getEntitiesByRefs(query, options);
      const { principal } = (
        options as unknown as { credentials: { principal: { type: string } } }
      ).credentials;
      return principal.type === 'user'
        ? {
            items: answer.items.map((item, index) =>
              hidden.includes(query.entityRefs[index]) ? undefined : item,
            ),
          }
        : answer;
    },
    getEntityByRef: async (...args) => real.getEntityByRef(...args),
  });
  const told = await withStory({ catalog: catalog.factory });
  const report = await told.pairs('system/default/shop');
  expect(report.pairs[0]).toMatchObject({
    waitSeconds: expect.closeTo(72, 3),
    culprit: { redacted: true, entities: [] },
  });
  expect(JSON.stringify(report)).not.toMatch(/log-shipper|platform/i);
  await told.stop();
});
