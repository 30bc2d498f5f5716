import { createHash } from 'node:crypto';
import {
  METRIC,
  verdictSchema,
  type EntityLink,
} from 'backstage-plugin-contention-common';
import { FactsBuilder, START_MS, STEP_MS } from '../__testUtils__/facts';
import { container, podOf } from '../__testUtils__/otlp';
import type { Facts } from './facts';
import { verdictForNeighbours, verdictForThrottling } from './focus';
import { judge } from './judge';
import { neighboursSuffered } from './neighbours';
import { Presenter } from './present';
import { verdictOf } from './verdict';

const CHECKOUT: EntityLink = {
  entityRef: 'component:default/checkout',
  title: 'checkout',
};
const LINKS: Record<string, EntityLink> = {
  'component:default/checkout': CHECKOUT,
  'component:default/batch-report': {
    entityRef: 'component:default/batch-report',
    title: 'batch-report',
    owner: { entityRef: 'group:default/data', title: 'Data' },
  },
  'component:default/other': {
    entityRef: 'component:default/other',
    title: 'other',
  },
};
const ALL = new Set([...Object.keys(LINKS), 'group:default/data']);

const MINUTES = (minutes: number) => minutes * 6;
const HOUR = MINUTES(60);

function story(windows = HOUR) {
  const facts = new FactsBuilder(windows);
  const victim = facts.resource(container('checkout'), [CHECKOUT.entityRef]);
  const culprit = facts.resource(container('batch-report'), [
    'component:default/batch-report',
  ]);
  facts.add(victim, METRIC.cpuTime, 4);
  return {
    facts,
    victim,
    culprit,
    build: () => facts.build(CHECKOUT, [victim]),
  };
}

function judged(facts: Facts, live = true, visible: ReadonlySet<string> = ALL) {
  const presenter = new Presenter(visible, ref => LINKS[ref]);
  const judgement = judge(facts, { live });
  const verdict = verdictSchema.parse(verdictOf(facts, judgement, presenter));
  return { judgement, presenter, verdict, text: verdict.sentence.text };
}

/** Waits of `seconds` a window from one minute to another. */
const during =
  (from: number, to: number, seconds: number) => (window: number) =>
    window >= MINUTES(from) && window < MINUTES(to) ? seconds : 0;

describe('a neighbour', () => {
  it('that goes on is told in the present tense, with its start, owner, node and what averages hide', () => {
    const { facts, victim, culprit, build } = story();
    facts.waits(victim, during(2, 60, 0.8), 'container', { culprit });
    facts.waits(victim, during(2, 60, 0.2), 'kernel');
    const { verdict, text } = judged(build());
    expect(text).toBe(
      'Since 10:02 UTC `checkout` waits 20 % of the time it wants to run on node-a; 80 % of that while ' +
        '`batch-report` (team Data) runs. Averages hide it: mean CPU of the node is 41 %.',
    );
    expect(verdict).toMatchObject({
      cause: 'neighbour',
      severity: 'serious',
      since: START_MS + MINUTES(2) * STEP_MS,
    });
    expect(verdict.sentence.parts).toContainEqual({
      type: 'entity',
      entityRef: 'component:default/batch-report',
      text: 'batch-report',
      of: ['component:default/batch-report'],
    });
  });

  it('that has stopped is told in the past tense, with both ends', () => {
    const { facts, victim, culprit, build } = story();
    facts.waits(victim, during(2, 9, 1), 'container', { culprit });
    const { verdict, text } = judged(build());
    expect(text).toMatch(
      /^10:02 UTC to 10:09 UTC: `checkout` waited 42 s for a CPU, 20 % of the time it wanted to run on node-a; 100 % of it while `batch-report` \(team Data\) ran\./,
    );
    expect(verdict.since).toBeUndefined();
  });

  it('is no longer accused in the present tense one window after it stopped', () => {
    const { facts, victim, culprit, build } = story();
    facts.waits(victim, window => (window < HOUR - 1 ? 1 : 0), 'container', {
      culprit,
    });
    const { verdict, text } = judged(build());
    expect(text).not.toMatch(/^Since/);
    expect(verdict.since).toBeUndefined();
  });

  it('that has just stopped is not accused because a coarse window still holds it', () => {
    const { facts, victim, culprit, build } = story();
    facts.waits(victim, 1, 'container', { culprit });
    const newest = story(6);
    newest.facts.waits(
      newest.victim,
      window => (window < 5 ? 1 : 0),
      'container',
      { culprit: newest.culprit },
    );
    const judgement = judge(build(), { live: true, tail: newest.build() });
    expect(judgement.stretch?.held.ongoing).toBe(false);
    const goesOn = story(6);
    goesOn.facts.waits(goesOn.victim, 1, 'container', {
      culprit: goesOn.culprit,
    });
    expect(
      judge(build(), { live: true, tail: goesOn.build() }).stretch?.held
        .ongoing,
    ).toBe(true);
  });

  it('is not accused of what another one does after it stopped', () => {
    const { facts, victim, culprit, build } = story();
    const other = facts.resource(container('other'), [
      'component:default/other',
    ]);
    facts.waits(victim, during(2, 50, 2), 'container', { culprit });
    facts.waits(victim, during(40, 60, 0.6), 'container', { culprit: other });
    const { text } = judged(build());
    expect(text).toMatch(
      /^Since 10:50 UTC `checkout` waits 13 % .* 100 % of that while `other` runs\./,
    );
    expect(text).not.toContain('batch-report');
  });

  it('does not begin with what something else held up before', () => {
    const { facts, victim, culprit, build } = story();
    facts.waits(victim, during(2, 40, 3), 'kernel');
    facts.waits(victim, during(2, 60, 0.6), 'container', { culprit });
    expect(judged(build()).text).toMatch(
      /^Since 10:40 UTC `checkout` waits 13 % .* 100 % of that while `batch-report`/,
    );
  });

  it('is told in the past tense where the range ended in the past or data is stale', () => {
    const { facts, victim, culprit, build } = story();
    facts.waits(victim, 1, 'container', { culprit });
    expect(judged(build(), false).text).toMatch(/^10:00 UTC to 11:00 UTC: /);
  });

  it('that pauses for a moment has one stretch, not many', () => {
    const { facts, victim, culprit, build } = story();
    facts.waits(victim, window => (window % 3 === 1 ? 0 : 1), 'container', {
      culprit,
    });
    expect(judged(build()).verdict.since).toBe(START_MS);
  });

  it('is not blamed alone when no one holds half of it', () => {
    const { facts, victim, build } = story();
    for (const name of ['a', 'b', 'c']) {
      const one = facts.resource(container(name, { labels: {} }));
      facts.waits(victim, name === 'a' ? 0.5 : 0.4, 'container', {
        culprit: one,
      });
    }
    expect(judged(build()).text).toContain(
      '; 100 % of that while neighbours run, the largest `shop/a` with 38 %.',
    );
  });

  it('that several entities claim is named by all of them', () => {
    const { facts, victim, build } = story();
    const shared = facts.resource(container('shared'), [
      'component:default/batch-report',
      'component:default/other',
    ]);
    facts.waits(victim, 1, 'container', { culprit: shared });
    expect(judged(build()).text).toContain(
      'while `batch-report` (team Data) or `other` runs',
    );
  });

  it('that the reader may not see stays unnamed, everywhere', () => {
    const { facts, victim, culprit, build } = story();
    facts.waits(victim, 1, 'container', { culprit });
    const built = build();
    const { presenter, text, verdict } = judged(
      built,
      true,
      new Set([CHECKOUT.entityRef]),
    );
    expect(text).toContain('while a workload you may not see runs');
    const report = neighboursSuffered(built, presenter);
    expect(JSON.stringify([report, verdict])).not.toMatch(/batch|shop/);
    expect(report.culprits[0].party).toMatchObject({
      redacted: true,
      entities: [],
    });
  });

  it('that the reader sees in part gives nothing of the rest away, nor lets it be guessed', () => {
    const { facts, victim, culprit, build } = story();
    const shared = facts.resource(container('shared', { labels: {} }), [
      'component:default/batch-report',
      'component:default/other',
    ]);
    facts.waits(victim, 1, 'container', { culprit: shared });
    facts.waits(victim, 0.5, 'container', { culprit });
    const visible = new Set([CHECKOUT.entityRef, 'component:default/other']);
    const built = build();
    const { presenter, verdict } = judged(built, true, visible);
    const report = neighboursSuffered(built, presenter);
    expect(JSON.stringify([report, verdict])).not.toContain('batch-report');
    const guesses = [
      'entity:component:default/batch-report',
      'entity:component:default/batch-report,component:default/other',
    ].map(guess =>
      createHash('sha256').update(guess).digest('hex').slice(0, 12),
    );
    const keys = report.layers.map(({ key }) => key);
    expect(new Set(keys).size).toBe(2);
    expect(keys).toEqual(report.culprits.map(({ party }) => party.key));
    for (const guess of guesses) expect(keys.join()).not.toContain(guess);
  });

  it('whose owner the reader may not see is named without', () => {
    const { facts, victim, culprit, build } = story();
    facts.waits(victim, 1, 'container', { culprit });
    const visible = new Set([
      CHECKOUT.entityRef,
      'component:default/batch-report',
    ]);
    expect(judged(build(), true, visible).text).toContain(
      'while `batch-report` runs',
    );
  });

  it('that is another pod of the same service is no neighbour', () => {
    const { facts, victim, build } = story();
    const replica = facts.resource(
      container('checkout', { pod: 'checkout-1' }),
      [CHECKOUT.entityRef],
    );
    facts.waits(victim, 1, 'container', { culprit: replica });
    const { verdict, presenter } = judged(build());
    expect(verdict.cause).toBe('self');
    const report = neighboursSuffered(build(), presenter);
    expect(report.culprits).toEqual([]);
    expect(report.apart[0].party.name).toBe('its own other pods');
  });

  it('is never said to cause anything', () => {
    const { facts, victim, culprit, build } = story();
    facts.waits(victim, 1, 'container', { culprit });
    expect(judged(build()).text).not.toMatch(/caus/i);
  });
});

describe('one node of several', () => {
  /** `count` replicas on a node each, that run 4 s in every 10. */
  function replicas(count: number) {
    const facts = new FactsBuilder(HOUR);
    const pods = Array.from({ length: count }, (_, index) => {
      const node = `node-${'abcdefghijklmnopqrstuvwxyz'[index]}`;
      facts.node(node);
      const pod = facts.resource(
        container('checkout', { node, pod: `checkout-${index}` }),
        [CHECKOUT.entityRef],
      );
      facts.add(pod, METRIC.cpuTime, 4);
      return pod;
    });
    const culprit = (node: string) =>
      facts.resource(container('batch-report', { node }), [
        'component:default/batch-report',
      ]);
    return { facts, pods, culprit, build: () => facts.build(CHECKOUT, pods) };
  }

  it('that waits for most of its time is told, however many replicas do well', () => {
    const { facts, pods, culprit, build } = replicas(20);
    facts.waits(pods[2], 6, 'container', { culprit: culprit('node-c') });
    const { verdict, text } = judged(build());
    expect(verdict).toMatchObject({ cause: 'neighbour', severity: 'serious' });
    expect(text).toMatch(
      /^Since before 10:00 UTC `checkout` waits 60 % of the time it wants to run on node-c; 100 % of that while `batch-report` \(team Data\) runs\./,
    );
  });

  it('is named with its own numbers, not with those of all nodes', () => {
    const { facts, pods, culprit, build } = replicas(3);
    facts.waits(pods[0], 4, 'container', { culprit: culprit('node-a') });
    facts.waits(pods[1], 0.4, 'self');
    expect(judged(build()).text).toContain(
      'waits 50 % of the time it wants to run on node-a; 100 % of that while',
    );
  });

  it('is not named where it is no worse than the others', () => {
    const { facts, pods, culprit, build } = replicas(2);
    facts.waits(pods[0], 1, 'container', { culprit: culprit('node-a') });
    facts.waits(pods[1], 1, 'container', { culprit: culprit('node-b') });
    const { text } = judged(build());
    expect(text).toContain('waits 20 % of the time it wants to run; 100 %');
    expect(text).not.toMatch(/ on |Averages/);
  });

  it('is the one of the stretch that is told, not of the whole range', () => {
    const { facts, pods, culprit, build } = replicas(2);
    facts.waits(pods[0], during(0, 30, 5), 'container', {
      culprit: culprit('node-a'),
    });
    facts.waits(pods[1], during(40, 60, 1), 'container', {
      culprit: culprit('node-b'),
    });
    expect(judged(build()).text).toMatch(
      /^Since 10:40 UTC `checkout` waits 20 % of the time it wants to run on node-b; 100 %/,
    );
  });

  it('that went silent is not told in the present tense', () => {
    const { facts, pods, culprit, build } = replicas(4);
    facts.node('node-b', window => window < MINUTES(30));
    facts.waits(pods[1], during(2, 30, 6), 'container', {
      culprit: culprit('node-b'),
    });
    expect(judged(build()).text).toMatch(
      /^10:02 UTC to 10:30 UTC: `checkout` waited 17 min for a CPU, 60 % of the time it wanted to run on node-b;/,
    );
  });

  it('whose limit stops it is told with its node', () => {
    const { facts, pods, build } = replicas(20);
    facts.waits(pods[1], 6, 'throttled', { level: 'container' });
    const attributes = { 'contention.quota.level': 'container' };
    facts.add(pods[1], METRIC.cpuThrottledPeriods, 100, { attributes });
    facts.add(pods[1], METRIC.cpuThrottledPeriodsThrottled, 60, { attributes });
    expect(judged(build()).text).toMatch(
      /^Since before 10:00 UTC `checkout` on node-b is stopped by its container's CPU limit in 60 % of periods/,
    );
  });
});

describe('quiet', () => {
  it('is said with the number', () => {
    const { facts, victim, culprit, build } = story();
    facts.waits(victim, 0.008, 'container', { culprit });
    const { verdict, text } = judged(build());
    expect(text).toBe(
      'Nothing held `checkout` up in the last hour. It waited 0.2 % of the time it wanted to run.',
    );
    expect(verdict).toMatchObject({ cause: 'quiet', severity: 'none' });
  });

  it('includes a service that hardly runs and waits for a large share of very little', () => {
    const facts = new FactsBuilder(HOUR);
    const victim = facts.resource(container('checkout'), [CHECKOUT.entityRef]);
    facts.add(victim, METRIC.cpuTime, 0.02);
    facts.waits(victim, 0.01, 'kernel');
    expect(judged(facts.build(CHECKOUT, [victim])).verdict.cause).toBe('quiet');
  });

  it('includes a bad start that is long over', () => {
    const { facts, victim, build } = story();
    facts.waits(victim, window => (window < 4 ? 4 : 0.01), 'kernel');
    expect(judged(build()).verdict.cause).toBe('quiet');
  });

  it('does not include a short stretch that weighs in a short range', () => {
    const { facts, victim, build } = story(12);
    facts.waits(victim, window => (window === 3 ? 10 : 0.01), 'kernel');
    const { verdict, text } = judged(build());
    expect(verdict.cause).toBe('host');
    expect(text).toMatch(/^At 10:00 UTC: `checkout` waited 10 s for a CPU/);
  });

  it('includes a single bad window in an hour', () => {
    const { facts, victim, culprit, build } = story();
    facts.waits(victim, window => (window === 100 ? 1 : 0), 'container', {
      culprit,
    });
    expect(judged(build()).verdict.cause).toBe('quiet');
  });

  it('holds for a range of two windows, as soon as a culprit stopped', () => {
    const { facts, build } = story(2);
    facts.gap(5, 5);
    expect(judged(build()).verdict.cause).toBe('quiet');
  });

  it('is said of what was measured, where that is little', () => {
    const { facts, build } = story();
    facts.gap(1, HOUR - 1);
    expect(judged(build()).text).toBe(
      'In the 20 s that were measured of the last hour, nothing held `checkout` up. It waited 0 % of the time it wanted to run.',
    );
  });

  it('is not said where there is no data', () => {
    const { facts, build } = story();
    facts.gap(0, HOUR);
    const { verdict, text } = judged(build());
    expect(verdict.cause).toBe('no-data');
    expect(text).toBe('There is no data of `checkout` in this range.');
  });
});

describe('a limit', () => {
  function limited(options: { waited?: number; throttled?: number } = {}) {
    const { waited = 6, throttled = 62 } = options;
    const facts = new FactsBuilder(HOUR);
    const app = facts.resource(
      container('inventory', { container: 'inventory' }),
      [CHECKOUT.entityRef],
    );
    const proxy = facts.resource(
      container('inventory', { container: 'mesh-proxy' }),
      [CHECKOUT.entityRef],
    );
    const pod = facts.resource(podOf(container('inventory')), [
      CHECKOUT.entityRef,
    ]);
    const level = { 'contention.quota.level': 'pod' };
    facts.add(app, METRIC.cpuTime, 2.9).add(proxy, METRIC.cpuTime, 7.1);
    facts.waits(app, waited, 'throttled', { level: 'pod' });
    facts.add(app, METRIC.cpuThrottledStall, 0.043, { attributes: level });
    facts.add(pod, METRIC.cpuLimit, 1);
    facts.add(pod, METRIC.cpuThrottledPeriods, 100, { attributes: level });
    facts.add(pod, METRIC.cpuThrottledPeriodsThrottled, throttled, {
      attributes: level,
    });
    facts.add(pod, METRIC.cpuThrottledTime, 4, { attributes: level });
    return {
      facts,
      app,
      build: () => facts.build(CHECKOUT, [app, proxy, pod]),
    };
  }

  it('is told with its level, how often, how long, and who used it up', () => {
    const { verdict, text } = judged(limited().build());
    expect(text).toMatch(
      /^Since before 10:00 UTC `checkout` is stopped by its pod's CPU limit in 62 % of periods, 4[2-4] ms each time at the median\. `mesh-proxy` uses 71 % of the CPU time under that limit, in all periods\.$/,
    );
    expect(verdict).toMatchObject({ cause: 'limit', severity: 'serious' });
  });

  it('is said to have been used up only as it was measured, in the periods in which it ran out', () => {
    const { facts, build } = limited();
    const pod = facts.resource(podOf(container('inventory')), [
      CHECKOUT.entityRef,
    ]);
    const level = { 'contention.quota.level': 'pod' };
    facts.add(pod, METRIC.cpuThrottledPeriods, 100, { attributes: level });
    facts.add(pod, METRIC.cpuThrottledPeriodsThrottled, 90, {
      attributes: level,
    });
    facts.add(pod, METRIC.cpuThrottledTime, 9, { attributes: level });
    for (const [name, seconds] of [
      ['inventory', 9],
      ['mesh-proxy', 1],
    ] as const) {
      facts.add(pod, METRIC.cpuQuotaBurn, seconds, {
        attributes: { ...level, 'k8s.container.name': name },
      });
    }
    expect(judged(build()).text).toContain(
      '`inventory` uses 90 % of that budget.',
    );
  });

  it('of a sidecar that hardly runs does not hide one that costs far more', () => {
    const { facts, build } = limited();
    const idle = facts.resource(container('inventory', { container: 'idle' }), [
      CHECKOUT.entityRef,
    ]);
    const attributes = { 'contention.quota.level': 'container' };
    const once = (value: number) => (window: number) =>
      window < 20 ? value : undefined;
    facts.add(idle, METRIC.cpuThrottledPeriods, once(5), { attributes });
    facts.add(idle, METRIC.cpuThrottledPeriodsThrottled, once(4), {
      attributes,
    });
    facts.add(idle, METRIC.cpuThrottledTime, once(0.1), { attributes });
    expect(judged(build()).text).toContain(
      "is stopped by its pod's CPU limit in 62 % of periods",
    );
  });

  it('of a slice has nobody who used it up: others use it, too', () => {
    const { facts, victim, build } = story();
    const other = facts.resource(
      container('checkout', { container: 'sidecar' }),
      [CHECKOUT.entityRef],
    );
    facts.add(other, METRIC.cpuTime, 1);
    facts.waits(victim, 6, 'throttled', { level: 'slice' });
    const slice = facts.resource({
      'contention.cgroup.path': '/kubepods/burstable',
    });
    const attributes = { 'contention.quota.level': 'slice' };
    facts.add(slice, METRIC.cpuThrottledPeriods, 100, { attributes });
    facts.add(slice, METRIC.cpuThrottledPeriodsThrottled, 60, { attributes });
    const { text } = judged(build());
    expect(text).toContain(
      'is stopped by the CPU limit of its slice in 60 % of periods',
    );
    expect(text).not.toContain('budget');
  });

  it('was used up by who ran in the stretch that is told', () => {
    const { facts, victim, build } = story();
    const sidecar = facts.resource(
      container('checkout', { container: 'sidecar' }),
      [CHECKOUT.entityRef],
    );
    facts.add(sidecar, METRIC.cpuTime, during(0, 30, 40));
    facts.add(sidecar, METRIC.cpuTime, during(40, 60, 1));
    facts.waits(victim, during(40, 60, 6), 'throttled', { level: 'pod' });
    const pod = facts.resource(podOf(container('checkout')), [
      CHECKOUT.entityRef,
    ]);
    const attributes = { 'contention.quota.level': 'pod' };
    facts.add(pod, METRIC.cpuThrottledPeriods, 100, { attributes });
    facts.add(pod, METRIC.cpuThrottledPeriodsThrottled, during(40, 60, 60), {
      attributes,
    });
    expect(judged(build()).text).toContain(
      '`app` uses 80 % of the CPU time under that limit, in all periods.',
    );
  });

  it('wins over a smaller neighbour, and loses against a larger one', () => {
    for (const [seconds, cause] of [
      [3, 'limit'],
      [9, 'neighbour'],
    ] as const) {
      const { facts, app, build } = limited();
      const culprit = facts.resource(container('batch-report'), [
        'component:default/batch-report',
      ]);
      facts.waits(app, seconds, 'container', { culprit });
      expect(judged(build()).verdict.cause).toBe(cause);
    }
  });

  it('is told from one period in a hundred on, even where little time was lost', () => {
    const few = judged(limited({ waited: 0.05, throttled: 2 }).build());
    expect(few.verdict).toMatchObject({ cause: 'limit', severity: 'notice' });
    expect(few.text).toMatch(
      /^In the last hour, `checkout` was stopped by its pod's CPU limit in 2 % of periods/,
    );
    expect(
      judged(limited({ waited: 0.05, throttled: 0.5 }).build()).verdict.cause,
    ).toBe('quiet');
  });

  it('is what the neighbours tab says is the matter, after its own answer', () => {
    const facts = limited().build();
    const { judgement, verdict } = judged(facts);
    expect(
      verdictForNeighbours(facts, judgement, verdict, verdict).sentence.text,
    ).toMatch(
      /^Neighbours are not what holds `checkout` up: 0 % of its waiting\. Since /,
    );
  });

  it('is denied on the throttling tab where there is none', () => {
    const { facts, victim, culprit, build } = story();
    facts.waits(victim, 1, 'container', { culprit });
    facts.add(victim, METRIC.cpuThrottledPeriods, 100);
    const { verdict } = judged(build());
    expect(verdictForThrottling(build(), verdict).sentence.text).toMatch(
      /^No CPU limit stopped `checkout` in the last hour\. Since before 10:00 UTC `checkout` waits/,
    );
  });
});

describe('a limit that was not measured', () => {
  const sayOf = (facts: Facts) =>
    verdictForThrottling(facts, judged(facts).verdict).sentence.text;

  it('is not denied where there is none', () => {
    expect(sayOf(story().build())).toMatch(
      /^`checkout` has no CPU limit that was measured in the last hour\. Nothing held/,
    );
  });

  it('is not denied where there is one without a ledger', () => {
    const { facts, victim, build } = story();
    facts.add(victim, METRIC.cpuLimit, 2);
    expect(sayOf(build())).toMatch(
      /^Whether a CPU limit stopped `checkout` is not known: there is no throttling data in the last hour\. Nothing held/,
    );
  });
});

describe('own causes', () => {
  it.each([
    [
      'sidecar',
      'container',
      true,
      /100 % of that while its own sidecar `mesh-proxy` runs\./,
    ],
    ['self', 'self', undefined, /it is crowded by itself\./],
    [
      'host',
      'interrupt',
      undefined,
      /taken by the host, most of it `interrupts`\./,
    ],
  ] as const)('%s', (cause, kind, samePod, sentence) => {
    const { facts, victim, build } = story();
    const sidecar = facts.resource(
      container('checkout', { container: 'mesh-proxy' }),
      [CHECKOUT.entityRef],
    );
    facts.waits(victim, 1, kind, {
      culprit: kind === 'container' ? sidecar : undefined,
      samePod,
    });
    const { verdict, text } = judged(build());
    expect(verdict.cause).toBe(cause);
    expect(text).toMatch(sentence);
  });
});

describe('what is not known', () => {
  it('is said from 5 % on, beside the verdict', () => {
    const { facts, victim, culprit, build } = story();
    facts.waits(victim, 0.9, 'container', { culprit });
    facts.waits(victim, 0.1, 'unattributed');
    const { verdict, text } = judged(build());
    expect(verdict.cause).toBe('neighbour');
    expect(text).toContain('10 % of the wait could not be attributed.');
  });

  it('keeps from naming anybody when it could turn the verdict around', () => {
    const { facts, victim, culprit, build } = story();
    facts.waits(victim, 0.4, 'container', { culprit });
    facts.waits(victim, 0.3, 'self');
    facts.waits(victim, 0.3, 'unattributed');
    const { verdict, text } = judged(build());
    expect(verdict.cause).toBe('unsure');
    expect(text).not.toContain('batch-report');
    expect(text).toContain(
      '30 % of that could not be attributed (lost events)',
    );
    expect(judged({ ...build(), blameWasOff: true }).text).toContain(
      'could not be attributed (the agent had switched blame off to stay within its budget), so nobody is named.',
    );
  });
});
