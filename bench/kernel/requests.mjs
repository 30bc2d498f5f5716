// What one request costs under the programs that time requests, beside a tool that only looks at segments: bpftrace on
// tcp:tcp_probe. Every tool in turn, several rounds; the kernel's own BPF statistics are the clock.
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { background, sensorWithout } from './lib/background.mjs';
import { priced, together, withStatistics } from './lib/bpf-statistics.mjs';
import { built, root } from './lib/built.mjs';
import { startWeb } from './lib/loads.mjs';
import { median, rounded } from './lib/stats.mjs';
import { table } from './lib/table.mjs';

export const title = 'Nanoseconds per request, both ends, by BPF statistics';

const SECONDS = 1;

/** What a request is: answers that fit into a packet, a connection for each, and answers of many packets. */
const loads = [
  { name: 'small', connections: 8, body: 100 },
  { name: 'a connection each', connections: 8, body: 100, close: true },
  { name: '1 MB', connections: 2, body: 1_000_000 },
];

const isAtSockets = name => /^on_tcp_/.test(name);
const isAny = () => true;

const tools = [
  {
    name: 'durations',
    counts: isAtSockets,
    ...sensorWithout('anatomy,interrupts,burn'),
  },
  {
    name: '+ anatomy',
    counts: isAtSockets,
    ...sensorWithout('interrupts,burn'),
  },
  { name: 'everything', counts: isAny, ...sensorWithout() },
  {
    name: 'bpftrace tcp_probe',
    counts: isAny,
    ...background('bpftrace', [join(root, 'bench/kernel/tcp_probe.bt')]),
  },
  {
    name: 'empty',
    counts: isAny,
    ...background(built('bench-attach'), [built('sockets.bpf.o')]),
  },
];

/** Prices a request of `web` under a tool: ns and runs of its programs in a second, by the requests answered in it. */
async function price(tool, web) {
  const { done: requests, programs } = await priced(tool, tool.counts, {
    done: web.done,
    run: () => sleep(SECONDS * 1000),
  });
  const { ns, runs } = together(programs.filter(p => tool.counts(p.name)));
  return {
    requests,
    nsPerRequest: ns / requests,
    runsPerRequest: runs / requests,
  };
}

/** `rounds` of every tool under every load. */
export async function run({ rounds }) {
  const samples = [];
  await withStatistics(async () => {
    for (let round = 0; round < rounds; round++)
      for (const load of loads) {
        const web = await startWeb(load);
        try {
          for (const tool of tools)
            samples.push({
              round,
              load: load.name,
              tool: tool.name,
              ...(await price(tool, web)),
            });
        } finally {
          await web.stop();
        }
      }
  });
  return { samples, ...summary(samples, rounds) };
}

function summary(samples, rounds) {
  const results = [];
  const rows = [
    ['', 'ns per request', 'least', 'most', 'runs', 'x tcp_probe', 'x empty'],
  ];
  for (const load of loads) {
    const of = (tool, key) =>
      samples
        .filter(s => s.tool === tool.name && s.load === load.name)
        .map(s => s[key]);
    const [probe, empty] = tools
      .slice(-2)
      .map(tool => median(of(tool, 'nsPerRequest')));
    for (const tool of tools) {
      const values = of(tool, 'nsPerRequest');
      const value = median(values);
      const name = `${tool.name} (${load.name})`;
      results.push({
        name,
        value: rounded(value, 1),
        unit: 'ns per request',
        ratioTo: {
          'bpftrace tcp_probe': rounded(value / probe, 3),
          empty: rounded(value / empty, 3),
        },
      });
      rows.push([
        name,
        value.toFixed(0),
        Math.min(...values).toFixed(0),
        Math.max(...values).toFixed(0),
        median(of(tool, 'runsPerRequest')).toFixed(1),
        (value / probe).toFixed(2),
        (value / empty).toFixed(2),
      ]);
    }
  }
  return {
    results,
    text: `${table(rows)}\n\nMedians of ${rounds} rounds. Each run includes the statistics' own two clock reads (the row "empty").`,
  };
}
