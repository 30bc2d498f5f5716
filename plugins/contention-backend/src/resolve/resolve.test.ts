import { component, group } from '../__testUtils__/backend';
import {
  DAY,
  HOUR,
  resolving,
  TEN,
  type Resolving,
} from '../__testUtils__/resolving';
import { container } from '../__testUtils__/otlp';

const MINUTE = 60_000;
const ID = '4f1e2d3c4b5a'.padEnd(64, '0');

/** A container of a service, with an address and an id as runtimes give them. */
function pod(
  service: string,
  options: {
    pod?: string;
    ip?: string;
    id?: string;
    namespace?: string;
    labels?: Record<string, string>;
    container?: string;
  } = {},
) {
  return {
    ...container(service, options),
    ...(options.ip ? { 'k8s.pod.ip': options.ip } : {}),
    ...(options.id ? { 'container.id': options.id } : {}),
  };
}

const entities = [
  component('checkout', undefined, 'group:default/payments'),
  component('search'),
  component('secret'),
  component('shared-a', {
    'backstage.io/kubernetes-label-selector': 'app=shared',
  }),
  component('shared-b', {
    'backstage.io/kubernetes-label-selector': 'app=shared',
  }),
  {
    ...component('billing', {
      'backstage.io/kubernetes-id': 'billing-api',
      'pagerduty.com/service-id': 'PIJ90N7',
    }),
  },
  component('plain', {}),
  group('payments', 'Payments'),
];

describe('from what an alert tool knows to a page', () => {
  let world: Resolving;
  beforeEach(async () => {
    world = await resolving(entities);
  });
  afterEach(() => world.close());

  const CHECKOUT = pod('checkout', {
    pod: 'checkout-5d8f7c9b64-x2x4z',
    ip: '10.0.0.5',
    id: ID,
  });

  async function incident() {
    await world.ran(CHECKOUT, TEN - HOUR, TEN + 10 * MINUTE);
    await world.ran(pod('search'), TEN - HOUR, TEN + 10 * MINUTE, {
      node: 'node-b',
    });
  }

  it.each([
    [
      'namespace and pod',
      { namespace: 'shop', pod: 'checkout-5d8f7c9b64-x2x4z' },
    ],
    ['both in one', { pod: 'shop/checkout-5d8f7c9b64-x2x4z' }],
    ['the id of a container', { container: ID }],
    ['as containerd says it', { container: `containerd://${ID}` }],
    ['as docker says it', { container: `docker://${ID}` }],
    ['its first 12 digits', { container: ID.slice(0, 12) }],
    ['in capitals', { container: ID.slice(0, 12).toUpperCase() }],
    ['an address', { ip: '10.0.0.5' }],
    ['an address with its port', { ip: '10.0.0.5:8080' }],
    ['an address as IPv6 writes it', { ip: '::ffff:10.0.0.5' }],
    ['a node', { node: 'node-a' }],
    ['a node with the port of its exporter', { node: 'node-a:9100' }],
    ['a workload', { namespace: 'shop', workload: 'checkout' }],
    ['a workload with its kind', { workload: 'deployment/checkout' }],
    [
      'a workload as kubectl says it',
      { workload: 'deployments.apps/checkout' },
    ],
    ['an entity', { service: 'component:default/checkout' }],
    ['an entity, its namespace left out', { service: 'component:checkout' }],
    ['the name of one', { service: 'Checkout' }],
    [
      'labels of whom it was scraped from, and the pod',
      {
        namespace: 'shop',
        pod: 'checkout-5d8f7c9b64-x2x4z',
        container: 'kube-state-metrics',
        service: 'kube-state-metrics',
        node: 'node-b',
      },
    ],
    [
      'and what a template could not fill in',
      {
        pod: 'checkout-5d8f7c9b64-x2x4z',
        namespace: '<no value>',
        container: '',
        node: '{{ .Labels.node }}',
        workload: '[no value]',
      },
    ],
  ])('leads from %s', async (_, question) => {
    await incident();
    const answer = await world.ask({ ...question, at: '2026-11-21T10:00:00Z' });
    expect(answer.state).toBe('one');
    expect(answer.pages[0]).toMatchObject({
      entity: { entityRef: 'component:default/checkout', title: 'checkout' },
      range: { from: TEN - 30 * MINUTE, to: TEN + 15 * MINUTE },
      hasData: true,
      permalink:
        'https://portal.example/catalog/default/component/checkout/latency?from=2026-11-21T09%3A30%3A00Z&to=2026-11-21T10%3A15%3A00Z',
    });
    expect(answer.pages[0].sentence?.text).toContain('checkout');
  });

  it.each([['billing-api'], ['PIJ90N7'], ['billing'], ['BILLING']])(
    'knows an entity as %s',
    async service => {
      const answer = await world.ask({ service });
      expect(answer.pages.map(({ entity }) => entity.entityRef)).toEqual([
        'component:default/billing',
      ]);
    },
  );

  it('leads to an entity without annotations, whose page says what is missing', async () => {
    const answer = await world.ask({ service: 'component:default/plain' });
    expect(answer).toMatchObject({
      state: 'one',
      pages: [{ entity: { title: 'plain' }, hasData: false }],
    });
  });

  it('shows from one time to another as asked, without the future', async () => {
    await incident();
    const answer = await world.ask({
      pod: 'checkout-5d8f7c9b64-x2x4z',
      from: String((TEN - 5 * MINUTE) / 1000),
      to: '2026-11-22 10:00:00 +0000',
    });
    expect(answer.pages[0].range).toEqual({
      from: TEN - 5 * MINUTE,
      to: world.nowMs,
    });
  });

  it('says how it read a time without a zone', async () => {
    await incident();
    const { notes, state } = await world.ask({
      pod: 'checkout-5d8f7c9b64-x2x4z',
      at: '2026-11-21 10:00:00',
    });
    expect(state).toBe('one');
    expect(notes).toEqual([
      "'2026-11-21 10:00:00' names no time zone: read as UTC.",
    ]);
  });

  it('shows the last hour of a life when nobody says a time', async () => {
    await incident();
    world.nowMs = TEN + 5 * DAY;
    const answer = await world.ask({ pod: 'checkout-5d8f7c9b64-x2x4z' });
    expect(answer.pages[0].range).toEqual({
      from: TEN - 49 * MINUTE,
      to: TEN + 11 * MINUTE,
    });
  });

  it('finds a pod months later, when its data is long gone', async () => {
    await incident();
    await world.pass(TEN + 200 * DAY);
    expect(await world.store.health()).toMatchObject({
      resources: 0,
      points: 0,
    });
    const answer = await world.ask({
      namespace: 'shop',
      pod: 'checkout-5d8f7c9b64-x2x4z',
      at: String(TEN),
    });
    expect(answer).toMatchObject({
      state: 'one',
      pages: [
        {
          entity: { entityRef: 'component:default/checkout' },
          range: { from: TEN - 30 * MINUTE, to: TEN + 15 * MINUTE },
          hasData: false,
          seen: [
            {
              pod: 'checkout-5d8f7c9b64-x2x4z',
              ip: '10.0.0.5',
              firstSeen: TEN - HOUR,
              lastSeen: TEN + 10 * MINUTE,
            },
          ],
        },
      ],
    });
  });

  it('gives an address to who had it at that time', async () => {
    await world.ran(CHECKOUT, TEN - 3 * HOUR, TEN - 20 * MINUTE);
    await world.ran(
      pod('search', { ip: '10.0.0.5' }),
      TEN - 10 * MINUTE,
      TEN + 15 * MINUTE,
    );
    const at = async (ms: number) =>
      (await world.ask({ ip: '10.0.0.5', at: String(ms) })).pages.map(
        ({ entity }) => entity.title,
      );
    expect(await at(TEN - 25 * MINUTE)).toEqual(['checkout']);
    expect(await at(TEN)).toEqual(['search']);
    expect(await at(TEN - 15 * MINUTE)).toEqual([]);
  });

  it('leaves the choice where several entities claim a pod', async () => {
    await world.ran(
      pod('shared', { labels: { app: 'shared' } }),
      TEN - HOUR,
      TEN,
    );
    const answer = await world.ask({ pod: 'shared-0', at: String(TEN) });
    expect(answer.state).toBe('several');
    expect(answer.pages.map(({ entity }) => entity.title).sort()).toEqual([
      'shared-a',
      'shared-b',
    ]);
  });

  it('says so where nobody claims the pod', async () => {
    await world.ran(pod('stray', { labels: {} }), TEN - HOUR, TEN);
    const answer = await world.ask({ pod: 'stray-0', at: String(TEN) });
    expect(answer).toMatchObject({
      state: 'unclaimed',
      pages: [],
      unclaimed: [{ namespace: 'shop', pod: 'stray-0', workload: 'stray' }],
    });
  });

  it('names the same pod at another time, and leads there', async () => {
    await incident();
    const answer = await world.ask({
      pod: 'checkout-5d8f7c9b64-x2x4z',
      at: String(TEN - 5 * HOUR),
    });
    expect(answer.state).toBe('none');
    expect(answer.nearest[0]).toMatchObject({
      by: 'time',
      what: 'the pod shop/checkout-5d8f7c9b64-x2x4z',
      entity: { title: 'checkout' },
    });
    const { range } = answer.nearest[0];
    expect(range!.from).toBeLessThanOrEqual(TEN - HOUR);
    expect(range!.to).toBeGreaterThan(TEN - HOUR);
  });

  it('names the same pod in another namespace', async () => {
    await incident();
    const answer = await world.ask({
      namespace: 'staging',
      pod: 'checkout-5d8f7c9b64-x2x4z',
      at: String(TEN),
    });
    expect(answer.state).toBe('none');
    expect(answer.nearest[0]).toMatchObject({
      by: 'place',
      entity: { title: 'checkout' },
      seen: { namespace: 'shop' },
    });
  });

  it.each([
    [{ pod: 'checkuot-5d8f7c9b64-aaaaa' }, 'checkout'],
    [{ workload: 'serach' }, 'search'],
    [{ service: 'check-out' }, 'checkout'],
  ])('names what %j may have meant', async (question, title) => {
    await incident();
    const answer = await world.ask({ ...question, at: String(TEN) });
    expect(answer.state).toBe('none');
    expect(answer.nearest[0]).toMatchObject({
      by: 'name',
      entity: { title },
    });
  });

  it('names an owner to those who may see it', async () => {
    await incident();
    const question = { service: 'checkout' };
    const open = await world.ask(question);
    expect(open.pages[0].entity.owner?.title).toBe('Payments');
    const closed = await world.ask(question, ['group:default/payments']);
    expect(closed.pages[0].entity.owner).toBeUndefined();
  });

  describe('and somebody whose page the reader may not see', () => {
    const SECRET = pod('secret', {
      pod: 'secret-5d8f7c9b64-x2x4z',
      ip: '10.0.0.9',
      id: 'feedfeedfeed'.padEnd(64, '1'),
    });
    const hidden = ['component:default/secret'];

    it.each<Record<string, string>>([
      { namespace: 'shop', pod: 'secret-5d8f7c9b64-x2x4z' },
      { container: 'feedfeedfeed' },
      { ip: '10.0.0.9' },
      { node: 'node-s' },
      { workload: 'secret' },
      { service: 'secret' },
      { service: 'component:default/secret' },
      { pod: 'secrets-5d8f7c9b64-aaaaa' },
    ])('is to the letter as if it did not exist: %j', async question => {
      const other = await resolving(
        entities.filter(({ metadata }) => metadata.name !== 'secret'),
      );
      for (const one of [world, other]) {
        await one.ran(CHECKOUT, TEN - HOUR, TEN + 10 * MINUTE);
      }
      await world.ran(SECRET, TEN - HOUR, TEN + 10 * MINUTE, {
        node: 'node-s',
      });
      // That there is such a node is no secret; who lives there is.
      await other.ran(
        { 'contention.cgroup.path': '/' },
        TEN - HOUR,
        TEN + 10 * MINUTE,
        { node: 'node-s' },
      );
      const times: Record<string, string>[] = [
        { at: String(TEN) },
        {},
        { at: String(TEN - DAY) },
      ];
      for (const when of times) {
        const asked: Record<string, string> = { ...question, ...when };
        const answer = await world.ask(asked, hidden);
        expect(answer).toEqual(await other.ask(asked));
        expect(JSON.stringify({ ...answer, lookedFor: [] })).not.toMatch(
          /secret/,
        );
      }
      // Who may see it is told.
      const open = await world.ask({ ...question, at: String(TEN) });
      expect(JSON.stringify([open.pages, open.nearest])).toMatch(/secret/);
      await other.close();
    });
  });
});
