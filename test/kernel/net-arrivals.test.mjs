// Whose packets a CPU's receive side takes up while more come than it can take: against what the senders counted. The node's CPU 1
// receives (RPS) what is sent on CPU 0; either its backlog or its budget is made small. Both are the machine's, and given back.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import test from 'node:test';
import { build, cannotTrace } from './lib/build.mjs';
import { cgroupTree } from './lib/cgroups.mjs';
import { node } from './lib/net.mjs';
import { startSensor } from './lib/sensor.mjs';

const SECONDS = 8;
/** The sensor watches on for so many seconds after it saw pressure last, and looks once a second. */
const HOLD_SECONDS = 5;

const skip =
  cannotTrace() ??
  (availableParallelism() < 2 ? 'needs two CPUs of its own' : undefined);

/** Makes a setting of the machine another one until the test ends; returns what gives it back earlier. */
function set(t, name, value) {
  const path = `/proc/sys/net/core/${name}`;
  const before = readFileSync(path, 'utf8');
  const restore = () => writeFileSync(path, before);
  t.after(restore);
  writeFileSync(path, String(value));
  return restore;
}

/** Links to hooks that a process holds. */
const linksOf = ({ pid }) =>
  readdirSync(`/proc/${pid}/fdinfo`).filter(fd =>
    readFileSync(`/proc/${pid}/fdinfo/${fd}`, 'utf8').includes('link_id:'),
  ).length;

/** Starts a receiver that is slow in the kernel. */
async function sinkIn(t, net, tree, part, address) {
  const child = net
    .inside(tree, part)
    .run(tree.add(`sink-${part}`), build().flood, ['sink', address, 9999]);
  await once(child.stdout, 'data');
  t.after(() => child.stdin.end());
}

/** Frames until one is what is asked for. */
async function until(sensor, isIt) {
  for (let frames = 0; frames < 4 * HOLD_SECONDS; frames++) {
    const frame = await sensor.next();
    if (isIt(frame)) return frame;
  }
  throw new Error('no such frame');
}

/** What a frame says of a cgroup: packets that were taken up under pressure, and that found no room in a backlog. */
function told(frame, path) {
  const { id } = frame.cgroups.find(cgroup => cgroup.path === path);
  return {
    arrived: Number(
      frame.arrivals.find(row => row.kind === 'cgroup' && row.culprit === id)
        ?.packets ?? 0,
    ),
    dropped: frame.netDrops
      .filter(row => row.cgroup === id && row.place === 'backlog')
      .reduce((sum, row) => sum + Number(row.packets), 0),
  };
}

const shareOf = (of, all) => of / all;

test('when it is watched whose packets arrive keeps its promises', async t => {
  const { stdout, status } = spawnSync(build().pressure, { encoding: 'utf8' });
  const lines = stdout.trim().split('\n');
  assert.ok(lines.length > 10, stdout);
  for (const line of lines) {
    const [, kept, words] = /^(kept|broken): (.*)$/.exec(line);
    await t.test(words, () => assert.equal(kept, 'kept'));
  }
  assert.equal(status, 0);
});

for (const [name, setting, value, toItself] of [
  ['its budget is used up', 'netdev_budget', 4, false],
  ['its backlog is full', 'netdev_max_backlog', 6, false],
  ['a pod sends to itself', 'netdev_budget', 4, true],
])
  test(
    `whose packets a CPU takes up is known to 5 points, and watched only while there are too many: ${name}`,
    { skip },
    async t => {
      const tree = cgroupTree({ first: true });
      t.after(() => tree.end());
      const net = node(t, ['a', 'b']);
      for (const [part, device] of [
        ['node', 'to-0'],
        ['node', 'to-1'],
        ['b', 'lo'],
      ])
        net.exec(
          part,
          ...['sh', '-c'],
          `echo 2 > /sys/class/net/${device}/queues/rx-0/rps_cpus`,
        );
      const paths = ['a', 'b'].map(pod => tree.add(pod, { sockets: true }));
      await sinkIn(t, net, tree, 'sink', net.sink);
      await sinkIn(t, net, tree, 'b', '127.0.0.1');
      const sensor = startSensor('--interval', '1');
      t.after(() => sensor.stop());
      await sensor.next();
      const before = await until(sensor, frame => !frame.pressure.watching);
      assert.ok(!before.health.missing.includes('arrivals'));
      const links = linksOf(sensor.child);

      const restore = set(t, setting, value);
      const children = [
        ['a', net.sink, 36_000],
        ['b', toItself ? '127.0.0.1' : net.sink, 4_000],
      ].map(([pod, to, perSecond], i) =>
        net.startOn(
          ...[0, tree, paths[i], pod],
          ...['send', to, 9999, SECONDS, 64, perSecond],
        ),
      );
      const during = await until(sensor, frame => frame.pressure.watching);
      assert.equal(linksOf(sensor.child), links + 2);
      const sent = (await Promise.all(children.map(child => child.said))).map(
        Number,
      );
      restore();
      const after = await until(sensor, frame => !frame.pressure.watching);
      assert.equal(linksOf(sensor.child), links);
      const later = await sensor.next();
      assert.equal(
        later.health.events.packet_arrival,
        after.health.events.packet_arrival,
      );

      const [a, b] = paths.map(path => told(after, path));
      const pressedNs = Number(after.pressure.pressedNs);
      const watchedNs = Number(after.pressure.watchedNs);
      t.diagnostic(
        JSON.stringify({
          ...{ sent, a, b, pressedNs, watchedNs },
          all: after.arrivals,
          lost: after.health.lost.packetSums,
          runs: after.health.events.packet_arrival,
          runNs:
            Number(after.health.overheadNs.packet_arrival) /
            Number(after.health.events.packet_arrival),
        }),
      );
      assert.ok(Number(during.pressure.pressedNs) > 0);
      // The first look that sees pressure comes after it, and so does the watching.
      assert.ok(watchedNs > 0 && watchedNs < pressedNs);
      assert.ok(a.arrived + b.arrived > 10_000);
      if (setting === 'netdev_max_backlog') {
        assert.ok(a.dropped > 0);
      }
      // What goes to the sink is received twice: from the pod, and by the sink.
      const passes = toItself ? [2 * sent[0], sent[1]] : sent;
      const truth = shareOf(passes[0], passes[0] + passes[1]);
      const share = shareOf(a.arrived, a.arrived + b.arrived);
      assert.ok(Math.abs(share - truth) < 0.05, `${share} is not ${truth}`);
      // Others of this machine receive meanwhile, too: theirs is told as theirs.
      const nobody = after.arrivals.find(({ kind }) => kind === 'unattributed');
      assert.ok(+(nobody?.packets ?? 0) < 0.1 * (a.arrived + b.arrived));
    },
  );
