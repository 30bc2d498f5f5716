import { schedulerServiceFactory } from '@backstage/backend-defaults/scheduler';
import { mockCredentials, mockServices } from '@backstage/backend-test-utils';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import {
  ATTRIBUTE,
  buildOpenApiDocument,
  diagnosisReportSchema,
  healthReportSchema,
  latencyReportSchema,
  METRIC,
  neighboursReportSchema,
  throttlingReportSchema,
} from 'backstage-plugin-contention-common';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import request from 'supertest';
import {
  component,
  group,
  startContentionBackend,
  temporaryFolder,
  type TestBackendOptions,
} from './__testUtils__/backend';
import * as otlp from './__testUtils__/otlp';

jest.setTimeout(60_000);

const checkout = otlp.container('checkout');
const batch = otlp.container('batch-report');
const stranger = otlp.container('stranger', { labels: {} });

/** Intervals of ten seconds up to now: checkout waits, mostly while batch-report runs. */
function story(intervals: number, nowMs: number) {
  const bodies = [];
  for (let index = intervals; index > 0; index--) {
    const startMs = nowMs - index * 10_000;
    const span = { startMs, endMs: startMs + 10_000 };
    bodies.push(
      otlp.request(
        otlp.interval(checkout, span, {
          cpuSeconds: 4,
          waits: [
            { seconds: 0.8, by: otlp.blamed(batch) },
            { seconds: 0.1, by: otlp.blamed(stranger) },
            {
              seconds: 0.1,
              by: { 'contention.culprit.kind': 'kernel' },
            },
          ],
        }),
        otlp.interval(batch, span, { cpuSeconds: 1, waits: [] }),
      ),
    );
  }
  return bodies;
}

const entities = [
  component('checkout', undefined, 'group:default/payments'),
  component('batch-report', undefined, 'group:default/data'),
  component('lonely', {}),
  component('absent'),
  component('gappy'),
  component('thrifty'),
  component('limited'),
  group('data', 'Data'),
  group('payments', 'Payments'),
];

describe('contention backend', () => {
  let folder: ReturnType<typeof temporaryFolder>;
  let backend: Awaited<ReturnType<typeof startContentionBackend>>;
  let nowMs: number;

  beforeAll(async () => {
    folder = temporaryFolder();
    backend = await startContentionBackend({ folder: folder.path, entities });
    nowMs = Math.floor(Date.now() / 10_000) * 10_000;
    for (const body of story(30, nowMs)) await backend.send(body).expect(200);
    // Until the first reading of the catalog.
    await until(async () => {
      const { body } = await backend.report('checkout', 'diagnosis');
      return body.status?.state === 'ok';
    });
  });

  afterAll(async () => {
    await backend.stop();
    folder.remove();
  });

  it('names the culprit and its owner on the page of the one who waits', async () => {
    const { body } = await backend
      .report('checkout', 'neighbours', {
        from: nowMs - 300_000,
        to: Date.now(),
      })
      .expect(200);
    const report = neighboursReportSchema.parse(body);
    expect(report.verdict).toMatchObject({
      cause: 'neighbour',
      severity: 'serious',
    });
    expect(report.verdict.sentence.text).toMatch(
      /^Since (before )?\d\d:\d\d UTC `checkout` waits 20 % of the time it wants to run on node-a; 80 % of that while `batch-report` \(team Data\) runs\./,
    );
    expect(report.total.waitSeconds).toBeCloseTo(30, 6);
    expect(report.culprits.map(({ party }) => party.name)).toEqual([
      'batch-report',
      'shop/stranger',
    ]);
    expect(report.culprits[0]).toMatchObject({
      share: expect.closeTo(0.8, 6),
      waitSeconds: expect.closeTo(24, 6),
      cpuMean: expect.closeTo(0.1, 6),
      entitlement: 'unknown',
      party: {
        entities: [
          {
            entityRef: 'component:default/batch-report',
            owner: { entityRef: 'group:default/data', title: 'Data' },
          },
        ],
      },
    });
    expect(report.apart.map(({ party }) => party.relation)).toEqual(['host']);
  });

  it('names the one who waits on the page of the culprit', async () => {
    const { body } = await backend
      .report('batch-report', 'neighbours', {
        from: nowMs - 300_000,
        to: nowMs,
        direction: 'caused',
      })
      .expect(200);
    const report = neighboursReportSchema.parse(body);
    expect(report.culprits).toHaveLength(1);
    expect(report.culprits[0].party.name).toBe('checkout');
    expect(report.culprits[0].waitSeconds).toBeCloseTo(24, 6);
    expect(report.verdict.sentence.text).toContain(
      'while `batch-report` ran; 100 % of that was the waiting of `checkout` (team Payments)',
    );
    expect(report.verdict.sentence.text).not.toMatch(/caus/);
  });

  it('answers every report in the form that the client expects', async () => {
    const range = { from: nowMs - 300_000, to: nowMs };
    const latency = latencyReportSchema.parse(
      (await backend.report('checkout', 'latency', range).expect(200)).body,
    );
    expect(latency.cpuWait.distribution.count).toBe(90);
    expect(
      latency.cpuWait.heatmap.counts
        .flatMap(column => column ?? [])
        .reduce((a, b) => a + b, 0),
    ).toBe(90);
    const throttling = throttlingReportSchema.parse(
      (await backend.report('checkout', 'throttling', range).expect(200)).body,
    );
    expect(throttling.verdict.sentence.text).toMatch(
      /^`checkout` has no CPU limit that was measured/,
    );
    const diagnosis = diagnosisReportSchema.parse(
      (await backend.report('checkout', 'diagnosis', range).expect(200)).body,
    );
    expect(diagnosis.tab).toBe('neighbours');
    expect(diagnosis.values).toContainEqual(expect.closeTo(0.2, 6));
  });

  it('counts an export that is sent again, also after a restart, once', async () => {
    const bodies = story(30, nowMs);
    await Promise.all(bodies.slice(0, 5).map(body => backend.send(body)));
    await backend.stop();
    backend = await startContentionBackend({ folder: folder.path, entities });
    for (const body of bodies) await backend.send(body).expect(200);
    const read = async () =>
      (
        await backend.report('checkout', 'neighbours', {
          from: nowMs - 300_000,
          to: nowMs,
        })
      ).body;
    await until(async () => (await read()).status?.state === 'ok');
    expect((await read()).total.waitSeconds).toBeCloseTo(30, 6);
  });

  it('says what is missing instead of showing nothing', async () => {
    const lonely = (await backend.report('lonely', 'neighbours')).body;
    expect(neighboursReportSchema.parse(lonely).status).toEqual({
      state: 'not-annotated',
      yaml: expect.stringContaining('backstage.io/kubernetes-id: lonely'),
    });
    const absent = (await backend.report('absent', 'latency')).body;
    expect(latencyReportSchema.parse(absent).status).toEqual({
      state: 'no-pods',
      lookedFor: [
        'pods with the labels backstage.io/kubernetes-id=absent in any namespace of any cluster',
      ],
      agents: [{ cluster: 'demo', node: 'node-a', lastSeen: nowMs }],
    });
    const early = (
      await backend.report('checkout', 'throttling', {
        from: nowMs - 7_200_000,
        to: nowMs - 3_600_000,
      })
    ).body;
    expect(throttlingReportSchema.parse(early).status).toEqual({
      state: 'no-data',
      nearest: { from: nowMs - 300_000, to: nowMs },
    });
  });

  it('tells operators which agents are heard and how much is stored', async () => {
    const { body } = await request(backend.server)
      .get('/api/contention/v1/health')
      .set('authorization', mockCredentials.user.header())
      .expect(200);
    expect(healthReportSchema.parse(body)).toMatchObject({
      nodes: [
        { cluster: 'demo', node: 'node-a', lastSeen: nowMs, stale: false },
      ],
      storage: { resources: expect.any(Number), points: 210 },
    });
  });

  it('serves what it is as OpenAPI', async () => {
    const { body } = await request(backend.server)
      .get('/api/contention/openapi.json')
      .set('authorization', mockCredentials.user.header())
      .expect(200);
    expect(body).toEqual(buildOpenApiDocument());
  });

  it('tells who may not look from what is not there', async () => {
    await backend.report('nobody', 'latency').expect(404);
    await backend.report('checkout', 'latency', { from: 'soon' }).expect(400);
    await backend
      .report('checkout', 'neighbours', { direction: 'sideways' })
      .expect(400);
    await request(backend.server)
      .get('/api/contention/v1/entities/component/default/checkout/latency')
      .set('authorization', mockCredentials.none.header())
      .expect(401);
  });

  it('says what a higher limit would change, by how many CPUs its node has', async () => {
    const limited = otlp.container('limited', { node: 'node-d' });
    const node = { [ATTRIBUTE.node]: 'node-d', [ATTRIBUTE.cgroupPath]: '/' };
    const elsewhere = { ...node, [ATTRIBUTE.node]: 'node-e' };
    const level = { [ATTRIBUTE.quotaLevel]: 'container' };
    const cpus = (endMs: number, value: number) =>
      otlp.gauge(METRIC.cpuLimit, [{ endMs, value }]);
    for (let index = 6; index > 0; index--) {
      const startMs = nowMs - index * 10_000;
      const span = { startMs, endMs: startMs + 10_000, attributes: level };
      const ledger = (name: string, value: number) =>
        otlp.sum(name, [{ ...span, value }]);
      await backend
        .send(
          otlp.request(
            otlp.resource(limited, [
              ledger(METRIC.cpuThrottledPeriods, 100),
              ledger(METRIC.cpuThrottledPeriodsThrottled, 10),
              ledger(METRIC.cpuThrottledTime, 0.6),
              cpus(span.endMs, 1),
            ]),
            otlp.resource(elsewhere, [cpus(span.endMs, 64)]),
            otlp.resource(node, [cpus(span.endMs, 2)]),
          ),
        )
        .expect(200);
    }
    const range = { from: nowMs - 300_000, to: nowMs };
    const { body } = await backend
      .report('limited', 'throttling', range)
      .expect(200);
    const [quota] = throttlingReportSchema.parse(body).quotas;
    // In a period the other CPU can have stood still for 100 ms: so much of that is gone.
    expect(quota.higherLimits?.limits).toEqual(
      [
        [1.1, 0.1],
        [1.3, 0.3],
        [1.5, 0.5],
        [1.9, 0.9],
        [2, 1],
      ].map(([limitCpus, goneShareAtLeast]) => ({
        limitCpus,
        goneShareAtLeast: expect.closeTo(goneShareAtLeast),
        stoppedSecondsAtMost: expect.closeTo(3.6 * (1 - goneShareAtLeast)),
      })),
    );
  });

  it('says how little of a range was measured, and whose data is missing', async () => {
    const startMs = nowMs - 3_000_000;
    const span = { startMs, endMs: startMs + 10_000 };
    await backend
      .send(
        otlp.request(
          otlp.interval(otlp.container('gappy', { node: 'node-b' }), span, {
            cpuSeconds: 1,
            waits: [],
          }),
        ),
      )
      .expect(200);
    const { body } = await backend
      .report('gappy', 'diagnosis', {
        from: nowMs - 3_600_000,
        to: nowMs - 1_800_000,
      })
      .expect(200);
    const report = diagnosisReportSchema.parse(body);
    expect(report.verdict.sentence.text).toMatch(
      /^In the 10 s that were measured from .* UTC to .* UTC, nothing held `gappy` up\./,
    );
    // The catalog is read ten times a second here, which a busy machine may not manage.
    const problems = report.problems.filter(({ what }) => what !== 'Catalog');
    expect(problems).toEqual([
      {
        what: 'No data of node-b',
        detail: expect.stringMatching(/^It has sent nothing since .* UTC: /),
      },
    ]);
  });

  it('says what an agent cost and has switched off to stay within its budget, on pages of its own node only', async () => {
    const node = {
      [ATTRIBUTE.node]: 'node-c',
      [ATTRIBUTE.cgroupPath]: '/',
    };
    for (let index = 6; index > 0; index--) {
      const startMs = nowMs - index * 10_000;
      const span = { startMs, endMs: startMs + 10_000 };
      const shed =
        index > 3
          ? []
          : [
              otlp.sum(METRIC.agentShed, [
                {
                  ...span,
                  attributes: { [ATTRIBUTE.program]: 'blame' },
                  value: 10,
                },
              ]),
            ];
      await backend
        .send(
          otlp.request(
            otlp.interval(otlp.container('thrifty', { node: 'node-c' }), span, {
              cpuSeconds: 1,
              waits: [],
            }),
            otlp.resource(node, [
              otlp.sum(METRIC.agentOverhead, [
                {
                  ...span,
                  attributes: { [ATTRIBUTE.program]: 'sched_switch' },
                  value: 0.1,
                },
              ]),
              ...shed,
            ]),
          ),
        )
        .expect(200);
    }
    const confidenceOf = async (service: string) => {
      const range = { from: nowMs - 300_000, to: nowMs };
      const { body } = await backend
        .report(service, 'neighbours', range)
        .expect(200);
      return neighboursReportSchema.parse(body).confidence;
    };
    const { missing, notes } = await confidenceOf('thrifty');
    expect(missing).toEqual([
      expect.stringMatching(
        /^On node-c the agent has switched off blame since \d\d:\d\d UTC to stay within its budget: whom threads waited for is not known\.$/,
      ),
    ]);
    expect(notes).toContain(
      "Measuring took 1 % of one CPU on average on node-c: 1 % in the kernel, 0 % in the agent's own processes.",
    );
    expect((await confidenceOf('checkout')).missing).toEqual([]);
  });
});

describe('contention.read', () => {
  it('is asked for on the entity, with the credentials of the reader', async () => {
    const folder = temporaryFolder();
    const permissions = mockServices.permissions.mock({
      authorize: async requests =>
        requests.map(() => ({ result: AuthorizeResult.DENY })),
    });
    const backend = await startContentionBackend({
      folder: folder.path,
      entities,
      features: [permissions.factory],
    });
    const { body } = await backend.report('checkout', 'latency').expect(403);
    expect(body.error.message).toContain('contention.read');
    expect(permissions.authorize).toHaveBeenCalledWith(
      [
        {
          permission: expect.objectContaining({ name: 'contention.read' }),
          resourceRef: 'component:default/checkout',
        },
      ],
      expect.objectContaining({ credentials: expect.anything() }),
    );
    await backend.stop();
    folder.remove();
  });
});

describe('a catalog', () => {
  /** A backend whose catalog cannot be listed while `state.isDown`. */
  async function withCatalog(
    state: { isDown: boolean },
    catalogRefresh = { milliseconds: 400 },
    ...features: NonNullable<TestBackendOptions['features']>
  ) {
    const folder = temporaryFolder();
    const real = catalogServiceMock({ entities });
    const catalog = catalogServiceMock.mock({
      streamEntities: async function* stream(...args) {
        if (state.isDown) throw new Error('down');
        yield* real.streamEntities(...args);
      },
      getEntitiesByRefs: async (...args) => real.getEntitiesByRefs(...args),
      getEntityByRef: async (...args) => real.getEntityByRef(...args),
    });
    const backend = await startContentionBackend({
      folder: folder.path,
      catalog: catalog.factory,
      contention: { catalogRefresh },
      features,
    });
    return {
      backend,
      stop: async () => {
        await backend.stop();
        folder.remove();
      },
    };
  }

  it('that was not read yet is no reason to deny that there are pods', async () => {
    const { backend, stop } = await withCatalog({ isDown: true });
    const { body } = await backend.report('checkout', 'latency').expect(503);
    expect(body.error.message).toContain('The catalog has not been read yet');
    await stop();
  });

  it('that starts late is read as soon as it is there, however rarely it is read', async () => {
    const state = { isDown: true };
    const { backend, stop } = await withCatalog(
      state,
      { milliseconds: 3_600_000 },
      // That of the mocks runs each task once.
      schedulerServiceFactory,
    );
    const statuses = async () => [
      (await backend.report('checkout', 'diagnosis')).status,
      (
        await request(backend.server)
          .get('/api/contention/v1/coverage')
          .set('authorization', mockCredentials.user.header())
      ).status,
    ];
    expect(await statuses()).toEqual([503, 503]);
    state.isDown = false;
    await until(async () => !(await statuses()).includes(503), 20_000);
    expect(await statuses()).not.toContain(503);
    await stop();
  });

  it('that cannot be read any more is said', async () => {
    const state = { isDown: false };
    const { backend, stop } = await withCatalog(state);
    const problems = async () =>
      (await backend.report('checkout', 'diagnosis')).body.problems;
    await until(async () => (await problems()) !== undefined);
    expect(await problems()).toEqual([]);
    state.isDown = true;
    await until(async () => (await problems()).length > 0);
    expect(await problems()).toEqual([
      {
        what: 'Catalog',
        detail: expect.stringMatching(/^It could not be read since .* UTC: /),
      },
    ]);
    await stop();
  });
});

/** Waits for what happens in the background. */
async function until(
  holds: () => Promise<boolean>,
  atMostMs = 5_000,
): Promise<void> {
  for (let tries = 0; tries < atMostMs / 50 && !(await holds()); tries++) {
    await new Promise(resolve => setTimeout(resolve, 50));
  }
}
