// Packets between two network namespaces, received by soft interrupts: whose they are, who is not to blame for them, and how
// much time they take, against the kernel's own books of it.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import test from 'node:test';
import { build, cannotTrace } from './lib/build.mjs';
import { cgroupTree } from './lib/cgroups.mjs';
import { partsNs, sinceStart, startSensor, victim } from './lib/sensor.mjs';

const skip =
  cannotTrace() ?? (availableParallelism() < 2 ? 'needs two CPUs' : undefined);
const [ADDRESS, PORT] = ['10.213.77.2', '7777'];
const SECONDS = 4;
/** CPU that receives. */
const cpu = 1;

const ip = (...args) => execFileSync('ip', args, { stdio: 'pipe' });

/** Two network namespaces and a cable; what comes out at its far end is received on the CPU `receiver`, or where it was sent. */
function cable(t, receiver) {
  const id = `${process.pid}-${Math.random().toString(36).slice(2, 6)}`;
  const [near, far] = [`contention-n-${id}`, `contention-f-${id}`];
  for (const namespace of [near, far]) {
    ip('netns', 'add', namespace);
    t.after(() => ip('netns', 'del', namespace));
  }
  ip(
    ...['link', 'add', 'near', 'netns', near, 'type', 'veth'],
    ...['peer', 'name', 'far', 'netns', far],
  );
  ip('-n', near, 'addr', 'add', '10.213.77.1/24', 'dev', 'near');
  ip('-n', far, 'addr', 'add', `${ADDRESS}/24`, 'dev', 'far');
  ip('-n', near, 'link', 'set', 'near', 'up');
  ip('-n', far, 'link', 'set', 'far', 'up');
  if (receiver !== undefined) {
    const steer = `echo ${(1 << receiver).toString(16)} > /sys/class/net/far/queues/rx-0/rps_cpus`;
    ip('netns', 'exec', far, 'sh', '-c', steer);
  }
  const inside = (tree, path, namespace, ...args) =>
    tree.run(path, 'ip', [
      ...['netns', 'exec', namespace, build().flood],
      ...args.map(String),
    ]);
  return {
    async sink(tree, path) {
      const child = inside(tree, path, far, 'sink', ADDRESS, PORT);
      await new Promise(resolve => child.stdout.once('data', resolve));
    },
    /** Sends; resolves with the number of packets. */
    async send(tree, path, onCpu, perMs) {
      const child = inside(
        ...[tree, path, near, 'send', ADDRESS, PORT],
        ...[SECONDS, onCpu, perMs],
      );
      let said = '';
      child.stdout.on('data', chunk => (said += chunk));
      await child.ended;
      return Number(said);
    },
  };
}

/** Time in interrupts so far, by the ticks that fell into them, ns. Steal is not in it. */
function tickedNs() {
  const fields = new RegExp(`^cpu${cpu} (.*)$`, 'm')
    .exec(readFileSync('/proc/stat', 'utf8'))[1]
    .split(' ')
    .map(Number);
  return (fields[5] + fields[6]) * 1e7;
}

const sum = list => list.reduce((total, value) => total + value, 0);

/** What culprits of some kinds took of a victim's waits, ns. */
const takenNs = ({ blame }, ...kinds) =>
  sum(
    Object.entries(blame)
      .filter(([key]) => kinds.includes(key.split(' ')[0]))
      .map(([, ns]) => ns),
  );

const percent = (part, whole) => (100 * part) / whole;

function assertWhole(seen, what) {
  assert.equal(partsNs(seen.blame), seen.waitNs, `${what}: parts and wait`);
  const unknown = percent(seen.blame.unattributed ?? 0, seen.waitNs);
  assert.ok(unknown <= 1, `${what}: ${unknown.toFixed(2)} % unattributed`);
}

/** Runs `work` between two frames of a sensor; resolves with the last one. */
async function observe(t, tree, work) {
  const sensor = startSensor('--interval', '0.5', '--budget', '0');
  t.after(() => sensor.stop());
  t.after(() => tree.end());
  await sensor.next();
  await work();
  await sensor.next();
  await sensor.next();
  for (const { health } of sensor.frames)
    assert.equal(health.conservation.unequal, 0);
  const all = sinceStart(sensor.frames);
  assert.deepEqual(all.health.missing, []);
  return all;
}

test(
  'who waits while packets are received is told whose they were, and does not accuse whom they interrupted',
  { skip },
  async t => {
    const tree = cgroupTree({ first: true });
    const [quiet, hog, owner, sender] = ['quiet', 'hog', 'owner', 'sender'].map(
      name => tree.add(name, { sockets: true }),
    );
    const wire = cable(t, cpu);
    const last = await observe(t, tree, async () => {
      await wire.sink(tree, owner);
      // Until the end. The hog comes last: it never runs while nobody waits.
      const load = tree.load(quiet, { seconds: 60, cpu });
      await load.untilItRanNs(1e7);
      await tree.load(hog, { seconds: 60, cpu }).untilItRanNs(1e7);
      const packets = await wire.send(tree, sender, 0, 50);
      assert.ok(packets > 50_000, `only ${packets} packets`);
    });
    const [hurt, interrupted] = [victim(last, quiet), victim(last, hog)];
    assertWhole(hurt, 'quiet');
    assertWhole(interrupted, 'hog');
    const packets = hurt.blame[`softirq ${owner}`];
    assert.ok(percent(packets, hurt.waitNs) > 5, JSON.stringify(hurt.blame));
    // The owner has not had that CPU for a moment: it is charged for its packets only.
    assert.equal(hurt.blame[`cgroup ${owner}`], undefined);
    assert.ok(
      percent(packets, takenNs(hurt, 'softirq', 'interrupt')) > 80,
      JSON.stringify(hurt.blame),
    );
    // The kernel's books of the hog have its interrupts in them; what it is blamed for has not. Others on this machine may
    // have been interrupted, too: it has its part.
    const accused = hurt.blame[`cgroup ${hog}`];
    const part = accused / takenNs(hurt, 'cgroup');
    const gap = interrupted.cpuNs - accused;
    assert.ok(
      gap > 0.5 * part * packets,
      `${gap} ns of interrupts, ${packets} in all`,
    );
  },
);

test(
  'interrupts take what the ticks of the kernel say, within 20 %',
  { skip },
  async t => {
    const tree = cgroupTree({ first: true });
    const [quiet, owner, sender] = ['quiet', 'owner', 'sender'].map(name =>
      tree.add(name, { sockets: true }),
    );
    // Received where they are sent: in the sender's time, and without calls between CPUs, into which no tick can fall.
    const wire = cable(t);
    let ticked;
    const last = await observe(t, tree, async () => {
      await wire.sink(tree, owner);
      await tree.load(quiet, { seconds: 60, cpu }).untilItRanNs(1e7);
      const before = tickedNs();
      await wire.send(tree, sender, cpu, 1000);
      ticked = tickedNs() - before;
    });
    const pair = [victim(last, quiet), victim(last, sender)];
    pair.forEach(one => assertWhole(one, one.id));
    // The two share the CPU, so one of them waits at any time, and an interrupt is in the wait of that one.
    const taken = sum(pair.map(one => takenNs(one, 'softirq', 'interrupt')));
    const error = percent(taken - ticked, ticked);
    t.diagnostic(
      `interrupts took ${(taken / 1e6).toFixed(0)} ms, by ticks ${ticked / 1e6} ms: ${error.toFixed(1)} %`,
    );
    assert.ok(ticked > 3e8, `only ${ticked} ns by ticks`);
    assert.ok(Math.abs(error) <= 20, `${error.toFixed(1)} % apart`);
  },
);
