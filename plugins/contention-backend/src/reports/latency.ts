/** How long requests took and what they were made of (see requests/), and how long threads waited for a CPU. Pure. */
import {
  METRIC,
  quantileSeconds,
  type LatencyReport,
} from 'backstage-plugin-contention-common';
import type { StoredResource } from '../store';
import { containerKeys, newerOf } from './containers';
import {
  distributionOf,
  histogramPerWindow,
  mergedHistogram,
} from './distribution';
import {
  seriesOf,
  startOf,
  sumOf,
  type Facts,
  type SeriesFacts,
} from './facts';
import { workloadOf } from './parties';
import { heatmapOf, quantilesOverTime } from './heatmap';
import type { PresentedRequests } from './requests/requests';

type Body = Pick<
  LatencyReport,
  'requests' | 'cpuWait' | 'breakdown' | 'notMeasured'
>;

/** What can make a service slow and is not on this page, so that nobody takes its absence for good news. */
const NOT_MEASURED: LatencyReport['notMeasured'] = [
  {
    what: 'Disk and memory',
    why: 'Time blocked on a disk, on a lock or on memory that must be freed first counts as own work: it is not told apart.',
  },
  {
    what: 'The hypervisor, while a thread runs',
    why: 'What a virtual machine is not given while a thread has the CPU counts as own work. What it is not given while a thread waits is told.',
  },
  {
    what: 'Unix sockets and UDP',
    why: 'Requests are timed on TCP sockets only.',
  },
  {
    what: 'What requests were about',
    why: 'Payload is never read: health checks and scrapes count as requests, and HTTP/2 and gRPC streams of one connection are exchanges, marked as estimated.',
  },
  {
    what: 'The network beyond the node',
    why: 'What network cards, switches and routers hold back or lose is not seen itself: a segment that was lost is told by its sender, whoever lost it.',
  },
];

/** @param presented - the account of requests as this reader may see it */
export function latency(
  facts: Facts,
  { requests, worstWaits }: Omit<PresentedRequests, 'verdict'>,
): Body {
  const waits = seriesOf(facts, METRIC.cpuWait);
  const all = mergedHistogram(waits);
  const perWindow = histogramPerWindow(waits, facts.axis.count);
  return {
    requests,
    cpuWait: {
      distribution: distributionOf(all),
      ...quantilesOverTime(facts, perWindow),
      heatmap: heatmapOf(facts, all, perWindow),
      open: openWaits(facts),
      worst: worstWaits,
    },
    breakdown: breakdown(facts),
    notMeasured: NOT_MEASURED,
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
  const waiting = seriesOf(facts, METRIC.cpuWait);
  const running = seriesOf(facts, METRIC.cpuTime);
  const keyOf = containerKeys(
    [...waiting, ...running].map(({ resource }) => resource),
  );
  const rows = new Map<
    string,
    { resource: StoredResource; cpuSeconds: number; waits: SeriesFacts[] }
  >();
  const rowOf = (resource: StoredResource) => {
    const key = keyOf(resource);
    const row = rows.get(key) ?? { resource, cpuSeconds: 0, waits: [] };
    row.resource = newerOf(row.resource, resource);
    rows.set(key, row);
    return row;
  };
  for (const item of waiting) rowOf(item.resource).waits.push(item);
  for (const { resource, windows } of running) {
    rowOf(resource).cpuSeconds += sumOf(windows.values);
  }
  return [...rows.values()]
    .map(({ resource, cpuSeconds, waits: series }) => {
      const waits = mergedHistogram(series);
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
