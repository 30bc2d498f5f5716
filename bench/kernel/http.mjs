// What HTTP over loopback loses: wrk and a server that does nothing on one CPU, the programs of each tool attached and detached
// under them in turns (web_pairs.c). The wall clock says what a user would feel; the CPU time of both ends says the same
// without what other programs of a busy machine do to the clock.
import { execFileSync } from 'node:child_process';
import { built } from './lib/built.mjs';
import { median, medianInterval, rounded } from './lib/stats.mjs';
import { table } from './lib/table.mjs';

const MS = 400;
const CONNECTIONS = 8;

export const title = `HTTP on one CPU, wrk with ${CONNECTIONS} connections, attached and detached in turns`;

/** `rounds` pairs of each tool. */
export function run({ rounds }) {
  const samples = execFileSync(
    built('bench-web-pairs'),
    [
      ...[rounds, MS, CONNECTIONS],
      ...['base=base', 'base + anatomy=requests', 'everything=sensor'],
      `empty=${built('sockets.bpf.o')}`,
    ].map(String),
    { encoding: 'utf8' },
  )
    .trim()
    .split('\n')
    .map(line => JSON.parse(line));
  return { samples, ...summary(samples) };
}

const wallLost = ({ beforeNs, withNs, afterNs }) =>
  100 * (1 - (beforeNs + afterNs) / 2 / withNs);

const cpuMore = ({ beforeCpuNs, withCpuNs, afterCpuNs }) =>
  withCpuNs - (beforeCpuNs + afterCpuNs) / 2;

function summary(samples) {
  const tools = [...new Set(samples.map(({ tool }) => tool))];
  const without = median(samples.map(({ beforeCpuNs }) => beforeCpuNs));
  const results = [];
  const rows = [
    [
      '',
      'requests/s lost',
      '95 % interval',
      'ns of CPU more',
      '95 % interval',
      'of the CPU time',
    ],
  ];
  for (const tool of tools) {
    const of = value => samples.filter(s => s.tool === tool).map(value);
    const [lost, more] = [of(wallLost), of(cpuMore)];
    const [lostIn, moreIn] = [lost, more].map(medianInterval);
    results.push(
      {
        name: `${tool} (http)`,
        value: rounded(median(lost), 2),
        unit: '% of requests a second lost',
        interval95: lostIn,
      },
      {
        name: `${tool} (http, CPU)`,
        value: rounded(median(more), 0),
        unit: 'ns of CPU time more per request',
        interval95: moreIn,
        ratioTo: { without: rounded(median(more) / without, 4) },
      },
    );
    rows.push([
      tool,
      `${median(lost).toFixed(1)} %`,
      `${lostIn.low.toFixed(1)} to ${lostIn.high.toFixed(1)} %`,
      median(more).toFixed(0),
      `${moreIn.low.toFixed(0)} to ${moreIn.high.toFixed(0)}`,
      `${((100 * median(more)) / without).toFixed(1)} %`,
    ]);
  }
  return {
    results,
    text: `${table(rows)}\n\nA request takes ${without.toFixed(0)} ns of CPU time of both ends without any. Medians of the differences; ${samples.length / tools.length} pairs of each.`,
  };
}
