/**
 * What the backend remembers, and how it is asked. Knows resources, series, windows and nodes; refuses to know catalog
 * entities. Times are epoch milliseconds, durations in points are seconds.
 */
import type {
  DurationHistogram,
  MetricName,
  Resource,
} from 'backstage-plugin-contention-common';
import type { Attributes } from '../otlp';

/** How values of a metric are put together over time. */
export type Aggregation = 'sum' | 'histogram' | 'max' | 'last';

/** Everything of one request that is to be remembered, or nothing of it. */
export interface Batch {
  series: BatchSeries[];
}

/** A stream of points: identity is resource, metric and attributes. */
export interface BatchSeries {
  cluster: string;
  node: string;
  /** Of the agent that measured, if it says so. */
  agentVersion?: string;
  resource: Attributes;
  metric: MetricName;
  aggregation: Aggregation;
  /** Point attributes as sent. */
  attributes: Attributes;
  /** The culprit among the attributes, prefix removed; absent where the metric has none or it is nobody in particular. */
  culprit?: Attributes;
  temporality: 'delta' | 'cumulative' | 'gauge';
  points: Point[];
  /** Single values of the stream that are worth keeping: only of histograms. */
  worst?: WorstCase[];
}

/** The slowest request or longest wait of an interval, with what is known of it beyond its duration. */
export interface WorstCase {
  endMs: number;
  seconds: number;
  /** As sent, without the culprit's identity. */
  attributes: Attributes;
  /** As in `BatchSeries`. */
  culprit?: Attributes;
}

export interface StoredWorst {
  seriesId: number;
  endMs: number;
  seconds: number;
  attributes: Attributes;
  culpritId?: number;
}

export interface WorstFilter {
  /** Cases that ended in (fromMs, toMs]. */
  fromMs: number;
  toMs: number;
  /** Of durations in (overSeconds, upToSeconds]. */
  overSeconds?: number;
  upToSeconds?: number;
  limit: number;
}

/** One measured interval. Gauges have `startMs` = `endMs`. */
export interface Point {
  /** 0: unknown. */
  startMs: number;
  endMs: number;
  value: number;
  histogram?: DurationHistogram;
}

export interface IngestOutcome {
  /** Points that were new and count from now on. */
  stored: number;
  /** Points that had been there before. */
  duplicates: number;
}

export interface StoredResource {
  id: number;
  cluster: string;
  node: string;
  attributes: Attributes;
  firstSeenMs: number;
  /** May lag behind by up to `LAST_SEEN_LAG_MS`. */
  lastSeenMs: number;
  /** The address that its pod has for itself: of the attributes, and there because all resources are asked for it. */
  podIp?: string;
}

export interface StoredSeries {
  id: number;
  resourceId: number;
  culpritId?: number;
  metric: MetricName;
  attributes: Attributes;
}

/** A node that sent data, and when it last did. */
export interface NodeSeen {
  cluster: string;
  node: string;
  firstSeenMs: number;
  lastSeenMs: number;
  /** Length of its newest interval. */
  intervalMs: number;
  /** Of its agent, if that says so. */
  agentVersion?: string;
}

export interface NodePlace {
  cluster: string;
  node: string;
}

/** How much was waited on a node; of packets, seconds of each of them. */
export interface Crowding {
  waitSeconds: number;
  /** Of it: while containers of other pods ran, or behind packets of theirs. */
  crowdedSeconds: number;
}

/** An unbroken stretch of time in which a node sent data. */
export interface Stretch {
  cluster: string;
  node: string;
  startMs: number;
  endMs: number;
}

/** Windows of equal length, from a multiple of that length on. */
export interface Axis {
  startMs: number;
  stepMs: number;
  count: number;
}

/** Values of one series on an axis; `undefined`, or a hole, where it has none. */
export interface SeriesWindows {
  seriesId: number;
  values: (number | undefined)[];
  /** Only for histograms. */
  histograms?: (DurationHistogram | undefined)[];
}

export interface StoreHealth {
  resources: number;
  series: number;
  points: number;
  /** Oldest window that waits to be rolled up; absent if none does. */
  oldestDirtyMs?: number;
}

export interface ResourceFilter {
  fromMs: number;
  toMs: number;
  /** Only these nodes'. */
  nodes?: readonly NodePlace[];
}

/** How long names outlive data. */
export interface NameRetention {
  /** Since the name was last seen. */
  namesMs: number;
  /** More names than this are not kept: the oldest go first. */
  maxNames: number;
}

/** What an identity is looked for by. Exact, but for the first digits of a container's id. */
export type IdentityKey =
  | { type: 'pod'; pod: string }
  | { type: 'container'; id: string }
  /** Lower-case hexadecimal digits. */
  | { type: 'container-prefix'; prefix: string }
  | { type: 'ip'; ip: string }
  | { type: 'workload'; workload: string }
  | { type: 'node'; node: string }
  | { type: 'ids'; ids: readonly number[] };

export interface IdentityFilter {
  by: IdentityKey;
  /** Only those that were there at some time of a range; absent: ever. */
  seen?: ResourceFilter;
}

/** A workload, and the identity that was seen of it last. */
export interface WorkloadName {
  cluster: string;
  namespace?: string;
  workload: string;
  identityId: number;
}

export interface SeriesFilter {
  resourceIds?: readonly number[];
  culpritIds?: readonly number[];
  metrics?: readonly MetricName[];
}

/** The one interface of Promise 4. Implementations throw `StoreBusyError` when they are asked to come back later. */
export interface Store {
  /** Remembers a whole batch in one transaction. A point that is known already changes nothing. */
  ingest(batch: Batch, nowMs: number): Promise<IngestOutcome>;

  /** Resources (victims and culprits alike) that were seen in a range. */
  resources(filter: ResourceFilter): Promise<StoredResource[]>;
  series(filter: SeriesFilter): Promise<StoredSeries[]>;

  /** The finest axis that the store can answer for a range, no finer than `stepMs` and with a bearable number of windows. */
  axis(
    range: { fromMs: number; toMs: number; stepMs?: number },
    nowMs: number,
  ): Axis;
  /** Values on an axis made by `axis`. */
  read(series: readonly SeriesKind[], axis: Axis): Promise<SeriesWindows[]>;

  /** Sums of whole series over the time of an axis, added up by the database. For means over many series. */
  totals(
    series: readonly SeriesKind[],
    axis: Axis,
  ): Promise<Map<number, number>>;

  /**
   * Sums over each group of series in each window of an axis, added up by the database; `undefined` where none has a value.
   * A point that crosses an edge of a window counts in the one that it ends in.
   */
  groupSums(
    groups: readonly (readonly SeriesKind[])[],
    axis: Axis,
  ): Promise<(number | undefined)[][]>;

  /** The longest cases of the series, longest first; what is older is thinned out as points are rolled up. */
  worst(
    seriesIds: readonly number[],
    filter: WorstFilter,
  ): Promise<StoredWorst[]>;

  nodes(): Promise<NodeSeen[]>;

  /**
   * Of every node with data of what is waited for: sums over a range, to the minute, and the seconds that they are of. May lag
   * behind by minutes.
   */
  crowding(
    range: Pick<ResourceFilter, 'fromMs' | 'toMs'>,
    resource: Resource,
  ): Promise<(NodePlace & Crowding & { seconds: number })[]>;
  /** An axis that `crowdingWindows` can answer, with a bearable number of windows for a small picture. */
  crowdingAxis(
    range: { fromMs: number; toMs: number; stepMs?: number },
    nowMs: number,
  ): Axis;
  /** `crowdedSeconds` per second of data in each window, for each of the nodes; null without data. */
  crowdingWindows(
    nodes: readonly NodePlace[],
    axis: Axis,
    resource: Resource,
  ): Promise<(number | null)[][]>;

  coverage(filter: ResourceFilter): Promise<Stretch[]>;

  /**
   * Pods, containers and units, latest first, long after their data is gone. As resources, with the attributes that say who
   * they are; their ids are other ids than those of `resources`.
   */
  identities(filter: IdentityFilter): Promise<StoredResource[]>;
  /** Every workload that is remembered. */
  workloadNames(): Promise<WorkloadName[]>;

  /** What ended before this has been forgotten in every resolution, or will be. */
  keptSinceMs(nowMs: number): number;

  /** Adds finer windows up into coarser ones where something changed. */
  rollUp(nowMs: number): Promise<{ windows: number }>;
  /** Forgets what is older than the retention. Must follow `rollUp`. */
  purge(nowMs: number): Promise<void>;
  health(): Promise<StoreHealth>;
}

/** A series and how it adds up: what a reader needs to know of it. */
export type SeriesKind = Pick<StoredSeries, 'id' | 'metric'>;

/** `lastSeenMs` of a resource is written at most this often. */
export const LAST_SEEN_LAG_MS = 60_000;

/** For this long, of that lag, a store may answer what was seen from memory. */
export const RESOURCES_FRESH_MS = 5_000;

/** The store has too much to do; the caller may come back. */
export class StoreBusyError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'StoreBusyError';
  }
}
