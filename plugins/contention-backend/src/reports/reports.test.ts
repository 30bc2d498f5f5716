/** Numbers of the four reports: what adds up must add up, and a gap is not a zero. */
import {
  METRIC,
  type EntityLink,
  type Layer,
} from 'backstage-plugin-contention-common';
import fc from 'fast-check';
import { FactsBuilder, START_MS, STEP_MS } from '../__testUtils__/facts';
import { container, podOf } from '../__testUtils__/otlp';
import { heldShares } from './diagnosis';
import type { Facts } from './facts';
import { latency } from './latency';
import { neighboursSuffered } from './neighbours';
import { Presenter } from './present';
import { noRequests, NOT_MEASURED } from './requests/nothing';
import { throttling } from './throttling';

const OWN: EntityLink = { entityRef: 'component:default/own', title: 'own' };
const presenter = new Presenter(new Set([OWN.entityRef]), () => OWN);

const KINDS = [
  'self',
  'kernel',
  'interrupt',
  'steal',
  'idle',
  'other',
  'unattributed',
  'throttled',
] as const;

/** Of a service whose requests nobody timed. */
function latencyOf(facts: Facts) {
  const none = { server: NOT_MEASURED, client: NOT_MEASURED };
  const { fromMs: from, toMs: to } = facts.range;
  const requests = noRequests('server', none, { from, to });
  return latency(facts, { requests, worstWaits: [] });
}

function sum(values: readonly (number | null)[]): number {
  return values.reduce<number>((all, value) => all + (value ?? 0), 0);
}

describe('neighbours', () => {
  it('and what stands apart from them add up to the waiting, in every window and in all', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.tuple(fc.nat(11), fc.nat(20), fc.integer({ min: 1, max: 64 })),
          {
            minLength: 1,
            maxLength: 40,
          },
        ),
        waits => {
          const windows = 12;
          const facts = new FactsBuilder(windows);
          const victim = facts.resource(container('own'), [OWN.entityRef]);
          const culprits = Array.from({ length: 13 }, (_, index) =>
            facts.resource(container(`c${index}`, { labels: {} })),
          );
          for (const [window, who, eighths] of waits) {
            const at = (other: number) =>
              other === window ? eighths / 8 : undefined;
            if (who < KINDS.length) facts.waits(victim, at, KINDS[who]);
            else
              facts.waits(victim, at, 'container', {
                culprit: culprits[who - KINDS.length],
              });
          }
          const report = neighboursSuffered(
            facts.build(OWN, [victim]),
            presenter,
          );
          const total = waits.reduce(
            (all, [, , eighths]) => all + eighths / 8,
            0,
          );
          const layers = [...report.layers, ...report.layersApart];
          const heightOf = (list: Layer[], window: number) =>
            list.reduce((all, { values }) => all + (values[window] ?? 0), 0);
          for (let window = 0; window < windows; window++) {
            const seconds = waits
              .filter(([at]) => at === window)
              .reduce((all, [, , eighths]) => all + eighths / 8, 0);
            expect(heightOf(layers, window) * 10).toBeCloseTo(seconds, 9);
          }
          const rows = [...report.culprits, ...report.apart];
          expect(sum(rows.map(row => row.waitSeconds))).toBeCloseTo(total, 9);
          expect(sum(rows.map(row => row.share))).toBeCloseTo(1, 9);
          expect(report.total.waitSeconds).toBeCloseTo(total, 9);
          expect(report.layers.length).toBeLessThanOrEqual(8);
          expect(new Set(rows.map(row => row.party.key)).size).toBe(
            rows.length,
          );
        },
      ),
      { numRuns: 60 },
    );
  });

  it('of a gap are not there, rather than zero', () => {
    const facts = new FactsBuilder(4);
    const victim = facts.resource(container('own'), [OWN.entityRef]);
    facts.waits(victim, 1, 'kernel').gap(1, 3);
    const built = facts.build(OWN, [victim]);
    const report = neighboursSuffered(built, presenter);
    expect(report.layersApart[0].values).toEqual([0.1, null, null, 0.1]);
    expect(report.apart[0].values).toEqual([0.1, null, null, 0.1]);
    expect(latencyOf(built).cpuWait.heatmap.counts[1]).toBeNull();
    expect(heldShares(built)).toEqual([1, null, null, 1]);
  });

  it('of a node that was silent are a gap, though others sent', () => {
    const facts = new FactsBuilder(3).node('node-b', window => window !== 1);
    const own = ['node-a', 'node-b'].map((node, index) =>
      facts.resource(container('own', { node, pod: `own-${index}` }), [
        OWN.entityRef,
      ]),
    );
    facts.waits(own[0], 1, 'kernel');
    facts.waits(own[1], window => (window === 1 ? undefined : 2), 'kernel');
    const { nodes } = neighboursSuffered(facts.build(OWN, own), presenter);
    expect(nodes.map(({ values }) => values)).toEqual([
      [0.1, 0.1, 0.1],
      [0.2, null, 0.2],
    ]);
  });

  it('of neighbours are told by node, with the one that took most there', () => {
    const facts = new FactsBuilder(3).node('node-b');
    const own = ['node-a', 'node-b'].map((node, index) =>
      facts.resource(container('own', { node, pod: `own-${index}` }), [
        OWN.entityRef,
      ]),
    );
    const [c, d] = ['c', 'd'].map(name =>
      facts.resource(container(name, { pod: name, labels: {} })),
    );
    facts.waits(own[0], 1, 'container', { culprit: c });
    facts.waits(own[1], 2, 'container', { culprit: c });
    facts.waits(own[1], 3, 'container', { culprit: d });
    const { nodes } = neighboursSuffered(facts.build(OWN, own), presenter);
    expect(nodes).toMatchObject([
      { node: 'node-a', neighbourSeconds: 3, topCulprit: 'shop/c' },
      { node: 'node-b', neighbourSeconds: 15, topCulprit: 'shop/d' },
    ]);
  });

  it('say when somebody was there first and last', () => {
    const facts = new FactsBuilder(6);
    const victim = facts.resource(container('own'), [OWN.entityRef]);
    const culprit = facts.resource(container('c', { labels: {} }));
    facts.waits(
      victim,
      window => (window === 2 || window === 3 ? 1 : 0),
      'container',
      { culprit },
    );
    const [row] = neighboursSuffered(
      facts.build(OWN, [victim]),
      presenter,
    ).culprits;
    expect(row).toMatchObject({
      firstSeen: START_MS + 2 * STEP_MS,
      lastSeen: START_MS + 4 * STEP_MS,
      nodes: [{ cluster: 'demo', node: 'node-a', waitSeconds: 2 }],
    });
  });
});

describe('throttling', () => {
  function quotas() {
    const facts = new FactsBuilder(6);
    const app = facts.resource(container('own', { container: 'app' }), [
      OWN.entityRef,
    ]);
    const proxy = facts.resource(container('own', { container: 'proxy' }), [
      OWN.entityRef,
    ]);
    const pod = facts.resource(podOf(container('own')), [OWN.entityRef]);
    const slice = facts.resource({
      'contention.cgroup.path': '/kubepods/burstable',
    });
    facts.add(app, METRIC.cpuTime, 3).add(proxy, METRIC.cpuTime, 7);
    const ledger = (
      resource: typeof pod,
      level: string,
      [periods, throttled, seconds]: [number, number, number],
    ) => {
      const attributes = { 'contention.quota.level': level };
      facts.add(resource, METRIC.cpuThrottledPeriods, periods, { attributes });
      facts.add(resource, METRIC.cpuThrottledPeriodsThrottled, throttled, {
        attributes,
      });
      facts.add(resource, METRIC.cpuThrottledTime, seconds, { attributes });
    };
    ledger(pod, 'pod', [100, 60, 5]);
    ledger(app, 'container', [100, 0, 0]);
    ledger(slice, 'slice', [100, 10, 1]);
    facts.add(pod, METRIC.cpuLimit, 1);
    return { facts, app, build: () => facts.build(OWN, [app, proxy, pod]) };
  }

  it('ranks quotas by how often they stopped the service, with limit, use and need', () => {
    const report = throttling(quotas().build(), presenter);
    expect(report.quotas.map(({ level }) => level)).toEqual([
      'pod',
      'slice',
      'container',
    ]);
    expect(report.quotas[0]).toMatchObject({
      limitCpus: 1,
      usedCpus: 1,
      // Used, and a half CPU's worth of queues that stood still.
      needCpus: 1.5,
      periods: 600,
      throttledPeriods: 360,
      throttledShare: 0.6,
      shareValues: new Array(6).fill(0.6),
      needValues: new Array(6).fill(1.5),
    });
    // Others use a slice's quota, too: what they use is not known here.
    expect(report.quotas[1].usedCpus).toBeUndefined();
  });

  it('says who used the budget up, by CPU time where nothing better is measured', () => {
    const report = throttling(quotas().build(), presenter);
    expect(report.burnSource).toBe('cpu-time');
    expect(
      report.burners.map(({ container: name, share }) => [name, share]),
    ).toEqual([
      ['proxy', 0.7],
      ['app', 0.3],
    ]);
  });

  it('prefers what was measured in the throttled periods themselves', () => {
    const { facts, build } = quotas();
    const pod = build().own[2];
    for (const [name, seconds] of [
      ['app', 9],
      ['proxy', 1],
    ] as const) {
      facts.add(pod, METRIC.cpuQuotaBurn, seconds, {
        attributes: { 'k8s.container.name': name },
      });
    }
    const report = throttling(build(), presenter);
    expect(report.burnSource).toBe('throttled-periods');
    expect(report.burners[0]).toMatchObject({ container: 'app', share: 0.9 });
  });

  it("counts what burned a container's own quota, or a slice's, apart from what burned the pod's", () => {
    const { facts, app, build } = quotas();
    const pod = build().own[2];
    const burn = (
      resource: typeof pod,
      level: string,
      seconds: number,
      burner?: string,
    ) =>
      facts.add(resource, METRIC.cpuQuotaBurn, seconds, {
        attributes: {
          'contention.quota.level': level,
          ...(burner ? { 'k8s.container.name': burner } : {}),
        },
      });
    burn(pod, 'pod', 3, 'app');
    burn(pod, 'pod', 1, 'proxy');
    burn(pod, 'slice', 50, 'proxy');
    burn(app, 'container', 40);
    const { burners } = throttling(build(), presenter);
    expect(burners.map(({ container: name, share }) => [name, share])).toEqual([
      ['app', 0.75],
      ['proxy', 0.25],
    ]);
  });

  it('tells how long threads stood still, by level', () => {
    const { facts, app, build } = quotas();
    facts.add(app, METRIC.cpuThrottledStall, 0.05, {
      attributes: { 'contention.quota.level': 'pod' },
    });
    const [stall] = throttling(build(), presenter).stalls;
    expect(stall.level).toBe('pod');
    expect(stall.distribution.count).toBe(6);
    expect(stall.distribution.p50Seconds).toBeGreaterThan(0.046);
    expect(stall.distribution.p50Seconds).toBeLessThan(0.055);
  });

  it('has no burners where nothing was stopped', () => {
    const facts = new FactsBuilder(2);
    const app = facts.resource(container('own'), [OWN.entityRef]);
    facts.add(app, METRIC.cpuTime, 1).add(app, METRIC.cpuLimit, 2);
    const report = throttling(facts.build(OWN, [app]), presenter);
    expect(report.burners).toEqual([]);
    expect(report.quotas).toHaveLength(1);
    expect(report.quotas[0].throttledShare).toBeUndefined();
  });
});

describe('latency', () => {
  it('has a heat map whose columns hold every wait, in forty rows at most', () => {
    const facts = new FactsBuilder(200);
    const victim = facts.resource(container('own'), [OWN.entityRef]);
    // From a microsecond to a thousand seconds: 240 buckets.
    facts.waits(victim, window => 1e-6 * 10 ** (window / 22), 'kernel');
    const { cpuWait } = latencyOf(facts.build(OWN, [victim]));
    const { boundsSeconds, counts } = cpuWait.heatmap;
    expect(boundsSeconds.length - 1).toBeLessThanOrEqual(40);
    expect([...boundsSeconds].sort((a, b) => a - b)).toEqual(boundsSeconds);
    counts.forEach((column, window) => {
      const wait = 1e-6 * 10 ** (window / 22);
      const row = column!.findIndex(count => count > 0);
      expect(sum(column!)).toBe(1);
      expect(wait).toBeGreaterThan(boundsSeconds[row] * (1 - 1e-9));
      expect(wait).toBeLessThanOrEqual(boundsSeconds[row + 1] * (1 + 1e-9));
    });
    expect(sum(cpuWait.distribution.buckets.map(({ count }) => count))).toBe(
      200,
    );
    expect(cpuWait.distribution.count).toBe(200);
  });

  it('shows waits that are open at the end of the data, and only those', () => {
    const facts = new FactsBuilder(6);
    const one = facts.resource(container('own', { pod: 'own-0' }), [
      OWN.entityRef,
    ]);
    const two = facts.resource(container('own', { pod: 'own-1' }), [
      OWN.entityRef,
    ]);
    facts.add(one, METRIC.cpuWaitOpen, window =>
      window === 3 ? 9 : undefined,
    );
    facts.add(two, METRIC.cpuWaitOpen, window =>
      window === 5 ? 4 : undefined,
    );
    const { open } = latencyOf(facts.build(OWN, [one, two])).cpuWait;
    expect(open).toMatchObject([
      { workload: { pod: 'own-1' }, oldestSeconds: 4 },
    ]);
  });

  it('breaks down by container', () => {
    const facts = new FactsBuilder(6);
    const one = facts.resource(container('own', { pod: 'own-0' }), [
      OWN.entityRef,
    ]);
    const two = facts.resource(container('own', { pod: 'own-1' }), [
      OWN.entityRef,
    ]);
    facts.add(one, METRIC.cpuTime, 1).waits(one, 0.25, 'kernel');
    facts.add(two, METRIC.cpuTime, 1).waits(two, 1, 'kernel');
    expect(latencyOf(facts.build(OWN, [one, two])).breakdown).toMatchObject([
      {
        workload: { pod: 'own-1' },
        waitSeconds: 6,
        cpuSeconds: 6,
        waitShare: 0.5,
        count: 6,
      },
      {
        workload: { pod: 'own-0' },
        waitSeconds: 1.5,
        cpuSeconds: 6,
        waitShare: 0.2,
        count: 6,
      },
    ]);
  });

  it('says plainly what is not measured yet', () => {
    const facts = new FactsBuilder(1);
    const own = facts.resource(container('own'), [OWN.entityRef]);
    const { notMeasured } = latencyOf(facts.build(OWN, [own]));
    const whats = notMeasured.map(({ what }) => what).join(', ');
    for (const what of ['Disk', 'memory', 'Unix sockets', 'UDP']) {
      expect(whats).toContain(what);
    }
  });
});
