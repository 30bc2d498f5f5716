/** The queues of devices that packets stood in, one row a device of a node. Pure. */
import {
  ATTRIBUTE,
  quantileSeconds,
  type NetworkQueue,
} from 'backstage-plugin-contention-common';
import { mergedHistogram } from '../distribution';
import { nodeKey, type SeriesFacts } from '../facts';

/** Rows of the list. */
const MAX_QUEUES = 20;

/** @param waits - series of `contention.net.queue`; those without the name of a device are of none */
export function queuesOf(
  waits: readonly SeriesFacts[],
): NetworkQueue['queues'] {
  const byQueue = new Map<string, SeriesFacts[]>();
  for (const item of waits) {
    const name = item.series.attributes[ATTRIBUTE.interfaceName];
    if (name === undefined) continue;
    const key = `${nodeKey(item.resource)}\0${name}`;
    const known = byQueue.get(key);
    if (known) known.push(item);
    else byQueue.set(key, [item]);
  }
  return [...byQueue.values()]
    .flatMap(items => {
      const histogram = mergedHistogram(items);
      const [{ series, resource }] = items;
      return histogram.count === 0
        ? []
        : [
            {
              cluster: resource.cluster,
              node: resource.node,
              interfaceName: String(series.attributes[ATTRIBUTE.interfaceName]),
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
