/** Nodes and packets: whose stood behind whose, by device, from OTLP to the answer of every reader. */
import { mockCredentials, mockServices } from '@backstage/backend-test-utils';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import {
  ATTRIBUTE,
  nodeReportSchema,
  nodesReportSchema,
  type NodeReport,
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
const secret = otlp.container('secret');
const shipper = otlp.container('log-shipper');
const bystander = otlp.container('bystander', { node: 'node-b' });
const old = otlp.container('old', { node: 'node-c' });

const INTERVALS = 60;
const SPAN_MS = INTERVALS * 10_000;

const packets = (count: number, seconds: number) =>
  new Array<number>(count).fill(seconds);

/**
 * Ten minutes of node-a. In the second half, packets of orders stand behind those of log-shipper at `uplink`, and those of
 * secret, too; at `eth0` those of orders stand behind each other. On node-b packets pass without standing; the agent of
 * node-c measures nothing of the network.
 */
function story(nowMs: number) {
  return Array.from({ length: INTERVALS }, (_, index) => {
    const startMs = nowMs - SPAN_MS + index * 10_000;
    const span = { startMs, endMs: startMs + 10_000 };
    const isBad = index >= INTERVALS / 2;
    const behind = (seconds: number) =>
      isBad ? [{ seconds, by: otlp.blamed(shipper) }] : [];
    const stood = isBad ? 0.014 : 0.00002;
    return otlp.request(
      otlp.queue(orders, span, {
        interfaceName: 'uplink',
        packets: packets(100, stood),
        behind: [
          ...behind(1.2),
          {
            seconds: isBad ? 0.2 : 0.002,
            by: { [ATTRIBUTE.culpritKind]: 'self' },
          },
        ],
        io: { transmit: 1_000_000, receive: 2_000_000 },
      }),
      otlp.queue(orders, span, {
        interfaceName: 'eth0',
        packets: packets(100, 0.001),
        behind: [{ seconds: 0.1, by: { [ATTRIBUTE.culpritKind]: 'self' } }],
      }),
      otlp.queue(secret, span, {
        interfaceName: 'uplink',
        packets: packets(50, isBad ? 0.01 : 0.00002),
        behind: behind(0.5),
        io: { transmit: 500_000 },
      }),
      otlp.queue(shipper, span, {
        interfaceName: 'uplink',
        packets: [],
        behind: [],
        io: { transmit: 12_000_000 },
      }),
      ...[orders, secret, shipper, bystander, old].map(of =>
        otlp.interval(of, span, { cpuSeconds: 1, waits: [] }),
      ),
      otlp.queue(bystander, span, {
        packets: packets(10, 0.00001),
        behind: [],
      }),
    );
  });
}

const entities = [
  component('orders', undefined, 'group:default/shop'),
  component('log-shipper', undefined, 'group:default/platform'),
  component('secret', undefined, 'group:default/spies'),
  group('platform', 'Platform'),
  group('shop', 'Shop'),
  group('spies', 'Spies'),
];

/** Everything but what is told of `secret`. */
const policy = mockServices.permissions.mock({
  authorizeConditional: async questions =>
    questions.map(() => ({
      result: AuthorizeResult.CONDITIONAL,
      pluginId: 'catalog',
      resourceType: 'catalog-entity',
      conditions: { rule: 'IS_ENTITY_OWNER', resourceType: 'catalog-entity' },
    })) as never,
  authorize: async questions =>
    questions.map(question => ({
      result:
        'resourceRef' in question &&
        question.resourceRef === 'component:default/secret'
          ? AuthorizeResult.DENY
          : AuthorizeResult.ALLOW,
    })),
});

const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);

function cell(report: NodeReport, victim: string, culprit: string): number {
  const row = report.victims.findIndex(({ party }) => party.name === victim);
  const column = report.culprits.findIndex(({ label }) => label === culprit);
  if (row < 0) throw new Error(`no packet of ${victim} stands`);
  if (column < 0) throw new Error(`no packet of ${culprit} leaves`);
  const found = report.cells.find(
    item => item.victim === row && item.culprit === column,
  );
  return sum(found?.values ?? []);
}

describe.each([
  ['everything', undefined],
  ['everything but what is told of secret', policy],
] as const)(
  'packets on nodes, to a reader who may read %s',
  (_, permissions) => {
    const isFree = permissions === undefined;
    let folder: ReturnType<typeof temporaryFolder>;
    let backend: Awaited<ReturnType<typeof startContentionBackend>>;
    let nowMs: number;
    const get = (path: string, query: object = {}) =>
      request(backend.server)
        .get(`/api/contention/v1/nodes${path}`)
        .set('authorization', mockCredentials.user.header())
        .query({
          from: nowMs - SPAN_MS,
          to: nowMs,
          resource: 'network',
          ...query,
        });
    const node = async (query: object = {}, name = 'node-a') =>
      nodeReportSchema.parse(
        (await get(`/demo/${name}`, query).expect(200)).body,
      );

    beforeAll(async () => {
      folder = temporaryFolder();
      backend = await startContentionBackend({
        folder: folder.path,
        entities,
        features: permissions ? [permissions.factory] : [],
      });
      nowMs = Math.floor(Date.now() / 10_000) * 10_000;
      for (const body of story(nowMs)) await backend.send(body).expect(200);
      for (let tries = 0; tries < 100; tries++) {
        if ((await get('')).status === 200) break;
        await new Promise(resolve => setTimeout(resolve, 100));
      }
      const knex = pluginKnex(folder.path);
      await rollUpAll(knex, nowMs + 120_000);
      await knex.destroy();
    });

    afterAll(async () => {
      await backend.stop();
      folder.remove();
    });

    it('says since when whose packets stand, how long, and behind whose', async () => {
      const { verdict, resource } = await node();
      expect(resource).toBe('network');
      expect(verdict).toMatchObject({
        cause: 'neighbour',
        severity: 'notice',
        resource: 'network',
      });
      expect(verdict.sentence.text).toMatch(
        /^Since \d\d:\d\d UTC packets of `orders` \(team Shop\) stand 7\.5 ms on average in queues of devices; 80 % of that behind `log-shipper` \(team Platform\)\. It sent 9\.6 Mbit\/s on average in this range\. Packets of somebody else here stand behind neighbours, too\.$/,
      );
    });

    it('has a matrix that adds up to the time in queues, and counts packets', async () => {
      const report = await node();
      expect(cell(report, 'orders', 'log-shipper')).toBeCloseTo(36, 3);
      expect(cell(report, 'orders', 'behind its own packets')).toBeCloseTo(
        6 + 0.06 + 6,
        3,
      );
      const all = report.cells.flatMap(({ values }) => values);
      // Packets of secret stand for 20 µs where they stand behind nobody.
      expect(sum(all)).toBeCloseTo(report.total.waitSeconds, 1);
      expect(report.total.wantedSeconds).toBe(0);
      const [worst] = report.victims;
      expect(worst.party.name).toBe('orders');
      expect(sum(worst.packets!)).toBe(60 * 200);
      expect(report.culprits[0]).toMatchObject({
        label: 'log-shipper',
        transmitMean: expect.closeTo(1_200_000, -3),
        entitlement: 'unknown',
      });
      expect(report.culprits[0].cpuMean).toBeUndefined();
      expect(report.network!.presence).toEqual({
        state: 'measured',
        packets: 60 * 250,
      });
    });

    it('is of one device where one is asked for, and lists all of them', async () => {
      const uplink = await node({ interfaceName: 'uplink' });
      expect(uplink.interfaceName).toBe('uplink');
      expect(uplink.verdict.sentence.text).toMatch(
        /packets of `orders` \(team Shop\) stand 14 ms on average in the queue of uplink; 86 % of that behind `log-shipper`/,
      );
      expect(cell(uplink, 'orders', 'behind its own packets')).toBeCloseTo(
        6.06,
        3,
      );
      const eth0 = await node({ interfaceName: 'eth0' });
      expect(eth0.verdict.cause).toBe('quiet');
      expect(eth0.culprits.map(({ label }) => label)).toEqual([
        'behind its own packets',
      ]);
      for (const { network } of [uplink, eth0]) {
        expect(
          network!.queues.map(({ interfaceName }) => interfaceName),
        ).toEqual(['uplink', 'eth0']);
      }
      const none = await node({ interfaceName: 'nothing0' });
      expect(none.network!.presence).toMatchObject({
        state: 'no-queue',
        why: 'No packet on node-a passed a queue of nothing0.',
      });
      await get('/demo/node-a', { interfaceName: 'x'.repeat(65) }).expect(400);
      await get('/demo/node-a', { resource: 'disk' }).expect(400);
    });

    it('says of everybody who lives there how long its packets stood, and what it sent', async () => {
      const { residents } = await node();
      expect(
        residents.find(({ party }) => party.name === 'orders'),
      ).toMatchObject({
        delaySeconds: expect.closeTo(0.004, 3),
        transmitMean: expect.closeTo(100_000, 0),
        receiveMean: expect.closeTo(200_000, 0),
      });
      expect(
        residents.find(({ party }) => party.name === 'log-shipper'),
      ).toMatchObject({ causedSeconds: expect.closeTo(51, 3) });
    });

    it('names only those of whom the reader may read, and gives the weight of the others', async () => {
      const report = await node();
      const name = isFree ? 'secret' : 'a workload you may not see';
      expect(cell(report, name, 'log-shipper')).toBeCloseTo(15, 3);
      const list = nodesReportSchema.parse((await get('').expect(200)).body);
      const text = JSON.stringify([report, list]);
      expect(text.includes('secret')).toBe(isFree);
      expect(text.includes('spies')).toBe(isFree);
    });

    it('says where packets stand behind nobody, and where nobody looked', async () => {
      const calm = await node({}, 'node-b');
      expect(calm.verdict).toMatchObject({ cause: 'quiet', severity: 'none' });
      expect(calm.verdict.sentence.text).toMatch(
        /^Nobody's packets on `node-b` stood noticeably behind those of neighbours in the last 10 minutes\. They stood 10 µs on average\.$/,
      );
      const blind = await node({}, 'node-c');
      expect(blind.verdict.sentence.text).toMatch(
        /^How long packets stood in queues on `node-c` is not known: its agent did not measure it/,
      );
      expect(blind.network!.presence.state).toBe('not-measured');
      expect(blind.confidence.missing[0]).toMatch(
        /^On node-c no agent measured/,
      );
    });

    it('leaves the page of CPUs as it was', async () => {
      const report = await node({ resource: 'cpu' });
      expect(report.network).toBeUndefined();
      expect(report.verdict.cause).toBe('quiet');
      expect(report.total.waitSeconds).toBe(0);
      expect(report.total.wantedSeconds).toBeGreaterThan(0);
      for (const { packets: own } of report.victims)
        expect(own).toBeUndefined();
    });

    it('puts the node first on which most packets stand behind others, with the worst pair', async () => {
      const { nodes, resource } = nodesReportSchema.parse(
        (await get('').expect(200)).body,
      );
      expect(resource).toBe('network');
      expect(nodes.map(row => row.node)).toEqual([
        'node-a',
        'node-b',
        'node-c',
      ]);
      const [first, calm, blind] = nodes;
      expect(first.crowdedSeconds).toBeGreaterThan(25);
      expect(first.worst).toMatchObject({
        victim: { name: 'orders' },
        culprit: { name: 'log-shipper' },
        delaySeconds: expect.closeTo(0.003, 3),
        transmitMean: expect.any(Number),
        entitlement: 'unknown',
      });
      expect(calm.crowdedSeconds).toBe(0);
      expect(calm.worst).toBeUndefined();
      // Not measured is not none.
      expect(blind.crowdedSeconds).toBeUndefined();
      expect(blind.values.every(value => value === null)).toBe(true);
      const ofCpus = nodesReportSchema.parse(
        (await get('', { resource: 'cpu' }).expect(200)).body,
      );
      expect(ofCpus.nodes.map(row => row.crowdedSeconds)).toEqual([0, 0, 0]);
    });
  },
);
