// Many containers at once, on the running kernel: a thousand victims, four thousand culprits, and more pairs of them than
// there is room for.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import test from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { cannotTrace } from './lib/build.mjs';
import { booksNs, cgroupTree } from './lib/cgroups.mjs';
import { sinceStart, startSensor } from './lib/sensor.mjs';

const skip = cannotTrace();
const cpu = 1;

/** Rows of a frame by cgroup: `waits`, `cpu` as they are, `blame` as a Map of "kind culprit" to ns. */
function byCgroup(frame) {
  const blame = new Map();
  for (const { victim, kind, culprit, ns } of frame.blame) {
    const parts = blame.get(victim) ?? new Map();
    blame.set(victim, parts.set(`${kind} ${culprit ?? ''}`, Number(ns)));
  }
  return {
    paths: new Map(frame.cgroups.map(row => [row.id, row.path])),
    waits: new Map(frame.waits.map(row => [row.cgroup, row])),
    cpu: new Map(frame.cpu.map(row => [row.cgroup, Number(row.ns)])),
    blame,
  };
}

const sum = numbers => numbers.reduce((total, number) => total + number, 0);
const waitNs = (rows, id) => Number(rows.waits.get(id)?.sumNs ?? 0);
const partsNs = (rows, id) => sum([...(rows.blame.get(id)?.values() ?? [])]);
const otherNs = (rows, id) => rows.blame.get(id)?.get('other ') ?? 0;

/** A wait that takes less has seen fewer than a thousand switches: in none of them anybody had the CPU for 50 us. */
const SHORT_NS = 50e6;

/** How much of a cgroup's waiting were waits that are not short, ns, at most. */
const longWaitsNs = (rows, id) =>
  sum(
    (rows.waits.get(id)?.buckets ?? [])
      .map(([index, count]) => [1e9 * 2 ** ((index + 1) / 8), Number(count)])
      .filter(([mostNs]) => mostNs > SHORT_NS)
      .map(([mostNs, count]) => mostNs * count),
  );

function assertConserved({ health }) {
  assert.equal(health.conservation.unequal, 0, 'a wait differs from its parts');
  assert.equal(health.lost.ns, '0', 'time that found no room at all');
}

/** Interrupts of a CPU and what the hypervisor took of it so far, as far as the kernel tells: in ticks of 10 ms. */
function interruptedNs(ofCpu) {
  const line = readFileSync('/proc/stat', 'utf8')
    .split('\n')
    .find(row => row.startsWith(`cpu${ofCpu} `));
  const [irq, softirq, steal] = line.split(' ').slice(6).map(Number);
  return (irq + softirq + steal) * 1e7;
}

/** A frame taken while everybody who matters stands still: what is counted about them is complete. */
async function still(sensor) {
  await sensor.next();
  await sensor.next();
  return sinceStart(sensor.frames);
}

test(
  'a thousand containers: each wait, what it is made of and each name is there, and nothing is folded or lost',
  { skip },
  async () => {
    const tree = cgroupTree({ first: true });
    const sensor = startSensor('--interval', '1');
    try {
      await sensor.next();
      const crowd = await tree.crowd('crowd', 1000, ['together', 3, 100, 1e6]);
      const start = await still(sensor);
      const first = byCgroup(start);
      const before = crowd.members.map(({ pid }) => booksNs(pid).waitNs);
      crowd.begin();
      await crowd.done;
      const last = await still(sensor);
      const after = crowd.members.map(({ pid }) => booksNs(pid).waitNs);
      assertConserved(last);

      const rows = byCgroup(last);
      const unnamed = crowd.members.filter(
        ({ id, path }) => rows.paths.get(id) !== path,
      );
      assert.deepEqual(unnamed, []);
      for (const { id, path } of crowd.members) {
        assert.ok(rows.waits.has(id) && rows.cpu.get(id) > 0, path);
        assert.equal(partsNs(rows, id), waitNs(rows, id), path);
      }
      const wrong = crowd.members.filter(({ id }, i) => {
        const seen = waitNs(rows, id) - waitNs(first, id);
        const truth = after[i] - before[i];
        return Math.abs(seen - truth) > 0.01 * truth;
      });
      assert.deepEqual(wrong, [], 'waits that the kernel counts otherwise');

      // A wait that outlasts a thousand switches knows the oldest by the block. No short one does; and there are long
      // ones only where others, or the hypervisor, leave the crowd too little of the CPUs.
      const since = of =>
        sum(crowd.members.map(({ id }) => of(rows, id) - of(first, id)));
      const [folded, all, long] = [otherNs, waitNs, longWaitsNs].map(since);
      assert.ok(
        folded <= 0.01 * all + long,
        `folded: ${folded} of ${all} ns, of which ${long} ns were long waits`,
      );

      // Where all queue up at once everybody waits for everybody: those are more pairs than there is room for.
      const pairs = long > 0.01 * all ? [] : ['cells', 'culprits'];
      for (const reason of [...pairs, 'stalls', 'cgroupNames'])
        assert.equal(
          last.health.lost[reason],
          start.health.lost[reason],
          `lost: ${reason}`,
        );
      await crowd.end();
    } finally {
      await sensor.stop();
      await tree.end();
    }
  },
);

test(
  'four victims with 4,096 culprits in one interval: each culprit is charged with what it ran, by name',
  { skip },
  async () => {
    const tree = cgroupTree({ first: true });
    const crowd = await tree.crowd('crowd', 4096, ['turns', 100, cpu]);
    // One interval: the next line is the one that it ends with.
    // Turns this short may fall into an interrupt, or into time of the hypervisor's, as a whole.
    const sensor = startSensor('--interval', '600', '--without', 'interrupts');
    try {
      await sensor.next();
      const victims = [0, 1, 2, 3].map(i =>
        tree.add(`victim-${i}`, { weight: 20 }),
      );
      const hogs = victims.map(path => tree.load(path, { seconds: 120, cpu }));
      for (const hog of hogs) await hog.untilItRanNs(5e6);
      const before = interruptedNs(cpu);
      crowd.begin();
      await crowd.done;
      // While they are not told apart, this time is of whoever had the CPU, though nobody ran.
      const interrupted = interruptedNs(cpu) - before;
      // Their last wait ends when they run again.
      for (const hog of hogs) await hog.untilItRanNs(hog.ranNs() + 5e6);
      await sensor.stop();
      for (const hog of hogs) hog.kill('SIGKILL');
      const frame = sensor.frames.at(-1);
      assert.equal(sensor.frames.length, 2);
      assertConserved(frame);

      const rows = byCgroup(frame);
      const names = new Map([...rows.paths].map(([id, path]) => [path, id]));
      for (const path of victims) {
        const blame = rows.blame.get(names.get(path));
        const missing = crowd.members.filter(
          ({ id }) =>
            rows.paths.get(id) === undefined || !blame.has(`cgroup ${id}`),
        );
        // Where other programs make a wait outlast a thousand switches, or two switches in a row were not shown.
        const unclear = blame.has('other ') || blame.has('unattributed ');
        const folded = unclear ? 0.02 * crowd.members.length : 0;
        assert.ok(
          missing.length <= folded,
          `${path}: ${missing.length} are not among its culprits`,
        );
        // Each of the four always wants the CPU that a culprit has.
        const charged = sum(
          crowd.members.map(({ id }) => blame.get(`cgroup ${id}`) ?? 0),
        );
        const ran = sum(crowd.members.map(({ id }) => rows.cpu.get(id)));
        const error = (folded ? 0.03 : 0.01) * ran;
        assert.ok(
          charged >= ran - error && charged <= ran + interrupted + error,
          `${path}: charges ${charged} ns to culprits that ran ${ran} ns, while ${interrupted} ns were of interrupts and the hypervisor`,
        );
      }
      assert.equal(frame.health.lost.cells, '0');
      assert.equal(frame.health.lost.culprits, '0');
      await crowd.end();
    } finally {
      await sensor.stop();
      await tree.end();
    }
  },
);

test(
  'more pairs than there is room for: waits stay exact, a large culprit is named, small ones fold and are counted',
  { skip },
  async () => {
    const tree = cgroupTree();
    const sensor = startSensor('--interval', '600');
    try {
      await sensor.next();
      const crowd = await tree.crowd('crowd', 420, ['together', 4, 2000, 1]);
      const before = crowd.members.map(({ pid }) => booksNs(pid).waitNs);
      crowd.begin();
      await sleep(2000);
      // It comes late, when all room is taken, and takes more than the others.
      const large = tree.add('large', { weight: 10_000 });
      await tree.load(large, { seconds: 1, cpu }).done;
      await crowd.done;
      const after = crowd.members.map(({ pid }) => booksNs(pid).waitNs);
      await sensor.stop();
      const frame = sensor.frames.at(-1);
      assertConserved(frame);
      assert.ok(Number(frame.health.lost.cells) > 0, 'there was room');
      assert.ok(Number(frame.health.lost.culprits) > 0, 'there was room');

      const rows = byCgroup(frame);
      const id = frame.cgroups.find(({ path }) => path === large).id;
      const seen = sum(crowd.members.map(m => waitNs(rows, m.id)));
      const truth = sum(after) - sum(before);
      // They have waited a little before they began, too.
      assert.ok(
        Math.abs(seen - truth) <= 0.01 * truth,
        `${seen} ns seen, ${truth} ns in the kernel's books`,
      );
      const there = crowd.members.filter((_, i) => i % 2 === cpu);
      const named = there.filter(m =>
        rows.blame.get(m.id)?.has(`cgroup ${id}`),
      );
      // Not all of them: other programs here may fill the log of the CPU meanwhile.
      assert.ok(
        named.length > 0.5 * there.length,
        `the large one is named by ${named.length} of ${there.length}`,
      );
      const folded = sum(crowd.members.map(m => otherNs(rows, m.id)));
      assert.ok(folded > 0);
      await crowd.end();
    } finally {
      await sensor.stop();
      await tree.end();
    }
  },
);
