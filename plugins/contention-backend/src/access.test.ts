/** Who may see what: every route, asked by everybody who might try, with the framework's own tokens and conditions. */
import {
  RELATION_OWNED_BY,
  type Entity,
  type EntityRelation,
} from '@backstage/catalog-model';
import {
  catalogConditions,
  createCatalogConditionalDecision,
} from '@backstage/plugin-catalog-backend/alpha';
import { catalogEntityReadPermission } from '@backstage/plugin-catalog-common/alpha';
import {
  AuthorizeResult,
  isPermission,
  isResourcePermission,
  type PolicyDecision,
} from '@backstage/plugin-permission-common';
import type {
  PermissionPolicy,
  PolicyQuery,
  PolicyQueryUser,
} from '@backstage/plugin-permission-node';
import {
  buildOpenApiDocument,
  evidenceHeadSchema,
} from 'backstage-plugin-contention-common';
import request from 'supertest';
import { readFileSync, writeFileSync } from 'node:fs';
import { resolve as resolvePath } from 'node:path';
import { accessDocument, type AccessRow } from './__testUtils__/accessTable';
import { temporaryFolder } from './__testUtils__/backend';
import { startRealBackend } from './__testUtils__/realBackend';
import * as otlp from './__testUtils__/otlp';

jest.setTimeout(120_000);

const AGENT = 'agent-token-of-the-demo-cluster';
const FOREIGN_AGENT = 'agent-token-of-another-cluster';

/**
 * `nobody` may do nothing and `admin` everything. Everybody else reads the data of what their group owns; `pia` sees in
 * the catalog no more than that, others see all of it.
 */
class OwnersOnly implements PermissionPolicy {
  async handle(
    { permission }: PolicyQuery,
    user?: PolicyQueryUser,
  ): Promise<PolicyDecision> {
    const who = user?.info.userEntityRef;
    if (who === undefined || who === 'user:default/nobody') {
      return { result: AuthorizeResult.DENY };
    }
    if (who === 'user:default/admin') {
      return { result: AuthorizeResult.ALLOW };
    }
    if (
      isPermission(permission, catalogEntityReadPermission) &&
      who !== 'user:default/pia'
    ) {
      return { result: AuthorizeResult.ALLOW };
    }
    if (isResourcePermission(permission, 'catalog-entity')) {
      return createCatalogConditionalDecision(
        permission,
        catalogConditions.isEntityOwner({
          claims: user!.info.ownershipEntityRefs,
        }),
      );
    }
    return { result: AuthorizeResult.DENY };
  }
}

function entity(kind: string, name: string, spec: Entity['spec']): Entity {
  return {
    apiVersion: 'backstage.io/v1alpha1',
    kind,
    metadata: {
      name,
      namespace: 'default',
      ...(kind === 'Component'
        ? { annotations: { 'backstage.io/kubernetes-id': name } }
        : {}),
    },
    spec,
  };
}

const isOwnedBy = ({ type }: EntityRelation) => type === RELATION_OWNED_BY;

const service = (name: string, owner: string) =>
  entity('Component', name, { type: 'service', lifecycle: 'test', owner });
const team = (name: string) =>
  entity('Group', name, { type: 'team', children: [] });
const person = (name: string, ...memberOf: string[]) =>
  entity('User', name, { memberOf });

const ENTITIES = [
  service('checkout', 'payments'),
  service('batch-report', 'data'),
  team('payments'),
  team('data'),
  person('nobody'),
  person('admin'),
  person('pat', 'payments'),
  person('pia', 'payments'),
  person('dana', 'data'),
  person('dora', 'payments', 'data'),
];

/** Of fake timers only the clock is wanted. */
const TIMERS = [
  'hrtime',
  'nextTick',
  'performance',
  'queueMicrotask',
  'setImmediate',
  'clearImmediate',
  'setInterval',
  'clearInterval',
  'setTimeout',
  'clearTimeout',
] as const;

describe('every route', () => {
  let folder: ReturnType<typeof temporaryFolder>;
  let backend: Awaited<ReturnType<typeof startRealBackend>>;
  const tokens: Record<string, string> = {};
  const nowMs = Math.floor(Date.now() / 10_000) * 10_000;

  beforeAll(async () => {
    folder = temporaryFolder();
    backend = await startRealBackend({
      folder: folder.path,
      entities: ENTITIES,
      policy: new OwnersOnly(),
      contention: {
        ingest: {
          clusters: [
            { subject: 'demo', cluster: 'demo' },
            { subject: 'other', cluster: 'other' },
          ],
        },
      },
      externalAccess: [
        [AGENT, 'demo'],
        [FOREIGN_AGENT, 'other'],
      ].map(([token, subject]) => ({
        type: 'static',
        options: { token, subject },
        accessRestrictions: [
          { plugin: 'contention', permission: 'contention.ingest' },
        ],
      })),
    });
    await until(async () => {
      for (const name of ['nobody', 'admin', 'pat', 'pia', 'dana', 'dora']) {
        tokens[name] = await backend.tokenOf(name);
      }
    });
    await send(AGENT).expect(200);
    await until(async () => {
      const { body } = await ask(tokens.pat, reportPath('checkout')).expect(
        200,
      );
      if (body.status.state !== 'ok') throw new Error(body.status.state);
      const relations = await ask(
        tokens.admin,
        '/api/catalog/entities/by-name/component/default/batch-report',
      );
      if (!relations.body.relations.some(isOwnedBy))
        throw new Error('no owner');
    });
  });

  afterAll(async () => {
    await backend.stop();
    folder.remove();
  });

  function send(token: string | undefined, cluster = 'demo') {
    const span = { startMs: nowMs - 10_000, endMs: nowMs };
    const post = request(backend.server)
      .post('/api/contention/otlp/v1/metrics')
      .set('content-type', 'application/json');
    if (token) post.set('authorization', `Bearer ${token}`);
    return post.send(
      JSON.stringify(
        otlp.request(
          otlp.interval(otlp.container('checkout', { cluster }), span, {
            cpuSeconds: 4,
            waits: [
              {
                seconds: 0.8,
                by: otlp.blamed(otlp.container('batch-report', { cluster })),
              },
            ],
          }),
          otlp.queue(otlp.container('checkout', { cluster }), span, {
            packets: new Array<number>(100).fill(0.02),
            behind: [
              {
                seconds: 2,
                by: otlp.blamed(otlp.container('batch-report', { cluster })),
              },
            ],
          }),
          otlp.interval(otlp.container('batch-report', { cluster }), span, {
            cpuSeconds: 8,
            waits: [],
          }),
          otlp.connections(
            otlp.container('checkout', { cluster, ip: '10.0.0.1' }),
            span,
            [
              {
                address: '10.0.0.2',
                port: 80,
                requests: [0.01],
                segments: { transmit: 100 },
                retransmits: { timeout: 20 },
              },
              { role: 'server', address: '10.0.0.2', requests: [0.02] },
            ],
          ),
          otlp.connections(
            otlp.container('batch-report', { cluster, ip: '10.0.0.2' }),
            span,
            [{ address: '192.0.2.77', port: 443, requests: [0.01] }],
          ),
        ),
      ),
    );
  }

  function ask(token: string | undefined, path: string, method = 'get') {
    const asked = request(backend.server)[method as 'get'](path);
    return token ? asked.set('authorization', `Bearer ${token}`) : asked;
  }

  function reportPath(name: string, report = 'neighbours') {
    return `/api/contention/v1/entities/component/default/${name}/${report}`;
  }

  /** Every operation of the document, about `checkout`. */
  const operations = Object.entries(buildOpenApiDocument().paths).flatMap(
    ([path, methods]) =>
      Object.keys(methods).map(method => ({
        method,
        path: `/api/contention${path}`
          .replace('{kind}', 'component')
          .replace('{namespace}', 'default')
          .replace('{name}', 'checkout')
          .replace('{cluster}', 'demo')
          .replace('{node}', 'node-a')
          .replace('{id}', '0'.repeat(64))
          .replace(/\{\w+\}/g, 'x'),
      })),
  );
  const ofPeople = operations.filter(({ path }) => !path.includes('/otlp/'));
  /** Incidents are told by tools that sign what they send; openapi.json is for everybody who is signed in. */
  const isOpen = ({ path }: { path: string }) => path.endsWith('/openapi.json');

  it.each(operations)('asks who it is: $method $path', async operation => {
    const { status } = await ask(undefined, operation.path, operation.method);
    expect(status).toBe(401);
  });

  it.each(operations)(
    'does not know who made their token up: $method $path',
    async ({ method, path }) => {
      const [header, , signature] = tokens.pat.split('.');
      const claims = Buffer.from(
        JSON.stringify({ sub: 'user:default/admin', exp: 9e9 }),
      ).toString('base64url');
      for (const token of ['nonsense', [header, claims, signature].join('.')]) {
        expect((await ask(token, path, method)).status).toBe(401);
      }
    },
  );

  it.each(ofPeople)(
    'is nothing for somebody without permission: $method $path',
    async operation => {
      const { status, text } = await ask(
        tokens.nobody,
        operation.path,
        operation.method,
      );
      if (isOpen(operation)) return;
      expect([400, 403, 404]).toContain(status);
      // The error says again what was asked for.
      const told = text.replace(/"url":"[^"]*"/, '');
      expect(told).not.toMatch(/batch-report|payments|node-a/);
    },
  );

  it.each(ofPeople)(
    'is nothing for an agent: $method $path',
    async operation => {
      const { status, text } = await ask(
        AGENT,
        operation.path,
        operation.method,
      );
      if (isOpen(operation)) return;
      expect([400, 403, 404]).toContain(status);
      expect(text).not.toMatch(/batch-report|payments/);
    },
  );

  it('takes metrics of its own cluster from an agent, and of no other', async () => {
    await send(FOREIGN_AGENT).expect(403);
    await send(tokens.admin).expect(403);
    await send(AGENT, 'other').expect(403);
  });

  it('shows an entity to its owners and to nobody else', async () => {
    for (const report of [
      'neighbours',
      'throttling',
      'latency',
      'peers',
      'diagnosis',
    ]) {
      await ask(tokens.pat, reportPath('checkout', report)).expect(200);
      const refused = await ask(
        tokens.dana,
        reportPath('checkout', report),
      ).expect(403);
      expect(refused.body.error.message).toContain('contention.read');
    }
  });

  it('names nobody whom the reader may not see, and weighs them all the same', async () => {
    const whole = await ask(tokens.pat, reportPath('checkout')).expect(200);
    expect(whole.text).toContain('batch-report');
    for (const { path } of ofPeople.filter(({ method }) => method === 'get')) {
      const { text } = await ask(tokens.pia, path);
      expect(text).not.toMatch(/batch-report|group:default\/data/);
    }
    const { body } = await ask(tokens.pia, reportPath('checkout')).expect(200);
    expect(body.culprits).toHaveLength(1);
    expect(body.culprits[0]).toMatchObject({
      waitSeconds: whole.body.culprits[0].waitSeconds,
      party: { name: 'a workload you may not see', redacted: true },
    });
    expect(body.verdict.sentence.text).toContain('a workload you may not see');
  });

  it('names in queues nobody whom the reader may not see, on either side', async () => {
    const path = reportPath('checkout', 'neighbours?resource=network');
    const whole = await ask(tokens.pat, path).expect(200);
    expect(whole.body.culprits[0].party.name).toBe('batch-report');
    const { body, text } = await ask(tokens.pia, path).expect(200);
    expect(text).not.toMatch(/batch-report|group:default\/data/);
    expect(body.culprits[0]).toMatchObject({
      waitSeconds: whole.body.culprits[0].waitSeconds,
      party: { name: 'a workload you may not see', redacted: true },
    });
    const caused = reportPath(
      'batch-report',
      'neighbours?resource=network&direction=caused',
    );
    await ask(tokens.pat, caused).expect(403);
    const { body: ofCulprit } = await ask(tokens.dana, caused).expect(200);
    expect(ofCulprit.culprits).toHaveLength(1);
    // As for the CPU: forbidden and absent are the same answer whatever is asked of them.
    const refused = await ask(tokens.dana, path).expect(403);
    const ofCpu = await ask(tokens.dana, reportPath('checkout')).expect(403);
    expect(refused.body.error.message).toBe(ofCpu.body.error.message);
  });

  it('tells whom a peer calls to those who may read its data, and nobody else', async () => {
    const peersFor = async (who: string) =>
      (await ask(tokens[who], reportPath('checkout', 'peers')).expect(200))
        .body;
    const [admin, pat, pia] = [
      await peersFor('admin'),
      await peersFor('pat'),
      await peersFor('pia'),
    ];
    expect(admin.map.nodes).toContainEqual(
      expect.objectContaining({ hop: 2, label: '192.0.2.77:443' }),
    );
    // Sees it in the catalog, and may not read its data.
    expect(pat.upstreams[0].party.name).toBe('batch-report');
    expect(JSON.stringify(pat)).not.toContain('192.0.2.77');
    expect(pia.upstreams).toEqual([
      expect.objectContaining({
        key: 'hidden',
        kind: 'hidden',
        requestCount: pat.upstreams[0].requestCount,
        addresses: [],
      }),
    ]);
    expect(pia.finding.sentence.text).toBe(
      '20 % of segments to a workload you may not see are sent again (by time-out).',
    );
    expect(JSON.stringify(pia)).not.toContain('10.0.0.2');
  });

  it.each(['nobody', 'pia'])(
    'answers %s about what is not there as about what may not be seen',
    async who => {
      const generic = ({ status, text }: request.Response, name: string) => ({
        status,
        text: text.replaceAll(name, 'X'),
      });
      for (const { path, method } of ofPeople) {
        const hidden = path.replace('checkout', 'batch-report');
        const absent = path.replace('checkout', 'no-such-service');
        // It is about no entity.
        if (hidden === absent) continue;
        expect(
          generic(await ask(tokens[who], hidden, method), 'batch-report'),
        ).toEqual(
          generic(await ask(tokens[who], absent, method), 'no-such-service'),
        );
      }
    },
  );

  describe('of a frozen record', () => {
    const ABSENT = '0'.repeat(32);
    const ids: Record<string, string> = {};

    const routes = Object.entries(buildOpenApiDocument().paths).flatMap(
      ([path, methods]) =>
        path.includes('/evidence/{id}')
          ? Object.keys(methods).map(method => ({
              method,
              path: `/api/contention${path}`,
            }))
          : [],
    );
    const askOf = (who: string, method: string, path: string, id: string) => {
      const call = ask(tokens[who], path.replace('{id}', id), method);
      return method === 'post'
        ? call.send({
            onBehalfOf: 'component:default/batch-report',
            text: 'It was us.',
          })
        : call;
    };
    /** Everything that tells two records apart, but their ids. */
    const toldOf = async (...[who, method, path, id]: string[]) => {
      const { status, type, headers, text } = await askOf(
        who,
        method,
        path,
        id,
      );
      const { 'content-length': length, 'cache-control': cache } = headers;
      return { status, type, length, cache, text: text.replaceAll(id, 'ID') };
    };

    beforeAll(async () => {
      for (const name of ['checkout', 'batch-report']) {
        const frozen = await ask(
          tokens.admin,
          '/api/contention/v1/evidence',
          'post',
        )
          .send({
            entityRef: `component:default/${name}`,
            from: nowMs - 60_000,
            to: nowMs,
            title: `${name} was slow`,
          })
          .expect(201);
        ids[name] = evidenceHeadSchema.parse(frozen.body).id;
      }
    });

    it('is read in four forms, answered and deleted', () => {
      const methods = routes.map(({ method }) => method);
      expect(methods.sort()).toEqual(
        ['delete', 'get', 'get', 'get', 'get', 'post'].sort(),
      );
    });

    it.each(
      [
        ['checkout', 'nobody'],
        ['checkout', 'dana'],
        ['batch-report', 'nobody'],
        ['batch-report', 'pia'],
        ['batch-report', 'pat'],
      ].flatMap(([name, who]) =>
        routes.map(route => ({ name, who, ...route })),
      ),
    )(
      'of $name nothing is told to $who, not even that it is there: $method $path',
      async ({ name, who, method, path }) => {
        const told = await toldOf(who, method, path, ids[name]);
        expect(told).toEqual(await toldOf(who, method, path, ABSENT));
        expect(told.status).toBeGreaterThanOrEqual(400);
      },
    );

    it.each([
      ['checkout', 'pat'],
      ['checkout', 'pia'],
      ['checkout', 'admin'],
      ['batch-report', 'dana'],
    ])('of %s is read by %s', async (name, who) => {
      for (const { method, path } of routes) {
        if (method !== 'get') continue;
        const { status } = await askOf(who, method, path, ids[name]);
        expect([path, status]).toEqual([path, 200]);
      }
    });

    it('is read without the names that its reader may not see, in every form', async () => {
      for (const { path } of routes.filter(({ method }) => method === 'get')) {
        const textFor = async (who: string) => {
          const { text, body } = await askOf(who, 'get', path, ids.checkout);
          // In Markdown a hyphen is escaped.
          return (text ?? String(body)).replaceAll('\\', '');
        };
        expect(await textFor('admin')).toContain('batch-report');
        expect(await textFor('pia')).not.toMatch(
          /batch-report|group:default\/data/,
        );
      }
    });

    it('is deleted by those whom the policy lets, and then told of to nobody', async () => {
      const [remove] = routes.filter(({ method }) => method === 'delete');
      await askOf('dana', 'delete', remove.path, ids.checkout).expect(404);
      await askOf('admin', 'get', remove.path, ids.checkout).expect(200);
      await askOf('pat', 'delete', remove.path, ids.checkout).expect(204);
      expect(await toldOf('admin', 'get', remove.path, ids.checkout)).toEqual(
        await toldOf('admin', 'get', remove.path, ABSENT),
      );
    });
  });

  /** Tokens of today, tomorrow. */
  async function tomorrow<Answer>(work: () => Promise<Answer>) {
    const real = Date.now();
    const clock = jest.spyOn(Date, 'now').mockReturnValue(real);
    const inADay = new Date(real + 24 * 3600 * 1000);
    jest.useFakeTimers({ now: inADay, doNotFake: [...TIMERS] });
    try {
      return await work();
    } finally {
      jest.useRealTimers();
      clock.mockRestore();
    }
  }

  it('is answered as docs/access.md has it', async () => {
    const callers: Array<[string, string | undefined]> = [
      ['no token', undefined],
      ['made up', `${tokens.admin.slice(0, -8)}nonsense`],
      ['agent', AGENT],
      ['foreign', FOREIGN_AGENT],
      ['nobody', tokens.nobody],
      ['other', tokens.dana],
      ['blind', tokens.pia],
      ['owner', tokens.pat],
      ['both', tokens.dora],
      ['admin', tokens.admin],
    ];
    const range = {
      entityRef: 'component:default/checkout',
      from: nowMs - 60_000,
      to: nowMs,
    };
    const freeze = async (title: string) => {
      const { body } = await ask(
        tokens.admin,
        '/api/contention/v1/evidence',
        'post',
      )
        .send({ ...range, title })
        .expect(201);
      return evidenceHeadSchema.parse(body).id;
    };
    /** What somebody who may would send. */
    const bodies: Record<string, object> = {
      '/v1/evidence': { ...range, title: 'One' },
      '/v1/evidence/seen': range,
      '/v1/evidence/{id}/replies': {
        onBehalfOf: 'component:default/batch-report',
        text: 'It was us.',
      },
    };
    const statusOf = async (
      token: string | undefined,
      method: string,
      template: string,
      id: string,
    ) => {
      if (template === '/otlp/v1/metrics') return (await send(token)).status;
      const path = template
        .replace('{kind}/{namespace}/{name}', 'component/default/checkout')
        .replace('{cluster}/{node}', 'demo/node-a')
        .replace('{id}', id)
        .replace(/resolve$/, 'resolve?service=checkout');
      const asked = ask(token, `/api/contention${path}`, method);
      const body = bodies[template];
      return (await (body ? asked.send(body) : asked)).status;
    };
    const rows: AccessRow[] = [];
    const kept = await freeze('Kept');
    const templates = Object.entries(buildOpenApiDocument().paths).flatMap(
      ([template, methods]) =>
        Object.keys(methods).map(method => ({ template, method })),
    );
    for (const { template, method } of templates) {
      const statuses: number[] = [];
      for (const [who, token] of callers) {
        const id = method === 'delete' ? await freeze(`For ${who}`) : kept;
        statuses.push(await statusOf(token, method, template, id));
      }
      rows.push({
        operation: `${method.toUpperCase()} ${template}`,
        statuses,
      });
    }
    const expired = await tomorrow(async () => {
      const statuses: number[] = [];
      for (const { template, method } of templates) {
        statuses.push(await statusOf(tokens.admin, method, template, kept));
      }
      return statuses;
    });
    const [none, madeUp, ...others] = callers.map(([who]) => who);
    const table = accessDocument(
      [none, madeUp, 'expired', ...others],
      rows.map(({ operation, statuses }, index) => ({
        operation,
        statuses: [
          ...statuses.slice(0, 2),
          expired[index],
          ...statuses.slice(2),
        ],
      })),
    );
    // eslint-disable-next-line no-console
    console.info(table);
    const file = resolvePath(__dirname, '../../../docs/access.md');
    if (process.env.CONTENTION_WRITE_ACCESS) writeFileSync(file, table);
    expect(table).toBe(readFileSync(file, 'utf8'));
    // Some hundreds of questions, one after the other.
  }, 600_000);

  // Last: keys of the sign-in expire with the tokens, and are not made anew backwards.
  it.each(operations)(
    'lets no expired token in: $method $path',
    async ({ method, path }) => {
      const { status } = await tomorrow(async () =>
        ask(tokens.admin, path, method),
      );
      expect(status).toBe(401);
    },
  );
});

async function until(check: () => Promise<void>): Promise<void> {
  for (let left = 100; ; left--) {
    try {
      await check();
      return;
    } catch (error) {
      if (left === 0) throw error;
    }
    await new Promise(resolve => {
      setTimeout(resolve, 100);
    });
  }
}
