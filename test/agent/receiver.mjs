// A receiver of OTLP/HTTP that answers by a script: the statuses given, then 200.
import { createServer } from 'node:http';
import { gunzipSync } from 'node:zlib';
import { decodeProtobuf, rowsOf } from './otlp.mjs';

export async function startReceiver(statuses) {
  /** One entry an attempt. */
  const attempts = [];
  let changed = () => {};
  const server = createServer((request, response) => {
    const chunks = [];
    request.on('data', chunk => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks);
      const status = statuses.shift() ?? 200;
      attempts.push({
        status,
        body,
        url: request.url,
        headers: request.headers,
        rows: () => rowsOf(decodeProtobuf(gunzipSync(body))),
      });
      response.statusCode = status;
      response.setHeader('content-type', 'application/x-protobuf');
      response.end();
      changed();
    });
  });
  await new Promise(resolve => server.listen(0, '127.0.0.1', resolve));
  return {
    attempts,
    url: `http://127.0.0.1:${server.address().port}/api/contention/otlp`,
    accepted: () => attempts.filter(({ status }) => status === 200),
    /** Waits until `condition` holds, which is looked at after each request. */
    async until(condition, milliseconds) {
      const deadline = Date.now() + milliseconds;
      while (!condition()) {
        const left = deadline - Date.now();
        if (left <= 0) throw new Error('the agent did not send it in time');
        await new Promise(resolve => {
          const timer = setTimeout(resolve, left);
          changed = () => {
            clearTimeout(timer);
            resolve();
          };
        });
      }
    },
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
