#!/usr/bin/env node
// How right the waits are: every situation below runs in cgroups of its own under the sensor, and its threads' run_delay, summed
// by a second program when they are freed, is the truth. --json prints one document, --seconds N the length of each (default 3).
import { execFileSync, spawn } from 'node:child_process';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { setTimeout as sleep } from 'node:timers/promises';
import { cgroupTree } from '../../test/kernel/lib/cgroups.mjs';
import { build, root } from '../../test/kernel/lib/build.mjs';
import { partsNs, startSensor, victim } from '../../test/kernel/lib/sensor.mjs';

const { values: options } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    seconds: { type: 'string', default: '3' },
  },
});
const seconds = Number(options.seconds);
const built = join(root, 'bpf-agent/build');
const { load } = build();
execFileSync('make', ['-s', '-C', join(root, 'bpf-agent'), 'bench'], {
  stdio: ['ignore', 'ignore', 'inherit'],
});

const run = (runUs, sleepUs, threads, cpu) => [
  load,
  ...[
    seconds,
    runUs,
    sleepUs,
    threads,
    ...(cpu === undefined ? [] : [cpu]),
  ].map(String),
];

/** Situations: commands by cgroup. The loads end by themselves. */
const situations = {
  '4 hogs against a sleeper, one CPU': {
    victim: [run(3000, 1000, 1, 1)],
    hogs: [run(1000, 0, 4, 1)],
  },
  '9 threads on 2 CPUs, migrating': {
    a: [run(2000, 700, 5)],
    b: [run(5000, 300, 4)],
  },
  'perf bench sched messaging': {
    messaging: [
      ['perf', 'bench', 'sched', 'messaging', '-g', '4', '-l', '400'],
    ],
  },
  'stress-ng --switch 4': {
    switch: [
      ['stress-ng', '--quiet', '--switch', '4', '--timeout', String(seconds)],
    ],
  },
  'pipe ping-pong': {
    pipe: [
      ['taskset', '-c', '1', 'perf', 'bench', 'sched', 'pipe', '-l', '200000'],
    ],
  },
  '80 ms bursts of 8 threads against a service': {
    service: [run(2000, 3000, 2)],
    bursts: [run(10000, 115000, 8)],
  },
  '200 threads in one container': { crowd: [run(1000, 0, 200)] },
  'SCHED_FIFO culprit': {
    victim: [run(1000, 500, 2, 1)],
    root: [['chrt', '-f', '10', ...run(2000, 6000, 1, 1)]],
  },
  'nice 19 against nice 0': {
    nice: [['nice', '-n', '19', ...run(1000, 0, 2, 1)]],
    plain: [run(1000, 200, 2, 1)],
  },
  'victims pinned to one CPU, culprits free': {
    pinned: [run(1500, 1500, 3, 1)],
    free: [run(1000, 100, 4)],
  },
  'quota of 0.3 CPU with a neighbour': {
    'limited=0.3': [run(1000, 0, 2, 1)],
    neighbour: [run(2000, 1000, 1, 1)],
  },
};

/** Sums of run_delay of the threads that have exited, by cgroup id. */
function books() {
  const entries = JSON.parse(
    execFileSync('bpftool', ['-j', 'map', 'dump', 'name', 'run_delay_truth'], {
      maxBuffer: 1 << 26,
    }),
  );
  return new Map(
    entries.map(({ formatted }) => [
      String(formatted.key),
      Number(formatted.value),
    ]),
  );
}

async function measure(name, groups) {
  const tree = cgroupTree();
  const sensor = startSensor('--interval', '0.5', '--budget', '0');
  try {
    await sensor.next();
    const started = Object.entries(groups).flatMap(([group, commands]) => {
      const [label, quota] = group.split('=');
      // SCHED_FIFO needs a real-time budget, which only the root cgroup has.
      const path =
        label === 'root'
          ? undefined
          : tree.add(label, quota ? { quota: Number(quota) } : {});
      return commands.map(([command, ...args]) => {
        if (path) return { path, child: tree.run(path, command, args) };
        const child = spawn(command, args, {
          stdio: ['pipe', 'pipe', 'inherit'],
        });
        child.ended = new Promise(resolve => child.on('close', resolve));
        return { child };
      });
    });
    for (const { child } of started) {
      child.stdout.resume();
      child.stdin.end();
    }
    await Promise.all(started.map(({ child }) => child.ended));
    await sensor.next();
    const frame = await sensor.next();
    const truth = books();
    return [...new Set(started.map(s => s.path).filter(Boolean))].map(path => {
      const seen = victim(frame, path);
      const ns = truth.get(seen.id) ?? 0;
      return {
        situation: name,
        group: path.split('/').pop(),
        truthNs: ns,
        seenNs: seen.waitNs,
        errorPercent: (100 * (seen.waitNs - ns)) / ns,
        unattributedPercent:
          (100 * (seen.blame.unattributed ?? 0)) / seen.waitNs,
        partsDifferNs: Math.abs(partsNs(seen.blame) - seen.waitNs),
        waits: seen.count,
        lost: Number(frame.health.lost.switches),
        unequal: frame.health.conservation.unequal,
      };
    });
  } finally {
    await sensor.stop();
    await tree.end();
  }
}

const truth = spawn(join(built, 'bench-attach'), [join(built, 'truth.bpf.o')], {
  stdio: 'ignore',
});
const rows = [];
try {
  await sleep(1500);
  for (const [name, groups] of Object.entries(situations))
    rows.push(...(await measure(name, groups)));
} finally {
  truth.kill('SIGINT');
}
if (options.json) {
  console.log(
    JSON.stringify({
      results: rows.map(r => ({
        name: `${r.situation}: ${r.group}`,
        value: r.errorPercent,
        unit: '%',
        ratioTo: {},
      })),
    }),
  );
} else {
  console.log(
    '| situation | cgroup | waits | run_delay, ms | seen, ms | error, % | unattributed, % | frames with wait ≠ parts | lost switches repaired |',
  );
  console.log('|---|---|--:|--:|--:|--:|--:|--:|--:|');
  for (const r of rows)
    console.log(
      `| ${r.situation} | ${r.group} | ${r.waits} | ${(r.truthNs / 1e6).toFixed(3)} | ${(r.seenNs / 1e6).toFixed(3)} | ${r.errorPercent.toFixed(4)} | ${r.unattributedPercent.toFixed(3)} | ${r.unequal + (r.partsDifferNs ? 1 : 0)} | ${r.lost} |`,
    );
}
const wrong = rows.filter(
  r =>
    Math.abs(r.errorPercent) > 1 ||
    r.unattributedPercent > 1 ||
    r.unequal ||
    r.partsDifferNs,
);
process.exitCode = wrong.length ? 1 : 0;
