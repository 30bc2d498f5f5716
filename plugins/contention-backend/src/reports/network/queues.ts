/** The queues of devices that packets stood in, one row a device of a node. Pure. */
import {
  ATTRIBUTE,
  quantileSeconds,
  type NetworkQueue,
} from 'backstage-plugin-contention-common';
import type { Axis, NodePlace } from '../../store';
import {
  histogramPerWindow,
  mergedHistogram,
  type HistogramSeries,
} from '../distribution';
import { nodeKey, type SeriesFacts } from '../facts';

/** Rows of the list. */
const MAX_QUEUES = 20;

/** Everybody's packets in one queue. */
export interface QueueWindows extends HistogramSeries {
  place: NodePlace;
  /** Absent: of none that has a name. */
  interfaceName?: string;
}

/** Series of `contention.net.queue` added up by queue, each histogram read once: there are as many series as containers. */
export function windowsByQueue(
  { count }: Pick<Axis, 'count'>,
  waits: readonly SeriesFacts[],
): QueueWindows[] {
  const byQueue = new Map<string, SeriesFacts[]>();
  for (const item of waits) {
    const name = item.series.attributes[ATTRIBUTE.interfaceName];
    const key = JSON.stringify([nodeKey(item.resource), name]);
    const known = byQueue.get(key);
    if (known) known.push(item);
    else byQueue.set(key, [item]);
  }
  return [...byQueue.values()].map(items => {
    const [{ series, resource }] = items;
    const name = series.attributes[ATTRIBUTE.interfaceName];
    return {
      place: { cluster: resource.cluster, node: resource.node },
      ...(name === undefined ? {} : { interfaceName: String(name) }),
      windows: { histograms: histogramPerWindow(items, count) },
    };
  });
}

/** Those that have a name, most waiting first. */
export function queuesOf(
  queues: readonly QueueWindows[],
): NetworkQueue['queues'] {
  return queues
    .flatMap(({ place, interfaceName, windows }) => {
      if (interfaceName === undefined) return [];
      const histogram = mergedHistogram([{ windows }]);
      return histogram.count === 0
        ? []
        : [
            {
              ...place,
              interfaceName,
              packets: histogram.count,
              waitSeconds: histogram.sumSeconds,
              p50Seconds: quantileSeconds(histogram, 0.5),
              p99Seconds: quantileSeconds(histogram, 0.99),
            },
          ];
    })
    .sort((a, b) => b.waitSeconds - a.waitSeconds)
    .slice(0, MAX_QUEUES);
}
