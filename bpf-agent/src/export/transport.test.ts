import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { httpTransport } from './transport';

let server: Server;
let url: URL;
const requests: { url?: string; type?: string; body: string }[] = [];
/** Undefined for no answer at all. */
let answer:
  | { status: number; headers?: Record<string, string>; body: string }
  | undefined;

beforeAll(async () => {
  server = createServer((request, response) => {
    let body = '';
    request.on('data', chunk => {
      body += chunk;
    });
    request.on('end', () => {
      const type = request.headers['content-type'];
      requests.push({ url: request.url, type, body });
      if (!answer) return;
      response.writeHead(answer.status, answer.headers);
      response.end(answer.body);
    });
  });
  await new Promise<void>(resolve => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  url = new URL(`http://127.0.0.1:${port}/v1/metrics`);
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

it('posts the bytes and gives back what a receiver says', async () => {
  answer = { status: 429, headers: { 'retry-after': '9' }, body: 'later' };
  const send = await httpTransport({ url, timeoutMs: 5000 });
  const got = await send(Buffer.from('hello'), { 'content-type': 'x/y' });
  expect(requests.at(-1)).toEqual({
    url: '/v1/metrics',
    type: 'x/y',
    body: 'hello',
  });
  expect(got).toMatchObject({ status: 429, retryAfter: '9' });
  expect(Buffer.from(got.body).toString()).toBe('later');
});

it('gives up on a receiver that does not answer', async () => {
  answer = undefined;
  const send = await httpTransport({ url, timeoutMs: 50 });
  await expect(send(Buffer.from('x'), {})).rejects.toThrow(
    'no answer within 0.05 s',
  );
});

it('fails where nobody listens', async () => {
  const nowhere = new URL('http://127.0.0.1:1/');
  const send = await httpTransport({ url: nowhere, timeoutMs: 5000 });
  await expect(send(Buffer.from('x'), {})).rejects.toThrow('ECONNREFUSED');
});

it('reads no more of an answer than is needed', async () => {
  answer = { status: 500, body: 'x'.repeat(2_000_000) };
  const send = await httpTransport({ url, timeoutMs: 5000 });
  const got = await send(Buffer.from('x'), {});
  expect(got.status).toBe(500);
  expect(got.body.length).toBeLessThan(1_000_000);
});

it('sends again at once when a receiver had closed the connection meanwhile', async () => {
  answer = { status: 200, body: 'ok' };
  const send = await httpTransport({ url, timeoutMs: 5000 });
  await send(Buffer.from('first'), {});
  const count = requests.length;
  server.once('request', request => request.socket.destroy());
  const got = await send(Buffer.from('second'), {});
  expect(got.status).toBe(200);
  // The first of them was never answered.
  expect(requests.slice(count).map(({ body }) => body)).toEqual([
    'second',
    'second',
  ]);
});

it('does not try a receiver for ever that hangs up on every connection', async () => {
  const hangUp = (request: IncomingMessage) => request.socket.destroy();
  server.on('request', hangUp);
  const send = await httpTransport({ url, timeoutMs: 5000 });
  await expect(send(Buffer.from('x'), {})).rejects.toThrow('hang up');
  server.off('request', hangUp);
});
