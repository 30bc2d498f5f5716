/** Roll-up and coverage as a reader gets them: a backend, a catalog with a system and teams, agents of two nodes. */
import { mockCredentials, mockServices } from '@backstage/backend-test-utils';
import type { Entity } from '@backstage/catalog-model';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import {
  ATTRIBUTE,
  coverageReportSchema,
  METRIC,
  neighboursReportSchema,
  pairsReportSchema,
} from 'backstage-plugin-contention-common';
import request from 'supertest';
import {
  component,
  group,
  startContentionBackend,
  temporaryFolder,
} from './__testUtils__/backend';
import * as otlp from './__testUtils__/otlp';

jest.setTimeout(60_000);

const checkout = otlp.container('checkout');
const cart = otlp.container('cart', { node: 'node-b' });
const batch = otlp.container('batch-report');
const batchOnB = otlp.container('batch-report', {
  node: 'node-b',
  pod: 'batch-report-1',
});
const labelled = otlp.container('emailer', {
  labels: { app: 'emailer', tier: 'web', 'pod-template-hash': 'abc' },
});
const sibling = otlp.container('sms', { labels: { tier: 'web' } });
const bare = otlp.container('stranger', { labels: {} });
const unit = {
  [ATTRIBUTE.node]: 'node-a',
  [ATTRIBUTE.hostName]: 'node-a',
  [ATTRIBUTE.systemdUnit]: 'backup.service',
  [ATTRIBUTE.cgroupPath]: '/system.slice/backup.service',
};
const slice = {
  [ATTRIBUTE.node]: 'node-a',
  [ATTRIBUTE.cgroupPath]: '/system.slice',
};

function related(
  entity: Entity,
  ...relations: [type: string, targetRef: string][]
): Entity {
  return {
    ...entity,
    relations: [
      ...(entity.relations ?? []),
      ...relations.map(([type, targetRef]) => ({ type, targetRef })),
    ],
  };
}

function grouping(kind: string, name: string): Entity {
  return {
    apiVersion: 'backstage.io/v1alpha1',
    kind,
    metadata: { name, namespace: 'default' },
    spec: { owner: 'payments' },
    relations: [],
  };
}

const partOfShop = ['partOf', 'system:default/shop'] as [string, string];
const entities = [
  related(
    component('checkout', undefined, 'group:default/payments'),
    partOfShop,
  ),
  related(component('cart', undefined, 'group:default/payments'), partOfShop),
  related(component('gift-cards', {}, 'group:default/payments'), partOfShop),
  related(component('returns', undefined), partOfShop),
  component('batch-report', undefined, 'group:default/data'),
  {
    ...component('shared-words', {}),
    spec: { type: 'library' },
  },
  component('unclear', {
    'backstage.io/kubernetes-label-selector': 'app in checkout',
  }),
  related(grouping('System', 'shop'), ['partOf', 'domain:default/commerce']),
  grouping('System', 'empty'),
  grouping('Domain', 'commerce'),
  group('data', 'Data'),
  related(group('payments', 'Payments'), [
    'childOf',
    'group:default/engineering',
  ]),
  group('engineering', 'Engineering'),
];

/** Ten minutes: batch-report stays within its request on node-a, and not on node-b. */
function story(nowMs: number) {
  const bodies = [];
  for (let index = 60; index > 0; index--) {
    const startMs = nowMs - index * 10_000;
    const span = { startMs, endMs: startMs + 10_000 };
    const asks = (of: Parameters<typeof otlp.resource>[0], value: number) =>
      otlp.resource(of, [
        otlp.gauge(METRIC.cpuRequest, [{ endMs: span.endMs, value }]),
      ]);
    bodies.push(
      otlp.request(
        otlp.interval(checkout, span, {
          cpuSeconds: 4,
          waits: [
            { seconds: 0.8, by: otlp.blamed(batch) },
            { seconds: 0.1, by: otlp.blamed(bare) },
            { seconds: 0.1, by: { [ATTRIBUTE.culpritKind]: 'kernel' } },
          ],
        }),
        otlp.interval(batch, span, { cpuSeconds: 1, waits: [] }),
        asks(batch, 0.5),
        asks(checkout, 0.3),
        ...[labelled, sibling, bare, unit, slice].map(of =>
          otlp.interval(of, span, { cpuSeconds: 0.01, waits: [] }),
        ),
      ),
      otlp.request(
        otlp.interval(cart, span, {
          cpuSeconds: 4,
          waits: [
            { seconds: 0.1, by: otlp.blamed(batchOnB) },
            { seconds: 0.1, by: { [ATTRIBUTE.culpritKind]: 'self' } },
          ],
        }),
        otlp.interval(batchOnB, span, { cpuSeconds: 8, waits: [] }),
        asks(batchOnB, 0.5),
      ),
    );
  }
  return bodies;
}

/** A catalog that hides some entities from users; the plugin itself sees all. */
function hiding(...hidden: string[]) {
  const real = catalogServiceMock({ entities });
  const isUser = (credentials: unknown) =>
    (credentials as { principal: { type: string } }).principal.type === 'user';
  return catalogServiceMock.mock({
    streamEntities: (...args) => real.streamEntities(...args),
    getEntitiesByRefs: async (query, options) => {
      const answer = await real.getEntitiesByRefs(query, options);
      if (!isUser((options as { credentials: unknown }).credentials))
        return answer;
      return {
        items: answer.items.map((item, index) =>
          hidden.includes(query.entityRefs[index]) ? undefined : item,
        ),
      };
    },
    getEntityByRef: async (...args) => real.getEntityByRef(...args),
  });
}

type Options = Omit<
  Parameters<typeof startContentionBackend>[0],
  'folder' | 'entities'
>;

async function withStory(options: Options = {}) {
  const folder = temporaryFolder();
  const backend = await startContentionBackend({
    folder: folder.path,
    entities,
    contention: { catalogRefresh: { milliseconds: 100 } },
    ...options,
  });
  const nowMs = Math.floor(Date.now() / 60_000) * 60_000;
  for (const body of story(nowMs)) await backend.send(body).expect(200);
  const range = { from: nowMs - 600_000, to: nowMs };
  const get = (path: string, query: Record<string, string | number> = {}) =>
    request(backend.server)
      .get(`/api/contention/v1/${path}`)
      .set('authorization', mockCredentials.user.header())
      .query({ ...range, ...query });
  for (let tries = 0; tries < 100; tries++) {
    const { status } = await get('coverage');
    if (status !== 503) break;
    await new Promise(resolve => setTimeout(resolve, 50));
  }
  return {
    backend,
    nowMs,
    get,
    pairs: async (ref: string, query = {}) =>
      pairsReportSchema.parse(
        (await get(`entities/${ref}/pairs`, query).expect(200)).body,
      ),
    coverage: async () =>
      coverageReportSchema.parse((await get('coverage').expect(200)).body),
    stop: async () => {
      await backend.stop();
      folder.remove();
    },
  };
}

describe('a roll-up', () => {
  let told: Awaited<ReturnType<typeof withStory>>;
  beforeAll(async () => {
    told = await withStory();
  });
  afterAll(() => told.stop());

  it('of a system says who made its services wait, where, and that the node is too full', async () => {
    const report = await told.pairs('system/default/shop');
    expect(report.verdict).toMatchObject({
      cause: 'neighbour',
      severity: 'serious',
    });
    expect(report.verdict.sentence.text).toMatch(
      /^`shop`'s services waited 60 s for neighbours (in|from) .*; 80 % of that while `batch-report` \(team Data\) ran on node-a\. It stayed within the CPU that it asked for \(0\.1 of 0\.5\): the node is too full\. 90 % of the waiting was that of `checkout` \(team Payments\)\.$/,
    );
    expect(report.total).toMatchObject({
      neighbourSeconds: expect.closeTo(60, 6),
      pairs: 3,
    });
    expect(
      report.pairs.map(({ victim, culprit, node, entitlement }) => [
        victim.name,
        culprit.name,
        node,
        entitlement,
      ]),
    ).toEqual([
      ['checkout', 'batch-report', 'node-a', 'within'],
      // Of two equal ones the order is that of their keys.
      ...[
        ['cart', 'batch-report', 'node-b', 'over'],
        ['checkout', 'shop/stranger', 'node-a', 'unknown'],
      ],
    ]);
    const shares = report.pairs.reduce((sum, { share }) => sum + share, 0);
    expect(shares).toBeCloseTo(1, 6);
  });

  it('draws a trend that adds up to its pairs', async () => {
    const { layers, axis, total } = await told.pairs('system/default/shop');
    expect(layers.map(({ label }) => label)).toEqual([
      'batch-report',
      'shop/stranger',
    ]);
    const drawn = layers
      .flatMap(({ values }) => values)
      .reduce<number>((sum, value) => sum + (value ?? 0), 0);
    expect(drawn * axis.stepSeconds).toBeCloseTo(total.neighbourSeconds, 6);
  });

  it('lists every member, and says of those without figures why', async () => {
    const { members } = await told.pairs('system/default/shop');
    expect(
      members.map(({ entity, state, severity, main }) => [
        entity.title,
        state,
        severity,
        main,
      ]),
    ).toEqual([
      ['checkout', 'measured', 'serious', 'neighbour'],
      ['cart', 'measured', 'none', undefined],
      ['returns', 'no-data', 'none', undefined],
      ['gift-cards', 'not-annotated', 'none', undefined],
    ]);
    expect(members[0].waitSeconds).toBeCloseTo(60, 6);
    expect(members[0].neighbourSeconds).toBeCloseTo(54, 6);
  });

  it('follows systems of a domain and groups below a group', async () => {
    const titles = async (ref: string) =>
      (await told.pairs(ref)).members.map(({ entity }) => entity.title).sort();
    const shop = ['cart', 'checkout', 'gift-cards', 'returns'];
    expect(await titles('domain/default/commerce')).toEqual(shop);
    expect(await titles('group/default/engineering')).toEqual([
      'cart',
      'checkout',
      'gift-cards',
    ]);
    expect(await titles('group/default/data')).toEqual(['batch-report']);
  });

  it("of a team says whom its services held up: the culprit's own side", async () => {
    const report = await told.pairs('group/default/data', {
      direction: 'caused',
    });
    expect(report.verdict.sentence.text).toMatch(
      /^Others waited 54 s for a CPU while `Data`'s service ran .*; 89 % of that while `batch-report` \(team Data\) ran on node-a\. It stayed within the CPU that it asked for \(0\.1 of 0\.5\): the node is too full\. 89 % of the waiting was that of `checkout` \(team Payments\)\.$/,
    );
    expect(report.members[0].causedSeconds).toBeCloseTo(54, 6);
    expect(report.layers.map(({ label }) => label)).toEqual([
      'checkout',
      'cart',
    ]);
  });

  it('of nothing says so', async () => {
    const report = await told.pairs('system/default/empty');
    expect(report.verdict).toMatchObject({
      cause: 'no-data',
      sentence: {
        text: 'The catalog names no service of `empty` that you may see.',
      },
    });
  });

  it('tells what has no members from what is not there, and asks who it is', async () => {
    await told.get('entities/component/default/checkout/pairs').expect(400);
    await told.get('entities/system/default/nowhere/pairs').expect(404);
    await request(told.backend.server)
      .get('/api/contention/v1/entities/system/default/shop/pairs')
      .set('authorization', mockCredentials.none.header())
      .expect(401);
    await request(told.backend.server)
      .get('/api/contention/v1/coverage')
      .set('authorization', mockCredentials.none.header())
      .expect(401);
  });
});

describe('the CPU request of a culprit', () => {
  let told: Awaited<ReturnType<typeof withStory>>;
  beforeAll(async () => {
    told = await withStory();
  });
  afterAll(() => told.stop());

  const neighbours = async (name: string, query = {}) =>
    neighboursReportSchema.parse(
      (
        await told
          .get(`entities/component/default/${name}/neighbours`, query)
          .expect(200)
      ).body,
    );

  it('is in the sentence of the one who waits', async () => {
    const report = await neighbours('checkout');
    expect(report.verdict.sentence.text).toContain(
      '`batch-report` (team Data) ',
    );
    expect(report.verdict.sentence.text).toMatch(
      /\. It stayed within the CPU that it asked for \(0\.1 of 0\.5\): the node is too full\./,
    );
  });

  it('is in the sentence of its overview card, too', async () => {
    const { body } = await told
      .get('entities/component/default/checkout/diagnosis')
      .expect(200);
    expect(body.verdict.sentence.text).toMatch(
      /It stayed within the CPU that it asked for/,
    );
  });

  it('is on the page of the culprit, for each node on its own', async () => {
    const report = await neighbours('batch-report', { direction: 'caused' });
    expect(
      report.culprits.map(({ party, entitlement, cpuMean, cpuRequest }) => [
        party.name,
        entitlement,
        cpuMean,
        cpuRequest,
      ]),
    ).toEqual([
      ['checkout', 'within', expect.closeTo(0.1, 6), 0.5],
      ['cart', 'over', expect.closeTo(0.8, 6), 0.5],
    ]);
    expect(report.verdict.sentence.text).toMatch(
      /`batch-report` stayed within the CPU that it asked for on node-a \(0\.1 of 0\.5\): that node is too full\. It used more CPU than it asked for on node-b \(0\.8 of 0\.5\)\.$/,
    );
  });
});

describe('coverage', () => {
  let told: Awaited<ReturnType<typeof withStory>>;
  beforeAll(async () => {
    told = await withStory();
  });
  afterAll(() => told.stop());

  it('lists workloads that no entity claims, each with the lines that would', async () => {
    const { workloads, counts } = await told.coverage();
    expect(
      workloads.map(({ name, suggestion }) => [name, suggestion.annotations]),
    ).toEqual([
      [
        'shop/emailer',
        'metadata:\n  annotations:\n    backstage.io/kubernetes-label-selector: app=emailer\n    backstage.io/kubernetes-namespace: shop',
      ],
      [
        'shop/sms',
        'metadata:\n  annotations:\n    backstage.io/kubernetes-label-selector: tier=web\n    backstage.io/kubernetes-namespace: shop',
      ],
      [
        'shop/stranger',
        'metadata:\n  annotations:\n    backstage.io/kubernetes-id: stranger',
      ],
      [
        'backup.service',
        'metadata:\n  annotations:\n    contention/systemd-unit: backup.service',
      ],
    ]);
    expect(workloads[1].suggestion.note).toContain('shop/emailer');
    expect(workloads[2].suggestion.podLabels).toContain(
      'backstage.io/kubernetes-id: stranger',
    );
    // checkout, cart and batch-report are claimed; a slice is no workload.
    expect(counts).toMatchObject({ workloads: 7, claimedWorkloads: 3 });
  });

  it('lists entities that run and have no data, and leaves out what does not run', async () => {
    const { entities: rows, counts } = await told.coverage();
    expect(rows.map(({ entity, gap }) => [entity.title, gap])).toEqual([
      ['gift-cards', 'not-annotated'],
      ['returns', 'no-pods'],
      ['unclear', 'not-understood'],
    ]);
    expect(rows[0].annotations).toContain('kubernetes-id: gift-cards');
    expect(rows[1].lookedFor[0]).toContain('kubernetes-id=returns');
    expect(rows[2].lookedFor[0]).toContain('is not valid');
    expect(counts).toMatchObject({
      entities: 6,
      entitiesWithData: 3,
      entitiesThatDoNotRun: 1,
    });
  });

  it('says of nodes only what agents said, where nobody else knows', async () => {
    const { nodes, nodeLists } = await told.coverage();
    expect(nodes.map(({ node }) => node)).toEqual(['node-a', 'node-b']);
    expect(nodes[0]).not.toHaveProperty('isListed');
    expect(nodeLists).toEqual([{ cluster: 'demo', source: 'agents' }]);
  });
});

describe('what a reader may not see', () => {
  it('has weight and no name in a roll-up, and is not in coverage', async () => {
    const told = await withStory({
      catalog: hiding(
        'component:default/batch-report',
        'component:default/cart',
        'component:default/returns',
        'group:default/payments',
      ).factory,
    });
    const report = await told.pairs('system/default/shop');
    expect(report.pairs[0]).toMatchObject({
      waitSeconds: expect.closeTo(48, 6),
      culprit: { redacted: true, entities: [] },
    });
    // How much it used and asked for would tell which of the node's workloads it is.
    for (const pair of report.pairs.filter(({ culprit }) => culprit.redacted)) {
      expect(pair).not.toHaveProperty('cpuMean');
      expect(pair).not.toHaveProperty('cpuRequest');
    }
    expect(report.pairs[0].entitlement).toBe('within');
    expect(report.verdict.sentence.text).toMatch(
      /while a workload you may not see ran on node-a\. It stayed within the CPU that it asked for: the node is too full\./,
    );
    expect(report.members.map(({ entity }) => entity)).toEqual([
      { entityRef: 'component:default/checkout', title: 'checkout' },
      { entityRef: 'component:default/gift-cards', title: 'gift-cards' },
    ]);
    const { body: ofOne } = await told
      .get('entities/component/default/checkout/neighbours')
      .expect(200);
    const [culprit] = neighboursReportSchema.parse(ofOne).culprits;
    expect(culprit).toMatchObject({
      party: { redacted: true },
      entitlement: 'within',
    });
    expect(culprit).not.toHaveProperty('cpuMean');
    expect(culprit).not.toHaveProperty('cpuRequest');
    expect(ofOne.verdict.sentence.text).toMatch(
      /It stayed within the CPU that it asked for: the node is too full\./,
    );
    const coverage = await told.coverage();
    const all = JSON.stringify([report, ofOne, coverage]);
    for (const hidden of ['batch-report', 'cart"', 'returns', 'Payments']) {
      expect(all).not.toContain(hidden);
    }
    // Counted all the same.
    expect(coverage.counts.claimedWorkloads).toBe(3);
    await told.stop();
  });

  it('leaves members out that the reader may see and not read', async () => {
    const mine = 'component:default/cart';
    const permissions = mockServices.permissions.mock({
      authorize: async requests =>
        requests.map(({ resourceRef, permission }) => ({
          result:
            permission.name !== 'contention.read' ||
            [mine, 'system:default/shop'].includes(resourceRef ?? '')
              ? AuthorizeResult.ALLOW
              : AuthorizeResult.DENY,
        })),
      authorizeConditional: async requests =>
        requests.map(({ permission }) =>
          permission.name === 'contention.read'
            ? {
                result: AuthorizeResult.CONDITIONAL,
                pluginId: 'catalog',
                resourceType: 'catalog-entity',
                conditions: {
                  rule: 'IS_ENTITY_OWNER',
                  resourceType: 'catalog-entity',
                  params: {},
                },
              }
            : { result: AuthorizeResult.ALLOW },
        ),
    });
    const told = await withStory({ features: [permissions.factory] });
    const report = await told.pairs('system/default/shop');
    expect(
      report.members.map(({ entity, state, waitSeconds }) => [
        entity.title,
        state,
        waitSeconds,
      ]),
    ).toEqual([
      ['cart', 'measured', expect.closeTo(12, 6)],
      ['checkout', 'forbidden', 0],
      ['gift-cards', 'forbidden', 0],
      ['returns', 'forbidden', 0],
    ]);
    expect(report.total.neighbourSeconds).toBeCloseTo(6, 6);
    await told.get('entities/group/default/payments/pairs').expect(403);
    const { counts, entities: rows } = await told.coverage();
    expect(rows).toEqual([]);
    expect(counts).toMatchObject({ entities: 1, entitiesWithData: 1 });
    await told.stop();
  });
});
