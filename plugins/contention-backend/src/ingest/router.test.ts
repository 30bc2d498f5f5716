import { gzipSync } from 'node:zlib';
import { mockCredentials, mockServices } from '@backstage/backend-test-utils';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import { METRIC } from 'backstage-plugin-contention-common';
import express from 'express';
import request from 'supertest';
import {
  component,
  startContentionBackend,
  SUBJECT,
  temporaryFolder,
  type TestBackendOptions,
} from '../__testUtils__/backend';
import * as otlp from '../__testUtils__/otlp';
import { requestType, responseType, statusType } from '../otlp/descriptor';
import { StoreBusyError, type Store } from '../store';
import { createIngestRouter } from './router';
import { readIngestSettings, readRetention } from './settings';

jest.setTimeout(60_000);

const PATH = '/api/contention/otlp/v1/metrics';
const checkout = otlp.container('checkout');

/** One point of an anatomy, as it should be but for `more`. */
function anatomyOf(
  span: { startMs: number; endMs: number },
  more: otlp.TestAttributes,
) {
  const attributes = {
    'contention.role': 'server',
    'contention.part': 'work',
    'contention.band': 0.5,
    ...more,
  };
  return otlp.request(
    otlp.resource(checkout, [
      otlp.sum(METRIC.requestAnatomy, [{ ...span, value: 1, attributes }]),
    ]),
  );
}

describe('POST /otlp/v1/metrics', () => {
  let folder: ReturnType<typeof temporaryFolder>;
  let backend: Awaited<ReturnType<typeof startContentionBackend>>;
  const nowMs = Date.now();
  const span = { startMs: nowMs - 20_000, endMs: nowMs - 10_000 };

  async function start(options: Partial<TestBackendOptions> = {}) {
    backend = await startContentionBackend({
      folder: folder.path,
      entities: [component('checkout')],
      ...options,
    });
  }

  const post = (body: string | Buffer, headers: Record<string, string> = {}) =>
    request(backend.server)
      .post(PATH)
      .set({
        authorization: mockCredentials.service.header(),
        'content-type': 'application/json',
        ...headers,
      })
      // As it is: a Buffer must not become JSON of a Buffer.
      .serialize(bytes => bytes)
      .send(body);

  const blameOf = (value: unknown, more: object = {}) =>
    otlp.request(
      otlp.resource(checkout, [
        {
          ...otlp.sum(METRIC.cpuTime, [{ ...span, value: value as number }]),
          ...more,
        },
      ]),
    );

  beforeEach(() => {
    folder = temporaryFolder();
  });

  afterEach(async () => {
    await backend.stop();
    folder.remove();
  });

  it('answers in the encoding that it was spoken to in', async () => {
    await start();
    const body = otlp.request(
      otlp.resource(checkout, [
        otlp.sum(METRIC.cpuTime, [{ ...span, value: 1 }]),
        otlp.sum('somebody.elses', [
          { ...span, value: 1 },
          { ...span, value: 2 },
        ]),
      ]),
    );
    const json = await post(JSON.stringify(body))
      .expect(200)
      .expect('content-type', /^application\/json/);
    expect(json.body.partialSuccess).toEqual({
      rejectedDataPoints: 2,
      errorMessage: "metric 'somebody.elses' is not stored here (2)",
    });
    const bytes = Buffer.from(
      requestType.encode(requestType.fromObject(body)).finish(),
    );
    const protobuf = await post(gzipSync(bytes), {
      'content-type': 'application/x-protobuf',
      'content-encoding': 'gzip',
    })
      .responseType('blob')
      .expect(200)
      .expect('content-type', /^application\/x-protobuf/);
    expect(
      responseType.toObject(responseType.decode(protobuf.body), {
        longs: Number,
      }),
    ).toEqual({
      partialSuccess: json.body.partialSuccess,
    });
    const whole = await post(JSON.stringify(blameOf(1))).expect(200);
    expect(whole.body).toEqual({});
  });

  it.each<[string, (n: typeof span) => unknown, RegExp]>([
    ['NaN', () => blameOf('NaN'), /NaN/],
    ['Infinity', () => blameOf('Infinity'), /Infinity/],
    ['a negative value', () => blameOf(-1), /negative/],
    [
      'no value',
      () =>
        otlp.request(
          otlp.resource(checkout, [
            {
              name: METRIC.cpuTime,
              sum: {
                isMonotonic: true,
                aggregationTemporality: 1,
                dataPoints: [
                  {
                    startTimeUnixNano: otlp.nanos(span.startMs),
                    timeUnixNano: otlp.nanos(span.endMs),
                  },
                ],
              },
            },
          ]),
        ),
      /no value/,
    ],
    [
      'an end before its start',
      s =>
        otlp.request(
          otlp.resource(checkout, [
            otlp.sum(METRIC.cpuTime, [
              { startMs: s.endMs, endMs: s.startMs, value: 1 },
            ]),
          ]),
        ),
      /before it starts/,
    ],
    [
      'an end in the future',
      s =>
        otlp.request(
          otlp.resource(checkout, [
            otlp.sum(METRIC.cpuTime, [
              { startMs: s.startMs, endMs: s.endMs + 3_600_000, value: 1 },
            ]),
          ]),
        ),
      /in the future/,
    ],
    [
      'an end long ago',
      () =>
        otlp.request(
          otlp.resource(checkout, [
            otlp.sum(METRIC.cpuTime, [
              { startMs: 1_000, endMs: 2_000, value: 1 },
            ]),
          ]),
        ),
      /long ago/,
    ],
    [
      'no time',
      () =>
        otlp.request(
          otlp.resource(checkout, [
            otlp.sum(METRIC.cpuTime, [{ endMs: 0, value: 1 }]),
          ]),
        ),
      /no time/,
    ],
    [
      'a delta without a start',
      s =>
        otlp.request(
          otlp.resource(checkout, [
            otlp.sum(METRIC.cpuTime, [{ endMs: s.endMs, value: 1 }]),
          ]),
        ),
      /without a start/,
    ],
    [
      'a kind of blame that nobody knows',
      s =>
        otlp.request(
          otlp.resource(checkout, [
            otlp.sum(METRIC.cpuWaitBlame, [
              {
                ...s,
                value: 1,
                attributes: { 'contention.culprit.kind': 'gremlin' },
              },
            ]),
          ]),
        ),
      /'gremlin'; known are throttled/,
    ],
    [
      'a request of no role',
      s =>
        otlp.request(
          otlp.resource(checkout, [
            otlp.histogram(METRIC.requestDuration, [{ ...s, seconds: [1] }]),
          ]),
        ),
      /has no contention\.role/,
    ],
    [
      'a part of a request that nobody knows',
      s => anatomyOf(s, { 'contention.part': 'lunch' }),
      /'lunch'; known are throttled/,
    ],
    [
      'a band that is none',
      s => anatomyOf(s, { 'contention.band': 0.3 }),
      /'0.3'; a band ends at a power of two/,
    ],
    [
      'an exemplar without a duration',
      s =>
        otlp.request(
          otlp.resource(checkout, [
            otlp.histogram(METRIC.cpuWait, [
              { ...s, seconds: [1], exemplars: [{ endMs: s.endMs }] },
            ]),
          ]),
        ),
      /exemplar 0 has no duration/,
    ],
    [
      'no temporality',
      () =>
        otlp.request(
          otlp.resource(checkout, [
            otlp.sum(METRIC.cpuTime, [{ ...span, value: 1 }], 0),
          ]),
        ),
      /neither delta nor cumulative/,
    ],
  ])(
    'refuses %s, says so, and keeps nothing of the request',
    async (_, bad, message) => {
      await start();
      const { resourceMetrics: wrong } = bad(span) as {
        resourceMetrics: object[];
      };
      const { resourceMetrics: right } = otlp.request(
        otlp.interval(checkout, span, { cpuSeconds: 1, waits: [] }),
      );
      const { body } = await post(
        JSON.stringify({ resourceMetrics: [...right, ...wrong] }),
      ).expect(400);
      expect(body).toEqual({
        code: 3,
        message: expect.stringMatching(message),
      });
      const report = await backend.report('checkout', 'latency');
      expect(report.body.status.state).toBe('no-pods');
    },
  );

  it.each([
    [
      'a body that is no gzip',
      Buffer.from('hello'),
      { 'content-encoding': 'gzip' },
      400,
      /gzip body is damaged/,
    ],
    [
      'half a gzip body',
      gzipSync('{"resourceMetrics":[]}').subarray(0, 20),
      { 'content-encoding': 'gzip' },
      400,
      /damaged|early/,
    ],
    [
      'a content type that nobody knows',
      '{}',
      { 'content-type': 'text/csv' },
      415,
      /text\/csv/,
    ],
    [
      'an encoding that nobody knows',
      '{}',
      { 'content-encoding': 'br' },
      415,
      /'br'/,
    ],
    [
      'a body beyond the limit',
      Buffer.alloc(3_000, 32),
      {},
      413,
      /longer than 2000 bytes/,
    ],
    [
      'a bomb',
      gzipSync(Buffer.alloc(1_000_000, 32)),
      { 'content-encoding': 'gzip' },
      413,
      /longer than 10000 bytes when decompressed/,
    ],
  ])('refuses %s', async (_, body, headers, status, message) => {
    await start({
      contention: {
        ingest: {
          maxBodyBytes: 2_000,
          maxInflatedBytes: 10_000,
          clusters: [{ subject: SUBJECT, cluster: 'demo' }],
        },
      },
    });
    const answer = await post(body, headers).expect(status);
    expect(answer.body.message).toMatch(message);
  });

  it('leaves out what cannot be stored and says how much and why', async () => {
    await start();
    const coarse = otlp.histogram(METRIC.cpuWait, [{ ...span, seconds: [1] }]);
    coarse.exponentialHistogram.dataPoints[0].scale = 2;
    const { body } = await post(
      JSON.stringify(
        otlp.request(
          otlp.resource(checkout, [
            coarse,
            otlp.gauge(METRIC.cpuTime, [{ endMs: span.endMs, value: 1 }]),
            otlp.sum(METRIC.cpuTime, [
              {
                startMs: nowMs - 8 * 3_600_000,
                endMs: nowMs - 7 * 3_600_000,
                value: 1,
              },
            ]),
            { name: METRIC.cpuWait, histogram: { dataPoints: [{}, {}] } },
          ]),
        ),
      ),
    ).expect(200);
    expect(body.partialSuccess.rejectedDataPoints).toBe(5);
    expect(body.partialSuccess.errorMessage).toMatch(/scale below 3/);
    expect(body.partialSuccess.errorMessage).toMatch(
      /must be a sum, not a gauge/,
    );
    expect(body.partialSuccess.errorMessage).toMatch(
      /must be an exponential histogram, not a histogram with fixed bounds \(2\)/,
    );
    expect(body.partialSuccess.errorMessage).toMatch(/no longer taken/);
  });

  it('takes metrics from service tokens only, and asks for contention.ingest', async () => {
    const permissions = mockServices.permissions.mock({
      authorize: async requests =>
        requests.map(() => ({ result: AuthorizeResult.DENY })),
    });
    await start({ features: [permissions.factory] });
    await post('{}', { authorization: mockCredentials.user.header() }).expect(
      403,
    );
    await post('{}', { authorization: mockCredentials.none.header() }).expect(
      401,
    );
    expect(permissions.authorize).not.toHaveBeenCalled();
    const { body } = await post('{}').expect(403);
    expect(body.message).toContain('contention.ingest');
    expect(permissions.authorize).toHaveBeenCalledWith(
      [{ permission: expect.objectContaining({ name: 'contention.ingest' }) }],
      expect.anything(),
    );
  });

  it('lets a token speak for its own cluster only', async () => {
    await start();
    const foreign = otlp.container('checkout', { cluster: 'production' });
    const { body } = await post(
      JSON.stringify(
        otlp.request(
          otlp.interval(foreign, span, { cpuSeconds: 1, waits: [] }),
        ),
      ),
    ).expect(403);
    expect(body).toEqual({
      code: 7,
      message: `'${SUBJECT}' is bound to the cluster 'demo' and must not send data of 'production'`,
    });
    const own = otlp.container('checkout', { cluster: 'demo' });
    await post(
      JSON.stringify(
        otlp.request(otlp.interval(own, span, { cpuSeconds: 1, waits: [] })),
      ),
    ).expect(200);
  });

  it('refuses tokens that are bound to no cluster, unless told otherwise', async () => {
    await start({ contention: { ingest: {} } });
    const { body } = await post('{}').expect(403);
    expect(body.message).toMatch(
      /bound to no cluster: add it to contention.ingest.clusters/,
    );
    await backend.stop();
    await start({ contention: { ingest: { allowUnbound: true } } });
    await post('{}').expect(200);
  });

  it('speaks google.rpc.Status in protobuf, too', async () => {
    await start();
    const { body } = await post(Buffer.from([0xff]), {
      'content-type': 'application/x-protobuf',
    })
      .responseType('blob')
      .expect(400);
    expect(statusType.toObject(statusType.decode(body))).toEqual({
      code: 3,
      message: expect.stringContaining('no ExportMetricsServiceRequest'),
    });
  });
});

describe('a store that has too much to do', () => {
  const nowMs = Date.now();
  const body = JSON.stringify(
    otlp.request(
      otlp.interval(
        checkout,
        { startMs: nowMs - 10_000, endMs: nowMs },
        { cpuSeconds: 1, waits: [] },
      ),
    ),
  );

  function appWith(ingest: Store['ingest'], maxConcurrent: number) {
    const config = mockServices.rootConfig({
      data: { contention: { ingest: { maxConcurrent, allowUnbound: true } } },
    });
    return express().use(
      createIngestRouter({
        store: { ingest } as Store,
        settings: readIngestSettings(config),
        retention: readRetention(config),
        httpAuth: mockServices.httpAuth({
          defaultCredentials: mockCredentials.service(),
        }),
        permissions: mockServices.permissions(),
        logger: mockServices.logger.mock(),
      }),
    );
  }

  const post = (app: express.Express) =>
    request(app)
      .post('/otlp/v1/metrics')
      .set('content-type', 'application/json')
      .send(body);

  it('is given no more than a few requests at once; the next one is told to come back', async () => {
    let release: () => void = () => undefined;
    let inside = 0;
    const blocked = new Promise<void>(resolve => {
      release = resolve;
    });
    const app = appWith(async () => {
      inside++;
      await blocked;
      return { stored: 1, duplicates: 0 };
    }, 2);
    const waiting = [post(app), post(app)].map(call => call.then(r => r));
    while (inside < 2) await new Promise(resolve => setTimeout(resolve, 5));
    const refused = await post(app).expect(503);
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
    expect(refused.body.code).toBe(14);
    release();
    for (const { status } of await Promise.all(waiting)) {
      expect(status).toBe(200);
    }
    await post(app).expect(200);
  });

  it('may say so itself', async () => {
    const app = appWith(async () => {
      throw new StoreBusyError('the database is busy');
    }, 2);
    const { body: answer, headers } = await post(app).expect(503);
    expect(answer.message).toBe('the database is busy');
    expect(Number(headers['retry-after'])).toBeGreaterThan(0);
  });

  it('does not tell strangers what went wrong inside', async () => {
    const app = appWith(async () => {
      throw new Error('password of the database: secret');
    }, 2);
    const { body: answer } = await post(app).expect(500);
    expect(answer.message).not.toContain('secret');
  });
});
