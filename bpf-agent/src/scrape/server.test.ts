import { gunzipSync } from 'node:zlib';
import { request as httpRequest } from 'node:http';
import type { Family } from './families';
import { serveMetrics, type MetricsServer } from './server';

const FAMILIES: Family[] = [
  {
    name: 'x_total',
    kind: 'counter',
    help: 'X',
    samples: [{ labels: [['a', 'b']], value: 3 }],
  },
];
const TEXT = '# HELP x_total X\n# TYPE x_total counter\nx_total{a="b"} 3\n';
/** What Prometheus with native histograms asks for. */
const NATIVE =
  'application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited,application/openmetrics-text;version=1.0.0;q=0.8,text/plain;version=0.0.4;q=0.5,*/*;q=0.1';

const log = { info: jest.fn(), warn: jest.fn() };
let server: MetricsServer;

beforeAll(async () => {
  server = await serveMetrics({
    host: '127.0.0.1',
    port: 0,
    families: () => FAMILIES,
    log,
  });
});
afterAll(() => server.close());

/** Without what a better client adds of its own. */
function get(
  headers: Record<string, string>,
  { url = server.url, method = 'GET' } = {},
) {
  return new Promise<{
    status?: number;
    headers: Record<string, unknown>;
    body: Buffer;
  }>((resolve, reject) => {
    const request = httpRequest(url, { headers, method }, response => {
      const chunks: Buffer[] = [];
      response.on('data', chunk => chunks.push(chunk));
      response.on('end', () =>
        resolve({
          status: response.statusCode,
          headers: response.headers,
          body: Buffer.concat(chunks),
        }),
      );
    });
    request.on('error', reject).end();
  });
}

it.each<Record<string, string>>([
  {},
  { accept: '*/*' },
  { accept: 'text/plain;version=0.0.4;q=0.9, application/json' },
  {
    accept: `text/plain, ${NATIVE.split(',')[0]};q=0.5`,
  },
  // Another encoding of the same messages.
  {
    accept:
      'application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=text',
  },
])('text for %j', async headers => {
  const answer = await get(headers);
  expect(answer.status).toBe(200);
  expect(answer.headers['content-type']).toBe(
    'text/plain; version=0.0.4; charset=utf-8',
  );
  expect(answer.body.toString()).toBe(TEXT);
});

it('protobuf for whoever likes it better', async () => {
  const answer = await get({ accept: NATIVE });
  expect(answer.headers['content-type']).toMatch(
    /^application\/vnd\.google\.protobuf; proto=io\.prometheus\.client\.MetricFamily; encoding=delimited$/,
  );
  // The length of the only message, then its first field.
  expect([...answer.body.subarray(0, 3)]).toEqual([
    answer.body.length - 1,
    0x0a,
    'x_total'.length,
  ]);
});

it('compressed where that is accepted', async () => {
  const answer = await get({ 'accept-encoding': 'gzip' });
  expect(answer.headers['content-encoding']).toBe('gzip');
  expect(gunzipSync(answer.body).toString()).toBe(TEXT);
});

it('HEAD is GET without a body; nothing else is allowed, and nothing else is there', async () => {
  const head = await get({}, { method: 'HEAD' });
  expect(head.status).toBe(200);
  expect(head.headers['content-length']).toBe(String(TEXT.length));
  expect(head.body).toHaveLength(0);
  expect(await get({}, { method: 'POST' })).toMatchObject({
    status: 405,
    headers: { allow: 'GET, HEAD' },
  });
  const elsewhere = new URL('/other', server.url).href;
  expect(await get({}, { url: elsewhere })).toMatchObject({ status: 404 });
  const query = await get({}, { url: `${server.url}?format=x` });
  expect(query.status).toBe(200);
});

it('an address that is taken is told as that', async () => {
  const { port } = new URL(server.url);
  await expect(
    serveMetrics({
      host: '127.0.0.1',
      port: Number(port),
      families: () => FAMILIES,
      log,
    }),
  ).rejects.toThrow(`cannot listen for scrapes at 127.0.0.1:${port}`);
});

it('what goes wrong while it answers ends that answer only', async () => {
  const broken = await serveMetrics({
    host: '127.0.0.1',
    port: 0,
    families: () => {
      throw new Error('no numbers today');
    },
    log,
  });
  try {
    await expect(get({}, { url: broken.url })).rejects.toThrow();
    expect(log.warn).toHaveBeenCalledWith(
      'cannot answer a scrape: no numbers today',
    );
  } finally {
    await broken.close();
  }
});
