/** One HTTP request and its answer. Node's own client: `fetch` costs 10 MB of resident memory. */
import { Agent as HttpAgent, request as httpRequest } from 'node:http';

export interface TransportAnswer {
  status: number;
  contentType: string;
  retryAfter?: string;
  body: Uint8Array;
}

/** @throws on network errors and when the time is up */
export type Transport = (
  body: Uint8Array,
  headers: Record<string, string>,
) => Promise<TransportAnswer>;

/** No answer to an export needs more; the rest is read and dropped. */
const MAX_ANSWER_BYTES = 64 * 1024;

/** TLS costs another 9 MB: it is loaded where it is needed. */
async function clientOf(url: URL, ca: Buffer | undefined) {
  const reuse = { keepAlive: true, maxSockets: 1 };
  if (url.protocol === 'http:') {
    return { agent: new HttpAgent(reuse), open: httpRequest };
  }
  const https = await import('node:https');
  return { agent: new https.Agent({ ...reuse, ca }), open: https.request };
}

export async function httpTransport(options: {
  url: URL;
  timeoutMs: number;
  /** PEM of trusted authorities. */
  ca?: Buffer;
}): Promise<Transport> {
  const { url, timeoutMs, ca } = options;
  const { agent, open } = await clientOf(url, ca);
  const send = (
    body: Uint8Array,
    headers: Record<string, string>,
  ): Promise<TransportAnswer> =>
    new Promise((resolve, reject) => {
      const request = open(url, {
        method: 'POST',
        agent,
        headers: { ...headers, 'content-length': String(body.length) },
      });
      const timer = setTimeout(() => {
        request.destroy(new Error(`no answer within ${timeoutMs / 1000} s`));
      }, timeoutMs);
      const fail = (error: NodeJS.ErrnoException) => {
        clearTimeout(timer);
        // A server closes a connection that was idle; we may have begun to write before we heard of it.
        if (request.reusedSocket && error.code === 'ECONNRESET') {
          resolve(send(body, headers));
        } else {
          reject(error);
        }
      };
      request.on('error', fail);
      request.on('response', response => {
        const chunks: Buffer[] = [];
        let size = 0;
        response.on('data', (chunk: Buffer) => {
          if (size < MAX_ANSWER_BYTES) chunks.push(chunk);
          size += chunk.length;
        });
        response.on('error', fail);
        response.on('end', () => {
          clearTimeout(timer);
          resolve({
            status: response.statusCode ?? 0,
            contentType: response.headers['content-type'] ?? '',
            retryAfter: response.headers['retry-after'],
            body: Buffer.concat(chunks),
          });
        });
      });
      request.end(body);
    });
  return send;
}
