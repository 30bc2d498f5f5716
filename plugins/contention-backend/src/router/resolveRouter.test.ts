import { mockCredentials, mockServices } from '@backstage/backend-test-utils';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import { resolveAnswerSchema } from 'backstage-plugin-contention-common';
import request from 'supertest';
import {
  component,
  startContentionBackend,
  temporaryFolder,
} from '../__testUtils__/backend';
import * as otlp from '../__testUtils__/otlp';

jest.setTimeout(60_000);

const entities = [component('checkout'), component('secret')];

/** What the permission framework says of each entity, for whoever asks. */
function permissions(
  decide: (resourceRef: string | undefined) => AuthorizeResult,
) {
  return mockServices.permissions.mock({
    authorize: (async (asked: { resourceRef?: string }[]) =>
      asked.map(({ resourceRef }) => ({
        result: decide(resourceRef),
      }))) as never,
    authorizeConditional: (async () => [
      { result: decide(undefined) },
    ]) as never,
  }).factory;
}

describe('GET /v1/resolve', () => {
  let folder: ReturnType<typeof temporaryFolder>;
  let backend: Awaited<ReturnType<typeof startContentionBackend>>;
  const nowMs = Math.floor(Date.now() / 10_000) * 10_000;
  let decide: (resourceRef: string | undefined) => AuthorizeResult;

  const ask = (query: Record<string, string | string[]>) =>
    request(backend.server)
      .get('/api/contention/v1/resolve')
      .set('authorization', mockCredentials.user.header())
      .query(query);

  beforeAll(async () => {
    decide = () => AuthorizeResult.ALLOW;
    folder = temporaryFolder();
    backend = await startContentionBackend({
      folder: folder.path,
      entities,
      features: [permissions(ref => decide(ref))],
    });
    const batch = otlp.container('batch', { labels: {} });
    for (const name of ['checkout', 'secret']) {
      for (let index = 30; index > 0; index--) {
        const startMs = nowMs - index * 10_000;
        const span = { startMs, endMs: startMs + 10_000 };
        await backend
          .send(
            otlp.request(
              otlp.interval(otlp.container(name), span, {
                cpuSeconds: 4,
                waits: [{ seconds: 1, by: otlp.blamed(batch) }],
              }),
            ),
          )
          .expect(200);
      }
    }
    for (let tries = 0; tries < 100; tries++) {
      const { status } = await ask({ pod: 'checkout-0' });
      if (status === 200) break;
      await new Promise(done => setTimeout(done, 100));
    }
  });
  beforeEach(() => {
    decide = () => AuthorizeResult.ALLOW;
  });
  afterAll(async () => {
    await backend.stop();
    folder.remove();
  });

  it('leads to the tab where the cause is', async () => {
    const { body } = await ask({
      namespace: 'shop',
      pod: 'checkout-0',
      at: String(nowMs / 1000),
    }).expect(200);
    const answer = resolveAnswerSchema.parse(body);
    expect(answer).toMatchObject({
      state: 'one',
      pages: [
        {
          entity: { entityRef: 'component:default/checkout' },
          tab: 'neighbours',
          hasData: true,
        },
      ],
    });
    const [{ permalink }] = answer.pages;
    expect(permalink).toMatch(
      /^\/catalog\/default\/component\/checkout\/noisy-neighbours\?from=\d{4}-.*&to=\d{4}-/,
    );
  });

  it('leads to who was held up most first, where a node is all one knows', async () => {
    const { body } = await ask({ node: 'node-a' }).expect(200);
    expect(body).toMatchObject({ state: 'several' });
    expect(body.pages).toHaveLength(2);
  });

  it.each([
    [{}, /nothing to look for: give one of pod, container, ip/],
    [{ pod: '' }, /nothing to look for/],
    [{ cluster: 'demo', namespace: 'shop' }, /nothing to look for/],
    [{ pod: 'a', at: 'yesterday' }, /at: 'yesterday' is no time/],
    [
      { pod: 'a', from: '2026-11-21T10:00Z', to: '2026-11-21T09:00Z' },
      /'from' is not before 'to'/,
    ],
    [{ pod: 'x'.repeat(900) }, /pod/],
  ])('says what is wrong with %j', async (query, message) => {
    const { body } = await ask(query).expect(400);
    expect(body.error.message).toMatch(message);
  });

  it('takes the first of a parameter that comes twice', async () => {
    const { body } = await ask({ pod: ['checkout-0', 'secret-0'] }).expect(200);
    expect(body.pages).toHaveLength(1);
  });

  it('is for nobody who is not signed in', async () => {
    await request(backend.server)
      .get('/api/contention/v1/resolve?pod=checkout-0')
      .set('authorization', mockCredentials.none.header())
      .expect(401);
  });

  it('is for nobody who may read nothing', async () => {
    decide = () => AuthorizeResult.DENY;
    const found = await ask({ pod: 'checkout-0' }).expect(403);
    const absent = await ask({ pod: 'nobody-0' }).expect(403);
    expect(found.body.error.message).toBe(absent.body.error.message);
  });

  it('answers of what may not be read as of what is not there', async () => {
    decide = ref =>
      ref === 'component:default/secret'
        ? AuthorizeResult.DENY
        : AuthorizeResult.ALLOW;
    const when = { from: String(nowMs - 60_000), to: String(nowMs) };
    const hidden = await ask({ pod: 'secret-0', ...when });
    const absent = await ask({ pod: 'secrey-0', ...when });
    expect(hidden.status).toBe(200);
    expect(hidden.body.state).toBe('none');
    expect({ ...hidden.body, lookedFor: [] }).toEqual({
      ...absent.body,
      lookedFor: [],
    });
  });
});
