// Who burned a quota: the arithmetic in burn.h against its oracle, mistakes that the oracle must catch, and the sensor
// against real quotas and the kernel's own count of their periods.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import {
  cpSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { build, cannotTrace, root } from './lib/build.mjs';
import { cgroupTree } from './lib/cgroups.mjs';
import { startSensor, victim } from './lib/sensor.mjs';

const agent = join(root, 'bpf-agent');
const schedules = process.env.CONTENTION_ORACLE_SCHEDULES ?? '20000';

test(`CPU time in throttled periods equals the oracle to the nanosecond over ${schedules} schedules`, () => {
  const said = execFileSync(build().burn, [schedules], { encoding: 'utf8' });
  const [, lossy] = new RegExp(
    `^${schedules} schedules from seed 1, (\\d+) with losses, \\d+ ns burned, 0 wrong$`,
    'm',
  ).exec(said);
  // Where something was lost, only "not too much" can be said: of most schedules nothing may be.
  assert.ok(Number(lossy) < 0.25 * Number(schedules), said);
});

/** What is wrong, and how. */
const mutants = [
  [
    'every period counts as throttled',
    'if (period & PERIOD_THROTTLED)\n\t\tburn_sink(slot, burn->cgroup, burn->quota, ns);',
    'burn_sink(slot, burn->cgroup, burn->quota, ns);',
  ],
  [
    'periods that a long piece passed through count as throttled',
    'if (start < end && period & PERIOD_THROTTLED)',
    'if (start < end)',
  ],
  [
    'a piece belongs to the period in which it ended',
    'burn->ns = end > start ? end - start : 0;',
    'burn->ns = piece->to - piece->from;\n\tstart = piece->from;',
  ],
  [
    'a piece that began earlier is cut off at the start of the period',
    'return start <= piece->from;',
    'return 1;',
    'for (__u32 i = 0; i < BURN_PERIODS && start > piece->from',
    'for (__u32 i = 0; 0 && start > piece->from',
  ],
  [
    'the throttled bit is that of the period before',
    'periods->past[burn->period & (BURN_PERIODS - 1)]',
    'periods->past[(burn->period - 1) & (BURN_PERIODS - 1)]',
  ],
  [
    'what was kept back is booked twice',
    '\tns = burn->ns;\n\tburn->ns = 0;',
    '\tns = burn->ns;',
  ],
  [
    'what is kept back is forgotten when another piece comes',
    'burn->ns += ns;',
    'burn->ns = ns;',
  ],
  [
    'time in one period is added to what is kept of another',
    ' || burn->period != period)',
    ')',
  ],
  [
    'one quota pays for the other',
    'if (burn->cgroup == cgroup && burn->quota == quota)\n',
    'if (burn->cgroup == cgroup)\n',
    'burn->cgroup != cgroup || burn->quota != quota ||',
    'burn->cgroup != cgroup ||',
  ],
  [
    'periods that the kernel counted at once have a time of their own',
    'periods->past[(number - 1 - i) & (BURN_PERIODS - 1)] = periods->start << PERIOD_START;',
    ';',
  ],
  [
    'numbers that are too old are taken for newer ones',
    'return periods->newest - number < periods->known;',
    'return 1;',
  ],
  ['the next period begins where this one began', 'periods->start = end;', ';'],
];

for (const [name, ...changes] of mutants)
  test(`the oracle catches it if ${name}`, t => {
    const copy = mkdtempSync(join(tmpdir(), 'contention-mutant-'));
    t.after(() => rmSync(copy, { recursive: true }));
    cpSync(join(agent, 'bpf'), join(copy, 'bpf'), { recursive: true });
    let header = readFileSync(join(copy, 'bpf/burn.h'), 'utf8');
    for (let i = 0; i < changes.length; i += 2) {
      const [from, to] = changes.slice(i, i + 2);
      assert.ok(
        header.includes(from),
        `burn.h has changed: there is no ${JSON.stringify(from)} in it`,
      );
      header = header.replace(from, to);
    }
    writeFileSync(join(copy, 'bpf/burn.h'), header);
    const variables = [
      `HEADERS=${join(copy, 'bpf')}`,
      `out=${copy}`,
      'CFLAGS=-O1 -Wno-error',
    ];
    execFileSync(
      'make',
      ['-s', '-C', agent, ...variables, join(copy, 'burn-test')],
      { stdio: ['ignore', 'ignore', 'pipe'] },
    );
    const { status, signal } = spawnSync(join(copy, 'burn-test'), ['3000'], {
      timeout: 60_000,
    });
    assert.ok(status || signal, 'it survives');
  });

const skip = cannotTrace();
const cpu = 1;

/** Milliseconds that each cgroup burned of a quota, by path, in the last of these frames. */
function burnedMs(frame, quota) {
  const names = new Map(frame.cgroups.map(c => [c.id, c.path]));
  return Object.fromEntries(
    frame.burn
      .filter(row => names.get(row.quota) === quota)
      .map(row => [names.get(row.cgroup), Number(row.ns) / 1e6]),
  );
}

/** The last frame of a sensor that has watched the scenario, and a moment more. */
async function watch(tree, scenario) {
  const sensor = startSensor('--interval', '0.5');
  try {
    await sensor.next();
    await scenario();
    // What was used in the last period is known when somebody runs after its end.
    await sensor.next();
    await sensor.next();
    return await sensor.next();
  } finally {
    await sensor.stop();
  }
}

/** What a CPU takes of a budget at once, and may use in another period than the one that gave it, ms (sched_cfs_bandwidth_slice). */
const sliceMs = 5;

/** Periods in which the quota ran out, by the kernel's own count; 0, and the test is skipped, where a busy CPU gave too little. */
function throttledPeriods(t, tree, path) {
  const periods = tree.throttledPeriods(path);
  if (periods >= 5) return periods;
  t.skip(`the quota ran out in ${periods} periods only: this machine is busy`);
  return 0;
}

/** A period gives its budget, and at most a slice more or less where another period did not use its own or used too much. */
function assertBudget(ms, periods, quotaMs) {
  const [least, most] = [-sliceMs, sliceMs].map(
    slice => periods * (quotaMs + slice),
  );
  assert.ok(
    ms >= least && ms <= most,
    `${ms} ms burned, of ${periods} periods with ${quotaMs} ms`,
  );
}

test(
  'who burned a pod quota: by the shares that the containers have, and no more than the throttled periods had to give',
  { skip },
  async t => {
    const tree = cgroupTree();
    const pod = tree.add('pod', { quota: 0.2 });
    const app = tree.add('pod/app', { weight: 100 });
    const sidecar = tree.add('pod/sidecar', { weight: 300 });
    try {
      let loads;
      const frame = await watch(tree, async () => {
        loads = [app, sidecar].map(path =>
          tree.load(path, { seconds: 4, cpu }),
        );
        await Promise.all(loads.map(load => load.done));
      });
      // What the weights came to, by the kernel's own books of these threads.
      const [appMs, sidecarMs] = loads.map(load => load.ranNs() / 1e6);
      const periods = throttledPeriods(t, tree, pod);
      if (!periods) return;
      const burned = burnedMs(frame, pod);
      assert.deepEqual(Object.keys(burned).sort(), [app, sidecar]);
      const all = burned[app] + burned[sidecar];
      const share = burned[sidecar] / all;
      const ran = sidecarMs / (appMs + sidecarMs);
      assert.ok(ran > 0.55, `the sidecar had ${ran} of the time`);
      assert.ok(
        Math.abs(share - ran) < 0.05,
        `the sidecar burned ${share}, and ran ${ran} of the time`,
      );
      assertBudget(all, periods, 20);
      assert.ok(burned[app] <= appMs && burned[sidecar] <= sidecarMs);
      assert.equal(frame.health.lost.burn, '0');
    } finally {
      await tree.end();
    }
  },
);

test(
  "who runs only in periods that are not throttled burns nothing; a container's own quota is told apart from its pod's",
  { skip },
  async t => {
    const tree = cgroupTree();
    const pod = tree.add('pod', { quota: 0.6 });
    const calm = tree.add('pod/calm');
    const greedy = tree.add('pod/greedy', { quota: 0.1 });
    try {
      const frame = await watch(tree, async () => {
        // In one pod, one after the other.
        await tree.load(calm, {
          seconds: 1.5,
          runUs: 1000,
          sleepUs: 9000,
          cpu,
        }).done;
        await sleep(300);
        await tree.load(greedy, { seconds: 1.5, cpu }).done;
      });
      const periods = throttledPeriods(t, tree, greedy);
      if (!periods) return;
      assert.deepEqual(burnedMs(frame, pod), {});
      const burned = burnedMs(frame, greedy);
      assert.deepEqual(Object.keys(burned), [greedy]);
      assertBudget(burned[greedy], periods, 10);
      assert.ok(victim(frame, calm).cpuNs > 0);
    } finally {
      await tree.end();
    }
  },
);

test(
  'of a pod that is throttled some of the time, who ran at other times burned nothing',
  { skip },
  async t => {
    const tree = cgroupTree();
    const pod = tree.add('pod', { quota: 0.2 });
    const [calm, greedy] = [tree.add('pod/calm'), tree.add('pod/greedy')];
    try {
      const frame = await watch(tree, async () => {
        for (let turn = 0; turn < 3; turn++) {
          await tree.load(calm, {
            seconds: 0.6,
            runUs: 1000,
            sleepUs: 9000,
            cpu,
          }).done;
          await sleep(250);
          await tree.load(greedy, { seconds: 0.4, cpu }).done;
          await sleep(250);
        }
      });
      const periods = throttledPeriods(t, tree, pod);
      if (!periods) return;
      const burned = burnedMs(frame, pod);
      assertBudget(burned[greedy], periods, 20);
      // What it keeps of a slice of the budget may be used after the period that it was for: 1 ms each turn.
      assert.ok((burned[calm] ?? 0) <= 3, JSON.stringify(burned));
      assert.ok(victim(frame, calm).cpuNs > 20e6);
    } finally {
      await tree.end();
    }
  },
);
