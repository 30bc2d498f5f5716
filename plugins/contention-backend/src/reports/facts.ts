/** What the arithmetic of every report starts from: series on one axis, who they belong to, and where there is data. */
import type {
  EntityLink,
  MetricName,
} from 'backstage-plugin-contention-common';
import type {
  Axis,
  NodeSeen,
  SeriesWindows,
  StoredResource,
  StoredSeries,
} from '../store';
import type { Coverage } from './coverage';
import type { Perspective } from './parties';

export interface SeriesFacts {
  series: StoredSeries;
  resource: StoredResource;
  windows: SeriesWindows;
}

export interface Facts {
  entity: EntityLink;
  range: { fromMs: number; toMs: number };
  nowMs: number;
  axis: Axis;
  /** Seconds of each window in which at least one node of the entity sent data; 0 is a gap. */
  coveredSeconds: readonly number[];
  /** Of the range as it was asked for. */
  coverage: Coverage;
  /** Containers, pods and cgroups of the entity. */
  own: readonly StoredResource[];
  /** Series of the entity's own resources, and of slices above them. */
  series: readonly SeriesFacts[];
  /** Blame in which the entity is the culprit; only in reports of what it caused. */
  caused: readonly SeriesFacts[];
  resources: ReadonlyMap<number, StoredResource>;
  /** Nodes of the entity's resources. */
  nodes: readonly NodeFacts[];
  /** CPU used on average and asked for, by party key; of the larger culprits where a report lists them, else of those that it names. */
  usage: ReadonlyMap<string, Usage>;
  /** The same of the entity itself, by `nodeKey`; only in reports of what it caused. */
  ownUsage: ReadonlyMap<string, Usage>;
  /** Bytes per second that parties sent on average, by key; of those whose packets were ahead, as for `usage`. */
  bandwidth: ReadonlyMap<string, number>;
  perspective: Perspective;
  /** An agent of the entity did not look at who had the CPU for some of the time, to stay within its budget. */
  blameWasOff: boolean;
  /** Nor at packets in the queues of devices. */
  queuesWereOff: boolean;
  /** Nor at what happened while requests were open. */
  anatomyWasOff: boolean;
}

export interface NodeFacts extends NodeSeen {
  /** CPUs busy on average in the range. */
  cpuMean?: number;
  cpuCount?: number;
  /** Seconds of each window in which this node sent data; 0 is a gap. */
  coveredSeconds: readonly number[];
}

/** What belongs to one node of the entity: its series, its gaps, itself. */
export function onNode(facts: Facts, node: NodeFacts): Facts {
  const isHere = isAt(node);
  return {
    ...facts,
    nodes: [node],
    coveredSeconds: node.coveredSeconds,
    own: facts.own.filter(isHere),
    series: facts.series.filter(({ resource }) => isHere(resource)),
    caused: facts.caused.filter(({ resource }) => isHere(resource)),
  };
}

/** Whether something is on a node. */
export function isAt(node: { cluster: string; node: string }) {
  return (other: { cluster: string; node: string }): boolean =>
    other.cluster === node.cluster && other.node === node.node;
}

/** Whether something is on one of several nodes; for many things, which `isAt` would be slow for. */
export function isAtAny(nodes: readonly { cluster: string; node: string }[]) {
  // No key made for each of a fleet.
  const inCluster = new Map<string, Set<string>>();
  for (const { cluster, node } of nodes) {
    const known = inCluster.get(cluster);
    if (known) known.add(node);
    else inCluster.set(cluster, new Set([node]));
  }
  return ({ cluster, node }: { cluster: string; node: string }): boolean =>
    inCluster.get(cluster)?.has(node) ?? false;
}

/** Neither a cluster's name nor a node's holds a NUL: see otlp/decode.ts. */
export function nodeKey({
  cluster,
  node,
}: {
  cluster: string;
  node: string;
}): string {
  return `${cluster}\0${node}`;
}

export interface Usage {
  cpuMean?: number;
  cpuRequest?: number;
}

export function seriesOf(
  facts: Pick<Facts, 'series'>,
  metric: MetricName,
): SeriesFacts[] {
  return facts.series.filter(({ series }) => series.metric === metric);
}

/** A number for every window. */
export type Windows = number[];

export function zeros(axis: Axis): Windows {
  return new Array(axis.count).fill(0);
}

/**
 * A hole is zero. By way of `NaN`, not by `?? 0` or a comparison with `undefined`: for those, V8 makes an object of every number
 * of an array with holes, and a report adds up hundreds of thousands.
 */
export function addInto(
  into: Windows,
  values: readonly (number | undefined)[],
): void {
  for (let window = 0; window < values.length; window++) {
    const value = Number(values[window]);
    into[window] += Number.isNaN(value) ? 0 : value;
  }
}

/**
 * By index, and holes as in `addInto`: reports add up hundreds of thousands of values.
 * @param first, last - of these windows only, both inclusive
 */
export function sumOf(
  values: readonly (number | undefined)[],
  first = 0,
  last = values.length - 1,
): number {
  let sum = 0;
  for (let window = first; window <= last; window++) {
    const value = Number(values[window]);
    sum += Number.isNaN(value) ? 0 : value;
  }
  return sum;
}

/** Windows of an axis, both inclusive. */
export interface WindowStretch {
  first: number;
  last: number;
}

/** Sum over the windows of a stretch, and nothing before or after it; a hole is zero. */
export function sumIn(
  values: readonly (number | undefined)[],
  { first, last }: WindowStretch,
): number {
  return sumOf(values, first, last);
}

/** Sum of all series of a metric, per window. */
export function totalOf(
  facts: Pick<Facts, 'series' | 'axis'>,
  metric: MetricName,
): Windows {
  const total = zeros(facts.axis);
  for (const { windows } of seriesOf(facts, metric)) {
    addInto(total, windows.values);
  }
  return total;
}

/** Per second of covered time; null where there is no data. */
export function perSecond(
  values: readonly number[],
  coveredSeconds: readonly number[],
): (number | null)[] {
  return values.map((value, window) =>
    coveredSeconds[window] > 0 ? value / coveredSeconds[window] : null,
  );
}

/** The time of an axis in one window. */
export function wholeAxis({ startMs, stepMs, count }: Axis): Axis {
  return { startMs, stepMs: stepMs * count, count: 1 };
}

export function startOf(axis: Axis, window: number): number {
  return axis.startMs + window * axis.stepMs;
}
