// Who burned a quota: the sensor against real quotas and the kernel's own count of their periods.
import assert from 'node:assert/strict';
import test from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { cannotTrace } from './lib/build.mjs';
import { cgroupTree } from './lib/cgroups.mjs';
import { startSensor, victim } from './lib/sensor.mjs';

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
