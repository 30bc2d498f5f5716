/** What a roll-up is calculated from: sums of series over the range, never series themselves window by window. */
import {
  METRIC,
  type EntityLink,
  type MetricName,
  type Resource,
} from 'backstage-plugin-contention-common';
import type { Axis, NodeSeen, StoredResource, StoredSeries } from '../../store';
import type { Coverage } from '../coverage';

export const WAIT: Record<Resource, MetricName> = {
  cpu: METRIC.cpuWait,
  network: METRIC.netQueue,
};

export const BLAME: Record<Resource, MetricName> = {
  cpu: METRIC.cpuWaitBlame,
  network: METRIC.netQueueBlame,
};

/** A series, and its sum over the range, seconds. */
export interface SeriesTotal {
  series: StoredSeries;
  /** Who it is of: the victim, where it is blame. */
  resource: StoredResource;
  seconds: number;
}

export interface RollupFacts {
  entity: EntityLink;
  /** What is waited for. */
  resource: Resource;
  range: { fromMs: number; toMs: number };
  nowMs: number;
  axis: Axis;
  /** Seconds of each window in which at least one node of the members sent data; 0 is a gap. */
  coveredSeconds: readonly number[];
  coverage: Coverage;
  nodes: readonly NodeSeen[];
  /** Members that the reader may read. */
  members: ReadonlySet<string>;
  /** Containers, pods and cgroups of the members. */
  own: readonly StoredResource[];
  /** Waiting, CPU time and blame of the members; of the network without CPU time. */
  suffered: readonly SeriesTotal[];
  /** Blame of anybody in which a member is the culprit. */
  caused: readonly SeriesTotal[];
  /** Only of the network: packets that passed a queue, by the id of whose they were; of members, and of who stood behind theirs. */
  packets: ReadonlyMap<number, number>;
  /** Only of the network: nodes of the members on which anything of it was measured. */
  measured: readonly NodeSeen[];
  resources: ReadonlyMap<number, StoredResource>;
  entitiesOf(resource: StoredResource): readonly string[];
}
