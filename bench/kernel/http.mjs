// What HTTP loses, over loopback and over a veth pair: wrk and a server that does nothing on one CPU, the programs of each tool
// attached and detached under them in turns (web_pairs.c). The wall clock says what a user would feel; the CPU time of both
// ends says the same without what other programs of a busy machine do to the clock.
import { execFileSync } from 'node:child_process';
import { built } from './lib/built.mjs';
import { lostTable, samplesOn } from './lib/lost.mjs';

const MS = 400;
const CONNECTIONS = 8;

export const title = `HTTP on one CPU, wrk with ${CONNECTIONS} connections, attached and detached in turns`;

/** `rounds` pairs of each tool on each wire. */
export function run({ rounds }) {
  const samples = ['loopback', 'veth'].flatMap(wire =>
    samplesOn(
      wire,
      execFileSync(
        built('bench-web-pairs'),
        [
          ...[rounds, MS, CONNECTIONS, wire],
          ...['base=base', 'base + anatomy=requests', 'everything=sensor'],
          `empty=${built('sockets.bpf.o')}`,
        ].map(String),
        { encoding: 'utf8' },
      ),
    ),
  );
  const words = { what: 'http', rate: 'requests/s', unit: 'request' };
  return { samples, ...lostTable(samples, words) };
}
