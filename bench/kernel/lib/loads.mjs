// Loads between two ends of a wire, both on the last CPU. Know no kernel program.
import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { startAsked } from './asked.mjs';
import { built } from './built.mjs';

const CPU = String(availableParallelism() - 1);

/**
 * Starts both at the two ends of a wire, `loopback` or `veth` (wire.h); answers have `body` bytes; with `close` a connection is
 * made for each request. `done()` is how many requests have been answered so far.
 */
export async function startWeb({
  body,
  connections,
  close = false,
  wire = 'loopback',
}) {
  const server = startAsked(built('bench-web'), [
    String(body),
    wire,
    ...(close ? ['close'] : []),
  ]);
  const address = await server.line();
  const wrk = spawn(
    'nsenter',
    [
      `--net=/proc/${server.pid}/ns/net`,
      ...['taskset', '-c', CPU, 'wrk', '-t1', `-c${connections}`, '-d3600'],
      `http://${address}/`,
    ],
    { stdio: ['ignore', 'ignore', 'inherit'] },
  );
  const ended = new Promise(resolve => wrk.on('close', resolve));
  return {
    done: server.done,
    async stop() {
      wrk.kill('SIGKILL');
      await Promise.all([server.stop(), ended]);
    },
  };
}

/** A name server and who asks it over a wire. `done()` is how many queries have been answered so far. */
export const startQueries = ({ wire }) =>
  startAsked(built('bench-queries'), [wire]);

/** A bulk connection over a wire. `done()` is how many million bytes the sending device has sent so far. */
export function startBulk({ wire }) {
  const bulk = startAsked(built('bench-bulk'), [wire]);
  return { done: async () => (await bulk.done()) / 1e6, stop: bulk.stop };
}

const BUDGET = '/proc/sys/net/core/netdev_budget';

/** A load while receive work has a budget of one packet on this machine, which no CPU can do with; it is given back in the end. */
export async function underPressure(start) {
  const budget = readFileSync(BUDGET, 'utf8');
  writeFileSync(BUDGET, '1');
  const restore = () => writeFileSync(BUDGET, budget);
  try {
    const load = await start();
    return { done: load.done, stop: () => load.stop().finally(restore) };
  } catch (error) {
    restore();
    throw error;
  }
}
