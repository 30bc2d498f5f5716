/**
 * The request as OTLP protobuf bytes. Field numbers are those of opentelemetry/proto/metrics/v1/metrics.proto; only the
 * fields that the agent fills are written.
 */
import { SCALE } from 'backstage-plugin-contention-common/histogram';
import { Writer } from 'protobufjs/minimal';
import {
  denseBuckets,
  secondsOf,
  type Attributes,
  type AttributeValue,
  type HistogramPoint,
  type Metric,
  type MetricsRequest,
  type NumberPoint,
  type ResourceMetrics,
  type Scope,
  type Temporality,
} from './model';
import { double, fixed64, long, message, tag, text, WIRE } from './wire';

function keyValue(key: string, value: AttributeValue): Uint8Array {
  const writer = Writer.create();
  text(writer, 1, key);
  message(writer, 2, () => {
    // A oneof is written even when it holds the default.
    if (typeof value === 'boolean') {
      writer.uint32(tag(2, WIRE.varint)).bool(value);
    } else if (typeof value === 'number') {
      double(writer, 4, value);
    } else if (typeof value === 'string') {
      writer.uint32(tag(1, WIRE.lengthDelimited)).string(value);
    } else {
      message(writer, 5, () => {
        for (const item of value) {
          message(writer, 1, () => {
            writer.uint32(tag(1, WIRE.lengthDelimited)).string(item);
          });
        }
      });
    }
  });
  return writer.finish();
}

/** Encoded attributes: the same few are on thousands of points. */
type KeyValues = Map<string, Map<AttributeValue, Uint8Array>>;

function encodedKeyValue(
  cache: KeyValues,
  key: string,
  value: AttributeValue,
): Uint8Array {
  const values = cache.get(key) ?? new Map<AttributeValue, Uint8Array>();
  cache.set(key, values);
  const bytes = values.get(value) ?? keyValue(key, value);
  values.set(value, bytes);
  return bytes;
}

/** `repeated KeyValue attributes = field`. */
function attributes(
  writer: Writer,
  cache: KeyValues,
  field: number,
  values: Attributes,
): void {
  for (const key of Object.keys(values)) {
    writer
      .uint32(tag(field, WIRE.lengthDelimited))
      .bytes(encodedKeyValue(cache, key, values[key]));
  }
}

function numberPoint(
  writer: Writer,
  cache: KeyValues,
  point: NumberPoint,
): void {
  if (point.startUnixNs !== undefined) fixed64(writer, 2, point.startUnixNs);
  fixed64(writer, 3, point.endUnixNs);
  if ('integer' in point.value) {
    writer
      .uint32(tag(6, WIRE.fixed64))
      .sfixed64({ ...long(point.value.integer), unsigned: false });
  } else if ('ns' in point.value) {
    double(writer, 4, secondsOf(point.value.ns));
  } else {
    double(writer, 4, point.value.double);
  }
  attributes(writer, cache, 7, point.attributes);
}

function histogramPoint(
  writer: Writer,
  cache: KeyValues,
  point: HistogramPoint,
): void {
  attributes(writer, cache, 1, point.attributes);
  fixed64(writer, 2, point.startUnixNs);
  fixed64(writer, 3, point.endUnixNs);
  fixed64(writer, 4, point.count);
  double(writer, 5, secondsOf(point.sumNs));
  writer.uint32(tag(6, WIRE.varint)).sint32(SCALE);
  fixed64(writer, 7, point.zeroCount);
  const dense = denseBuckets(point.buckets);
  message(writer, 8, () => {
    writer.uint32(tag(1, WIRE.varint)).sint32(dense.offset);
    message(writer, 2, () => {
      for (const count of dense.counts) writer.uint64(long(count));
    });
  });
  const { exemplar } = point;
  if (!exemplar) return;
  message(writer, 11, () => {
    fixed64(writer, 2, exemplar.unixNs);
    double(writer, 3, secondsOf(exemplar.ns));
    attributes(writer, cache, 7, exemplar.attributes);
  });
}

function temporalityNumber(temporality: Temporality): number {
  return temporality === 'delta' ? 1 : 2;
}

function metric(writer: Writer, cache: KeyValues, value: Metric): void {
  text(writer, 1, value.name);
  text(writer, 2, value.description);
  text(writer, 3, value.unit);
  switch (value.kind) {
    case 'gauge':
      message(writer, 5, () => {
        for (const point of value.points) {
          message(writer, 1, () => numberPoint(writer, cache, point));
        }
      });
      break;
    case 'sum':
      message(writer, 7, () => {
        for (const point of value.points) {
          message(writer, 1, () => numberPoint(writer, cache, point));
        }
        writer
          .uint32(tag(2, WIRE.varint))
          .int32(temporalityNumber(value.temporality));
        writer.uint32(tag(3, WIRE.varint)).bool(true);
      });
      break;
    default:
      message(writer, 10, () => {
        for (const point of value.points) {
          message(writer, 1, () => histogramPoint(writer, cache, point));
        }
        writer
          .uint32(tag(2, WIRE.varint))
          .int32(temporalityNumber(value.temporality));
      });
  }
}

function resource(
  writer: Writer,
  cache: KeyValues,
  value: ResourceMetrics,
  scope: Scope,
): void {
  message(writer, 1, () => attributes(writer, cache, 1, value.attributes));
  message(writer, 2, () => {
    message(writer, 1, () => {
      text(writer, 1, scope.name);
      text(writer, 2, scope.version);
    });
    for (const one of value.metrics) {
      message(writer, 2, () => metric(writer, cache, one));
    }
  });
}

/** @returns an `ExportMetricsServiceRequest` */
export function encodeProtobuf(
  request: MetricsRequest,
  scope: Scope,
): Uint8Array {
  const writer = Writer.create();
  const cache: KeyValues = new Map();
  for (const one of request.resources) {
    message(writer, 1, () => resource(writer, cache, one, scope));
  }
  return writer.finish();
}
