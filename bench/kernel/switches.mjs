// What one switch and the wakeup that belongs to it cost under the sensor, beside the tools that only count. Every tool in
// turn, several rounds; the kernel's own BPF statistics are the clock.
import { execFileSync, spawn } from 'node:child_process';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { built, root } from './lib/built.mjs';
import { median } from './lib/stats.mjs';
import { table } from './lib/table.mjs';

export const statsSwitch = '/proc/sys/kernel/bpf_stats_enabled';

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

/** A tool that runs in the background: how to start it, and what ends it. */
export function background(command, argv) {
  return {
    start() {
      const child = spawn(command, argv, {
        stdio: ['ignore', 'ignore', 'pipe'],
      });
      let said = '';
      child.stderr.on('data', chunk => (said += chunk));
      const ended = new Promise(resolve => child.on('close', resolve));
      return {
        pid: child.pid,
        said: () => said,
        async stop() {
          child.kill('SIGINT');
          await ended;
        },
      };
    },
  };
}

/** The sensor, some of its steps switched off for good. */
export const sensorWithout = steps =>
  background(built('contention-sensor'), [
    '--interval',
    '1',
    '--budget',
    '0',
    ...(steps ? ['--without', steps] : []),
  ]);

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

/** Every BPF program on this machine: id -> name, runs and ns so far. */
export function programs() {
  const list = JSON.parse(
    execFileSync('bpftool', ['-j', 'prog', 'show'], { maxBuffer: 1 << 26 }),
  );
  return new Map(
    list.map(p => [
      p.id,
      { name: p.name ?? '', runs: p.run_cnt ?? 0, ns: p.run_time_ns ?? 0 },
    ]),
  );
}

/** Ids of the BPF programs that a process holds, also through links. */
export function programsOf(pid) {
  const folder = `/proc/${pid}/fdinfo`;
  return new Set(
    readdirSync(folder).flatMap(fd => {
      const id = /^prog_id:\s+(\d+)/m.exec(readIfThere(join(folder, fd)))?.[1];
      return id ? [Number(id)] : [];
    }),
  );
}

function readIfThere(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (error.code === 'ENOENT') return '';
    throw error;
  }
}

const isSwitch = name => /switch/.test(name);

/** Runs load under tool and prices it: all ns of its programs, by run of its switch program. */
export async function price(tool, load) {
  const others = programs();
  const running = tool.start();
  try {
    const mine = () => [...programs()].filter(([id]) => !others.has(id));
    const deadline = Date.now() + 20_000;
    let before = mine();
    while (!before.some(([, p]) => isSwitch(p.name) && p.runs > 0)) {
      if (Date.now() > deadline)
        throw new Error(
          `${tool.name} attaches no program within 20 s: ${running.said()}`,
        );
      await sleep(200);
      before = mine();
    }
    await sleep(300);
    before = new Map(mine());
    execFileSync(load.argv[0], load.argv.slice(1), { stdio: 'ignore' });
    let ns = 0;
    let switches = 0;
    let runs = 0;
    for (const [id, p] of mine()) {
      const was = before.get(id) ?? { ns: 0, runs: 0 };
      ns += p.ns - was.ns;
      runs += p.runs - was.runs;
      if (isSwitch(p.name)) switches += p.runs - was.runs;
    }
    return {
      tool: tool.name,
      load: load.name,
      ns,
      switches,
      runs,
      nsPerPair: ns / switches,
    };
  } finally {
    await running.stop();
  }
}

/** `rounds` of every tool under every load. */
export async function run({ rounds }) {
  const statsBefore = readFileSync(statsSwitch, 'utf8');
  const samples = [];
  writeFileSync(statsSwitch, '1');
  try {
    for (let round = 0; round < rounds; round++)
      for (const load of loads)
        for (const tool of tools)
          samples.push({ round, ...(await price(tool, load)) });
  } finally {
    writeFileSync(statsSwitch, statsBefore);
  }
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
