/** Reads from the store what only the network of one node is told by. */
import {
  ATTRIBUTE,
  METRIC,
  type IoDirection,
} from 'backstage-plugin-contention-common';
import type { Axis, NodeSeen, Store, StoredResource } from '../../store';
import { sumOf, type SeriesFacts } from '../facts';
import { queuesOf, windowsByQueue } from '../network/queues';
import type { NodeNetworkFacts } from './facts';

/** @param there - everything that was seen on the node */
export async function gatherNodeNetwork(
  store: Store,
  { cluster, node }: NodeSeen,
  there: readonly StoredResource[],
  axis: Axis,
  known: {
    /** How long packets stood, of everybody at all devices. */
    waits: readonly SeriesFacts[];
    queuesWereOff: boolean;
    interfaceName?: string;
  },
): Promise<NodeNetworkFacts> {
  const { waits, queuesWereOff, interfaceName } = known;
  const series = await store.series({
    resourceIds: there.map(({ id }) => id),
    metrics: [
      METRIC.netIo,
      METRIC.netReceivePackets,
      METRIC.netReceiveDrops,
      METRIC.netReceiveSqueezed,
    ],
  });
  const totals = await store.totals(series, axis);
  const amountOf = (metric: (typeof series)[number]['metric']) =>
    sumOf(
      series
        .filter(item => item.metric === metric)
        .map(({ id }) => totals.get(id)),
    );
  const bytes = new Map<number, Record<IoDirection, number>>();
  for (const { id, metric, resourceId, attributes } of series) {
    if (metric !== METRIC.netIo) continue;
    const own = bytes.get(resourceId) ?? { transmit: 0, receive: 0 };
    const direction = attributes[ATTRIBUTE.ioDirection] as IoDirection;
    own[direction] += totals.get(id) ?? 0;
    bytes.set(resourceId, own);
  }
  const isReceiving = series.some(
    ({ id, metric }) => metric === METRIC.netReceivePackets && totals.has(id),
  );
  const hasPackets = waits.some(({ windows }) =>
    windows.values.some(value => value !== undefined),
  );
  return {
    isMeasured: totals.size > 0 || hasPackets,
    queuesWereOff,
    interfaceName,
    queues: queuesOf(windowsByQueue(axis, waits)),
    receive: isReceiving
      ? [
          {
            cluster,
            node,
            packets: amountOf(METRIC.netReceivePackets),
            drops: amountOf(METRIC.netReceiveDrops),
            squeezed: amountOf(METRIC.netReceiveSqueezed),
          },
        ]
      : [],
    bytes,
  };
}
