/**
 * From an OTLP request to a batch for the store. Knows which metrics are ours and what a sane point is. Pure.
 *
 * Two kinds of trouble: what is malformed fails the whole request (MalformedError), so that nothing of it is half-stored;
 * what is well-formed but not for us is left out and counted in `rejected`.
 */
import {
  AGENT_SCOPE,
  ATTRIBUTE,
  printable,
  type MetricName,
} from 'backstage-plugin-contention-common';
import {
  MalformedError,
  type Attributes,
  type OtlpExponentialPoint,
  type OtlpMetric,
  type OtlpNumberPoint,
  type OtlpPoint,
  type OtlpRequest,
  type OtlpResource,
} from '../otlp';
import {
  AGGREGATION,
  isMetricName,
  type Aggregation,
  type Batch,
  type BatchSeries,
  type Point,
} from '../store';
import { culpritOf } from './culprit';
import { isTooCoarse, toDurationHistogram } from './exponential';
import { printableAttributes } from './printable';
import { checkVocabulary } from './vocabulary';
import { KEPT_EXEMPLARS, worstOf } from './worst';

export interface NormaliseOptions {
  nowMs: number;
  /** Points from before are no longer taken: what they belong to has been added up and forgotten. */
  oldestMs: number;
  /** Points from before cannot be meant: their clock is wrong. */
  impossibleBeforeMs: number;
  maxFutureMs: number;
  /** The cluster of data that names none, and the check of data that does. */
  clusterOf(resource: Attributes): string;
}

export interface Normalised {
  batch: Batch;
  /** Points that are not for us. */
  rejected: number;
  /** Why, each reason once, most frequent first. */
  reasons: string[];
}

const NS_PER_MS = 1e6;

/** Counts what was left out, and why. */
class Rejections {
  private readonly counts = new Map<string, number>();
  total = 0;

  add(points: number, reason: string): void {
    if (points === 0) return;
    this.total += points;
    this.counts.set(reason, (this.counts.get(reason) ?? 0) + points);
  }

  reasons(): string[] {
    return [...this.counts]
      .sort(([, a], [, b]) => b - a)
      .map(([reason, count]) => `${reason} (${count})`);
  }
}

export function normalise(
  request: OtlpRequest,
  options: NormaliseOptions,
): Normalised {
  const rejections = new Rejections();
  const series: BatchSeries[] = [];
  request.resources.forEach((resource, resourceIndex) => {
    const place: Place = {
      cluster: printable(options.clusterOf(resource.attributes)),
      node: nodeOf(resource.attributes),
      resource: printableAttributes(resource.attributes),
      ...agentVersionOf(resource),
    };
    resource.metrics.forEach((metric, metricIndex) => {
      const at = `resourceMetrics[${resourceIndex}] metric ${metricIndex} (${metric.name})`;
      series.push(...seriesOf(metric, place, at, options, rejections));
    });
  });
  return {
    batch: { series: mergeStreams(series) },
    rejected: rejections.total,
    reasons: rejections.reasons(),
  };
}

interface Place {
  cluster: string;
  node: string;
  resource: Attributes;
  agentVersion?: string;
}

/** Of our agent only: other senders count their own versions. */
function agentVersionOf({ scopes }: OtlpResource): { agentVersion?: string } {
  const version = scopes.find(({ name }) => name === AGENT_SCOPE)?.version;
  return version ? { agentVersion: printable(version) } : {};
}

function nodeOf(resource: Attributes): string {
  const node = resource[ATTRIBUTE.node] ?? resource[ATTRIBUTE.hostName];
  return node === undefined || node === ''
    ? 'unknown'
    : printable(String(node));
}

function seriesOf(
  metric: OtlpMetric,
  place: Place,
  at: string,
  options: NormaliseOptions,
  rejections: Rejections,
): BatchSeries[] {
  const pointCount =
    'points' in metric ? metric.points.length : metric.pointCount;
  if (!isMetricName(metric.name)) {
    rejections.add(pointCount, `metric '${metric.name}' is not stored here`);
    return [];
  }
  const name = metric.name;
  const wanted = wireTypeOf(name);
  if (metric.type !== wanted || !('points' in metric)) {
    rejections.add(
      pointCount,
      `metric '${name}' must be ${articled(wanted)}, not ${articled(metric.type)}`,
    );
    return [];
  }
  if (metric.type === 'sum' && !metric.monotonic) {
    rejections.add(pointCount, `metric '${metric.name}' must be monotonic`);
    return [];
  }
  const temporality = metric.type === 'gauge' ? 'gauge' : metric.temporality;
  if (temporality === 'unspecified') {
    throw new MalformedError(
      `${at} says neither delta nor cumulative temporality`,
    );
  }
  const result: BatchSeries[] = [];
  metric.points.forEach((raw, index) => {
    const where = `${at} point ${index}`;
    if (raw.noRecordedValue) return;
    const point = toPoint(temporality, raw, where, options, rejections);
    if (!point) return;
    const attributes = printableAttributes(raw.attributes);
    checkVocabulary(name, attributes, where);
    result.push({
      ...place,
      metric: name,
      aggregation: AGGREGATION[name],
      attributes,
      culprit: culpritOf(attributes),
      temporality,
      points: [point],
      ...('exemplars' in raw && KEPT_EXEMPLARS.has(name)
        ? { worst: worstOf(raw, where, options) }
        : {}),
    });
  });
  return result;
}

function wireTypeOf(name: MetricName): OtlpMetric['type'] {
  const type: Record<Aggregation, OtlpMetric['type']> = {
    sum: 'sum',
    histogram: 'exponentialHistogram',
    max: 'gauge',
    last: 'gauge',
  };
  return type[AGGREGATION[name]];
}

function articled(type: OtlpMetric['type']): string {
  switch (type) {
    case 'exponentialHistogram':
      return 'an exponential histogram';
    case 'histogram':
      return 'a histogram with fixed bounds';
    case 'empty':
      return 'without data';
    default:
      return `a ${type}`;
  }
}

/** @returns undefined when the point is left out */
function toPoint(
  temporality: BatchSeries['temporality'],
  raw: OtlpNumberPoint | OtlpExponentialPoint,
  at: string,
  options: NormaliseOptions,
  rejections: Rejections,
): Point | undefined {
  const interval = intervalOf(raw, temporality, at, options);
  if ('scale' in raw && isTooCoarse(raw)) {
    rejections.add(
      1,
      `histograms of a scale below 3 are too coarse (got scale ${raw.scale})`,
    );
    return undefined;
  }
  const point: Point =
    'scale' in raw
      ? histogramPoint(raw, interval, at)
      : { ...interval, value: checkedValue(raw.value, at) };
  // A cumulative stream may have started any time ago; what counts is what came since its last point.
  const oldestOfPoint =
    temporality === 'cumulative' ? interval.endMs : interval.startMs;
  if (oldestOfPoint < options.oldestMs) {
    rejections.add(
      1,
      `points from before ${new Date(options.oldestMs).toISOString()} are no longer taken`,
    );
    return undefined;
  }
  return point;
}

function histogramPoint(
  raw: OtlpExponentialPoint,
  interval: { startMs: number; endMs: number },
  at: string,
): Point {
  const histogram = toDurationHistogram(raw, at);
  return {
    ...interval,
    value: checkedValue(histogram.sumSeconds, `${at}.sum`),
    histogram,
  };
}

function checkedValue(value: number | undefined, at: string): number {
  if (value === undefined) throw new MalformedError(`${at} has no value`);
  if (!Number.isFinite(value)) {
    throw new MalformedError(`${at} is ${value}, which is no amount`);
  }
  if (value < 0) throw new MalformedError(`${at} is negative (${value})`);
  return value;
}

function intervalOf(
  raw: OtlpPoint,
  temporality: BatchSeries['temporality'],
  at: string,
  options: NormaliseOptions,
): { startMs: number; endMs: number } {
  if (raw.endNs === 0) throw new MalformedError(`${at} has no time`);
  if (raw.startNs === 0 && temporality === 'delta') {
    throw new MalformedError(`${at} is a delta without a start time`);
  }
  // The double is off by up to 128 ns: rounding finds the millisecond that was meant.
  const endMs = Math.round(raw.endNs / NS_PER_MS);
  const startMs =
    temporality === 'gauge' ? endMs : Math.round(raw.startNs / NS_PER_MS);
  const future = options.nowMs + options.maxFutureMs;
  if (endMs > future) {
    throw new MalformedError(`${at} ends in the future (${iso(endMs)})`);
  }
  if (startMs > endMs) {
    throw new MalformedError(
      `${at} ends (${iso(endMs)}) before it starts (${iso(startMs)})`,
    );
  }
  if (endMs < options.impossibleBeforeMs) {
    throw new MalformedError(`${at} ends long ago (${iso(endMs)})`);
  }
  return { startMs, endMs };
}

function iso(ms: number): string {
  const date = new Date(ms);
  return Number.isNaN(date.getTime()) ? `${ms} ms` : date.toISOString();
}

/** Points of one stream together: a request may hold several intervals of it. */
function mergeStreams(series: BatchSeries[]): BatchSeries[] {
  const merged = new Map<string, BatchSeries>();
  const resourceNumbers = new Map<Attributes, number>();
  for (const item of series) {
    const number = resourceNumbers.get(item.resource) ?? resourceNumbers.size;
    resourceNumbers.set(item.resource, number);
    const key = JSON.stringify([
      number,
      item.metric,
      item.temporality,
      Object.entries(item.attributes).sort(([a], [b]) => (a < b ? -1 : 1)),
    ]);
    const known = merged.get(key);
    if (known) {
      known.points.push(...item.points);
      if (item.worst) (known.worst ??= []).push(...item.worst);
    } else merged.set(key, item);
  }
  return [...merged.values()];
}
