// The budget: the governor as a function, and what a sensor does on this kernel when its programs cost too much.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import test from 'node:test';
import { build, cannotTrace } from './lib/build.mjs';
import { cgroupTree } from './lib/cgroups.mjs';
import { startSensor, victim } from './lib/sensor.mjs';

const skip = cannotTrace();
const binaries = build();

test('the governor keeps its promises', async t => {
  const { stdout, status } = spawnSync(binaries.governor, {
    encoding: 'utf8',
  });
  const lines = stdout.trim().split('\n');
  assert.ok(lines.length > 10, stdout);
  for (const line of lines) {
    const [, kept, words] = /^(kept|broken): (.*)$/.exec(line);
    await t.test(words, () => assert.equal(kept, 'kept'));
  }
  assert.equal(status, 0);
});

/** Two containers that take a CPU from each other in short turns: many switches, and blame that is known in advance. */
function quarrel(tree) {
  const [hurt, other] = ['hurt', 'other'].map(name => tree.add(name));
  const load = { seconds: 120, runUs: 5, sleepUs: 5, threads: 6, cpu: 0 };
  const loads = [hurt, other].map(path => tree.load(path, load));
  return {
    hurt,
    other,
    end: () =>
      Promise.all(
        loads.map(child => {
          child.kill('SIGKILL');
          return child.ended;
        }),
      ),
  };
}

/** What a cgroup's waits were made of between two frames, ns by kind and culprit. */
function blameBetween(before, after, path) {
  const [earlier, later] = [before, after].map(
    frame => victim(frame, path).blame,
  );
  return Object.fromEntries(
    Object.entries(later)
      .map(([who, ns]) => [who, ns - (earlier[who] ?? 0)])
      .filter(([, ns]) => ns > 0),
  );
}

/** Wait and parts of every victim are equal, in every interval so far. (Totals lack culprits that are gone.) */
function conserves({ health: { conservation } }) {
  assert.ok(conservation.victims > 0);
  assert.equal(conservation.unequal, 0);
  assert.equal(conservation.differenceNs, '0');
}

/** Frames until one fulfils a condition. */
async function until(sensor, what, condition, atMost = 300) {
  const frames = [];
  while (frames.length < atMost) {
    frames.push(await sensor.next());
    if (condition(frames.at(-1))) return frames;
  }
  const { shed, budget } = frames.at(-1).health;
  throw new Error(
    `not within ${atMost} frames: ${what}; off: ${shed.join(', ') || 'nothing'}; ${JSON.stringify(budget)}`,
  );
}

test(
  'a budget that nothing can meet switches off step by step, says what, and waits are counted as ever',
  { skip },
  async t => {
    const tree = cgroupTree();
    const sensor = startSensor('--interval', '0.2', '--budget', '0.000001');
    t.after(() => sensor.stop());
    t.after(() => tree.end());
    const first = await sensor.next();
    const steps = Object.keys(first.health.shedNs);
    assert.deepEqual(first.health.shed, []);
    assert.ok(steps.length >= 2);
    const { hurt } = quarrel(tree);

    const frames = await until(
      sensor,
      'every step is off',
      frame => frame.health.shed.length === steps.length,
    );
    frames.forEach((frame, i) => {
      const { shed } = frame.health;
      const before = frames[i - 1]?.health.shed ?? [];
      assert.deepEqual(shed, steps.slice(0, shed.length));
      assert.ok(shed.length - before.length <= 1, 'one step at a time');
      conserves(frame);
    });

    const from = await sensor.next();
    const to = (
      await until(
        sensor,
        'a second',
        ({ sequence }) => sequence >= from.sequence + 5,
      )
    ).at(-1);
    conserves(to);
    const blame = blameBetween(from, to, hurt);
    assert.ok(blame.unattributed > 0);
    for (const who of Object.keys(blame)) assert.doesNotMatch(who, /^cgroup /);
    assert.ok(victim(to, hurt).waitNs > victim(from, hurt).waitNs);
    const span = BigInt(to.monotonicNs) - BigInt(from.monotonicNs);
    for (const step of steps)
      assert.equal(
        BigInt(to.health.shedNs[step]) - BigInt(from.health.shedNs[step]),
        span,
        step,
      );
  },
);

/** What a sensor without a budget costs now, in the budget's own terms: the median of some intervals. */
async function priced(sensor) {
  const shares = [];
  let before = await sensor.next();
  for (let i = 0; i < 5; i++) {
    const frame = await sensor.next();
    const switches =
      frame.health.events.sched_switch - before.health.events.sched_switch;
    const elapsedNs = frame.monotonicNs - before.monotonicNs;
    const { spentNs } = frame.health.budget;
    shares.push(spentNs / Math.max(switches * 100_000, elapsedNs));
    before = frame;
  }
  return shares.sort((a, b) => a - b)[2];
}

/** A budget that the quarrel is beyond and all else on this machine far below, once it is quiet enough for one. */
async function budgetBetween(tree) {
  const sensor = startSensor('--interval', '0.2', '--budget', '0');
  try {
    await sensor.next();
    const { end } = quarrel(tree);
    await sensor.next();
    const budget = 0.75 * (await priced(sensor));
    assert.deepEqual(
      sensor.frames.at(-1).health.shed,
      [],
      'a budget of 0 is none',
    );
    await end();
    let quiet;
    for (let attempt = 0; attempt < 15; attempt++) {
      quiet = await priced(sensor);
      if (quiet < budget / 4) return { budget };
    }
    return {
      noise: `other work on this machine costs ${quiet} of a core, the load ${budget}`,
    };
  } finally {
    await sensor.stop();
  }
}

test(
  'what was switched off comes back when the load ends, and blame is right again',
  { skip },
  async t => {
    const tree = cgroupTree();
    t.after(() => tree.end());
    const { budget, noise } = await budgetBetween(tree);
    if (noise) {
      t.skip(noise);
      return;
    }
    const first = quarrel(tree);
    const sensor = startSensor(
      '--interval',
      '0.2',
      '--budget',
      budget.toFixed(9),
    );
    t.after(() => sensor.stop());
    const off = await until(sensor, 'blame is off', frame =>
      frame.health.shed.includes('blame'),
    );
    await first.end();
    const on = await until(
      sensor,
      'all is on again',
      frame => frame.health.shed.length === 0,
      600,
    );
    [...off, ...on].forEach(conserves);

    const again = quarrel(tree);
    const from = await sensor.next();
    const accused = frame =>
      blameBetween(from, frame, again.hurt)[`cgroup ${again.other}`] > 0;
    const since = await until(
      sensor,
      'blame of what is on',
      frame => frame.health.shed.length > 0 || accused(frame),
      50,
    );
    since.forEach(conserves);
  },
);
