/** `contention-agent run`: measure until stopped, send every interval. */
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { exportConfig } from '../export/config';
import { Exporter } from '../export/exporter';
import { httpTransport } from '../export/transport';
import { stderrLog as log } from '../log';
import { LossCounter } from '../losses';
import { Accumulator } from '../metrics/accumulator';
import { encodeJson } from '../otlp/json';
import type { MetricsRequest } from '../otlp/model';
import { encodeProtobuf } from '../otlp/protobuf';
import { ProcessSource } from '../sensor/processSource';
import { StreamSource } from '../sensor/streamSource';
import { IDLE_SERIES_NS } from './defaults';
import { openPipeline } from './openPipeline';
import type { RunOptions } from './options';
import { findSensor } from './sensorPath';
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

/** @returns the exit code */
export async function run(
  options: RunOptions,
  signal: AbortSignal,
): Promise<number> {
  const config = exportConfig(process.env, options);
  const losses = new LossCounter();
  const context = { log, losses };
  const source =
    options.framesPath === undefined
      ? new ProcessSource({
          ...context,
          path: findSensor(options.sensorPath, process.argv[1]),
          intervalSeconds: options.intervalSeconds,
          budgetShare: options.budgetShare,
          onExit: 'again',
        })
      : new StreamSource(options.framesPath, context);
  const pipeline = openPipeline(options, context, true);
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

  log.info(
    [
      `${VERSION}: node ${options.node}`,
      `cluster ${options.cluster ?? '(none)'}`,
      `pods from ${options.podsPath ?? '(none)'}`,
      `frames from ${source.description}`,
      `every ${options.intervalSeconds} s to ${config.url} (${config.protocol}, ${config.compression}, ${config.temporality})`,
    ].join(', '),
  );

  for await (const frame of source.frames(signal)) {
    const window = await pipeline.take(frame);
    if (!window) continue;
    cumulative?.add(window);
    const request = cumulative?.request(window.endUnixNs) ?? window.request;
    const bytes = isJson
      ? Buffer.from(JSON.stringify(encodeJson(request, SCOPE)))
      : encodeProtobuf(request, SCOPE);
    exporter.enqueue({
      body: config.compression === 'gzip' ? gzipSync(bytes) : bytes,
      points: pointCount(request),
    });
  }

  const unsent = await exporter.flush(FLUSH_MS);
  if (unsent > 0) {
    log.warn(`stopped with ${unsent} requests that could not be sent`);
  } else {
    log.info('stopped, everything sent');
  }
  return 0;
}
