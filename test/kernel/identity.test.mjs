// Who a thread belongs to, while cgroups come and go and threads move between them, on the running kernel.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import test from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { build, cannotTrace } from './lib/build.mjs';
import { cgroupId, cgroupTree } from './lib/cgroups.mjs';
import {
  partsNs,
  readSensor,
  sinceStart,
  startSensor,
  victim,
} from './lib/sensor.mjs';

const skip = cannotTrace();
const cpu = 1;

/** What is counted about one cgroup id, whatever path it has. */
function byId(frame, id) {
  const parts = frame.blame.filter(row => row.victim === id);
  return {
    path: frame.cgroups.find(row => row.id === id)?.path,
    removed: frame.cgroups.find(row => row.id === id)?.removed ?? false,
    waitNs: Number(frame.waits.find(row => row.cgroup === id)?.sumNs ?? 0),
    cpuNs: Number(frame.cpu.find(row => row.cgroup === id)?.ns ?? 0),
    partsNs: parts.reduce((sum, row) => sum + Number(row.ns), 0),
    unattributedNs: parts
      .filter(row => row.kind === 'unattributed')
      .reduce((sum, row) => sum + Number(row.ns), 0),
  };
}

/**
 * What is seen of a load's waits against the kernel's books. It waits to begin there, and its threads to end, which nobody
 * can read from them.
 */
function assertWaited(seenNs, { waitedNs, enteringNs, endingNs = 0 }) {
  assert.ok(
    seenNs >= 0.99 * waitedNs &&
      seenNs <= 1.01 * waitedNs + enteringNs + endingNs,
    `${seenNs} ns seen, ${waitedNs} ns in the kernel's books, ${enteringNs} ns to enter, ${endingNs} ns to end`,
  );
}

const booksOf = load => ({
  waitedNs: load.waitedNs(),
  enteringNs: load.enteringNs(),
});

/** Ids that a frame speaks of without naming them. */
function unnamedIn({ cgroups, waits, blame, cpu: times, open }) {
  const named = new Set(cgroups.map(row => row.id));
  const spoken = [
    ...[...waits, ...times, ...open].map(row => row.cgroup),
    ...blame.flatMap(row => [row.victim, row.culprit ?? row.victim]),
  ];
  return new Set(spoken.filter(id => !named.has(id)));
}

/** Every id has a name, but for cgroups that were removed before the sensor came: their last threads may still be ending. */
function assertNamed(frames) {
  const older = unnamedIn(frames[0]);
  for (const frame of frames) {
    const unnamed = [...unnamedIn(frame)].filter(id => !older.has(id));
    assert.deepEqual(unnamed, [], `without a name in frame ${frame.sequence}`);
  }
}

/** Runs a scenario in one tree under one sensor, which `interval` seconds of everything that it counts go through. */
async function observe({ interval }, scenario) {
  const tree = cgroupTree({ first: true });
  const sensor = startSensor('--interval', String(interval));
  try {
    await sensor.next();
    await scenario(tree, sensor);
    assertNamed(sensor.frames);
    for (const { health } of sensor.frames) {
      assert.equal(health.conservation.unequal, 0);
      assert.equal(health.lost.ns, '0');
    }
  } finally {
    await sensor.stop();
    await tree.end();
  }
}

test(
  'a container that is restarted within an interval, under the same path, is another one each time',
  { skip },
  () =>
    observe({ interval: 600 }, async (tree, sensor) => {
      const steady = tree.add('steady');
      tree.load(steady, { seconds: 30, cpu });
      const lives = [];
      for (let i = 0; i < 3; i++) {
        const path = tree.add('restarted');
        const load = tree.load(path, { seconds: 0.3, cpu });
        await load.done;
        const life = {
          id: cgroupId(path),
          path,
          ...booksOf(load),
        };
        const stood = process.hrtime.bigint();
        load.stdin.end();
        await load.ended;
        // Its two threads.
        const endingNs = 2 * Number(process.hrtime.bigint() - stood);
        lives.push({ ...life, endingNs });
        await tree.remove(path);
      }
      await sensor.stop();
      const frame = sensor.frames.at(-1);
      assert.equal(new Set(lives.map(life => life.id)).size, 3);
      for (const life of lives) {
        const seen = byId(frame, life.id);
        assert.deepEqual([seen.path, seen.removed], [life.path, true]);
        assertWaited(seen.waitNs, life);
        assert.equal(seen.partsNs, seen.waitNs);
        assert.ok(seen.cpuNs > 0);
      }
    }),
);

test(
  'a container that is removed is shown as removed, and then forgotten with all that was counted about it',
  { skip },
  () =>
    observe({ interval: 0.2 }, async (tree, sensor) => {
      const steady = tree.add('steady');
      tree.load(steady, { seconds: 30, cpu });
      const path = tree.add('gone');
      const id = cgroupId(path);
      const load = tree.load(path, { seconds: 0.3, cpu });
      await load.done;
      load.stdin.end();
      await load.ended;
      await tree.remove(path);
      let frame;
      do frame = await sensor.next();
      while (!byId(frame, id).removed);
      assert.ok(byId(frame, id).waitNs > 0);
      const told = frame.sequence;
      do frame = await sensor.next();
      while (byId(frame, id).path);
      assert.ok(frame.sequence >= told + 2, 'shown as removed in two frames');
      const spoken = JSON.stringify([frame.waits, frame.blame, frame.cpu]);
      assert.ok(!spoken.includes(`"${id}"`));
    }),
);

test(
  'a thread that is moved to another cgroup while it waits: the wait is booked once, in full',
  { skip },
  () =>
    observe({ interval: 0.5 }, async (tree, sensor) => {
      const [a, b] = [tree.add('a'), tree.add('b')];
      const hog = tree.load(tree.add('hog'), { seconds: 30, threads: 3, cpu });
      const mover = tree.load(a, { seconds: 3, cpu });
      let stopped = false;
      mover.done.then(() => (stopped = true));
      let moves = 0;
      for (; !stopped; moves++) {
        tree.move(moves % 2 ? a : b, mover.pid);
        await sleep(7);
      }
      await sensor.next();
      await sensor.next();
      const last = sinceStart(sensor.frames);
      const seen = [a, b].map(path => victim(last, path));
      assert.ok(moves > 20);
      assert.ok(seen.every(one => one.waitNs > 0 && one.cpuNs > 0));
      for (const one of seen) assert.equal(partsNs(one.blame), one.waitNs);
      const sum = (of, list) => list.reduce((all, one) => all + of(one), 0);
      const waitNs = sum(one => one.waitNs, seen);
      assertWaited(waitNs, booksOf(mover));
      const unattributedNs = sum(one => one.blame.unattributed ?? 0, seen);
      assert.ok(unattributedNs <= 0.01 * waitNs, `${unattributedNs} ns`);
      const byHog = sum(one => one.blame[`cgroup ${hog.path}`] ?? 0, seen);
      assert.ok(byHog > 0.2 * waitNs, `${byHog} of ${waitNs} ns`);
    }),
);

test(
  "programs of the root cgroup are the root's, in whatever session they run",
  { skip: skip ?? withoutAutogroup() },
  () =>
    observe({ interval: 0.5 }, async (tree, sensor) => {
      const inside = tree.add('inside');
      const load = tree.load(inside, { seconds: 2, threads: 2, cpu });
      // Each session is a group of its own to the scheduler (autogroup), and none of them is a cgroup.
      const sessions = [0, 1].map(() =>
        tree.load('/', { seconds: 2, cpu, session: true }),
      );
      await Promise.all([load, ...sessions].map(one => one.done));
      for (const { pid } of sessions)
        assert.match(
          readFileSync(`/proc/${pid}/autogroup`, 'utf8'),
          /^\/autogroup-\d+/,
        );
      await sensor.next();
      await sensor.next();
      const last = sinceStart(sensor.frames);
      const root = victim(last, '/');
      assert.equal(root.id, cgroupId('/'));
      const ranNs = sessions.reduce((sum, one) => sum + one.ranNs(), 0);
      const waitedNs = sessions.reduce((sum, one) => sum + one.waitedNs(), 0);
      // Others live there, too.
      assert.ok(root.cpuNs >= 0.99 * ranNs, `${root.cpuNs} of ${ranNs} ns`);
      assert.ok(
        root.waitNs >= 0.99 * waitedNs,
        `${root.waitNs} of ${waitedNs} ns`,
      );
      assert.ok(root.blame[`cgroup ${inside}`] > 0);
      const seen = victim(last, inside);
      assertWaited(seen.waitNs, booksOf(load));
      assert.ok(seen.blame['cgroup /'] > 0);
    }),
);

test(
  'inside of a cgroup namespace, paths begin at its root, and what is outside has no name',
  { skip },
  async () => {
    const tree = cgroupTree({ first: true });
    const root = tree.add('node');
    const before = tree.add('node/before');
    const outside = tree.add('outside');
    const sensor = readSensor(
      tree.runNested(root, build().sensor, ['--interval', '0.5']),
    );
    try {
      const { hierarchy } = await sensor.next();
      const after = tree.add('node/after');
      await tree.load(outside, { seconds: 10, cpu }).untilItRanNs(1e6);
      const loads = [before, after].map(path =>
        tree.load(path, { seconds: 1.5, cpu }),
      );
      const outsideToo = tree.add('outside/after');
      const ids = [root, before, after, outside, outsideToo].map(cgroupId);
      await Promise.all(loads.map(load => load.done));
      await sensor.next();
      const frame = await sensor.next();
      const paths = ids.map(id => byId(frame, id).path);
      assert.deepEqual(paths, ['/', '/before', '/after', undefined, undefined]);
      assert.ok(hierarchy.mount.startsWith('/'));
      // It waits, and is waited for, all the same.
      assert.ok(byId(frame, cgroupId(outside)).waitNs > 0);
      const blamed = frame.blame.filter(
        row => row.culprit === cgroupId(outside),
      );
      assert.ok(blamed.some(row => row.victim === cgroupId(before)));
      assert.ok(blamed.some(row => row.victim === cgroupId(after)));
    } finally {
      await sensor.stop();
      await tree.end();
    }
  },
);

/** Why sessions have no group of their own here; undefined if they have. */
function withoutAutogroup() {
  try {
    const file = '/proc/sys/kernel/sched_autogroup_enabled';
    return readFileSync(file, 'utf8').trim() === '1'
      ? undefined
      : 'autogroup is switched off';
  } catch {
    return 'this kernel has no autogroup';
  }
}
