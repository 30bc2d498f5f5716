import { METRIC } from 'backstage-plugin-contention-common';
import { FactsBuilder } from '../__testUtils__/facts';
import { container, podOf } from '../__testUtils__/otlp';
import {
  CHECKOUT,
  during,
  HOUR,
  judged,
  story,
} from '../__testUtils__/verdicts';
import type { Facts } from './facts';
import { verdictForNeighbours, verdictForThrottling } from './focus';

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
