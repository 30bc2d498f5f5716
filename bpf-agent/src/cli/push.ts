/** Windows that are sent over OTLP, each as one request. */
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { exportConfig } from '../export/config';
import { Exporter } from '../export/exporter';
import { httpTransport } from '../export/transport';
import { Accumulator } from '../metrics/accumulator';
import { encodeJson } from '../otlp/json';
import type { MetricsRequest } from '../otlp/model';
import { encodeProtobuf } from '../otlp/protobuf';
import type { SourceContext } from '../sensor/frameSource';
import { IDLE_SERIES_NS } from './defaults';
import type { RunOptions } from './options';
import type { Outlet } from './outlet';
import { SCOPE, VERSION } from './version';

/** How long a stopping agent goes on trying to send what it has. */
const FLUSH_MS = 5000;

function pointCount(request: MetricsRequest): number {
  return request.resources
    .flatMap(resource => resource.metrics)
    .reduce((count, metric) => count + metric.points.length, 0);
}

function bearer(options: RunOptions): Record<string, string> {
  const token =
    options.tokenFile === undefined
      ? options.token
      : readFileSync(options.tokenFile, 'utf8').trim();
  return token === undefined ? {} : { authorization: `Bearer ${token}` };
}

export async function openPush(
  options: RunOptions,
  context: SourceContext,
): Promise<Outlet> {
  const config = exportConfig(process.env, options);
  const isJson = config.protocol === 'http/json';
  const exporter = new Exporter({
    ...context,
    transport: await httpTransport({
      url: config.url,
      timeoutMs: config.timeoutMs,
      ca:
        config.certificatePath === undefined
          ? undefined
          : readFileSync(config.certificatePath),
    }),
    headers: () => ({
      'content-type': isJson ? 'application/json' : 'application/x-protobuf',
      ...(config.compression === 'gzip' ? { 'content-encoding': 'gzip' } : {}),
      'user-agent': `${SCOPE.name}/${VERSION}`,
      ...bearer(options),
      ...config.headers,
    }),
    queueBytes: options.queueBytes,
  });
  const cumulative =
    config.temporality === 'cumulative'
      ? new Accumulator({ temporality: 'cumulative', idleNs: IDLE_SERIES_NS })
      : undefined;
  return {
    description: `to ${config.url} (${config.protocol}, ${config.compression}, ${config.temporality})`,
    take(window) {
      cumulative?.add(window);
      const request = cumulative?.request(window.endUnixNs) ?? window.request;
      const bytes = isJson
        ? Buffer.from(JSON.stringify(encodeJson(request, SCOPE)))
        : encodeProtobuf(request, SCOPE);
      exporter.enqueue({
        body: config.compression === 'gzip' ? gzipSync(bytes) : bytes,
        points: pointCount(request),
      });
    },
    async close() {
      const unsent = await exporter.flush(FLUSH_MS);
      if (unsent > 0) {
        context.log.warn(
          `stopped with ${unsent} requests that could not be sent`,
        );
      } else {
        context.log.info('stopped, everything sent');
      }
    },
  };
}
