// What HTTP loses, over loopback and over a veth pair: wrk and a server on one CPU, the programs of each tool
// attached and detached under them in turns (web_pairs.c). The wall clock says what a user would feel; the CPU time of both
// ends says the same without what other programs of a busy machine do to the clock.
import { execFileSync } from 'node:child_process';
import { built } from './lib/built.mjs';
import { lostTable, samplesOn } from './lib/lost.mjs';

const MS = 400;
const CONNECTIONS = 8;

export const title = `HTTP on one CPU, wrk with ${CONNECTIONS} connections, attached and detached in turns`;

/** The kernel is all that a server has to do that only answers; one that computes is what users have. */
const sensors = ['base=base', 'base + anatomy=requests', 'everything=sensor'];
const loads = [
  { name: 'loopback', wire: 'loopback', workUs: 0, tools: sensors },
  { name: 'veth', wire: 'veth', workUs: 0, tools: sensors },
  {
    name: 'veth, 150 us of work',
    wire: 'veth',
    workUs: 150,
    tools: ['everything=sensor'],
  },
];

/** `rounds` pairs of each tool under each load. */
export function run({ rounds }) {
  const samples = loads.flatMap(({ name, wire, workUs, tools }) =>
    samplesOn(
      name,
      execFileSync(
        built('bench-web-pairs'),
        [
          ...[rounds, MS, CONNECTIONS, wire, workUs, ...tools],
          `empty=${built('sockets.bpf.o')}`,
        ].map(String),
        { encoding: 'utf8' },
      ),
    ),
  );
  const words = { what: 'http', rate: 'requests/s', unit: 'request' };
  return { samples, ...lostTable(samples, words) };
}
