/** Reads from the store what only a roll-up of the network needs: counts of packets, where it was measured, and who sent how much. */
import { ATTRIBUTE, METRIC } from 'backstage-plugin-contention-common';
import type {
  Axis,
  NodeSeen,
  Store,
  StoredResource,
  Stretch,
} from '../../store';
import { isAt, isAtAny, sumOf } from '../facts';
import { coveredPerWindow, mostOf } from '../gather/covered';

/** Packets that passed a queue in the time of an axis, by the id of whose they were: read as one window, of the widest levels. */
export async function packetsOfResources(
  store: Store,
  resourceIds: readonly number[],
  { startMs, stepMs, count }: Axis,
): Promise<Map<number, number>> {
  const series = await store.series({
    resourceIds: [...new Set(resourceIds)],
    metrics: [METRIC.netQueue],
  });
  const whole = { startMs, stepMs: stepMs * count, count: 1 };
  const windows = await store.read(series, whole);
  const packets = new Map<number, number>();
  series.forEach(({ resourceId }, index) => {
    const own = windows[index].histograms?.[0]?.count ?? 0;
    packets.set(resourceId, (packets.get(resourceId) ?? 0) + own);
  });
  return packets;
}

/** The nodes on which agents told anything of the network. */
export async function measuredAt(
  store: Store,
  homes: readonly NodeSeen[],
  there: readonly StoredResource[],
  axis: Axis,
): Promise<NodeSeen[]> {
  const byId = new Map(there.map(resource => [resource.id, resource]));
  const series = await store.series({
    resourceIds: [...byId.keys()],
    metrics: [METRIC.netIo, METRIC.netReceivePackets, METRIC.netQueue],
  });
  const totals = await store.totals(series, axis);
  const isTold = isAtAny(
    series
      .filter(({ id }) => totals.has(id))
      .map(({ resourceId }) => byId.get(resourceId)!),
  );
  return homes.filter(isTold);
}

/** Bytes per second that groups of resources sent on average, by their keys; none where it was not measured. */
export async function transmitMeans<Key>(
  store: Store,
  axis: Axis,
  resourcesOf: ReadonlyMap<Key, readonly StoredResource[]>,
  stretches: readonly Stretch[],
  homes: readonly NodeSeen[],
): Promise<Map<Key, number>> {
  const ids = [...resourcesOf.values()].flat().map(({ id }) => id);
  const series = (
    await store.series({
      resourceIds: [...new Set(ids)],
      metrics: [METRIC.netIo],
    })
  ).filter(
    ({ attributes }) => attributes[ATTRIBUTE.ioDirection] === 'transmit',
  );
  const totals = await store.totals(series, axis);
  const coveredAt = homes.map(node => coveredPerWindow(axis, node, stretches));
  return new Map(
    [...resourcesOf].flatMap(([key, resources]) => {
      const own = new Set(resources.map(({ id }) => id));
      const sent = series.filter(
        ({ id, resourceId }) => own.has(resourceId) && totals.has(id),
      );
      const covered = sumOf(
        mostOf(
          axis,
          coveredAt.filter((_, index) => resources.some(isAt(homes[index]))),
        ),
      );
      return sent.length > 0 && covered > 0
        ? [[key, sumOf(sent.map(({ id }) => totals.get(id))) / covered]]
        : [];
    }),
  );
}
