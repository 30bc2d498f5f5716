/** Which of an entity's quotas are told what a higher limit would change, and from which data. */
import {
  METRIC,
  type EntityLink,
  type QuotaLevel,
} from 'backstage-plugin-contention-common';
import { FactsBuilder, START_MS, STEP_MS } from '../__testUtils__/facts';
import { container, podOf } from '../__testUtils__/otlp';
import type { StoredResource } from '../store';
import { Presenter } from './present';
import { throttling } from './throttling';

const OWN: EntityLink = { entityRef: 'component:default/own', title: 'own' };
const presenter = new Presenter(new Set([OWN.entityRef]), () => OWN);
const WINDOWS = 12;

type Values = number | ((window: number) => number | undefined);

/** A pod with one container, on a node of 2 CPUs; windows of 10 s. */
function setting() {
  const facts = new FactsBuilder(WINDOWS);
  const app = facts.resource(container('own'), [OWN.entityRef]);
  const pod = facts.resource(podOf(container('own')), [OWN.entityRef]);
  const slice = facts.resource({
    'contention.cgroup.path': '/kubepods/burstable',
  });
  const quota = (
    resource: StoredResource,
    level: QuotaLevel,
    ledger: {
      periods?: Values;
      throttled: Values;
      seconds: Values;
      limit?: Values;
    },
  ) => {
    const attributes = { 'contention.quota.level': level };
    const { periods = 100, throttled, seconds, limit } = ledger;
    facts
      .add(resource, METRIC.cpuThrottledPeriods, periods, { attributes })
      .add(resource, METRIC.cpuThrottledPeriodsThrottled, throttled, {
        attributes,
      })
      .add(resource, METRIC.cpuThrottledTime, seconds, { attributes });
    if (limit !== undefined) facts.add(resource, METRIC.cpuLimit, limit);
  };
  /** One in each window. */
  const stalls = (level: QuotaLevel, seconds: Values) =>
    facts.add(app, METRIC.cpuThrottledStall, seconds, {
      attributes: { 'contention.quota.level': level },
    });
  const told = () =>
    Object.fromEntries(
      throttling(facts.build(OWN, [app, pod]), presenter).quotas.map(
        ({ level, higherLimits }) => [level, higherLimits],
      ),
    );
  return { facts, app, pod, slice, quota, stalls, told };
}

describe('higher limits', () => {
  it('are of two digits, with the least that is surely nearly enough, up to all CPUs of the node', () => {
    const { app, quota, told } = setting();
    quota(app, 'container', { throttled: 1, seconds: 0.06, limit: 1 });
    const { container: higher } = told();
    expect(higher).toMatchObject({ periodSeconds: 0.1 });
    expect(higher).not.toHaveProperty('since');
    expect(higher!.stoppedSeconds).toBeCloseTo(0.72);
    // Of 100 ms at most in each period with 2 CPUs, so much is gone as the limit is higher.
    expect(
      higher!.limits.map(({ limitCpus, goneShareAtLeast }) => [
        limitCpus,
        Number(goneShareAtLeast.toFixed(6)),
      ]),
    ).toEqual([
      [1.1, 0.1],
      [1.3, 0.3],
      [1.5, 0.5],
      [1.9, 0.9],
      [2, 1],
    ]);
    for (const row of higher!.limits) {
      expect(row.stoppedSecondsAtMost).toBeCloseTo(
        0.72 * (1 - row.goneShareAtLeast),
      );
    }
  });

  it.each([
    [
      'with the least that is nearly enough',
      0.47,
      [0.52, 0.59, 0.71, 0.94, 1.85],
    ],
    ['without it', 0.46, [0.51, 0.58, 0.69, 0.92]],
  ])('go up to four times the limit, %s of %d CPU', (_, limit, limits) => {
    const { app, quota, told } = setting();
    quota(app, 'container', { throttled: 1, seconds: 0.06, limit });
    expect(told().container!.limits.map(({ limitCpus }) => limitCpus)).toEqual(
      limits,
    );
  });

  it.each([
    ['as much as', 0.2, true],
    // Read a little earlier or later.
    ['hardly more than', 0.21, true],
    ['more than', 0.23, false],
  ])(
    'are told where queues stood still for %s all CPUs can in the periods in which the limit ran out: %d s of 0.2, %s',
    (_, seconds, isTold) => {
      const { app, quota, told } = setting();
      quota(app, 'container', { throttled: 1, seconds, limit: 0.5 });
      expect(told().container !== undefined).toBe(isTold);
    },
  );

  it('are known better where it is measured how long threads stood still', () => {
    const { app, quota, stalls, told } = setting();
    quota(app, 'container', { throttled: 1, seconds: 0.06, limit: 1 });
    stalls('container', 0.06);
    const { container: higher } = told();
    const [, , half] = higher!.limits;
    expect(half.limitCpus).toBe(1.5);
    // 50 of 60 ms each time, but for the width of a bucket.
    expect(half.goneShareAtLeast).toBeGreaterThan(0.8);
    expect(half.goneShareAtLeast).toBeLessThanOrEqual(50 / 60);
  });

  it.each([
    ['of another level', 'pod'],
    ['of a slice, which others share', 'slice'],
  ] as const)('do not use stalls %s', (_, level) => {
    const { app, quota, stalls, told } = setting();
    quota(app, 'container', { throttled: 1, seconds: 0.06, limit: 1 });
    const without = told().container;
    stalls(level, 0.06);
    expect(told().container).toEqual(without);
  });

  it('of a quota around another that ran out, too, are told from its ledger alone', () => {
    const { app, pod, quota, stalls, told } = setting();
    quota(pod, 'pod', { throttled: 1, seconds: 0.06, limit: 1 });
    const without = told().pod!.limits;
    stalls('pod', 0.06);
    const alone = told().pod!.limits;
    expect(alone[0].goneShareAtLeast).toBeGreaterThan(
      without[0].goneShareAtLeast,
    );
    quota(app, 'container', { throttled: 1, seconds: 0.03, limit: 0.5 });
    expect(told().pod!.limits).toEqual(without);
  });

  it('of a container and its pod that are the same are told as one, whichever of them stopped it', () => {
    const { app, pod, quota, stalls, told } = setting();
    const even = (window: number) => (window % 2 ? 0 : 0.06);
    const odd = (window: number) => (window % 2 ? 0.06 : 0);
    quota(app, 'container', { throttled: 1, seconds: even, limit: 1 });
    quota(pod, 'pod', { throttled: 1, seconds: odd, limit: 1 });
    const byLedger = told();
    expect(byLedger).toMatchObject({ pod: undefined });
    expect(byLedger.container!.stoppedSeconds).toBeCloseTo(0.72);
    // Of at most 100 ms in each of 12 periods.
    expect(byLedger.container!.limits[0].goneShareAtLeast).toBeCloseTo(0.1);
    stalls('container', even);
    stalls('pod', odd);
    // Of 60 ms in each.
    const { goneShareAtLeast } = told().container!.limits[0];
    expect(goneShareAtLeast).toBeCloseTo(1 / 6);
  });

  it('of a container and its pod are told as one since they are the same', () => {
    const { app, pod, quota, told } = setting();
    quota(app, 'container', { throttled: 10, seconds: 0.4, limit: 1 });
    quota(pod, 'pod', {
      throttled: 8,
      seconds: 0.2,
      limit: window => (window < 4 ? 1.5 : 1),
    });
    const { container: higher } = told();
    expect(higher!.since).toBe(START_MS + 4 * STEP_MS);
    expect(higher!.stoppedSeconds).toBeCloseTo(4.8);
  });

  it.each([
    ['another limit than its only container', 1.2, []],
    ['the limit of one of two containers', 1, [['sidecar', 10, 0.2]]],
    [
      'two containers of its limit, of which one was never stopped',
      1,
      [['sidecar', 0, 1]],
    ],
  ] as const)('of a pod that has %s are told alone', (_, limit, more) => {
    const { facts, app, pod, quota, told } = setting();
    quota(app, 'container', { throttled: 10, seconds: 0.4, limit: 1 });
    for (const [name, throttled, otherLimit] of more) {
      const other = facts.resource(container('own', { container: name }), [
        OWN.entityRef,
      ]);
      quota(other, 'container', {
        throttled,
        seconds: 0.04 * throttled,
        limit: otherLimit,
      });
    }
    quota(pod, 'pod', { throttled: 8, seconds: 0.2, limit });
    expect(told().pod!.stoppedSeconds).toBeCloseTo(2.4);
  });

  it('are of the time since the limit is what it is', () => {
    const { app, quota, told } = setting();
    quota(app, 'container', {
      throttled: 10,
      seconds: window => (window < 4 ? 5 : 0.5),
      limit: window => (window < 4 ? 0.2 : 1),
    });
    const { container: higher } = told();
    expect(higher!.since).toBe(START_MS + 4 * STEP_MS);
    expect(higher!.stoppedSeconds).toBeCloseTo(4);
    expect(higher!.limits[0].limitCpus).toBe(1.1);
  });

  it('are told by the length of periods, where there are more of them than usual', () => {
    const { app, quota, told } = setting();
    quota(app, 'container', {
      // Busy all of the time, for a while, or idle.
      periods: window => [1000, 300, 3][window % 3],
      throttled: window => [900, 200, 0][window % 3],
      seconds: window => [5, 1, 0][window % 3],
      limit: 1,
    });
    expect(told().container!.periodSeconds).toBeCloseTo(0.01, 4);
  });

  it.each([
    ['shorter, by how long their own node sent data', 0.2, 200, 0.01],
    ['usual, though one more is counted', 1, 101, 0.1],
    ['usual, though some more are counted by chance', 1, 110, 0.1],
    ['usual, though one more ends in half a second', 0.05, 6, 0.1],
  ])('are told by periods that are %s', (_, share, periods, periodSeconds) => {
    const { facts, quota, told } = setting();
    facts.node('node-b', () => share);
    const there = facts.resource(container('own', { node: 'node-b' }), [
      OWN.entityRef,
    ]);
    quota(there, 'container', {
      periods,
      throttled: 1,
      seconds: 0.01,
      limit: 1,
    });
    expect(told().container!.periodSeconds).toBeCloseTo(periodSeconds, 3);
  });

  it.each([
    ['whose limit is not known', { throttled: 5, seconds: 1 }],
    ['that stopped nobody', { throttled: 0, seconds: 0, limit: 1 }],
    [
      'that stopped somebody for a handful of periods',
      {
        throttled: (window: number) => (window < 9 ? 1 : 0),
        seconds: 0.1,
        limit: 1,
      },
    ],
  ])('of a quota %s are not told', (_, ledger) => {
    const { app, quota, told } = setting();
    quota(app, 'container', ledger);
    expect(told()).toEqual({ container: undefined });
  });

  it("of a slice are told of what it stopped, by the node's CPUs", () => {
    const { slice, quota, stalls, told } = setting();
    quota(slice, 'slice', { throttled: 5, seconds: 0.4, limit: 0.5 });
    const without = told().slice;
    expect(without!.limits.map(({ limitCpus }) => limitCpus)).toEqual([
      0.55, 0.63, 0.75, 1, 1.85,
    ]);
    stalls('slice', 0.05);
    expect(told().slice).toEqual(without);
  });
});
