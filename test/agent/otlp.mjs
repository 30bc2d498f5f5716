// Reads what the agent sent: by the official messages, and as rows that a test can ask for.
import { createRequire } from 'node:module';

const require = createRequire(
  new URL('../../bpf-agent/package.json', import.meta.url),
);
const official =
  require('otlp-transformer-with-decoder/build/src/generated/root')
    .opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;

const AS_STRINGS = { longs: String, defaults: true };

/** @returns the request; 64-bit integers are decimal strings */
export function decodeProtobuf(bytes) {
  return official.toObject(official.decode(bytes), AS_STRINGS);
}

/** @param json - after JSON.parse */
export function decodeJson(json) {
  return official.toObject(official.fromObject(json), AS_STRINGS);
}

function record(attributes) {
  return Object.fromEntries(
    attributes.map(({ key, value }) => [
      key,
      value.stringValue ?? value.boolValue ?? value.doubleValue,
    ]),
  );
}

/** Seconds on the wire to the nanoseconds they were made from. */
export function nanoseconds(seconds) {
  return BigInt(Math.round(seconds * 1e9));
}

/** Every point of a request with its resource, metric and value. */
export function rowsOf(request) {
  const rows = [];
  for (const { resource, scopeMetrics } of request.resourceMetrics) {
    const who = record(resource.attributes);
    for (const metric of scopeMetrics.flatMap(scope => scope.metrics)) {
      const data = metric.exponentialHistogram ?? metric.sum ?? metric.gauge;
      for (const point of data.dataPoints) {
        rows.push({
          resource: who,
          metric: metric.name,
          attributes: record(point.attributes),
          start: BigInt(point.startTimeUnixNano),
          end: BigInt(point.timeUnixNano),
          temporality: data.aggregationTemporality,
          value: metric.exponentialHistogram
            ? point.sum
            : (point.asDouble ?? Number(point.asInt)),
          count: Number(point.count ?? 0),
          buckets: point.positive?.bucketCounts,
          zeroCount: point.zeroCount,
        });
      }
    }
  }
  return rows;
}

/** Rows of one metric whose resource and point have these attributes. */
export function find(rows, metric, resource = {}, attributes = {}) {
  const has = (all, wanted) =>
    Object.entries(wanted).every(([key, value]) => all[key] === value);
  return rows.filter(
    row =>
      row.metric === metric &&
      has(row.resource, resource) &&
      has(row.attributes, attributes),
  );
}

export function total(rows) {
  return rows.reduce((sum, row) => sum + row.value, 0);
}
