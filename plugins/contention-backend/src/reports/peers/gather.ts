/** Reads from the store what the account of peers is made of. The only file of this folder that waits for anything. */
import { stringifyEntityRef, type Entity } from '@backstage/catalog-model';
import {
  METRIC,
  type EntityLink,
  type MetricName,
} from 'backstage-plugin-contention-common';
import type { Claim, EntityDirectory } from '../../attribution';
import {
  AGGREGATION,
  LAST_SEEN_LAG_MS,
  MINUTE_MS,
  type Axis,
  type Store,
  type StoredResource,
  type StoredSeries,
} from '../../store';
import { sumOfHistograms } from '../../store/histogramText';
import { coveredMs, union } from '../../store/stretches';
import { isAtAny } from '../facts';
import type { Perspective } from '../parties';
import {
  DNS_METRICS,
  HOP_METRICS,
  PEER_METRICS,
  type WholeSeries,
} from './facts';

export interface PeersRequest {
  entity: Entity;
  claim: Claim | undefined;
  fromMs: number;
  toMs: number;
  cluster?: string;
  nowMs: number;
}

export interface PeersGathered {
  entity: EntityLink;
  perspective: Perspective;
  /** Seconds of the range in which a node of the entity sent data. */
  coveredSeconds: number;
  /** Everything that was seen in the range. */
  resources: readonly StoredResource[];
  /** Containers of the entity. */
  own: readonly StoredResource[];
  series: readonly WholeSeries[];
  /** Somebody's connections were watched on the entity's nodes. */
  isWatched: boolean;
}

/** An idle container sends nothing: it is still there for this long after it last did. */
const STILL_THERE_MS = 15 * MINUTE_MS;

const OWN_METRICS: MetricName[] = [
  ...PEER_METRICS,
  ...DNS_METRICS,
  METRIC.tcpListenOverflows,
];

/** Any of these says that an agent watches connections. */
const WATCHED: MetricName[] = [METRIC.tcpRtt, METRIC.tcpSegments];

export async function gatherPeers(
  store: Store,
  directory: EntityDirectory,
  { entity, claim, fromMs, toMs, cluster, nowMs }: PeersRequest,
): Promise<PeersGathered> {
  const entityRef = stringifyEntityRef(entity);
  const perspective: Perspective = {
    entityRef,
    entitiesOf: resource => directory.entitiesOf(resource),
  };
  const firstMs = fromMs - STILL_THERE_MS;
  const resources = (await store.resources({ fromMs: firstMs, toMs })).filter(
    ({ lastSeenMs }) => lastSeenMs + LAST_SEEN_LAG_MS >= firstMs,
  );
  const own = claim
    ? resources.filter(
        resource =>
          (cluster === undefined || resource.cluster === cluster) &&
          perspective.entitiesOf(resource).includes(entityRef),
      )
    : [];
  const axis = wholeAxis(store, { fromMs, toMs }, nowMs);
  const series = await readWhole(store, own, OWN_METRICS, axis);
  const stretches = (await store.coverage({ fromMs, toMs })).filter(
    isAtAny(own),
  );
  return {
    entity: directory.linkOfEntity(entity),
    perspective,
    coveredSeconds: coveredMs(union(stretches), fromMs, toMs) / 1000,
    resources,
    own,
    series,
    isWatched:
      series.length > 0 ||
      (await isWatched(store, resources.filter(isAtAny(own)), axis)),
  };
}

/** What others did, for the second hop. */
export function gatherHops(
  store: Store,
  of: readonly StoredResource[],
  { fromMs, toMs, nowMs }: Pick<PeersRequest, 'fromMs' | 'toMs' | 'nowMs'>,
): Promise<WholeSeries[]> {
  const axis = wholeAxis(store, { fromMs, toMs }, nowMs);
  return readWhole(store, of, [...HOP_METRICS], axis);
}

/** The range in one window, at the edges that the store can answer. */
function wholeAxis(
  store: Store,
  range: { fromMs: number; toMs: number },
  nowMs: number,
): Axis {
  const { startMs, stepMs, count } = store.axis(range, nowMs);
  return { startMs, stepMs: stepMs * count, count: 1 };
}

/** Sums are added up by the database; only histograms are read. Series without a value are left out. */
async function readWhole(
  store: Store,
  resources: readonly StoredResource[],
  metrics: MetricName[],
  axis: Axis,
): Promise<WholeSeries[]> {
  const byId = new Map(resources.map(resource => [resource.id, resource]));
  const series = await store.series({ resourceIds: [...byId.keys()], metrics });
  const isHistogram = ({ metric }: StoredSeries) =>
    AGGREGATION[metric] === 'histogram';
  const histograms = series.filter(isHistogram);
  const sums = series.filter(item => !isHistogram(item));
  const totals = await store.totals(sums, axis);
  const windows = await store.read(histograms, axis);
  return [
    ...sums.flatMap(item => {
      const value = totals.get(item.id);
      return value
        ? [{ series: item, resource: byId.get(item.resourceId)!, value }]
        : [];
    }),
    ...histograms.flatMap((item, index) => {
      const [value] = windows[index].values;
      if (value === undefined) return [];
      const histogram = sumOfHistograms(windows[index].histograms ?? []);
      return histogram.count > 0
        ? [
            {
              series: item,
              resource: byId.get(item.resourceId)!,
              value,
              histogram,
            },
          ]
        : [];
    }),
  ];
}

async function isWatched(
  store: Store,
  there: readonly StoredResource[],
  axis: Axis,
): Promise<boolean> {
  const series = await store.series({
    resourceIds: there.map(({ id }) => id),
    metrics: WATCHED,
  });
  return (await store.totals(series, axis)).size > 0;
}
