/** Throttling of the four services: inventory runs into its pod's limit, the others into none. */
import type {
  Distribution,
  ThrottlingReport,
} from 'backstage-plugin-contention-common';
import { nothingToSay, reportBase, type Range } from './base';
import { apart } from './parties';
import { sentence } from './sentences';
import { around, mean, sampled } from './series';

type Quota = ThrottlingReport['quotas'][number];

/** A bell on a log scale around `medianSeconds`. */
export function bell(
  medianSeconds: number,
  width: number,
  count: number,
): Distribution {
  const buckets = [];
  for (let step = -12; step <= 12; step++) {
    const share = Math.exp(-((step / width) ** 2) / 2);
    buckets.push({
      fromSeconds: medianSeconds * 2 ** (step / 4),
      toSeconds: medianSeconds * 2 ** ((step + 1) / 4),
      count: Math.round(count * share * (0.4 / width)),
    });
  }
  const total = buckets.reduce((sum, bucket) => sum + bucket.count, 0);
  return {
    count: total,
    sumSeconds: total * medianSeconds,
    p50Seconds: medianSeconds,
    p90Seconds: medianSeconds * 2 ** (0.32 * width),
    p99Seconds: medianSeconds * 2 ** (0.58 * width),
    longestSeconds: medianSeconds * 2 ** 2.2,
    buckets,
  };
}

export function throttled(range: Range): ThrottlingReport {
  const base = reportBase('inventory', range);
  const { axis } = base;
  const seconds = (range.to - range.from) / 1000;
  /** By the shares that are gone, of each limit. */
  const higher = (
    stoppedSeconds: number,
    shares: Array<[limitCpus: number, goneShareAtLeast: number]>,
  ): Quota['higherLimits'] => ({
    periodSeconds: 0.1,
    stoppedSeconds,
    limits: shares.map(([limitCpus, goneShareAtLeast]) => ({
      limitCpus,
      goneShareAtLeast,
      stoppedSecondsAtMost: stoppedSeconds * (1 - goneShareAtLeast),
    })),
  });
  const quota = (
    level: Quota['level'],
    subject: string,
    limitCpus: number,
    share: (ms: number) => number,
    need: number,
    shares: Array<[limitCpus: number, goneShareAtLeast: number]>,
  ): Quota => {
    const shareValues = sampled(axis, ms =>
      Math.min(Math.max(share(ms), 0), 1),
    );
    const throttledShare = mean(shareValues);
    const usedValues = sampled(axis, ms =>
      Math.min(around(need, 0.3, 61)(ms), limitCpus * 0.98),
    );
    const periods = Math.round(seconds * 10);
    const throttledSeconds = seconds * throttledShare * 0.4;
    return {
      key: `${level}:${subject}`,
      level,
      subject,
      workload: {
        cluster: 'demo',
        node: 'node-b',
        namespace: 'shop',
        pod: 'inventory-7c4d9b-k8s2x',
      },
      limitCpus,
      usedCpus: mean(usedValues),
      needCpus: need,
      periods,
      throttledPeriods: Math.round(periods * throttledShare),
      throttledShare,
      throttledSeconds,
      shareValues,
      usedValues,
      needValues: sampled(axis, around(need, 0.3, 61)),
      higherLimits: higher(throttledSeconds, shares),
    };
  };
  return {
    ...base,
    verdict: {
      cause: 'limit',
      severity: 'serious',
      since: range.from,
      sentence: sentence(
        `~inventory~ is stopped by its pod's CPU limit in *62 %* of periods, *43 ms* each time at the median. ~mesh-proxy~ uses *71 %* of that budget.`,
      ),
    },
    confidence: {
      ...base.confidence,
      method: 'ledger',
      unattributedShare: undefined,
    },
    quotas: [
      quota(
        'pod',
        'inventory-7c4d9b-k8s2x',
        0.5,
        around(0.62, 0.35, 60),
        0.83,
        [
          [0.55, 0.06],
          [0.63, 0.16],
          [0.75, 0.31],
          [1, 0.61],
          [1.3, 0.93],
        ],
      ),
      quota('container', 'app', 0.4, around(0.05, 1, 62), 0.24, [
        [0.44, 0.32],
        [0.5, 0.76],
        [0.54, 0.91],
        [0.6, 1],
        [0.8, 1],
      ]),
    ],
    stalls: [
      { level: 'pod', distribution: bell(0.043, 3, 19_400) },
      { level: 'container', distribution: bell(0.012, 2.4, 1_210) },
    ],
    burners: [
      {
        container: 'mesh-proxy',
        pod: 'inventory-7c4d9b-k8s2x',
        party: apart('sidecar', 'container', 'mesh-proxy'),
        cpuSeconds: seconds * 0.355,
        share: 0.71,
      },
      {
        container: 'app',
        pod: 'inventory-7c4d9b-k8s2x',
        cpuSeconds: seconds * 0.145,
        share: 0.29,
      },
    ],
    burnSource: 'throttled-periods',
  };
}

export function notThrottled(name: string, range: Range): ThrottlingReport {
  const base = reportBase(name, range);
  const { axis } = base;
  const seconds = (range.to - range.from) / 1000;
  const usedValues = sampled(axis, around(0.42, 0.2, 20));
  return {
    ...base,
    verdict: {
      cause: 'quiet',
      severity: 'none',
      sentence: sentence(
        `No CPU limit stopped ~${name}~ in this range. It used *0.42 CPU* of the 2 it may use.`,
      ),
    },
    confidence: {
      ...base.confidence,
      method: 'ledger',
      unattributedShare: undefined,
    },
    quotas: [
      {
        key: 'container:app',
        level: 'container',
        subject: 'app',
        workload: { cluster: 'demo', node: 'node-a', container: 'app' },
        limitCpus: 2,
        usedCpus: mean(usedValues),
        needCpus: mean(usedValues),
        periods: Math.round(seconds * 10),
        throttledPeriods: 0,
        throttledShare: 0,
        throttledSeconds: 0,
        shareValues: sampled(axis, () => 0),
        usedValues,
        needValues: usedValues,
      },
    ],
    stalls: [],
    burners: [
      {
        container: 'app',
        pod: `${name}-5d8f9`,
        cpuSeconds: seconds * 0.42,
        share: 1,
      },
    ],
    burnSource: 'cpu-time',
  };
}

export function emptyThrottling(name: string, range: Range): ThrottlingReport {
  const base = reportBase(name, range);
  return {
    ...base,
    axis: { ...base.axis, startsMs: [] },
    verdict: nothingToSay(),
    freshness: { stale: false, staleNodes: [] },
    quotas: [],
    stalls: [],
    burners: [],
    burnSource: 'cpu-time',
  };
}
