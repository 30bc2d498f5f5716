/**
 * What is sent, before it is bytes or JSON: just the part of OTLP metrics that the agent uses. Knows no metric by name.
 *
 * Integers stay integers (bigint) up to the encoders; a duration is nanoseconds here and becomes seconds there, in the
 * one division that this program does.
 */

/** Numbers are sent as doubles. */
export type AttributeValue = string | boolean | number | readonly string[];

/** Order of keys carries no meaning. */
export type Attributes = Readonly<Record<string, AttributeValue>>;

/** AGGREGATION_TEMPORALITY_DELTA and _CUMULATIVE of the OTLP enum. */
export type Temporality = 'delta' | 'cumulative';

/** One `ExportMetricsServiceRequest`. */
export interface MetricsRequest {
  resources: ResourceMetrics[];
}

/** One resource with the one scope that the agent has. */
export interface ResourceMetrics {
  attributes: Attributes;
  metrics: Metric[];
}

export type Metric = SumMetric | GaugeMetric | HistogramMetric;

interface MetricBase {
  name: string;
  /** UCUM. */
  unit: string;
  description: string;
}

/** A monotonic sum. */
export interface SumMetric extends MetricBase {
  kind: 'sum';
  temporality: Temporality;
  points: NumberPoint[];
}

export interface GaugeMetric extends MetricBase {
  kind: 'gauge';
  points: NumberPoint[];
}

/** Exponential histograms of scale 3 of seconds. */
export interface HistogramMetric extends MetricBase {
  kind: 'exponentialHistogram';
  temporality: Temporality;
  points: HistogramPoint[];
}

/** A duration in ns (sent as seconds), a whole number, or a measured fraction. */
export type NumberValue =
  { ns: bigint } | { integer: bigint } | { double: number };

export interface NumberPoint {
  attributes: Attributes;
  /** Absent on gauges. */
  startUnixNs?: bigint;
  endUnixNs: bigint;
  value: NumberValue;
}

/** One measurement out of a point. */
export interface Exemplar {
  /** What the point itself does not say. */
  attributes: Attributes;
  unixNs: bigint;
  ns: bigint;
}

export interface HistogramPoint {
  attributes: Attributes;
  startUnixNs: bigint;
  endUnixNs: bigint;
  count: bigint;
  sumNs: bigint;
  zeroCount: bigint;
  /** Bucket index to count; absent buckets are empty. */
  buckets: Map<number, bigint>;
  /** The longest of all, if it is known one by one. */
  exemplar?: Exemplar;
}

/** Name and version of the instrumentation scope. */
export interface Scope {
  name: string;
  version: string;
}

/** Nanoseconds to seconds, correctly rounded as long as `ns` is below 2^53 (104 days). */
export function secondsOf(ns: bigint): number {
  return Number(ns) / 1e9;
}

/**
 * Buckets as OTLP wants them: the index of the first one and a dense run of counts.
 * @returns an empty run with offset 0 when all buckets are empty
 */
export function denseBuckets(buckets: ReadonlyMap<number, bigint>): {
  offset: number;
  counts: bigint[];
} {
  let lowest = Infinity;
  let highest = -Infinity;
  for (const [index, count] of buckets) {
    if (count === 0n) continue;
    lowest = Math.min(lowest, index);
    highest = Math.max(highest, index);
  }
  if (lowest > highest) return { offset: 0, counts: [] };
  const counts = new Array<bigint>(highest - lowest + 1).fill(0n);
  for (const [index, count] of buckets) {
    if (count !== 0n) counts[index - lowest] = count;
  }
  return { offset: lowest, counts };
}
