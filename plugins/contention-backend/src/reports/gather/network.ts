/** Reads what only the network view tells: bytes, drops, the receive side, and how long packets of others stood. */
import {
  ATTRIBUTE,
  METRIC,
  type IoDirection,
  type MetricName,
} from 'backstage-plugin-contention-common';
import type { Store, StoredResource, StoredSeries } from '../../store';
import {
  isAt,
  isAtAny,
  nodeKey,
  seriesOf,
  sumOf,
  type Facts,
  type SeriesFacts,
} from '../facts';
import { culpritOfSeries } from '../parties';
import type { NetworkFacts } from '../network/facts';
import { windowsByQueue } from '../network/queues';
import { backlogDropsOf, RECEIVE_METRICS, receiveOf } from '../network/receive';
import { coveredPerWindow, mostOf } from './covered';
import type { Gathered } from './gather';
import { pathOf, placeKey } from './places';
import { resourcesAt } from './usage';

type Ok = Extract<Gathered, { state: 'ok' }>;

/** Of the entity itself. */
const OWN_METRICS: MetricName[] = [METRIC.netIo, METRIC.netDrops];

export async function gatherNetwork(
  store: Store,
  { facts, there, homes }: Ok,
): Promise<NetworkFacts> {
  const byId = new Map(there.map(resource => [resource.id, resource]));
  const own = new Set(facts.own.map(({ id }) => id));
  const all = await store.series({
    resourceIds: [...byId.keys()],
    metrics: [...OWN_METRICS, ...RECEIVE_METRICS, METRIC.netQueue],
  });
  const isOwn = ({ resourceId }: StoredSeries) => own.has(resourceId);
  const isTold = (item: StoredSeries) =>
    RECEIVE_METRICS.includes(item.metric) ||
    (isOwn(item) && OWN_METRICS.includes(item.metric));
  const series = all.filter(isTold);
  const totals = await store.totals(series, facts.axis);
  const sumWhere = (isIt: (item: StoredSeries) => boolean) =>
    sumOf(series.filter(isIt).map(({ id }) => totals.get(id)));
  const bytes = (direction: IoDirection) =>
    sumWhere(
      item =>
        item.metric === METRIC.netIo &&
        item.attributes[ATTRIBUTE.ioDirection] === direction,
    );
  const placeOf = ({ resourceId }: StoredSeries) => byId.get(resourceId)!;
  const withValues = (items: readonly StoredSeries[], of: typeof totals) =>
    items.filter(({ id }) => of.has(id)).map(placeOf);
  const isKnown = isAtAny(withValues(series, totals));
  // Others are only looked at where nothing else says that the network was measured: there are many.
  const others = all.filter(item => !isTold(item) && !isKnown(placeOf(item)));
  const isMeasured = isAtAny(
    withValues(others, await store.totals(others, facts.axis)),
  );
  const behind = await behindOf(store, facts);
  return {
    transmitBytes: bytes('transmit'),
    receiveBytes: bytes('receive'),
    measured: homes.filter(home => isKnown(home) || isMeasured(home)),
    drops: series
      .filter(({ metric }) => metric === METRIC.netDrops)
      .map(({ id, attributes }) => ({
        reason: String(attributes[ATTRIBUTE.dropReason] ?? ''),
        place: attributes[ATTRIBUTE.dropPlace],
        packets: totals.get(id) ?? 0,
      })),
    receive: homes.flatMap(home => {
      const here = series.filter(item => isAt(home)(placeOf(item)));
      const receive = receiveOf(
        home,
        here,
        totals,
        facts.resources,
        facts.perspective,
      );
      const ownDrops = here.filter(({ metric }) => metric === METRIC.netDrops);
      return receive
        ? [{ ...receive, ownDrops: backlogDropsOf(ownDrops, totals) }]
        : [];
    }),
    behind,
    behindByQueue: windowsByQueue(facts.axis, behind),
  };
}

/** Whose packets never stood behind the entity's in the range is not asked how long they stood. */
async function behindOf(store: Store, facts: Facts): Promise<SeriesFacts[]> {
  const victims = new Map(
    facts.caused
      .filter(({ windows }) => sumOf(windows.values) > 0)
      .map(({ resource }) => [resource.id, resource]),
  );
  const series = await store.series({
    resourceIds: [...victims.keys()],
    metrics: [METRIC.netQueue],
  });
  const windows = await store.read(series, facts.axis);
  return series.map((item, index) => ({
    series: item,
    resource: victims.get(item.resourceId)!,
    windows: windows[index],
  }));
}

/** Culprits whose bandwidth is looked up. */
const MAX_SENDERS = 12;

/**
 * Bytes per second that the parties ahead in queues sent on average, on the nodes where they met.
 * @param only - party keys, where not all are wanted
 */
export async function bandwidthOf(
  store: Store,
  facts: Facts,
  { there, stretches, homes }: Pick<Ok, 'there' | 'stretches' | 'homes'>,
  only?: ReadonlySet<string>,
): Promise<Map<string, number>> {
  const seconds = new Map<string, number>();
  const places = new Map<string, Set<string>>();
  for (const { series, windows } of seriesOf(facts, METRIC.netQueueBlame)) {
    const culprit =
      series.culpritId === undefined
        ? undefined
        : facts.resources.get(series.culpritId);
    if (!culprit) continue;
    const { key } = culpritOfSeries(series, facts.resources, facts.perspective);
    if (only && !only.has(key)) continue;
    seconds.set(key, (seconds.get(key) ?? 0) + sumOf(windows.values));
    const where = places.get(key) ?? new Set();
    where.add(placeKey(culprit, pathOf(culprit)));
    places.set(key, where);
  }
  const largest = [...seconds]
    .sort(([, a], [, b]) => b - a)
    .slice(0, MAX_SENDERS)
    .map(([key]) => [key, places.get(key)!] as const);
  const resourcesOf = resourcesAt(there, new Map(largest));
  const series = await store.series({
    resourceIds: [
      ...new Set([...resourcesOf.values()].flat().map(({ id }) => id)),
    ],
    metrics: [METRIC.netIo],
  });
  const sent = series.filter(
    ({ attributes }) => attributes[ATTRIBUTE.ioDirection] === 'transmit',
  );
  const totals = await store.totals(sent, facts.axis);
  const coveredAt = new Map(
    homes.map(home => [
      nodeKey(home),
      coveredPerWindow(facts.axis, home, stretches),
    ]),
  );
  return new Map(
    [...resourcesOf].flatMap(([key, resources]) => {
      const ids = new Set(resources.map(({ id }) => id));
      const mine = sent.filter(({ resourceId }) => ids.has(resourceId));
      const covered = sumOf(
        mostOf(facts.axis, coverageAt(resources, coveredAt)),
      );
      return mine.length > 0 && covered > 0
        ? [[key, sumOf(mine.map(({ id }) => totals.get(id))) / covered]]
        : [];
    }),
  );
}

function coverageAt(
  resources: readonly StoredResource[],
  coveredAt: ReadonlyMap<string, number[]>,
): number[][] {
  const keys = new Set(resources.map(nodeKey));
  return [...keys].flatMap(key => {
    const covered = coveredAt.get(key);
    return covered ? [covered] : [];
  });
}
