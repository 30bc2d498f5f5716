// What one bulk connection loses, over loopback and over a veth pair: iperf3 with itself on one CPU, the programs of each tool
// attached and detached under it in turns (bulk_pairs.c).
import { execFileSync } from 'node:child_process';
import { built } from './lib/built.mjs';
import { lostTable, samplesOn } from './lib/lost.mjs';

const MS = 400;

export const title =
  'Bulk on one CPU, iperf3 with one connection, attached and detached in turns';

/** `rounds` pairs of each tool on each wire. */
export function run({ rounds }) {
  const samples = ['loopback', 'veth'].flatMap(wire =>
    samplesOn(
      wire,
      execFileSync(
        built('bench-bulk-pairs'),
        [
          ...[rounds, MS, wire],
          ...['base=base', 'everything=sensor'],
          `counter=${built('counter.bpf.o')}`,
          `empty=${built('sockets.bpf.o')}`,
        ].map(String),
        { encoding: 'utf8' },
      ),
    ),
  );
  const words = { what: 'bulk', rate: 'bytes/s', unit: 'megabyte' };
  return { samples, ...lostTable(samples, words) };
}
