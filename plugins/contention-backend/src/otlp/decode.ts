/**
 * From bytes to an OtlpRequest. Both encodings are read through the same checks: protobuf first becomes an object with
 * the field names of OTLP/JSON, so that there is one set of rules for what is malformed. Unknown fields are skipped.
 */
import { Reader } from 'protobufjs/light';
import { requestType } from './descriptor';
import {
  LimitExceededError,
  MalformedError,
  type Attributes,
  type AttributeValue,
  type DecodeLimits,
  type OtlpBuckets,
  type OtlpExemplar,
  type OtlpExponentialPoint,
  type OtlpMetric,
  type OtlpNumberPoint,
  type OtlpPoint,
  type OtlpRequest,
  type OtlpScope,
  type Temporality,
} from './model';

type Json = Record<string, unknown>;

/** One pass over one request: counts points as it goes, so that a huge request is given up early. */
class Decoding {
  private points = 0;

  constructor(private readonly limits: DecodeLimits) {}

  request(message: Json): OtlpRequest {
    return {
      resources: list(message, 'resourceMetrics', '').map(([item, at]) => {
        const resource = optionalObject(item, 'resource', at);
        const scopeMetrics = list(item, 'scopeMetrics', at);
        return {
          attributes: resource
            ? this.attributes(resource, `${at}.resource`)
            : {},
          scopes: scopeMetrics.map(scope => this.scope(...scope)),
          metrics: scopeMetrics.flatMap(([scope, scopeAt]) =>
            list(scope, 'metrics', scopeAt).map(([metric, metricAt]) =>
              this.metric(metric, metricAt),
            ),
          ),
        };
      }),
    };
  }

  private scope(scopeMetrics: Json, at: string): OtlpScope {
    const scope = optionalObject(scopeMetrics, 'scope', at);
    const text = (key: string) => {
      const where = `${at}.scope.${key}`;
      const value = string(scope?.[key], where);
      this.checkText(value, where);
      return value;
    };
    return { name: text('name'), version: text('version') };
  }

  private metric(metric: Json, at: string): OtlpMetric {
    const name = string(metric.name, `${at}.name`);
    if (name === '') throw new MalformedError(`${at}.name is missing`);
    const gauge = optionalObject(metric, 'gauge', at);
    if (gauge) {
      const points = this.dataPoints(gauge, `${at}.gauge`);
      return {
        name,
        type: 'gauge',
        points: points.map(point => this.numberPoint(...point)),
      };
    }
    const sum = optionalObject(metric, 'sum', at);
    if (sum) {
      const points = this.dataPoints(sum, `${at}.sum`);
      return {
        name,
        type: 'sum',
        temporality: temporality(sum, `${at}.sum`),
        monotonic: boolean(sum.isMonotonic, `${at}.sum.isMonotonic`),
        points: points.map(point => this.numberPoint(...point)),
      };
    }
    const exponential = optionalObject(metric, 'exponentialHistogram', at);
    if (exponential) {
      const where = `${at}.exponentialHistogram`;
      const points = this.dataPoints(exponential, where);
      return {
        name,
        type: 'exponentialHistogram',
        temporality: temporality(exponential, where),
        points: points.map(point => this.exponentialPoint(...point)),
      };
    }
    for (const type of ['histogram', 'summary'] as const) {
      const opaque = optionalObject(metric, type, at);
      if (opaque) {
        const raw = opaque.dataPoints ?? [];
        if (!Array.isArray(raw)) {
          throw new MalformedError(`${at}.${type}.dataPoints is no list`);
        }
        this.count(raw.length);
        return { name, type, pointCount: raw.length };
      }
    }
    return { name, type: 'empty', pointCount: 0 };
  }

  private dataPoints(data: Json, at: string): [Json, string][] {
    const points = list(data, 'dataPoints', at);
    this.count(points.length);
    return points;
  }

  private count(points: number): void {
    this.points += points;
    if (this.points > this.limits.maxPoints) {
      throw new LimitExceededError(
        `more than ${this.limits.maxPoints} data points in one request`,
      );
    }
  }

  private point(point: Json, at: string): OtlpPoint {
    const flags = integer(point.flags ?? 0, `${at}.flags`);
    return {
      attributes: this.attributes(point, at),
      startNs: nonNegative(
        point.startTimeUnixNano ?? 0,
        `${at}.startTimeUnixNano`,
      ),
      endNs: nonNegative(point.timeUnixNano ?? 0, `${at}.timeUnixNano`),
      noRecordedValue: flags % 2 === 1,
    };
  }

  private numberPoint(point: Json, at: string): OtlpNumberPoint {
    const value = numberValue(point, at);
    const base = this.point(point, at);
    return value === undefined ? base : { ...base, value };
  }

  private exponentialPoint(point: Json, at: string): OtlpExponentialPoint {
    return {
      ...this.point(point, at),
      count: nonNegative(point.count ?? 0, `${at}.count`),
      sum: has(point, 'sum') ? double(point.sum, `${at}.sum`) : undefined,
      scale: integer(point.scale ?? 0, `${at}.scale`),
      zeroCount: nonNegative(point.zeroCount ?? 0, `${at}.zeroCount`),
      positive: this.buckets(point, 'positive', at),
      negative: this.buckets(point, 'negative', at),
      exemplars: this.exemplars(point, at),
    };
  }

  private exemplars(point: Json, at: string): OtlpExemplar[] {
    const exemplars = list(point, 'exemplars', at);
    this.count(exemplars.length);
    return exemplars.map(([exemplar, where]) => ({
      attributes: this.attributes(exemplar, where, 'filteredAttributes'),
      timeNs: nonNegative(exemplar.timeUnixNano ?? 0, `${where}.timeUnixNano`),
      value: numberValue(exemplar, where),
    }));
  }

  private buckets(point: Json, key: string, at: string): OtlpBuckets {
    const buckets = optionalObject(point, key, at);
    if (!buckets) return { offset: 0, counts: [] };
    const counts = buckets.bucketCounts ?? [];
    if (!Array.isArray(counts)) {
      throw new MalformedError(`${at}.${key}.bucketCounts is no list`);
    }
    if (counts.length > this.limits.maxBuckets) {
      throw new LimitExceededError(
        `${at}.${key} has ${counts.length} buckets; at most ${this.limits.maxBuckets}`,
      );
    }
    return {
      offset: integer(buckets.offset ?? 0, `${at}.${key}.offset`),
      counts: counts.map((count, index) =>
        nonNegative(count, `${at}.${key}.bucketCounts[${index}]`),
      ),
    };
  }

  private attributes(
    holder: Json,
    at: string,
    field = 'attributes',
  ): Attributes {
    const entries = list(holder, field, at);
    if (entries.length > this.limits.maxAttributes) {
      throw new LimitExceededError(
        `${at} has ${entries.length} attributes; at most ${this.limits.maxAttributes}`,
      );
    }
    const attributes: Attributes = Object.create(null);
    for (const [entry, entryAt] of entries) {
      const key = string(entry.key, `${entryAt}.key`);
      if (key === '') throw new MalformedError(`${entryAt}.key is missing`);
      const value = optionalObject(entry, 'value', entryAt);
      const plain = value ? anyValue(value, `${entryAt}.value`, 0) : '';
      this.checkText(key, entryAt);
      if (typeof plain === 'string') this.checkText(plain, entryAt);
      attributes[key] = plain;
    }
    return attributes;
  }

  private checkText(text: string, at: string): void {
    // PostgreSQL stores no NUL.
    if (text.includes('\0')) throw new MalformedError(`${at} contains NUL`);
    if (text.length > this.limits.maxAttributeLength) {
      throw new LimitExceededError(
        `${at} is ${text.length} characters long; at most ${this.limits.maxAttributeLength}`,
      );
    }
  }
}

/**
 * Decodes a binary `ExportMetricsServiceRequest`.
 * @throws MalformedError naming what is wrong, LimitExceededError naming the limit
 */
export function decodeProtobuf(
  bytes: Uint8Array,
  limits: DecodeLimits,
): OtlpRequest {
  let message: Json;
  try {
    const reader = Reader.create(bytes);
    (reader as Reader & { discardUnknown?: boolean }).discardUnknown = true;
    message = requestType.decode(reader) as unknown as Json;
  } catch (error) {
    throw new MalformedError(
      `the body is no ExportMetricsServiceRequest: ${messageOf(error)}`,
    );
  }
  return new Decoding(limits).request(message);
}

/**
 * Decodes an OTLP/JSON `ExportMetricsServiceRequest`.
 * @throws MalformedError naming what is wrong, LimitExceededError naming the limit
 */
export function decodeJson(
  bytes: Uint8Array,
  limits: DecodeLimits,
): OtlpRequest {
  let message: unknown;
  try {
    message = JSON.parse(
      new TextDecoder('utf-8', { fatal: true }).decode(bytes),
    );
  } catch (error) {
    throw new MalformedError(`the body is no JSON: ${messageOf(error)}`);
  }
  return new Decoding(limits).request(object(message, 'the body'));
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

const MAX_VALUE_DEPTH = 8;

/** Lists and maps have no meaning to us: they are kept as JSON text, so that they still tell two resources apart. */
function anyValue(value: Json, at: string, depth: number): AttributeValue {
  if (has(value, 'stringValue')) return string(value.stringValue, at);
  if (has(value, 'boolValue')) return boolean(value.boolValue, at);
  if (has(value, 'intValue')) return integer(value.intValue, at);
  if (has(value, 'doubleValue')) return double(value.doubleValue, at);
  if (depth >= MAX_VALUE_DEPTH) {
    throw new MalformedError(`${at} is nested too deeply`);
  }
  const array = optionalObject(value, 'arrayValue', at);
  if (array) {
    return JSON.stringify(
      list(array, 'values', at).map(([item, itemAt]) =>
        anyValue(item, itemAt, depth + 1),
      ),
    );
  }
  const map = optionalObject(value, 'kvlistValue', at);
  if (map) {
    return JSON.stringify(
      list(map, 'values', at).map(([item, itemAt]) => {
        const inner = optionalObject(item, 'value', itemAt);
        return [
          string(item.key, `${itemAt}.key`),
          inner ? anyValue(inner, itemAt, depth + 1) : '',
        ];
      }),
    );
  }
  if (!has(value, 'bytesValue')) return '';
  const bytes = value.bytesValue;
  return bytes instanceof Uint8Array
    ? Buffer.from(bytes).toString('base64')
    : string(bytes, at);
}

/** Whether a field of a oneof is there. Messages of protobufjs inherit a default for what is not: only own fields count. */
function has(holder: Json, key: string): boolean {
  return Object.hasOwn(holder, key) && isSet(holder[key]);
}

function isSet(value: unknown): boolean {
  return value !== undefined && value !== null;
}

function object(value: unknown, at: string): Json {
  if (
    typeof value !== 'object' ||
    value === null ||
    Array.isArray(value) ||
    value instanceof Uint8Array
  ) {
    throw new MalformedError(`${at || 'the body'} is no object`);
  }
  return value as Json;
}

function optionalObject(
  holder: Json,
  key: string,
  at: string,
): Json | undefined {
  const value = holder[key];
  return isSet(value) ? object(value, join(at, key)) : undefined;
}

function join(at: string, key: string): string {
  return at === '' ? key : `${at}.${key}`;
}

function list(holder: Json, key: string, at: string): [Json, string][] {
  const value = holder[key];
  if (!isSet(value)) return [];
  const where = join(at, key);
  if (!Array.isArray(value)) throw new MalformedError(`${where} is no list`);
  return value.map((item, index) => [
    object(item, `${where}[${index}]`),
    `${where}[${index}]`,
  ]);
}

function string(value: unknown, at: string): string {
  if (!isSet(value)) return '';
  if (typeof value !== 'string') throw new MalformedError(`${at} is no text`);
  return value;
}

function boolean(value: unknown, at: string): boolean {
  if (!isSet(value)) return false;
  if (typeof value !== 'boolean') {
    throw new MalformedError(`${at} is neither true nor false`);
  }
  return value;
}

/** Numbers, 64-bit integers as text (OTLP/JSON) and protobufjs' Long. */
function double(value: unknown, at: string): number {
  if (typeof value === 'number') return value;
  if (typeof value === 'string') {
    if (value === 'NaN') return NaN;
    if (/^[+-]?Infinity$/.test(value)) return Number(value);
    if (/^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(value)) {
      return Number(value);
    }
  }
  if (isLong(value)) return value.toNumber();
  throw new MalformedError(`${at} is no number`);
}

/** `asDouble` or `asInt`; undefined when neither is set. */
function numberValue(holder: Json, at: string): number | undefined {
  if (has(holder, 'asDouble')) {
    return double(holder.asDouble, `${at}.asDouble`);
  }
  return has(holder, 'asInt')
    ? integer(holder.asInt, `${at}.asInt`)
    : undefined;
}

function isLong(value: unknown): value is { toNumber(): number } {
  return (
    typeof value === 'object' &&
    value !== null &&
    typeof (value as { toNumber?: unknown }).toNumber === 'function'
  );
}

function integer(value: unknown, at: string): number {
  const number = double(value, at);
  if (!Number.isInteger(number)) {
    throw new MalformedError(`${at} is no whole number`);
  }
  return number;
}

function nonNegative(value: unknown, at: string): number {
  const number = integer(value, at);
  if (number < 0) throw new MalformedError(`${at} is negative`);
  return number;
}

function temporality(data: Json, at: string): Temporality {
  const value = data.aggregationTemporality ?? 0;
  switch (value) {
    case 1:
    case 'AGGREGATION_TEMPORALITY_DELTA':
      return 'delta';
    case 2:
    case 'AGGREGATION_TEMPORALITY_CUMULATIVE':
      return 'cumulative';
    case 0:
    case 'AGGREGATION_TEMPORALITY_UNSPECIFIED':
      return 'unspecified';
    default:
      throw new MalformedError(
        `${at}.aggregationTemporality is neither delta nor cumulative`,
      );
  }
}
