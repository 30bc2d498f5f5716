/** CPU wait of the four services as heat map and percentiles. */
import type {
  LatencyReport,
  Requests,
  Verdict,
} from 'backstage-plugin-contention-common';
import { nothingToSay, quiet, reportBase, type Range } from './base';
import { episodeStart } from './neighbours';
import { sentence } from './sentences';
import { noise, sampled } from './series';
import { bell } from './throttling';

/** Bounds an octave apart: 1 µs to 0.5 s. */
const BOUNDS = Array.from({ length: 20 }, (_, row) => 1e-6 * 2 ** row);

const NOT_MEASURED = [
  {
    what: 'Request duration',
    why: 'from the first byte of a request to the first byte of its response; the agent does not measure it yet',
  },
  {
    what: 'What slow requests were made of',
    why: 'it follows when requests are measured',
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

/** An agent that does not time requests. */
function noRequests(range: Range): Requests {
  const why = 'No agent on its nodes times requests.';
  return {
    role: 'server',
    roles: {
      server: { state: 'not-measured', why },
      client: { state: 'not-measured', why },
    },
    distribution: { count: 0, sumSeconds: 0, buckets: [] },
    p50Values: [],
    p90Values: [],
    p99Values: [],
    countValues: [],
    rateValues: [],
    heatmap: { boundsSeconds: [], counts: [] },
    anatomy: { range, bands: [], sums: [] },
    breakdown: { pods: [], containers: [], nodes: [] },
    worst: [],
  };
}

function report(
  name: string,
  range: Range,
  slowAt: (ms: number) => number,
  verdict: Verdict,
): LatencyReport {
  const base = reportBase(name, range);
  const { axis } = base;
  const percentile = (fast: number, slow: number, seed: number) =>
    sampled(axis, ms => {
      const level = slowAt(ms) > 0 ? slow : fast;
      return level * (0.8 + 0.4 * noise(ms, seed));
    });
  const slowOnes = axis.startsMs.filter(ms => slowAt(ms) > 0).length;
  const hurting = slowOnes > axis.startsMs.length / 10;
  return {
    ...base,
    verdict,
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
      worst: [],
    },
    requests: noRequests(range),
    markers: [],
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

export function slowLatency(range: Range, nowMs: number): LatencyReport {
  const startMs = episodeStart(nowMs);
  return report('checkout', range, ms => (ms >= startMs ? 1 : 0), {
    cause: 'neighbour',
    severity: 'serious',
    since: startMs,
    sentence: sentence(
      `Since {${startMs}} the slowest 1 % of waits of ~checkout~ for a CPU take *71 ms* or longer, before that 0.17 ms. 78 % of that while [component:default/batch-report|batch-report] (team Data) ran.`,
    ),
  });
}

export function fastLatency(name: string, range: Range): LatencyReport {
  return report(name, range, () => 0, quiet(name));
}

export function emptyLatency(name: string, range: Range): LatencyReport {
  const empty = fastLatency(name, range);
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
