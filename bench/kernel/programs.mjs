// What each of the sensor's programs costs where packets go: its runs and nanoseconds by request and by megabyte, by the
// kernel's own BPF statistics, beside programs that do nothing, and some that only count bytes of connections, on the same machine
// in the same minute.
import { setTimeout as sleep } from 'node:timers/promises';
import { background, sensorWithout } from './lib/background.mjs';
import { priced, withStatistics } from './lib/bpf-statistics.mjs';
import { built } from './lib/built.mjs';
import { median, rounded } from './lib/stats.mjs';
import { table } from './lib/table.mjs';
import {
  startBulk,
  startQueries,
  startWeb,
  underPressure,
} from './lib/loads.mjs';

export const title =
  'Each program of the sensor that runs for packets, over a veth pair, by BPF statistics';

const SECONDS = 1;

const loads = [
  {
    name: 'request',
    start: () => startWeb({ body: 100, connections: 8, wire: 'veth' }),
  },
  {
    name: 'connection',
    start: () =>
      startWeb({ body: 100, connections: 8, close: true, wire: 'veth' }),
  },
  { name: 'query', start: () => startQueries({ wire: 'veth' }) },
  { name: 'megabyte', start: () => startBulk({ wire: 'veth' }) },
  {
    name: 'megabyte under pressure',
    start: () => underPressure(() => startBulk({ wire: 'veth' })),
    /** The sensor attaches it when it has seen the pressure. */
    awaited: 'on_packet_arrives',
  },
];

const attach = object => background(built('bench-attach'), [built(object)]);

const tools = [
  { name: 'sensor', ...sensorWithout() },
  { name: 'counter', ...attach('counter.bpf.o') },
  { name: 'empty', ...attach('sockets.bpf.o') },
];

/** Runs less often than this for a unit are those of something else. */
const LEAST_RUNS = 0.01;

/** Ns and runs of each of a tool's programs for a unit of a load, in a second: `[{name, ns, runs}]`. */
async function price(tool, load) {
  const { awaited } = load;
  const isAwaited = name =>
    tool.name !== 'sensor' || awaited === undefined || name === awaited;
  const { done, programs } = await priced(tool, isAwaited, {
    done: load.done,
    run: () => sleep(SECONDS * 1000),
  });
  return programs.map(({ name, ns, runs }) => ({
    name,
    ns: ns / done,
    runs: runs / done,
  }));
}

/** `rounds` of both tools under every load. */
export async function run({ rounds }) {
  const samples = [];
  await withStatistics(async () => {
    for (let round = 0; round < rounds; round++)
      for (const load of loads) {
        const { awaited } = load;
        const started = await load.start();
        try {
          for (const tool of tools)
            for (const program of await price(tool, { ...started, awaited }))
              samples.push({
                round,
                load: load.name,
                tool: tool.name,
                ...program,
              });
        } finally {
          await started.stop();
        }
      }
  });
  return { samples, ...summary(samples, rounds) };
}

function summary(samples, rounds) {
  const results = [];
  const texts = [];
  for (const load of loads) {
    const rows = [
      [`by ${load.name}`, 'ns', 'least', 'most', 'runs', 'ns a run'],
    ];
    const under = samples.filter(sample => sample.load === load.name);
    const names = [
      ...new Set(under.map(({ tool, name }) => `${tool} ${name}`)),
    ];
    for (const each of names) {
      const [tool, name] = each.split(' ');
      const of = key =>
        under.filter(s => s.tool === tool && s.name === name).map(s => s[key]);
      const [ns, runs] = [median(of('ns')), median(of('runs'))];
      if (runs < LEAST_RUNS) continue;
      results.push({
        name: `${name} (${load.name})`,
        value: rounded(ns, 1),
        unit: `ns per ${load.name}`,
      });
      rows.push([
        name,
        ns.toFixed(0),
        Math.min(...of('ns')).toFixed(0),
        Math.max(...of('ns')).toFixed(0),
        runs.toFixed(2),
        (ns / runs).toFixed(0),
      ]);
    }
    texts.push(table(rows));
  }
  return {
    results,
    text: `${texts.join('\n\n')}\n\nMedians of ${rounds} rounds, both ends. Each run includes the statistics' own two clock reads (the rows that begin with "empty").`,
  };
}
