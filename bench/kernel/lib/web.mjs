// A web server that does nothing and wrk, which asks it, both on the last CPU. Knows no kernel program.
import { spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { createInterface } from 'node:readline';
import { built } from './built.mjs';

const CPU = String(availableParallelism() - 1);

/** Starts both; answers have `body` bytes; with `close` a connection is made for each request. */
export async function startWeb({ body, connections, close = false }) {
  const server = spawn(
    built('bench-web'),
    [String(body), ...(close ? ['close'] : [])],
    { stdio: ['pipe', 'pipe', 'inherit'] },
  );
  const lines = createInterface({ input: server.stdout })[
    Symbol.asyncIterator
  ]();
  const line = async () => {
    const { value, done } = await lines.next();
    if (done) throw new Error('the web server ended');
    return value;
  };
  const port = await line();
  const wrk = spawn(
    'taskset',
    [
      ...['-c', CPU, 'wrk', '-t1', `-c${connections}`, '-d3600'],
      `http://127.0.0.1:${port}/`,
    ],
    { stdio: ['ignore', 'ignore', 'inherit'] },
  );
  const ended = [server, wrk].map(
    child => new Promise(resolve => child.on('close', resolve)),
  );
  return {
    /** Requests that have been answered so far. */
    async answered() {
      server.stdin.write('\n');
      return Number(await line());
    },
    async stop() {
      wrk.kill('SIGKILL');
      server.stdin.end();
      await Promise.all(ended);
    },
  };
}
