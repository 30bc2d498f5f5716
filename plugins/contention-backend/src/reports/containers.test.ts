/** One container is one row, also across an upgrade of its agent, which says more about it. */
import { METRIC, type EntityLink } from 'backstage-plugin-contention-common';
import { FactsBuilder } from '../__testUtils__/facts';
import { container, podOf } from '../__testUtils__/otlp';
import { containerKeys } from './containers';
import { latency } from './latency';
import { Presenter } from './present';
import { noRequests, NOT_MEASURED } from './requests/nothing';
import { throttling } from './throttling';

const OWN: EntityLink = { entityRef: 'component:default/own', title: 'own' };
const presenter = new Presenter(new Set([OWN.entityRef]), () => OWN);

/** Six windows; the agent is another from the third on. */
function upgraded() {
  const facts = new FactsBuilder(6);
  const oldAgent = (window: number) => window < 3;
  const newAgent = (window: number) => window >= 3;
  const image = { 'container.image.name': 'registry/own' };
  const before = facts.resource(container('own'), [OWN.entityRef]);
  const after = facts.resource({ ...container('own'), ...image }, [
    OWN.entityRef,
  ]);
  after.firstSeenMs += 30_000;
  const pods = [before, after].map(({ attributes }) =>
    facts.resource(podOf(attributes as never), [OWN.entityRef]),
  );
  const own = [before, after, ...pods];
  const during =
    (isThen: typeof oldAgent, value: number) => (window: number) =>
      isThen(window) ? value : undefined;
  [oldAgent, newAgent].forEach((isThen, index) => {
    facts.add(own[index], METRIC.cpuTime, during(isThen, 4));
    facts.waits(own[index], during(isThen, 2), 'kernel');
    for (const [at, level] of [
      [index, 'container'],
      [index + 2, 'pod'],
    ] as const) {
      const attributes = { 'contention.quota.level': level };
      const ledger = (metric: Parameters<typeof facts.add>[1], value: number) =>
        facts.add(own[at], metric, during(isThen, value), { attributes });
      ledger(METRIC.cpuThrottledPeriods, 100);
      ledger(METRIC.cpuThrottledPeriodsThrottled, level === 'pod' ? 50 : 10);
      ledger(METRIC.cpuThrottledTime, level === 'pod' ? 5 : 1);
      facts.add(own[at], METRIC.cpuLimit, during(isThen, index + 1));
    }
    facts.add(own[index + 2], METRIC.cpuQuotaBurn, during(isThen, 3), {
      attributes: {
        'contention.quota.level': 'pod',
        'k8s.container.name': 'app',
      },
    });
  });
  return facts.build(OWN, own);
}

it('waits in one row, with all that was measured before and after', () => {
  const facts = upgraded();
  const { fromMs: from, toMs: to } = facts.range;
  const none = { server: NOT_MEASURED, client: NOT_MEASURED };
  const { breakdown } = latency(facts, {
    requests: noRequests('server', none, { from, to }),
    worstWaits: [],
  });
  expect(breakdown).toHaveLength(1);
  expect(breakdown[0]).toMatchObject({
    workload: { pod: 'own-0', container: 'app' },
    waitSeconds: 12,
    cpuSeconds: 24,
    count: 6,
  });
});

it('has one quota a level, with the limit that holds now, and one burner', () => {
  const { quotas, burners } = throttling(upgraded(), presenter);
  expect(quotas.map(({ level }) => level)).toEqual(['pod', 'container']);
  for (const quota of quotas) {
    expect(quota).toMatchObject({
      limitCpus: 2,
      periods: 600,
      // Not counted once for each name.
      usedValues: new Array(6).fill(0.4),
    });
  }
  expect(quotas.map(({ throttledPeriods }) => throttledPeriods)).toEqual([
    300, 60,
  ]);
  expect(burners).toHaveLength(1);
  expect(burners[0]).toMatchObject({ container: 'app', cpuSeconds: 18 });
});

describe('two resources', () => {
  const facts = new FactsBuilder(1);
  const of = (options: Parameters<typeof container>[1], more = {}) =>
    facts.resource({ ...container('own', options), ...more });
  const app = of({});
  const nameless = of({}, {});
  delete (nameless.attributes as Record<string, unknown>)['k8s.container.name'];

  it.each([
    ['of a restart', of({}, { 'container.id': 'another' }), true],
    ['of which one came before its name was known', nameless, true],
    ['of two containers of a pod', of({ container: 'proxy' }), false],
    ['of two pods', of({ pod: 'own-1' }), false],
    ['on two nodes', of({ node: 'node-b' }), false],
    [
      'of a container and its pod',
      facts.resource(podOf(container('own'))),
      false,
    ],
  ])('%s', (_, other, isSame) => {
    const keyOf = containerKeys([app, other]);
    expect(keyOf(app) === keyOf(other)).toBe(isSame);
  });
});
