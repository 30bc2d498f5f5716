import { mockCredentials, mockServices } from '@backstage/backend-test-utils';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import {
  AGENT_SCOPE,
  ATTRIBUTE,
  METRIC,
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

const checkout = otlp.container('checkout');
const secret = otlp.container('secret');
const batch = otlp.container('batch-report');
const stranger = otlp.container('stranger', { labels: {} });
const elsewhere = otlp.container('checkout', { node: 'node-b' });

const INTERVALS = 60;
const SPAN_MS = INTERVALS * 10_000;

const withCpu = (of: otlp.TestAttributes, endMs: number, cpus: object) =>
  otlp.resource(
    of,
    Object.entries(cpus).map(([metric, value]) =>
      otlp.gauge(metric, [{ endMs, value: Number(value) }]),
    ),
  );

/**
 * Ten minutes of node-a, in which checkout and secret wait while batch-report runs, in the second half only; and of node-b,
 * where nobody waits.
 */
function story(nowMs: number) {
  return Array.from({ length: INTERVALS }, (_, index) => {
    const startMs = nowMs - SPAN_MS + index * 10_000;
    const span = { startMs, endMs: startMs + 10_000 };
    const isBad = index >= INTERVALS / 2;
    const waits = (seconds: number) =>
      isBad ? [{ seconds, by: otlp.blamed(batch) }] : [];
    return otlp.request(
      otlp.resource(
        checkout,
        [
          otlp.sum(METRIC.cpuTime, [
            {
              ...span,
              attributes: { [ATTRIBUTE.cpuMode]: 'system' },
              value: 0,
            },
          ]),
        ],
        { name: AGENT_SCOPE, version: isBad ? '1.3.0' : '1.2.0' },
      ),
      otlp.interval(checkout, span, {
        cpuSeconds: 4,
        waits: [
          ...waits(0.8),
          { seconds: 0.1, by: { [ATTRIBUTE.culpritKind]: 'self' } },
          { seconds: 0.1, by: { [ATTRIBUTE.culpritKind]: 'steal' } },
        ],
      }),
      otlp.interval(secret, span, { cpuSeconds: 1, waits: waits(0.5) }),
      otlp.interval(stranger, span, {
        cpuSeconds: 1,
        waits: [{ seconds: 0.001, by: otlp.blamed(checkout) }],
      }),
      otlp.interval(batch, span, { cpuSeconds: isBad ? 3 : 0, waits: [] }),
      otlp.interval(elsewhere, span, { cpuSeconds: 1, waits: [] }),
      withCpu(batch, span.endMs, {
        [METRIC.cpuRequest]: 0.5,
        [METRIC.cpuLimit]: 2,
      }),
      withCpu(checkout, span.endMs, { [METRIC.cpuRequest]: 1 }),
      withCpu(
        { [ATTRIBUTE.node]: 'node-a', [ATTRIBUTE.cgroupPath]: '/' },
        span.endMs,
        { [METRIC.cpuLimit]: 2 },
      ),
    );
  });
}

const entities = [
  component('checkout', undefined, 'group:default/payments'),
  component('batch-report', undefined, 'group:default/data'),
  component('secret', undefined, 'group:default/spies'),
  group('data', 'Data'),
  group('payments', 'Payments'),
  group('spies', 'Spies'),
];

/** Everything but the waiting of `secret`. */
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

/** What the background task does each minute, as if it were later. */
async function rollUp(path: string, atMs: number) {
  const knex = pluginKnex(path);
  await rollUpAll(knex, atMs);
  await knex.destroy();
}

/** Seconds of a row and a column, over all windows. */
function cell(report: NodeReport, victim: string, culprit: string): number {
  const row = report.victims.findIndex(({ party }) => party.name === victim);
  const column = report.culprits.findIndex(({ label }) => label === culprit);
  if (row < 0) throw new Error(`nobody of the name ${victim} waits`);
  if (column < 0) throw new Error(`nobody of the name ${culprit} runs`);
  return (
    report.cells
      .find(item => item.victim === row && item.culprit === column)
      ?.values.reduce((a, b) => a + b, 0) ?? 0
  );
}

describe.each([
  ['everything', undefined],
  ['everything but what held secret up', policy],
] as const)('nodes, to a reader who may read %s', (_, permissions) => {
  const isFree = permissions === undefined;
  let folder: ReturnType<typeof temporaryFolder>;
  let backend: Awaited<ReturnType<typeof startContentionBackend>>;
  let nowMs: number;
  const get = (path: string, query: object = {}) =>
    request(backend.server)
      .get(`/api/contention/v1/nodes${path}`)
      .set('authorization', mockCredentials.user.header())
      .query({ from: nowMs - SPAN_MS, to: nowMs, ...query });
  const node = async (query: object = {}) =>
    nodeReportSchema.parse((await get('/demo/node-a', query).expect(200)).body);

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
  });

  afterAll(async () => {
    await backend.stop();
    folder.remove();
  });

  it('says who is held up there, by whom, and that the culprit took what it had asked for', async () => {
    const { verdict } = await node();
    expect(verdict).toMatchObject({ cause: 'neighbour', severity: 'serious' });
    expect(verdict.sentence.text).toMatch(
      /^Since \d\d:\d\d UTC `checkout` \(team Payments\) waits 20 % of the time it wants to run; 80 % of that while `batch-report` \(team Data\) runs\. It stayed within the CPU that it asked for \(0\.15 of 0\.5\): the node is too full\. Somebody else here is held up by neighbours, too\.$/,
    );
  });

  it('says which version its agent has now, where that says so', async () => {
    expect((await node()).agent.version).toBe('1.3.0');
    const { body } = await get('/demo/node-b').expect(200);
    expect(nodeReportSchema.parse(body).agent.version).toBeUndefined();
  });

  it('has a matrix of victims and culprits that adds up to the waiting', async () => {
    const report = await node();
    expect(cell(report, 'checkout', 'batch-report')).toBeCloseTo(24, 4);
    expect(cell(report, 'checkout', 'crowded by itself')).toBeCloseTo(6, 4);
    expect(cell(report, 'checkout', 'taken by the host')).toBeCloseTo(6, 4);
    expect(cell(report, 'shop/stranger', 'checkout')).toBeCloseTo(0.06, 4);
    const all = report.cells
      .flatMap(({ values }) => values)
      .reduce((a, b) => a + b, 0);
    expect(all).toBeCloseTo(report.total.waitSeconds, 3);
    expect(report.total.waitSeconds).toBeCloseTo(36 + 15 + 0.06, 3);
    expect(report.total.crowdedSeconds).toBeCloseTo(24 + 15 + 0.06, 3);
  });

  it('says of every window who waited while who ran', async () => {
    const report = await node({ step: 60 });
    const { axis, cells } = report;
    const row = report.victims.findIndex(
      ({ party }) => party.name === 'checkout',
    );
    const column = report.culprits.findIndex(
      ({ label }) => label === 'batch-report',
    );
    const { values } = cells.find(
      item => item.victim === row && item.culprit === column,
    )!;
    const turnMs = nowMs - SPAN_MS / 2;
    const before: number[] = [];
    const after: number[] = [];
    axis.startsMs.forEach((startMs, window) => {
      const isWithin = (fromMs: number, toMs: number) =>
        startMs >= fromMs && startMs + 60_000 <= toMs;
      if (isWithin(nowMs - SPAN_MS, turnMs)) before.push(values[window]);
      if (isWithin(turnMs, nowMs)) after.push(values[window]);
    });
    expect(before.length).toBeGreaterThan(2);
    expect(after.length).toBeGreaterThan(2);
    expect(before).toEqual(before.map(() => 0));
    expect(after).toEqual(after.map(() => expect.closeTo(4.8, 4)));
  });

  it('names in the matrix only those whose waiting the reader may read, and gives the weight of the others', async () => {
    const report = await node();
    const text = JSON.stringify(report);
    const name = isFree ? 'secret' : 'a workload you may not see';
    expect(cell(report, name, 'batch-report')).toBeCloseTo(15, 4);
    expect(text.includes('secret')).toBe(isFree);
    expect(text.includes('spies')).toBe(isFree);
    expect(
      report.residents.find(({ party }) => party.name === name),
    ).toMatchObject({ waitSeconds: expect.closeTo(15, 4), pods: 1 });
  });

  it('says who lives there, and how much of the node is promised', async () => {
    const { residents, capacity } = await node();
    expect(
      residents.find(({ party }) => party.name === 'batch-report'),
    ).toEqual(
      expect.objectContaining({
        pods: 1,
        containers: 1,
        waitSeconds: 0,
        causedSeconds: expect.closeTo(39, 4),
        cpuMean: expect.closeTo(0.15, 4),
        cpuRequest: expect.closeTo(0.5, 4),
        cpuLimit: 2,
        entitlement: 'within',
      }),
    );
    expect(capacity).toEqual({
      cpuCount: 2,
      cpuMean: expect.closeTo(0.75, 2),
      cpuRequested: expect.closeTo(1.5, 4),
      cpuLimited: 2,
      pods: 4,
      containers: 4,
      withoutRequest: 2,
      withoutLimit: 3,
    });
  });

  it('lists the crowded node first, with its worst pair and how its agent is', async () => {
    await rollUp(folder.path, nowMs + 120_000);
    const report = nodesReportSchema.parse((await get('').expect(200)).body);
    expect(report.total).toBe(2);
    expect(report.nodes.map(row => row.node)).toEqual(['node-a', 'node-b']);
    const [crowded, quiet] = report.nodes;
    expect(crowded.state).toBe('fresh');
    expect(crowded.worst).toMatchObject({
      victim: { name: 'checkout' },
      culprit: { name: 'batch-report' },
      entitlement: 'within',
    });
    expect(crowded.values.filter(value => value! > 0.1).length).toBeGreaterThan(
      3,
    );
    expect(quiet.crowdedSeconds).toBe(0);
    expect(quiet.worst).toBeUndefined();
  });

  it('filters and pages on the server', async () => {
    const names = async (query: object) => {
      const { body } = await get('', query).expect(200);
      return [body.total, body.nodes.map((row: { node: string }) => row.node)];
    };
    expect(await names({ search: 'NODE-B' })).toEqual([1, ['node-b']]);
    expect(await names({ sort: 'node', order: 'desc', limit: 1 })).toEqual([
      2,
      ['node-b'],
    ]);
    expect(await names({ sort: 'node', limit: 1, offset: 1 })).toEqual([
      2,
      ['node-b'],
    ]);
    expect(await names({ cluster: 'other' })).toEqual([0, []]);
    expect(await names({ state: 'gone' })).toEqual([0, []]);
    await get('', { limit: 101 }).expect(400);
    await get('', { sort: 'colour' }).expect(400);
  });

  it('answers 404 for a node that never reported, and says where there is data of one that did', async () => {
    await get('/demo/nowhere').expect(404);
    await get('/other/node-a').expect(404);
    const { body } = await get('/demo/node-a', {
      from: nowMs - 7_200_000,
      to: nowMs - 3_600_000,
    }).expect(200);
    const report = nodeReportSchema.parse(body);
    expect(report.status).toMatchObject({
      state: 'no-data',
      nearest: { from: nowMs - SPAN_MS, to: expect.any(Number) },
    });
    expect(report.verdict.cause).toBe('no-data');
  });
});

describe('nodes where neighbours hold little', () => {
  const on = (nodeName: string, name: string) =>
    otlp.container(name, { node: nodeName });
  const crowd = Array.from({ length: 12 }, (_, index) =>
    on('node-many', `small-${index}`),
  );
  const throttled = {
    [ATTRIBUTE.culpritKind]: 'throttled',
    [ATTRIBUTE.quotaLevel]: 'container',
  };
  const daemon = {
    [ATTRIBUTE.cluster]: 'demo',
    [ATTRIBUTE.node]: 'node-host',
    [ATTRIBUTE.cgroupPath]: '/system.slice/daemon.service',
  };
  let folder: ReturnType<typeof temporaryFolder>;
  let backend: Awaited<ReturnType<typeof startContentionBackend>>;
  let nowMs: number;
  const get = (path: string) =>
    request(backend.server)
      .get(`/api/contention/v1/nodes${path}`)
      .set('authorization', mockCredentials.user.header())
      .query({ from: nowMs - SPAN_MS, to: nowMs });
  const sentenceOf = async (name: string) =>
    nodeReportSchema.parse((await get(`/demo/${name}`).expect(200)).body)
      .verdict;

  beforeAll(async () => {
    folder = temporaryFolder();
    backend = await startContentionBackend({
      folder: folder.path,
      entities: [component('checkout')],
    });
    nowMs = Math.floor(Date.now() / 10_000) * 10_000;
    for (let index = 0; index < INTERVALS; index++) {
      const startMs = nowMs - SPAN_MS + index * 10_000;
      const span = { startMs, endMs: startMs + 10_000 };
      await backend
        .send(
          otlp.request(
            otlp.interval(on('node-many', 'checkout'), span, {
              cpuSeconds: 4,
              waits: crowd.map(by => ({ seconds: 0.06, by: otlp.blamed(by) })),
            }),
            ...crowd.map(one =>
              otlp.interval(one, span, { cpuSeconds: 0.1, waits: [] }),
            ),
            otlp.interval(on('node-limit', 'checkout'), span, {
              cpuSeconds: 2,
              waits: [
                { seconds: 3, by: throttled },
                {
                  seconds: 0.4,
                  by: otlp.blamed(on('node-limit', 'batch-report')),
                },
              ],
            }),
            otlp.interval(on('node-limit', 'batch-report'), span, {
              cpuSeconds: 1,
              waits: [],
            }),
            otlp.interval(on('node-host', 'checkout'), span, {
              cpuSeconds: 8,
              waits: [
                {
                  seconds: 0.2,
                  by: otlp.blamed(on('node-host', 'batch-report')),
                },
              ],
            }),
            otlp.interval(daemon, span, {
              cpuSeconds: 1,
              waits: [
                {
                  seconds: 4,
                  by: otlp.blamed(on('node-host', 'batch-report')),
                },
              ],
            }),
            otlp.interval(on('node-host', 'batch-report'), span, {
              cpuSeconds: 3,
              waits: [],
            }),
          ),
        )
        .expect(200);
    }
    await rollUp(folder.path, nowMs + 120_000);
  });

  afterAll(async () => {
    await backend.stop();
    folder.remove();
  });

  it('accuse none of many who each ran for little of it', async () => {
    const { severity, sentence } = await sentenceOf('node-many');
    expect(severity).toBe('serious');
    expect(sentence.text).toMatch(
      /`checkout` waits 15 % of the time it wants to run; 100 % of that while 12 neighbours run, each of them for little of it\.$/,
    );
    expect(sentence.text).not.toContain('small-');
  });

  it('are no worse for what a limit does', async () => {
    const { severity, sentence } = await sentenceOf('node-limit');
    expect(severity).toBe('notice');
    expect(sentence.text).toMatch(
      /waits 63 % of the time it wants to run; 12 % of that while `shop\/batch-report` runs\./,
    );
  });

  it('have a worst pair only where a pod waits for a noticeable share of the time it wants to run', async () => {
    const { nodes } = nodesReportSchema.parse((await get('').expect(200)).body);
    const row = (name: string) => nodes.find(({ node }) => node === name)!;
    expect(row('node-limit').worst).toMatchObject({
      victim: { name: 'checkout' },
    });
    expect(row('node-host').crowdedSeconds).toBeGreaterThan(
      0.01 * (SPAN_MS / 1000),
    );
    expect(row('node-host').worst).toBeUndefined();
    expect((await sentenceOf('node-host')).cause).toBe('quiet');
  });
});

describe('nodes', () => {
  it('are for nobody who may read nothing', async () => {
    const folder = temporaryFolder();
    const backend = await startContentionBackend({
      folder: folder.path,
      entities,
      features: [
        mockServices.permissions.mock({
          authorizeConditional: async questions =>
            questions.map(() => ({ result: AuthorizeResult.DENY })),
        }).factory,
      ],
    });
    for (const path of ['', '/demo/node-a', '/demo/nowhere']) {
      await request(backend.server)
        .get(`/api/contention/v1/nodes${path}`)
        .set('authorization', mockCredentials.user.header())
        .expect(403);
    }
    await request(backend.server)
      .get('/api/contention/v1/nodes')
      .set('authorization', mockCredentials.none.header())
      .expect(401);
    await backend.stop();
    folder.remove();
  });
});
