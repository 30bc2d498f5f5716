/** How long threads of this entity waited for a CPU. Pure. */
import {
  METRIC,
  quantileSeconds,
  type DurationHistogram,
  type LatencyReport,
} from 'backstage-plugin-contention-common';
import type { StoredResource } from '../store';
import {
  countsIn,
  distributionOf,
  histogramPerWindow,
  mergedHistogram,
  rowsOf,
} from './distribution';
import { seriesOf, startOf, sumOf, type Facts } from './facts';
import { workloadOf } from './parties';
import { noRequests } from './requests/nothing';

type Body = Pick<
  LatencyReport,
  'requests' | 'markers' | 'cpuWait' | 'breakdown' | 'notMeasured'
>;

/** What the page will show once it is measured, so that nobody takes its absence for good news. */
const NOT_MEASURED: LatencyReport['notMeasured'] = [
  {
    what: 'Request duration',
    why: 'The agent does not time requests yet; this page shows how long threads waited for a CPU.',
  },
  {
    what: 'What slow requests were made of',
    why: 'Needs request durations.',
  },
  {
    what: 'Upstreams and downstreams',
    why: 'Needs request durations on client sockets.',
  },
  {
    what: 'Network',
    why: 'Connect times, round trips, retransmits and device queues are not measured yet.',
  },
];

const NOT_YET = {
  state: 'not-measured',
  why: 'The agent does not time requests yet.',
} as const;

export function latency(facts: Facts): Body {
  const waits = seriesOf(facts, METRIC.cpuWait);
  const all = mergedHistogram(waits);
  const perWindow = histogramPerWindow(waits, facts.axis.count);
  const quantiles = (q: number) =>
    perWindow.map((histogram, window) =>
      facts.coveredSeconds[window] > 0 && histogram
        ? (quantileSeconds(histogram, q) ?? null)
        : null,
    );
  return {
    cpuWait: {
      distribution: distributionOf(all),
      p50Values: quantiles(0.5),
      p90Values: quantiles(0.9),
      p99Values: quantiles(0.99),
      heatmap: heatmap(facts, all, perWindow),
      open: openWaits(facts),
      worst: [],
    },
    requests: noRequests(
      'server',
      { server: NOT_YET, client: NOT_YET },
      { from: facts.range.fromMs, to: facts.range.toMs },
    ),
    markers: [],
    breakdown: breakdown(facts),
    notMeasured: NOT_MEASURED,
  };
}

function heatmap(
  { coveredSeconds }: Facts,
  all: DurationHistogram,
  perWindow: readonly (DurationHistogram | undefined)[],
): LatencyReport['cpuWait']['heatmap'] {
  const rows = rowsOf(all);
  if (!rows) {
    return {
      boundsSeconds: [],
      counts: coveredSeconds.map(covered => (covered > 0 ? [] : null)),
    };
  }
  const nothing = new Array(rows.boundsSeconds.length - 1).fill(0);
  return {
    boundsSeconds: rows.boundsSeconds,
    counts: perWindow.map((histogram, window) => {
      if (coveredSeconds[window] === 0) return null;
      return histogram ? countsIn(rows, histogram) : nothing;
    }),
  };
}

/** Waits that were open at the end of the data: starvation shows while it happens. */
function openWaits(facts: Facts): LatencyReport['cpuWait']['open'] {
  const newest = facts.coveredSeconds.findLastIndex(covered => covered > 0);
  return seriesOf(facts, METRIC.cpuWaitOpen)
    .flatMap(({ resource, windows }) => {
      const oldestSeconds = windows.values[newest];
      return oldestSeconds
        ? [
            {
              workload: workloadOf(resource),
              oldestSeconds,
              at: Math.min(startOf(facts.axis, newest + 1), facts.nowMs),
            },
          ]
        : [];
    })
    .sort((a, b) => b.oldestSeconds - a.oldestSeconds);
}

/** By container, the one that waited longest first. */
function breakdown(facts: Facts): LatencyReport['breakdown'] {
  const rows = new Map<
    number,
    { resource: StoredResource; cpuSeconds: number; waits: DurationHistogram }
  >();
  const rowOf = (resource: StoredResource) => {
    const row = rows.get(resource.id) ?? {
      resource,
      cpuSeconds: 0,
      waits: mergedHistogram([]),
    };
    rows.set(resource.id, row);
    return row;
  };
  for (const item of seriesOf(facts, METRIC.cpuWait)) {
    rowOf(item.resource).waits = mergedHistogram([item]);
  }
  for (const { resource, windows } of seriesOf(facts, METRIC.cpuTime)) {
    rowOf(resource).cpuSeconds += sumOf(windows.values);
  }
  return [...rows.values()]
    .map(({ resource, cpuSeconds, waits }) => {
      const waitSeconds = waits.sumSeconds;
      const wanted = waitSeconds + cpuSeconds;
      return {
        workload: workloadOf(resource),
        waitSeconds,
        cpuSeconds,
        waitShare: wanted > 0 ? waitSeconds / wanted : undefined,
        count: waits.count,
        p50Seconds: quantileSeconds(waits, 0.5),
        p99Seconds: quantileSeconds(waits, 0.99),
      };
    })
    .sort((a, b) => b.waitSeconds - a.waitSeconds);
}
