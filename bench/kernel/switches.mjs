// What one switch and the wakeup that belongs to it cost under the sensor, beside the tools that only count. Every tool in
// turn, several rounds; the kernel's own BPF statistics are the clock.
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { background, sensorWithout } from './lib/background.mjs';
import { priced, together, withStatistics } from './lib/bpf-statistics.mjs';
import { built, root } from './lib/built.mjs';
import { median } from './lib/stats.mjs';
import { table } from './lib/table.mjs';

export const title = 'Nanoseconds per switch and its wakeup, by BPF statistics';

/** Loads under which a switch is priced: one hot pipe, and many processes that fight for the CPUs. */
const loads = [
  {
    name: 'pipe',
    argv: [
      'taskset',
      '-c',
      '1',
      'perf',
      'bench',
      'sched',
      'pipe',
      '-l',
      '100000',
    ],
  },
  {
    name: 'messaging',
    argv: ['perf', 'bench', 'sched', 'messaging', '-g', '4', '-l', '250'],
  },
];

export const tools = [
  { name: 'base', ...sensorWithout('anatomy,interrupts,burn') },
  { name: '+ interrupts', ...sensorWithout('anatomy,burn') },
  { name: '+ quota burn', ...sensorWithout('anatomy,interrupts') },
  { name: '+ anatomy', ...sensorWithout('interrupts,burn') },
  { name: 'everything', ...sensorWithout() },
  { name: 'runqlat', ...background('/usr/sbin/runqlat', ['100']) },
  { name: 'runqslower', ...background('/usr/sbin/runqslower', ['1000000']) },
  {
    name: 'bpftrace runqlat',
    ...background('bpftrace', [join(root, 'bench/kernel/runqlat.bt')]),
  },
  {
    name: 'empty',
    ...background(built('bench-attach'), [built('empty.bpf.o')]),
  },
];

const isSwitch = name => /switch/.test(name);

/** Runs load under tool and prices it: all ns of its programs, by run of its switch program. */
export async function price(tool, load) {
  const { programs } = await priced(tool, isSwitch, {
    run() {
      execFileSync(load.argv[0], load.argv.slice(1), { stdio: 'ignore' });
    },
  });
  const { ns, runs } = together(programs);
  const switches = together(programs.filter(p => isSwitch(p.name))).runs;
  return {
    tool: tool.name,
    load: load.name,
    ns,
    switches,
    runs,
    nsPerPair: ns / switches,
  };
}

/** `rounds` of every tool under every load. */
export async function run({ rounds }) {
  const samples = [];
  await withStatistics(async () => {
    for (let round = 0; round < rounds; round++)
      for (const load of loads)
        for (const tool of tools)
          samples.push({ round, ...(await price(tool, load)) });
  });
  return { samples, ...summary(samples, rounds) };
}

function summary(samples, rounds) {
  const results = [];
  for (const load of loads) {
    const of = (tool, value) =>
      median(
        samples.filter(s => s.tool === tool && s.load === load.name).map(value),
      );
    const medians = Object.fromEntries(
      tools.map(t => [t.name, of(t.name, s => s.nsPerPair)]),
    );
    for (const tool of tools)
      results.push({
        name: load.name === 'pipe' ? tool.name : `${tool.name} (${load.name})`,
        value: Math.round(medians[tool.name] * 10) / 10,
        unit: 'ns per switch and wakeup',
        ratioTo: Object.fromEntries(
          tools
            .filter(t => t !== tool)
            .map(t => [
              t.name,
              Math.round((medians[tool.name] / medians[t.name]) * 1000) / 1000,
            ]),
        ),
      });
  }
  const rows = [
    ['', 'ns per switch and wakeup', 'least', 'most', 'x runqlat', 'x empty'],
  ];
  for (const result of results) {
    const [, tool, load] = /^(.*?)(?: \((messaging)\))?$/.exec(result.name);
    const raw = samples
      .filter(s => s.tool === tool && s.load === (load ?? 'pipe'))
      .map(s => s.nsPerPair);
    rows.push([
      result.name,
      result.value.toFixed(1),
      Math.min(...raw).toFixed(1),
      Math.max(...raw).toFixed(1),
      (result.ratioTo.runqlat ?? 1).toFixed(2),
      (result.ratioTo.empty ?? 1).toFixed(2),
    ]);
  }
  return {
    results,
    text: `${table(rows)}\n\nMedians of ${rounds} rounds. Each program run includes the statistics' own two clock reads (the row "empty").`,
  };
}
