/**
 * How long packets of an entity stood in the queues of devices, window by window, and whose packets left meanwhile. Sums are
 * packet-seconds: two packets that stand for a second each are two. Per second of time that is how many stood there on
 * average; per packet it is the mean delay. Pure.
 */
import { METRIC } from 'backstage-plugin-contention-common';
import { seriesOf, totalOf, zeros, type Facts, type Windows } from '../facts';
import type { HistogramSeries } from '../distribution';
import { culpritOfSeries } from '../parties';
import { partyInQueue } from '../queueParties';
import {
  addPart,
  largestFirst,
  type PartTimeline,
  type Timeline,
} from '../timeline';
import { HELD_AGAINST_SECONDS } from './thresholds';

export interface NetworkTimeline extends Timeline {
  /** Packets that passed a queue, in each window. */
  packets: Windows;
}

export function networkTimelineOf(facts: Facts): NetworkTimeline {
  const parts = new Map<string, PartTimeline>();
  for (const { series, resource, windows } of seriesOf(
    facts,
    METRIC.netQueueBlame,
  )) {
    const party = partyInQueue(
      culpritOfSeries(series, facts.resources, facts.perspective),
    );
    addPart(parts, facts.axis, party, resource, windows.values);
  }
  const packets = packetsOf(facts, seriesOf(facts, METRIC.netQueue));
  return {
    axis: facts.axis,
    coveredSeconds: facts.coveredSeconds,
    wait: totalOf(facts, METRIC.netQueue),
    cpu: zeros(facts.axis),
    wanted: heldAgainst(packets),
    parts: largestFirst(parts),
    packets,
  };
}

/** The number of values of histograms, in each window. */
export function packetsOf(
  { axis }: Pick<Facts, 'axis'>,
  series: readonly HistogramSeries[],
): Windows {
  const packets = zeros(axis);
  for (const { windows } of series) {
    windows.histograms?.forEach((histogram, window) => {
      packets[window] += histogram?.count ?? 0;
    });
  }
  return packets;
}

/** What the waiting of packets is held against: see `Timeline.wanted`. */
export function heldAgainst(packets: Windows): Windows {
  return packets.map(count => count * HELD_AGAINST_SECONDS);
}
