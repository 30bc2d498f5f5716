/**
 * Where and how metrics are sent: the standard OTEL_EXPORTER_OTLP_* variables, the metrics-specific one before the
 * general one, and flags before both. Pure: reads the environment it is given.
 */
import type { Attributes } from '../otlp/model';

export interface ExportConfig {
  url: URL;
  headers: Record<string, string>;
  protocol: 'http/protobuf' | 'http/json';
  compression: 'gzip' | 'none';
  timeoutMs: number;
  temporality: 'delta' | 'cumulative';
  /** PEM file of the authorities to trust instead of the system's. */
  certificatePath?: string;
}

/** The same settings as flags give them; undefined where there is no flag. */
export interface ExportFlags {
  endpoint?: string;
  protocol?: string;
  compression?: string;
  timeoutSeconds?: string;
  temporality?: string;
  /** `key=value` each. */
  headers?: string[];
}

type Environment = Record<string, string | undefined>;

const DEFAULT_ENDPOINT = 'http://localhost:4318';
const METRICS_PATH = '/v1/metrics';

function pick(env: Environment, name: string): string | undefined {
  // An empty variable counts as unset, as the specification says.
  return (
    env[`OTEL_EXPORTER_OTLP_METRICS_${name}`] ||
    env[`OTEL_EXPORTER_OTLP_${name}`] ||
    undefined
  );
}

function oneOf<T extends string>(
  what: string,
  value: string,
  allowed: readonly T[],
): T {
  const found = allowed.find(one => one === value.trim().toLowerCase());
  if (!found) {
    throw new Error(
      `${what} ${JSON.stringify(value)} is not supported: use ${allowed.join(
        ' or ',
      )}`,
    );
  }
  return found;
}

function parseUrl(what: string, value: string): URL {
  const url = URL.canParse(value) ? new URL(value) : undefined;
  if (!url || !['http:', 'https:'].includes(url.protocol)) {
    throw new Error(`${what} ${JSON.stringify(value)} is no http(s) URL`);
  }
  return url;
}

function withMetricsPath(base: URL): URL {
  const url = new URL(base);
  const path = url.pathname.replace(/\/+$/, '');
  url.pathname = path.endsWith(METRICS_PATH) ? path : `${path}${METRICS_PATH}`;
  return url;
}

function endpoint(env: Environment, flag: string | undefined): URL {
  if (flag !== undefined) {
    return withMetricsPath(parseUrl('--endpoint', flag));
  }
  const exact = env.OTEL_EXPORTER_OTLP_METRICS_ENDPOINT;
  if (exact) return parseUrl('OTEL_EXPORTER_OTLP_METRICS_ENDPOINT', exact);
  const base = env.OTEL_EXPORTER_OTLP_ENDPOINT || DEFAULT_ENDPOINT;
  return withMetricsPath(parseUrl('OTEL_EXPORTER_OTLP_ENDPOINT', base));
}

function decode(what: string, text: string): string {
  try {
    return decodeURIComponent(text);
  } catch (error) {
    throw new Error(`${what}: ${JSON.stringify(text)} is not percent-encoded`, {
      cause: error,
    });
  }
}

/** `key=value,key=value`, percent-encoded, as OTEL_*_HEADERS and OTEL_RESOURCE_ATTRIBUTES are written. */
export function parsePairs(
  what: string,
  text: string | undefined,
): Record<string, string> {
  const pairs: Record<string, string> = {};
  for (const part of (text ?? '').split(',')) {
    if (part.trim() === '') continue;
    const separator = part.indexOf('=');
    const key = part.slice(0, Math.max(0, separator)).trim();
    if (key === '') {
      throw new Error(`${what}: ${JSON.stringify(part)} is not key=value`);
    }
    pairs[decode(what, key)] = decode(what, part.slice(separator + 1).trim());
  }
  return pairs;
}

function headers(env: Environment, flags: string[] | undefined) {
  const merged = {
    ...parsePairs('OTEL_EXPORTER_OTLP_HEADERS', env.OTEL_EXPORTER_OTLP_HEADERS),
    ...parsePairs(
      'OTEL_EXPORTER_OTLP_METRICS_HEADERS',
      env.OTEL_EXPORTER_OTLP_METRICS_HEADERS,
    ),
  };
  for (const flag of flags ?? []) {
    const separator = flag.indexOf('=');
    if (separator <= 0) {
      throw new Error(`--header ${JSON.stringify(flag)} is not key=value`);
    }
    merged[flag.slice(0, separator)] = flag.slice(separator + 1);
  }
  return Object.fromEntries(
    Object.entries(merged).map(([key, value]) => [key.toLowerCase(), value]),
  );
}

function timeoutMs(env: Environment, flag: string | undefined): number {
  const text = flag ?? pick(env, 'TIMEOUT');
  if (text === undefined) return 10_000;
  const value = Number(text) * (flag === undefined ? 1 : 1000);
  if (!(value > 0)) {
    throw new Error(
      flag === undefined
        ? `OTEL_EXPORTER_OTLP_TIMEOUT ${JSON.stringify(text)} is no number of milliseconds`
        : `--timeout ${JSON.stringify(text)} is no number of seconds`,
    );
  }
  return value;
}

/**
 * @throws with a sentence that names the variable or flag
 */
export function exportConfig(
  env: Environment,
  flags: ExportFlags,
): ExportConfig {
  const temporality = oneOf(
    'temporality',
    flags.temporality ??
      (env.OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE || 'delta'),
    ['delta', 'cumulative', 'lowmemory'],
  );
  return {
    url: endpoint(env, flags.endpoint),
    headers: headers(env, flags.headers),
    protocol: oneOf(
      'protocol',
      flags.protocol ?? pick(env, 'PROTOCOL') ?? 'http/protobuf',
      ['http/protobuf', 'http/json'],
    ),
    compression: oneOf(
      'compression',
      flags.compression ?? pick(env, 'COMPRESSION') ?? 'gzip',
      ['gzip', 'none'],
    ),
    timeoutMs: timeoutMs(env, flags.timeoutSeconds),
    // `lowmemory` asks for deltas of everything that is not observed asynchronously; nothing here is.
    temporality: temporality === 'cumulative' ? 'cumulative' : 'delta',
    certificatePath: pick(env, 'CERTIFICATE'),
  };
}

/** Attributes for every resource from OTEL_RESOURCE_ATTRIBUTES. */
export function resourceAttributes(env: Environment): Attributes {
  return parsePairs('OTEL_RESOURCE_ATTRIBUTES', env.OTEL_RESOURCE_ATTRIBUTES);
}
