/** Latency of the services: requests, and CPU wait as heat map and percentiles. */
import type {
  LatencyOptions,
  LatencyReport,
} from 'backstage-plugin-contention-common';
import { nothingToSay, quiet, reportBase, type Range } from './base';
import { episodeStart } from './neighbours';
import { neighbour } from './parties';
import { fixtureRequests, requestsVerdict } from './requests';
import { noise, sampled } from './series';
import { bell } from './throttling';

/** Bounds an octave apart: 1 µs to 0.5 s. */
const BOUNDS = Array.from({ length: 20 }, (_, row) => 1e-6 * 2 ** row);

const NOT_MEASURED = [
  {
    what: 'Disk and memory',
    why: 'Time blocked on a disk, on a lock or on memory that must be freed first counts as own work: it is not told apart.',
  },
  {
    what: 'Unix sockets and UDP',
    why: 'Requests are timed on TCP sockets only.',
  },
];

/** Fast waits always, slow ones while `slow` says so. Counts of one window. */
function columnOf(ms: number, slow: number): number[] {
  return BOUNDS.slice(1).map((_, row) => {
    const fast = 900 * Math.exp(-(((row - 3.2) / 1.8) ** 2));
    const late = slow * 240 * Math.exp(-(((row - 15.4) / 1.5) ** 2));
    return Math.round((fast + late) * (0.7 + 0.6 * noise(ms, row)));
  });
}

function report(
  name: string,
  range: Range,
  slowAt: (ms: number) => number,
  nowMs: number,
  options: LatencyOptions,
): LatencyReport {
  const base = reportBase(name, range);
  const { axis } = base;
  const { role } = options;
  const whole = fixtureRequests(name, range, nowMs, { role });
  const percentile = (fast: number, slow: number, seed: number) =>
    sampled(axis, ms => {
      const level = slowAt(ms) > 0 ? slow : fast;
      return level * (0.8 + 0.4 * noise(ms, seed));
    });
  const slowOnes = axis.startsMs.filter(ms => slowAt(ms) > 0).length;
  const hurting = slowOnes > axis.startsMs.length / 10;
  return {
    ...base,
    verdict: requestsVerdict(name, whole, nowMs) ?? quiet(name),
    cpuWait: {
      distribution: {
        ...bell(hurting ? 0.00003 : 0.000011, 4, 218_000),
        p99Seconds: hurting ? 0.062 : 0.00019,
        longestSeconds: hurting ? 0.212 : 0.0031,
      },
      p50Values: percentile(9e-6, 2.6e-5, 1),
      p90Values: percentile(4.5e-5, 0.018, 2),
      p99Values: percentile(1.7e-4, 0.071, 3),
      heatmap: {
        boundsSeconds: BOUNDS,
        counts: axis.startsMs.map(ms => columnOf(ms, slowAt(ms))),
      },
      open: hurting
        ? [
            {
              workload: {
                cluster: 'demo',
                node: 'node-a',
                namespace: 'shop',
                pod: `${name}-5d8f9`,
                container: 'app',
              },
              oldestSeconds: 0.047,
              at: range.to - 12_000,
            },
          ]
        : [],
      worst: hurting ? worstWaits(range, name) : [],
    },
    requests: fixtureRequests(name, range, nowMs, options),
    breakdown: ['node-a', 'node-b'].map((node, index) => ({
      workload: {
        cluster: 'demo',
        node,
        namespace: 'shop',
        pod: `${name}-5d8f9-${index === 0 ? 'tq7vd' : 'zl2mc'}`,
        container: 'app',
      },
      waitSeconds: index === 0 && hurting ? 371 : 1.2,
      cpuSeconds: 740 - index * 60,
      waitShare: index === 0 && hurting ? 0.334 : 0.0018,
      count: 121_000 - index * 17_400,
      p50Seconds: index === 0 && hurting ? 2.6e-5 : 9e-6,
      p99Seconds: index === 0 && hurting ? 0.071 : 1.8e-4,
    })),
    notMeasured: NOT_MEASURED,
  };
}

/** The longest waits while a neighbour ran. */
function worstWaits(
  range: Range,
  name: string,
): LatencyReport['cpuWait']['worst'] {
  return [0.212, 0.184, 0.171, 0.166].map((durationSeconds, index) => ({
    key: `wait ${index}`,
    at: range.to - (index * 173 + 40) * 1000,
    durationSeconds,
    workload: {
      cluster: 'demo',
      node: 'node-a',
      namespace: 'shop',
      pod: `${name}-5d8f9-tq7vd`,
      container: 'app',
    },
    culprit: neighbour('batch-report', 'data'),
  }));
}

export function slowLatency(
  range: Range,
  nowMs: number,
  options: LatencyOptions = {},
): LatencyReport {
  const startMs = episodeStart(nowMs);
  const isSlow = (ms: number) => (ms >= startMs ? 1 : 0);
  return report('checkout', range, isSlow, nowMs, options);
}

export function fastLatency(
  name: string,
  range: Range,
  nowMs: number,
  options: LatencyOptions = {},
): LatencyReport {
  return report(name, range, () => 0, nowMs, options);
}

export function emptyLatency(name: string, range: Range): LatencyReport {
  const empty = fastLatency(name, range, range.to);
  return {
    ...empty,
    axis: { ...empty.axis, startsMs: [] },
    verdict: nothingToSay(),
    freshness: { stale: false, staleNodes: [] },
    cpuWait: {
      ...empty.cpuWait,
      distribution: { count: 0, sumSeconds: 0, buckets: [] },
      p50Values: [],
      p90Values: [],
      p99Values: [],
      heatmap: { boundsSeconds: [], counts: [] },
    },
    breakdown: [],
  };
}
