/**
 * The request as OTLP/JSON: lowerCamelCase keys, 64-bit integers as strings, enums as numbers.
 */
import { SCALE } from 'backstage-plugin-contention-common/histogram';
import {
  denseBuckets,
  secondsOf,
  type Attributes,
  type AttributeValue,
  type Exemplar,
  type HistogramPoint,
  type Metric,
  type MetricsRequest,
  type NumberPoint,
  type Scope,
} from './model';

/** Protobuf's JSON has words for what JSON has no number for. */
function double(value: number): number | string {
  return Number.isFinite(value) ? value : String(value);
}

function anyValue(value: AttributeValue) {
  if (typeof value === 'boolean') return { boolValue: value };
  if (typeof value === 'number') return { doubleValue: double(value) };
  if (typeof value === 'string') return { stringValue: value };
  return {
    arrayValue: { values: value.map(stringValue => ({ stringValue })) },
  };
}

function attributes(values: Attributes) {
  return Object.entries(values).map(([key, value]) => ({
    key,
    value: anyValue(value),
  }));
}

function numberPoint(point: NumberPoint) {
  let value: { asInt: string } | { asDouble: number | string };
  if ('integer' in point.value) {
    value = { asInt: String(point.value.integer) };
  } else if ('ns' in point.value) {
    value = { asDouble: secondsOf(point.value.ns) };
  } else {
    value = { asDouble: double(point.value.double) };
  }
  return {
    attributes: attributes(point.attributes),
    ...(point.startUnixNs === undefined
      ? {}
      : { startTimeUnixNano: String(point.startUnixNs) }),
    timeUnixNano: String(point.endUnixNs),
    ...value,
  };
}

function exemplar(one: Exemplar) {
  return {
    filteredAttributes: attributes(one.attributes),
    timeUnixNano: String(one.unixNs),
    asDouble: secondsOf(one.ns),
  };
}

function histogramPoint(point: HistogramPoint) {
  const dense = denseBuckets(point.buckets);
  return {
    attributes: attributes(point.attributes),
    startTimeUnixNano: String(point.startUnixNs),
    timeUnixNano: String(point.endUnixNs),
    count: String(point.count),
    sum: secondsOf(point.sumNs),
    scale: SCALE,
    zeroCount: String(point.zeroCount),
    positive: {
      offset: dense.offset,
      bucketCounts: dense.counts.map(String),
    },
    ...(point.exemplar && { exemplars: [exemplar(point.exemplar)] }),
  };
}

function metric(value: Metric) {
  const { name, description, unit } = value;
  if (value.kind === 'gauge') {
    const gauge = { dataPoints: value.points.map(numberPoint) };
    return { name, description, unit, gauge };
  }
  const aggregationTemporality = value.temporality === 'delta' ? 1 : 2;
  if (value.kind === 'sum') {
    const dataPoints = value.points.map(numberPoint);
    const sum = { dataPoints, aggregationTemporality, isMonotonic: true };
    return { name, description, unit, sum };
  }
  const dataPoints = value.points.map(histogramPoint);
  const exponentialHistogram = { dataPoints, aggregationTemporality };
  return { name, description, unit, exponentialHistogram };
}

/** @returns an `ExportMetricsServiceRequest` that `JSON.stringify` writes as it is */
export function encodeJson(request: MetricsRequest, scope: Scope) {
  return {
    resourceMetrics: request.resources.map(resource => ({
      resource: { attributes: attributes(resource.attributes) },
      scopeMetrics: [
        {
          scope: { name: scope.name, version: scope.version },
          metrics: resource.metrics.map(metric),
        },
      ],
    })),
  };
}
