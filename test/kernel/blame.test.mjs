// The sensor against the running kernel: real cgroups, real threads, the kernel's own books.
import assert from 'node:assert/strict';
import test from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { cannotTrace } from './lib/build.mjs';
import { cgroupTree } from './lib/cgroups.mjs';
import { partsNs, sinceStart, startSensor, victim } from './lib/sensor.mjs';

const skip = cannotTrace();
const cpu = 1;
const percent = (part, whole) => (100 * part) / whole;

/** Runs a scenario under a sensor; returns the last frame, taken when the loads stand still, after checking every frame. */
async function observe(tree, scenario, interval = '0.5') {
  const sensor = startSensor('--interval', interval);
  try {
    await sensor.next();
    const loads = await scenario(sensor);
    await Promise.all(loads.map(load => load.done));
    // Two edges: everything that closed before they stood still is in the second frame.
    await sensor.next();
    await sensor.next();
    const last = sinceStart(sensor.frames);
    const waitedNs = loads.map(load => load.waitedNs());
    for (const frame of sensor.frames) {
      assert.equal(
        frame.health.conservation.unequal,
        0,
        'a wait differs from the sum of its parts',
      );
      assert.equal(frame.health.conservation.differenceNs, '0');
    }
    // Cumulative: a comparison that was made stays counted.
    const compared = sensor.frames.map(
      frame => frame.health.conservation.victims,
    );
    assert.ok(compared.at(-1) > 0, 'nothing was compared');
    assert.deepEqual(
      compared,
      compared.toSorted((a, b) => a - b),
    );
    return { last, waitedNs, frames: sensor.frames };
  } finally {
    await sensor.stop();
    await tree.end();
  }
}

function assertWait(seen, waitedNs, what) {
  const error = percent(Math.abs(seen.waitNs - waitedNs), waitedNs);
  assert.ok(
    error <= 1,
    `${what}: ${seen.waitNs} ns seen, ${waitedNs} ns in the kernel's books: ${error.toFixed(3)} % apart`,
  );
  assert.equal(partsNs(seen.blame), seen.waitNs, `${what}: parts and wait`);
}

/** One thread cannot have waited for anybody longer than that one ran. Whatever else the machine does, this holds. */
function assertOnlyWhoRan(frame, seen) {
  // By id: a path may have been two cgroups, one after the other.
  for (const { victim: id, kind, culprit, ns } of frame.blame) {
    if (id !== seen.id || kind !== 'cgroup') continue;
    const ran = frame.cpu.find(c => c.cgroup === culprit)?.ns ?? '0';
    assert.ok(
      BigInt(ns) <= BigInt(ran),
      `cgroup ${culprit} is charged ${ns} ns and ran ${ran} ns`,
    );
  }
}

test(
  'a neighbour that runs while another waits is charged, by name, with exactly that',
  { skip },
  async () => {
    const tree = cgroupTree();
    const [quiet, noisy] = [tree.add('quiet'), tree.add('noisy')];
    const { last, waitedNs } = await observe(tree, () => [
      tree.load(quiet, { seconds: 3, runUs: 3000, sleepUs: 2000, cpu }),
      tree.load(noisy, { seconds: 3, threads: 2, cpu }),
    ]);
    const [hurt, culprit] = [victim(last, quiet), victim(last, noisy)];
    assertWait(hurt, waitedNs[0], 'victim');
    assertWait(culprit, waitedNs[1], 'culprit');
    assert.ok(
      hurt.blame[`cgroup ${noisy}`] > 0.1 * hurt.waitNs,
      JSON.stringify(hurt.blame),
    );
    assertOnlyWhoRan(last, hurt);
    assert.ok(percent(hurt.blame.unattributed ?? 0, hurt.waitNs) <= 1);
  },
);

test(
  'threads that crowd their own container accuse nobody else',
  { skip },
  async () => {
    const tree = cgroupTree();
    const crowd = tree.add('crowd');
    const { last, waitedNs } = await observe(tree, () => [
      tree.load(crowd, { seconds: 3, threads: 20, cpu }),
    ]);
    const seen = victim(last, crowd);
    assertWait(seen, waitedNs[0], 'crowd');
    // While one of 20 threads runs, at most 19 wait for it; never does one wait for itself.
    const self = seen.blame[`cgroup ${crowd}`];
    assert.ok(
      self <= 19 * seen.cpuNs && self > 15 * seen.cpuNs,
      `${self} ns for itself, having run ${seen.cpuNs} ns`,
    );
    assert.ok(percent(seen.blame.unattributed ?? 0, seen.waitNs) <= 1);
  },
);

test(
  'threads that move between CPUs while they wait are charged to whoever had each CPU',
  { skip },
  async () => {
    const tree = cgroupTree();
    const [a, b] = [tree.add('a'), tree.add('b')];
    const { last, waitedNs } = await observe(tree, () => [
      tree.load(a, { seconds: 3, runUs: 2000, sleepUs: 700, threads: 5 }),
      tree.load(b, { seconds: 3, runUs: 5000, sleepUs: 300, threads: 4 }),
    ]);
    assert.ok(Number(last.health.events.sched_migrate_task) > 0);
    assertWait(victim(last, a), waitedNs[0], 'a');
    assertWait(victim(last, b), waitedNs[1], 'b');
  },
);

for (const level of ['container', 'pod']) {
  test(
    `a quota on the ${level} is told apart from the neighbour, and agrees with cpu.stat`,
    { skip },
    async () => {
      const tree = cgroupTree({ first: true });
      const pod = tree.add('pod', level === 'pod' ? { quota: 0.3 } : {});
      const limited = tree.add(
        'pod/limited',
        level === 'container' ? { quota: 0.3 } : {},
      );
      const noisy = tree.add('noisy');
      const quota = level === 'pod' ? pod : limited;
      let stoppedNs;
      const { last, waitedNs } = await observe(tree, () => {
        const load = tree.load(limited, { seconds: 3, cpu });
        const neighbour = tree.load(noisy, {
          seconds: 3,
          runUs: 2000,
          sleepUs: 2000,
          cpu,
        });
        load.done = load.done
          .then(() => sleep(200))
          .then(() => (stoppedNs = tree.throttledNs(quota)));
        return [load, neighbour];
      });
      const seen = victim(last, limited);
      assertWait(seen, waitedNs[0], 'limited');
      const ns = seen.blame[`throttled ${quota}`];
      const error = percent(Math.abs(ns - stoppedNs), stoppedNs);
      assert.ok(
        error <= 1,
        `throttled ${ns} ns, cpu.stat ${stoppedNs} ns: ${error.toFixed(3)} % apart`,
      );
      assert.ok(seen.blame[`cgroup ${noisy}`] > 0);
      const stall = seen.stalls.find(s => s.quota === quota);
      assert.equal(stall.ns, ns);
      assert.ok(stall.count > 0);
    },
  );
}

test(
  'a sidecar that burns the pod quota: both stop, each by the pod, and the wait for the sidecar is told apart',
  { skip },
  async () => {
    const tree = cgroupTree({ first: true });
    const pod = tree.add('pod', { quota: 0.5 });
    const [app, sidecar] = [tree.add('pod/app'), tree.add('pod/sidecar')];
    const { last, waitedNs } = await observe(tree, () => [
      tree.load(app, { seconds: 3, runUs: 1000, sleepUs: 4000, cpu }),
      tree.load(sidecar, { seconds: 3, cpu }),
    ]);
    const [victimApp, burner] = [victim(last, app), victim(last, sidecar)];
    assertWait(victimApp, waitedNs[0], 'app');
    assertWait(burner, waitedNs[1], 'sidecar');
    assert.ok(victimApp.blame[`throttled ${pod}`] > 0);
    assert.ok(victimApp.blame[`cgroup ${sidecar}`] > 0);
    assert.ok(burner.cpuNs > 2 * victimApp.cpuNs);
  },
);

test(
  'a container that lives for less than an interval is named, with what it waited and caused',
  { skip },
  async () => {
    const tree = cgroupTree();
    const steady = tree.add('steady');
    let short;
    const sensor = startSensor('--interval', '2');
    try {
      await sensor.next();
      tree.load(steady, { seconds: 4, cpu });
      await sleep(300);
      short = tree.add('short-lived');
      const load = tree.load(short, { seconds: 0.04, cpu });
      await load.done;
      load.stdin.end();
      await load.ended;
      const frame = await sensor.next();
      const seen = victim(frame, short);
      assert.ok(seen.id, 'its name is in the frame');
      assert.ok(seen.blame[`cgroup ${steady}`] > 0);
      assert.ok(victim(frame, steady).blame[`cgroup ${short}`] > 0);
      assert.equal(frame.health.lost.cgroupNames, '0');
    } finally {
      await sensor.stop();
      await tree.end();
    }
  },
);

test(
  'a wait that is open at the edge is shown with its age, and a thread that never stops is seen running',
  { skip },
  async () => {
    const tree = cgroupTree();
    const [hog, starved] = [tree.add('hog'), tree.add('starved')];
    const sensor = startSensor('--interval', '0.3');
    try {
      await sensor.next();
      tree.load(hog, { seconds: 3, cpu });
      tree.load(starved, { seconds: 3, threads: 30, cpu });
      await sleep(1500);
      const frame = await sensor.next();
      const seen = victim(frame, starved);
      assert.ok(seen.open.count >= 25, JSON.stringify(seen.open));
      assert.ok(Number(seen.open.oldestNs) > 1e6);
      assert.ok(victim(frame, hog).cpuNs > 0);
    } finally {
      await sensor.stop();
      await tree.end();
    }
  },
);
