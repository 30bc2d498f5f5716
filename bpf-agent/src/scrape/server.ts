/** Answers `GET /metrics` over HTTP: as text, or as protobuf where the scraper prefers that. */
import { once } from 'node:events';
import {
  createServer,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { onceOnly, type Log } from '../log';
import type { Family } from './families';
import { familiesAsProtobuf, PROTOBUF_TYPE } from './protobuf';
import { familiesAsText, TEXT_TYPE } from './text';

export interface MetricsServerOptions {
  host: string;
  /** 0 takes any that is free. */
  port: number;
  families: () => readonly Family[];
  log: Log;
}

export interface MetricsServer {
  url: string;
  close(): Promise<void>;
}

const PATH = '/metrics';
/** A scraper has one; more of them are no reason to use more memory. */
const MAX_CONNECTIONS = 32;

/** How much a client likes a media type, by its Accept header; 0 if not at all. */
function qualityOf(accept: string, matches: (range: string) => boolean) {
  const qualities = accept
    .toLowerCase()
    .split(',')
    .filter(matches)
    .map(range => Number(/;\s*q=([\d.]+)/.exec(range)?.[1] ?? 1));
  return Math.max(0, ...qualities);
}

function prefersProtobuf(accept: string): boolean {
  const protobuf = qualityOf(
    accept,
    range =>
      range.includes('application/vnd.google.protobuf') &&
      range.includes('proto=io.prometheus.client.metricfamily') &&
      range.includes('encoding=delimited'),
  );
  const text = qualityOf(accept, range => range.includes('text/plain'));
  return protobuf > 0 && protobuf >= text;
}

/** Bytes to send at once. */
const CHUNK_BYTES = 65_536;

/** All of it now, as it stands at one moment; in chunks, as there may be tens of megabytes. */
function chunksOf(pieces: Iterable<string | Uint8Array>): Buffer[] {
  const chunks: Buffer[] = [];
  let held: Buffer[] = [];
  let bytes = 0;
  const close = () => {
    if (bytes > 0) chunks.push(Buffer.concat(held, bytes));
    held = [];
    bytes = 0;
  };
  for (const piece of pieces) {
    const buffer = Buffer.from(piece as string);
    held.push(buffer);
    bytes += buffer.length;
    if (bytes >= CHUNK_BYTES) close();
  }
  close();
  return chunks;
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  families: () => readonly Family[],
): Promise<void> {
  const { pathname } = new URL(request.url ?? '/', 'http://agent');
  if (pathname !== PATH) {
    response.writeHead(404, { 'content-type': 'text/plain' });
    response.end(`there is only ${PATH} here\n`);
    return;
  }
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    response.writeHead(405, { allow: 'GET, HEAD' }).end();
    return;
  }
  const asProtobuf = prefersProtobuf(request.headers.accept ?? '');
  const chunks = chunksOf(
    asProtobuf ? familiesAsProtobuf(families()) : familiesAsText(families()),
  );
  const isGzip = /\bgzip\b/.test(
    String(request.headers['accept-encoding'] ?? ''),
  );
  response.writeHead(200, {
    'content-type': asProtobuf ? PROTOBUF_TYPE : TEXT_TYPE,
    ...(isGzip
      ? { 'content-encoding': 'gzip' }
      : { 'content-length': chunks.reduce((sum, one) => sum + one.length, 0) }),
    vary: 'accept, accept-encoding',
  });
  if (request.method === 'HEAD') {
    response.end();
    return;
  }
  const body = Readable.from(chunks, { objectMode: false });
  if (isGzip) await pipeline(body, createGzip({ level: 1 }), response);
  else await pipeline(body, response);
}

/** @throws with a sentence if it cannot listen there */
export async function serveMetrics({
  host,
  port,
  families,
  log,
}: MetricsServerOptions): Promise<MetricsServer> {
  const remarks = onceOnly(log);
  const server = createServer((request, response) => {
    answer(request, response, families).catch((error: Error) => {
      remarks.warn(`cannot answer a scrape: ${error.message}`);
      response.destroy();
    });
  });
  server.maxConnections = MAX_CONNECTIONS;
  server.listen(port, host);
  try {
    await once(server, 'listening');
  } catch (error) {
    throw new Error(
      `cannot listen for scrapes at ${host}:${port}: ${(error as Error).message}`,
      { cause: error },
    );
  }
  const { address, port: bound, family } = server.address() as AddressInfo;
  const shown = family === 'IPv6' ? `[${address}]` : address;
  return {
    url: `http://${shown}:${bound}${PATH}`,
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}
