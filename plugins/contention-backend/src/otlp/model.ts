/**
 * An OTLP metrics export as plain objects: what both encodings (protobuf, JSON) decode to. Knows the shape of the wire
 * and nothing of what the numbers mean. Times are nanoseconds since the epoch as a double (exact to 256 ns).
 */

export type AttributeValue = string | number | boolean;
export type Attributes = Record<string, AttributeValue>;

export interface OtlpRequest {
  resources: OtlpResource[];
}

export interface OtlpResource {
  attributes: Attributes;
  /** Who measured, one per `ScopeMetrics`; metrics do not say which one was theirs. */
  scopes: OtlpScope[];
  metrics: OtlpMetric[];
}

/** Texts that are not said are empty. */
export interface OtlpScope {
  name: string;
  version: string;
}

/** As on the wire: 0 unspecified, 1 delta, 2 cumulative. */
export type Temporality = 'unspecified' | 'delta' | 'cumulative';

export type OtlpMetric = { name: string } & (
  | { type: 'gauge'; points: OtlpNumberPoint[] }
  | {
      type: 'sum';
      temporality: Temporality;
      monotonic: boolean;
      points: OtlpNumberPoint[];
    }
  | {
      type: 'exponentialHistogram';
      temporality: Temporality;
      points: OtlpExponentialPoint[];
    }
  | { type: UnreadType; pointCount: number }
);

/** Kinds of data that no metric of ours has: only counted. */
export type UnreadType = 'histogram' | 'summary' | 'empty';

export interface OtlpPoint {
  attributes: Attributes;
  startNs: number;
  endNs: number;
  /** FLAG_NO_RECORDED_VALUE: the stream says that it has nothing to say. */
  noRecordedValue: boolean;
}

export interface OtlpNumberPoint extends OtlpPoint {
  /** Absent when neither `as_double` nor `as_int` is set. */
  value?: number;
}

export interface OtlpExponentialPoint extends OtlpPoint {
  count: number;
  sum?: number;
  scale: number;
  zeroCount: number;
  positive: OtlpBuckets;
  negative: OtlpBuckets;
  exemplars: OtlpExemplar[];
}

/** One recorded value of a point, with the attributes that the point left out. */
export interface OtlpExemplar {
  attributes: Attributes;
  /** 0: not said. */
  timeNs: number;
  /** Absent when neither `as_double` nor `as_int` is set. */
  value?: number;
}

export interface OtlpBuckets {
  offset: number;
  counts: number[];
}

/** The body is no OTLP metrics export. The message is for the one who sent it. */
export class MalformedError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'MalformedError';
  }
}

/** The highest counts that both decoders accept; beyond, they stop reading. An exemplar counts as a data point. */
export interface DecodeLimits {
  maxPoints: number;
  maxAttributes: number;
  maxAttributeLength: number;
  /** Buckets of one histogram point. */
  maxBuckets: number;
}

/** More of something than the limits allow; `what` names the limit. */
export class LimitExceededError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'LimitExceededError';
  }
}
