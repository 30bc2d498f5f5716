/** Reads from the store what only the network of one node is told by. */
import {
  ATTRIBUTE,
  METRIC,
  type IoDirection,
} from 'backstage-plugin-contention-common';
import type { Axis, NodeSeen, Store, StoredResource } from '../../store';
import type { SeriesFacts } from '../facts';
import { queuesOf, windowsByQueue } from '../network/queues';
import { RECEIVE_METRICS, receiveOf } from '../network/receive';
import type { Perspective } from '../parties';
import type { NodeNetworkFacts } from './facts';

/** @param there - everything that was seen on the node */
export async function gatherNodeNetwork(
  store: Store,
  home: NodeSeen,
  there: readonly StoredResource[],
  axis: Axis,
  known: {
    /** How long packets stood, of everybody at all devices. */
    waits: readonly SeriesFacts[];
    queuesWereOff: boolean;
    interfaceName?: string;
    entitiesOf: Perspective['entitiesOf'];
  },
): Promise<NodeNetworkFacts> {
  const { waits, queuesWereOff, interfaceName, entitiesOf } = known;
  const series = await store.series({
    resourceIds: there.map(({ id }) => id),
    metrics: [METRIC.netIo, ...RECEIVE_METRICS],
  });
  const totals = await store.totals(series, axis);
  const bytes = new Map<number, Record<IoDirection, number>>();
  for (const { id, metric, resourceId, attributes } of series) {
    if (metric !== METRIC.netIo) continue;
    const own = bytes.get(resourceId) ?? { transmit: 0, receive: 0 };
    const direction = attributes[ATTRIBUTE.ioDirection] as IoDirection;
    own[direction] += totals.get(id) ?? 0;
    bytes.set(resourceId, own);
  }
  const receive = receiveOf(
    home,
    series,
    totals,
    new Map(there.map(resource => [resource.id, resource])),
    { entityRef: '', entitiesOf },
  );
  const hasPackets = waits.some(({ windows }) =>
    windows.values.some(value => value !== undefined),
  );
  return {
    isMeasured: totals.size > 0 || hasPackets,
    queuesWereOff,
    interfaceName,
    queues: queuesOf(windowsByQueue(axis, waits)),
    receive: receive ? [receive] : [],
    bytes,
  };
}
