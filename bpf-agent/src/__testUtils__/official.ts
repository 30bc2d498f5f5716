/**
 * The official OTLP messages as the last @opentelemetry/otlp-transformer with a decoder ships them (generated from
 * opentelemetry-proto; later ones only encode). For tests only: the judge of what our encoders write.
 */
interface MessageType {
  decode(bytes: Uint8Array): unknown;
  /** Ignores what is no field of the message. */
  fromObject(object: unknown): unknown;
  /** A sentence about what is wrong with an object, null if nothing. */
  verify(object: unknown): string | null;
  toObject(
    message: unknown,
    options: { longs: StringConstructor; defaults?: boolean },
  ): OfficialRequest;
}

/** 64-bit integers as decimal strings. */
export interface OfficialRequest {
  resourceMetrics: {
    resource: { attributes: OfficialAttribute[] };
    scopeMetrics: {
      scope: { name: string; version: string };
      metrics: OfficialMetric[];
    }[];
  }[];
}

export interface OfficialAttribute {
  key: string;
  value: { stringValue?: string; boolValue?: boolean; doubleValue?: number };
}

export interface OfficialMetric {
  name: string;
  unit: string;
  description: string;
  sum?: {
    dataPoints: OfficialNumberPoint[];
    aggregationTemporality: number;
    isMonotonic: boolean;
  };
  gauge?: { dataPoints: OfficialNumberPoint[] };
  exponentialHistogram?: {
    dataPoints: OfficialHistogramPoint[];
    aggregationTemporality: number;
  };
}

interface OfficialPoint {
  attributes: OfficialAttribute[];
  startTimeUnixNano: string;
  timeUnixNano: string;
}

export interface OfficialNumberPoint extends OfficialPoint {
  asDouble?: number;
  asInt?: string;
}

export interface OfficialHistogramPoint extends OfficialPoint {
  count: string;
  sum: number;
  scale: number;
  zeroCount: string;
  positive: { offset: number; bucketCounts: string[] };
}

interface Generated {
  opentelemetry: {
    proto: {
      collector: {
        metrics: { v1: { ExportMetricsServiceRequest: MessageType } };
      };
    };
  };
}

const root: Generated = jest.requireActual(
  'otlp-transformer-with-decoder/build/src/generated/root',
);
const Request =
  root.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;

export function decodeProtobuf(bytes: Uint8Array): OfficialRequest {
  return Request.toObject(Request.decode(bytes), {
    longs: String,
    defaults: true,
  });
}

/** @param json - as it comes out of `JSON.parse` */
export function decodeJson(json: unknown): OfficialRequest {
  return Request.toObject(Request.fromObject(json), {
    longs: String,
    defaults: true,
  });
}
