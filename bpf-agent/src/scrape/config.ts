/**
 * Where metrics go: pushed over OTLP, scraped, or both. The standard variables, flags before them. Pure: reads the environment it
 * is given.
 */

export interface Outlets {
  /** Sent over OTLP. */
  push: boolean;
  /** Where `/metrics` is answered; absent where it is not. */
  listen?: { host: string; port: number };
}

/** The same settings as flags give them; undefined where there is no flag. */
export interface OutletFlags {
  /** `otlp`, `prometheus`, or both with a comma. */
  exporter?: string;
  /** `HOST:PORT`, `[HOST]:PORT` or `PORT`. */
  listen?: string;
}

type Environment = Record<string, string | undefined>;

const EXPORTERS = ['otlp', 'prometheus'] as const;
const DEFAULT_HOST = 'localhost';
/** Of every exporter of OpenTelemetry for Prometheus. */
const DEFAULT_PORT = '9464';

function exporters(what: string, given: string): ReadonlySet<string> {
  const names = given.split(',').map(name => name.trim().toLowerCase());
  const unknown = names.find(
    name => !EXPORTERS.some(exporter => exporter === name),
  );
  if (unknown !== undefined) {
    throw new Error(
      `${what} ${JSON.stringify(unknown)} is not supported: use ${EXPORTERS.join(' or ')}, or both with a comma`,
    );
  }
  return new Set(names);
}

function portOf(what: string, given: string): number {
  const port = Number(given);
  if (!/^\d+$/.test(given) || port > 65535) {
    throw new Error(`${what} ${JSON.stringify(given)} is no port`);
  }
  return port;
}

function address(env: Environment, flag: string | undefined) {
  const host = env.OTEL_EXPORTER_PROMETHEUS_HOST || DEFAULT_HOST;
  if (flag === undefined) {
    const given = env.OTEL_EXPORTER_PROMETHEUS_PORT || DEFAULT_PORT;
    return { host, port: portOf('OTEL_EXPORTER_PROMETHEUS_PORT', given) };
  }
  const [, bracketed, plain, port] =
    /^(?:(?:\[([^\]]+)\]|([^:]+)):)?([^:]+)$/.exec(flag) ?? [];
  if (port === undefined) {
    throw new Error(`--listen ${JSON.stringify(flag)} is not HOST:PORT`);
  }
  return { host: bracketed ?? plain ?? host, port: portOf('--listen', port) };
}

/**
 * @throws with a sentence that names the variable or flag
 */
export function outlets(env: Environment, flags: OutletFlags): Outlets {
  const names =
    flags.exporter === undefined
      ? exporters(
          'OTEL_METRICS_EXPORTER',
          env.OTEL_METRICS_EXPORTER || EXPORTERS[0],
        )
      : exporters('--exporter', flags.exporter);
  const scraped = names.has('prometheus');
  if (flags.listen !== undefined && !scraped) {
    throw new Error('--listen is for --exporter prometheus');
  }
  return {
    push: names.has('otlp'),
    ...(scraped ? { listen: address(env, flags.listen) } : {}),
  };
}
