/** Upstreams and downstreams as a reader gets them: a backend, a catalog, and agents that watch connections. */
import { mockCredentials, mockServices } from '@backstage/backend-test-utils';
import {
  ATTRIBUTE,
  METRIC,
  PEER,
  peersReportSchema,
  type PeersReport,
} from 'backstage-plugin-contention-common';
import request from 'supertest';
import {
  component,
  group,
  startContentionBackend,
  temporaryFolder,
} from './__testUtils__/backend';
import { kubernetesPlugin } from './__testUtils__/kubernetes';
import * as otlp from './__testUtils__/otlp';

jest.setTimeout(60_000);

const checkout = otlp.container('checkout', { ip: '10.1.0.1' });
const secondCheckout = otlp.container('checkout', {
  pod: 'checkout-1',
  node: 'node-b',
  ip: '10.1.0.2',
});
const inventory = otlp.container('inventory', {
  node: 'node-b',
  ip: '10.1.0.3',
});
const gateway = otlp.container('gateway', { ip: '10.1.0.4' });
const stranger = otlp.container('stranger', { labels: {}, ip: '10.1.0.5' });
const dns = otlp.container('kube-dns', {
  labels: { app: 'dns' },
  namespace: 'kube-system',
  ip: '10.1.0.6',
});

const entities = [
  component('checkout', undefined, 'group:default/payments'),
  component('inventory', undefined, 'group:default/stock'),
  component('gateway'),
  component('search'),
  component('cart'),
  group('payments', 'Payments'),
  group('stock', 'Stock'),
];

const services = [
  {
    metadata: { name: 'inventory', namespace: 'shop' },
    spec: {
      clusterIP: '172.20.0.1',
      clusterIPs: ['172.20.0.1', 'fd00::1'],
      selector: { 'backstage.io/kubernetes-id': 'inventory' },
    },
  },
  {
    metadata: { name: 'postgres', namespace: 'data', labels: null },
    spec: { clusterIP: '172.20.0.2', selector: { app: 'postgres' } },
  },
  {
    // Its pods are on nodes without an agent; the label says whose it is.
    metadata: {
      name: 'search',
      namespace: 'shop',
      labels: { 'backstage.io/kubernetes-id': 'search' },
    },
    spec: { clusterIP: '172.20.0.3', selector: { tier: 'search' } },
  },
  {
    metadata: { name: 'headless', namespace: 'shop' },
    spec: { clusterIP: 'None', selector: { app: 'x' } },
  },
];

const many = (count: number, seconds: number) =>
  new Array<number>(count).fill(seconds);

/** Ten minutes, ending now. */
const INTERVALS = 60;

function story(nowMs: number) {
  return Array.from({ length: INTERVALS }, (_, index) => {
    const startMs = nowMs - (INTERVALS - index) * 10_000;
    const span = { startMs, endMs: startMs + 10_000 };
    return otlp.request(
      otlp.connections(checkout, span, [
        {
          address: '172.20.0.1',
          port: 8080,
          requests: many(20, 0.03),
          rtt: [0.004],
          connects: [0.005],
          segments: { transmit: 1_000, receive: 900 },
          retransmits: { timeout: 15, fast: 6 },
        },
        { address: '10.1.0.3', port: 8080, requests: many(10, 0.03) },
        {
          address: '172.20.0.2',
          port: 5432,
          requests: many(5, 0.001),
          segments: { transmit: 500 },
          retransmits: { fast: 1 },
        },
        { address: '172.20.0.3', port: 80, segments: { transmit: 40 } },
        { address: '10.1.0.5', port: 6379, requests: [0.002] },
        { address: '192.0.2.9', port: 5432, failures: { refused: 2 } },
        { address: '::ffff:192.0.2.9', port: 443, segments: { transmit: 3 } },
        { address: '127.0.0.1', port: 15001, requests: [0.001] },
        { requests: many(3, 0.001), segments: { transmit: 30 } },
        {
          role: 'server',
          address: '10.1.0.4',
          requests: many(30, 0.05),
          zeroWindows: { receive: 3 },
          resets: { transmit: 1 },
        },
        { role: 'server', address: '10.1.0.2', requests: [0.001] },
      ]),
      otlp.resource(checkout, [
        otlp.histogram(METRIC.dnsDuration, [
          {
            ...span,
            attributes: {
              [PEER.address]: '10.1.0.6',
              [ATTRIBUTE.transport]: 'udp',
            },
            seconds: many(10, 0.001),
          },
        ]),
        otlp.sum(
          METRIC.dnsFailures,
          (['timeout', 'name_error'] as const).map(error => ({
            ...span,
            attributes: {
              [PEER.address]: '10.1.0.6',
              [ATTRIBUTE.transport]: 'udp',
              [ATTRIBUTE.errorType]: error,
            },
            value: error === 'timeout' ? 2 : 5,
          })),
        ),
        otlp.sum(METRIC.tcpListenOverflows, [
          { ...span, attributes: { [ATTRIBUTE.serverPort]: 8443 }, value: 0.5 },
        ]),
      ]),
      otlp.interval(secondCheckout, span, { cpuSeconds: 1, waits: [] }),
      otlp.connections(inventory, span, [
        { address: '192.0.2.50', port: 3306, requests: many(8, 0.02) },
        { address: '10.1.0.1', port: 80, requests: [0.02] },
        { role: 'server', address: '10.1.0.1', requests: many(30, 0.03) },
      ]),
      otlp.connections(gateway, span, [
        { role: 'server', address: '203.0.113.5', requests: many(50, 0.1) },
        { address: '10.1.0.1', port: 80, requests: many(30, 0.05) },
      ]),
      otlp.interval(stranger, span, { cpuSeconds: 1, waits: [] }),
      otlp.interval(dns, span, { cpuSeconds: 1, waits: [] }),
    );
  });
}

describe('upstreams and downstreams', () => {
  let folder: ReturnType<typeof temporaryFolder>;
  let backend: Awaited<ReturnType<typeof startContentionBackend>>;
  let report: PeersReport;
  const tasks = new Map<string, () => Promise<void>>();
  const nowMs = Math.floor(Date.now() / 10_000) * 10_000;
  const range = { from: nowMs - INTERVALS * 10_000, to: nowMs };

  beforeAll(async () => {
    folder = temporaryFolder();
    backend = await startContentionBackend({
      folder: folder.path,
      entities,
      kubernetes: { clusterLocatorMethods: [] },
      features: [
        kubernetesPlugin({ demo: services }),
        mockServices.scheduler.mock({
          scheduleTask: async ({ id, fn }) => {
            tasks.set(id, async () => fn(new AbortController().signal));
          },
        }).factory,
      ],
    });
    for (const id of ['contention-catalog', 'contention-cluster-lists']) {
      await tasks.get(id)!();
    }
    for (const body of story(nowMs)) await backend.send(body).expect(200);
    const { body } = await backend
      .report('checkout', 'peers', range)
      .expect(200);
    report = peersReportSchema.parse(body);
  });

  afterAll(async () => {
    await backend.stop();
    folder.remove();
  });

  const upstream = (name: string) => {
    const found = report.upstreams.find(
      ({ party, addresses, kind }) =>
        (party?.name ?? addresses[0]?.address ?? kind) === name,
    );
    if (!found) throw new Error(`no upstream ${name}`);
    return found;
  };

  it('names a pod and the Service in front of it as one peer, with its owner', () => {
    expect(upstream('inventory')).toMatchObject({
      kind: 'entity',
      party: {
        entities: [
          {
            entityRef: 'component:default/inventory',
            owner: { title: 'Stock' },
          },
        ],
      },
      addresses: [
        { address: '172.20.0.1', port: 8080 },
        { address: '10.1.0.3', port: 8080 },
      ],
      addressCount: 2,
      requestCount: 30 * INTERVALS,
    });
    expect(upstream('inventory').ratePerSecond).toBeCloseTo(3, 6);
  });

  it('adds up what was lost, and says why', () => {
    const { retransmitShare, retransmits, rttP50Seconds, troubles } =
      upstream('inventory');
    expect(retransmitShare).toBeCloseTo(0.021, 9);
    expect(retransmits).toEqual([
      { cause: 'timeout', count: 15 * INTERVALS },
      { cause: 'fast', count: 6 * INTERVALS },
    ]);
    expect(rttP50Seconds).toBeCloseTo(0.004, 3);
    expect(troubles).toEqual([{ kind: 'loss', severity: 'notice' }]);
    // One in five hundred is nothing.
    expect(upstream('data/postgres').troubles).toEqual([]);
  });

  it('knows a Service by its own name, by its label, and a workload that nobody claims', () => {
    expect(upstream('data/postgres')).toMatchObject({
      kind: 'service',
      party: { workload: { kind: 'Service', namespace: 'data' } },
    });
    expect(upstream('search').kind).toBe('entity');
    expect(upstream('shop/stranger').kind).toBe('workload');
  });

  it('leaves an address where nobody knows more, one row for each port', () => {
    const addresses = report.upstreams.filter(({ kind }) => kind === 'address');
    expect(addresses.map(({ addresses: [first] }) => first)).toEqual([
      { address: '192.0.2.9', port: 5432 },
      { address: '192.0.2.9', port: 443 },
    ]);
    expect(addresses[0]).toMatchObject({
      connectFailureCount: 2 * INTERVALS,
      connectFailures: [{ error: 'refused', count: 2 * INTERVALS }],
      troubles: [{ kind: 'failures', severity: 'serious' }],
    });
    expect(addresses[0].connectFailuresPerMinute).toBeCloseTo(12, 6);
  });

  it('tells its own pod apart, and puts folded peers last', () => {
    expect(upstream('127.0.0.1').kind).toBe('own-pod');
    expect(report.upstreams.at(-1)).toMatchObject({
      kind: 'others',
      requestCount: 3 * INTERVALS,
    });
  });

  it('puts the worst first, then the busiest', () => {
    expect(
      report.upstreams.map(
        ({ party, addresses, kind }) =>
          party?.name ?? addresses[0]?.address ?? kind,
      ),
    ).toEqual([
      '192.0.2.9',
      'inventory',
      'data/postgres',
      'shop/stranger',
      '127.0.0.1',
      'search',
      '192.0.2.9',
      'others',
    ]);
  });

  it('names who calls it, another pod of its own included', () => {
    expect(
      report.downstreams.map(({ party, requestCount }) => [
        party?.name,
        requestCount,
      ]),
    ).toEqual([
      ['gateway', 30 * INTERVALS],
      ['checkout', INTERVALS],
    ]);
    expect(report.downstreams[0]).toMatchObject({
      resetsSent: INTERVALS,
      zeroWindowsReceived: 3 * INTERVALS,
      troubles: [{ kind: 'not-reading', severity: 'notice' }],
    });
  });

  it('counts look-ups that failed, and names that do not exist apart', () => {
    expect(report.nameServers).toHaveLength(1);
    expect(report.nameServers[0]).toMatchObject({
      party: { name: 'kube-system/kube-dns' },
      transport: 'udp',
      answerCount: 10 * INTERVALS,
      failureCount: 2 * INTERVALS,
      failures: [
        { error: 'name_error', count: 5 * INTERVALS },
        { error: 'timeout', count: 2 * INTERVALS },
      ],
    });
    expect(report.nameServers[0].failureShare).toBeCloseTo(2 / 12, 6);
  });

  it('says the worst in a sentence, and how much more there is', () => {
    expect(report.finding?.severity).toBe('serious');
    expect(report.finding?.sentence.text).toBe(
      'It turned connections to its port 8443 away 3 times a minute, as its queue was full; ' +
        'connections to `192.0.2.9:5432` are refused 12 times a minute; ' +
        '17 % of look-ups of names at `kube-system/kube-dns` get no answer; 2 more below.',
    );
  });

  it('draws two hops, and nobody twice on a side', () => {
    const { nodes, edges } = report.map;
    const nameOf = (id: string) => {
      if (id === 'self') return id;
      const node = nodes.find(one => one.id === id)!;
      return node.party?.name ?? node.label;
    };
    const calls = edges.map(({ from, to }) => [nameOf(from), nameOf(to)]);
    expect(calls).toEqual(
      expect.arrayContaining([
        ['self', 'inventory'],
        ['inventory', '192.0.2.50:3306'],
        ['gateway', 'self'],
        ['203.0.113.5', 'gateway'],
      ]),
    );
    // Back to the service is told by the other side.
    expect(calls).not.toContainEqual(['inventory', 'checkout']);
    const labels = nodes.map(
      ({ side, party, label }) => `${side} ${party?.name ?? label}`,
    );
    expect(new Set(labels).size).toBe(labels.length);
    expect(nodes.filter(({ hop }) => hop === 2)).toHaveLength(2);
  });

  it('says where nobody looks, and where there was nothing to see', async () => {
    const cart = await backend.report('cart', 'peers', range).expect(200);
    expect(cart.body.state.state).toBe('not-measured');
    await backend
      .send(
        otlp.request(
          otlp.interval(
            otlp.container('cart'),
            { startMs: nowMs - 10_000, endMs: nowMs },
            { cpuSeconds: 1, waits: [] },
          ),
        ),
      )
      .expect(200);
    let state;
    for (let left = 100; left > 0 && state !== 'none'; left--) {
      const { body } = await backend.report('cart', 'peers', range);
      state = body.state.state;
      await new Promise(resolve => setTimeout(resolve, 100));
    }
    expect(state).toBe('none');
  });

  it('keeps them in a record, as they were', async () => {
    const created = await request(backend.server)
      .post('/api/contention/v1/evidence')
      .set('authorization', mockCredentials.user.header())
      .send({ entityRef: 'component:default/checkout', ...range })
      .expect(201);
    const { body } = await request(backend.server)
      .get(`/api/contention/v1/evidence/${created.body.id}`)
      .set('authorization', mockCredentials.user.header())
      .expect(200);
    const { peers } = body.reports;
    expect(peersReportSchema.parse(peers).upstreams).toEqual(report.upstreams);
    expect(peers.map).toEqual(JSON.parse(JSON.stringify(report.map)));
    expect(peers.finding.sentence.text).toContain('were refused 12 times');
  });
});

it.each([
  ['a role that there is none of', METRIC.tcpRtt, { [ATTRIBUTE.role]: 'peer' }],
  ['no role', METRIC.tcpRtt, {}],
])('refuses %s', async (_, metric, attributes) => {
  const folder = temporaryFolder();
  const backend = await startContentionBackend({
    folder: folder.path,
    features: [mockServices.logger.factory()],
  });
  try {
    const endMs = Date.now();
    await backend
      .send(
        otlp.request(
          otlp.resource(checkout, [
            otlp.histogram(metric, [
              { startMs: endMs - 1_000, endMs, attributes, seconds: [1] },
            ]),
          ]),
        ),
      )
      .expect(400);
  } finally {
    await backend.stop();
    folder.remove();
  }
});
