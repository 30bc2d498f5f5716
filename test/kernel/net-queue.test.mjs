// Who stood in the queue of a shaped device, how long, and behind whom: against timestamps of senders and receiver, which have
// one clock, and the queue's own books.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { availableParallelism } from 'node:os';
import test from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { cannotTrace } from './lib/build.mjs';
import { cgroupTree } from './lib/cgroups.mjs';
import { HTB, MQ, node, TBF } from './lib/net.mjs';
import { startSensor } from './lib/sensor.mjs';
import { shedBit, variablesOf } from './lib/variables.mjs';

const skip = cannotTrace();
const SECONDS = 3;
const RATE = '20mbit';

/** Bytes of each packet, and as many a second as are a tenth more than the device lets through: a queue grows on any machine. */
const BULK = [1200, 2200];
/** Room for what grows. */
const ROOM = '2mb';

const percent = (part, whole) => (100 * part) / whole;
const sum = list => list.reduce((total, value) => total + value, 0);

/** What a frame says of packets, by cgroups' paths. */
function seenIn(frame, device) {
  const pathOf = new Map(frame.cgroups.map(c => [c.id, c.path]));
  const at = rows => rows.filter(row => row.device === device);
  return {
    queue(path) {
      const row = at(frame.netQueues).find(q => pathOf.get(q.cgroup) === path);
      return row && { count: Number(row.count), ns: Number(row.sumNs) };
    },
    /** ns by culprit's path, or by kind where there is none. */
    blame(path) {
      const blame = {};
      for (const row of at(frame.netBlame).filter(
        b => pathOf.get(b.victim) === path,
      )) {
        const who = row.culprit ? pathOf.get(row.culprit) : row.kind;
        blame[who] = (blame[who] ?? 0) + Number(row.ns);
      }
      return blame;
    },
    bytes: (path, direction) =>
      sum(
        frame.netIo
          .filter(
            row =>
              pathOf.get(row.cgroup) === path && row.direction === direction,
          )
          .map(row => Number(row.bytes)),
      ),
    drops: (path, place) =>
      sum(
        frame.netDrops
          .filter(row => pathOf.get(row.cgroup) === path && row.place === place)
          .map(row => Number(row.packets)),
      ),
  };
}

/** Starts a sensor and a node, runs `work` on it, and resolves with the last frame and what the sink says. */
async function observe(t, pods, options, work) {
  const tree = cgroupTree({ first: true });
  t.after(() => tree.end());
  const net = node(t, pods, options);
  const paths = Object.fromEntries(
    [...pods, 'sink', 'host'].map(pod => [
      pod,
      tree.add(pod, { sockets: true }),
    ]),
  );
  const sink = await net.open(tree, paths.sink, 'sink', 'sink', net.sink, 7777);
  const sensor = startSensor('--interval', '0.5');
  t.after(() => sensor.stop());
  await sensor.next();
  const send = (pod, bytes, perSecond, { from = pod, cpu } = {}) =>
    net.startOn(
      cpu,
      tree,
      paths[pod],
      from,
      'send',
      net.sink,
      7777,
      SECONDS,
      bytes,
      perSecond,
    );
  await work({ net, tree, paths, send });
  await sensor.next();
  await sensor.next();
  const frame = await sensor.next();
  const truth = JSON.parse(await sink.end());
  assert.equal(frame.health.conservation.unequal, 0);
  return { frame, seen: seenIn(frame, 'nic0'), paths, net, truth };
}

/** Waits as senders and receiver have seen them, within 5 % (and 0.1 ms, which the way there takes). */
function assertWait(t, seen, truth, who) {
  const [wait, delay] = [seen.ns / seen.count, truth.ns / truth.count];
  t.diagnostic(
    `${who}: stood ${(wait / 1e6).toFixed(3)} ms, by timestamps ${(delay / 1e6).toFixed(3)} ms`,
  );
  assert.ok(
    Math.abs(wait - delay) <= 0.05 * delay + 1e5,
    `${who}: ${wait} ns, ${delay} ns`,
  );
}

/** Shares of blame in percent, within 5 points of `expected` by path. */
function assertShares(t, blame, expected, who) {
  const whole = sum(Object.values(blame));
  for (const [culprit, share] of Object.entries(expected)) {
    const is = percent(blame[culprit] ?? 0, whole);
    t.diagnostic(
      `${who} behind ${culprit.split('/').at(-1)}: ${is.toFixed(1)} %, of ${share}`,
    );
    assert.ok(Math.abs(is - share) <= 5, JSON.stringify(blame));
  }
}

for (const [name, shape, routed] of [
  ['tbf, bridged', TBF(RATE, ROOM), false],
  ['htb, routed', HTB(RATE), true],
])
  for (const [a, b] of [
    [9, 1],
    [1, 1],
  ])
    test(
      `senders ${a}:${b}: the third one waited behind them in that proportion, as long as timestamps say (${name})`,
      { skip },
      async t => {
        const [bytes, perSecond] = BULK;
        const each = perSecond / (a + b);
        const { seen, paths, net, truth, frame } = await observe(
          t,
          ['a', 'b', 'c'],
          { shape, routed },
          async ({ send }) => {
            await Promise.all(
              [
                send('a', bytes, a * each),
                send('b', bytes, b * each),
                send('c', 60, 200),
              ].map(s => s.said),
            );
          },
        );
        for (const pod of ['a', 'b', 'c']) {
          const queue = seen.queue(paths[pod]);
          assertWait(t, queue, truth[net.addressOf(pod)], pod);
          assert.ok(queue.count >= 0.97 * truth[net.addressOf(pod)].count);
        }
        const share = percent(a, a + b);
        assertShares(
          t,
          seen.blame(paths.c),
          { [paths.a]: share, [paths.b]: 100 - share },
          'c',
        );
        // Headers of IP and UDP are 28 bytes.
        assert.equal(
          seen.bytes(paths.c, 'transmit'),
          88 * truth[net.addressOf('c')].count,
        );
        t.diagnostic(
          `lost sight of ${frame.health.lost.queuedPackets} packets`,
        );
      },
    );

test(
  'a stream that the queue divides is to blame for all that others waited; what it drops is told as the queue does',
  { skip },
  async t => {
    const { frame, seen, paths, net, truth } = await observe(
      t,
      ['a', 'c'],
      { shape: TBF('50mbit', '100kb') },
      async ({ net: { start, open, sink }, tree, paths: of, send }) => {
        await open(tree, of.sink, 'sink', 'drain', sink, 7778);
        const stream = start(tree, of.a, 'a', 'stream', sink, 7778, SECONDS);
        await Promise.all([stream.said, send('c', 60, 200).said]);
      },
    );
    assertWait(t, seen.queue(paths.c), truth[net.addressOf('c')], 'c');
    assertShares(t, seen.blame(paths.c), { [paths.a]: 100 }, 'c');
    const dropped = net.dropped();
    t.diagnostic(`${dropped} packets dropped`);
    assert.ok(dropped > 0);
    const told = seen.drops(paths.a, 'queue') + seen.drops(paths.c, 'queue');
    // Where some of the kernel's events reach no program, which lost switches tell, a few drops are among them.
    const least = frame.health.lost.switches === '0' ? dropped : 0.9 * dropped;
    assert.ok(told >= least && told <= dropped, `${told} of ${dropped}`);
  },
);

test(
  'a stream of large packets through htb is to blame for those that wait behind it, and a sender on another device is not',
  { skip },
  async t => {
    const { seen, paths } = await observe(
      t,
      ['a', 'c', 'far'],
      { shape: HTB('50mbit'), routed: true },
      async ({ net: { start, open, sink }, tree, paths: of, send }) => {
        await open(tree, of.sink, 'sink', 'drain', sink, 7778);
        // To the bridge's own address: it never comes to the shaped device.
        const far = start(
          tree,
          of.far,
          'far',
          'send',
          '10.77.0.1',
          7779,
          SECONDS,
          1200,
          2000,
        );
        const stream = start(tree, of.a, 'a', 'stream', sink, 7778, SECONDS);
        await Promise.all([far.said, stream.said, send('c', 60, 200).said]);
      },
    );
    const blame = seen.blame(paths.c);
    assertShares(t, blame, { [paths.a]: 100 }, 'c');
    assert.equal(blame[paths.far], undefined);
    assert.equal(seen.queue(paths.far), undefined);
  },
);

test(
  'a stream that met no queue while others did is told by name as soon as it comes to one',
  { skip },
  async t => {
    const { frame, seen, paths } = await observe(
      t,
      ['a', 'b', 'c'],
      { shape: TBF(RATE, ROOM) },
      async ({ net, tree, paths: of, send }) => {
        const { addressOf, open, start, tc } = net;
        await open(tree, of.b, 'b', 'drain', addressOf('b'), 7778);
        const filling = send('c', ...BULK);
        const stream = start(
          tree,
          of.a,
          'a',
          'stream',
          ...[addressOf('b'), 7778, SECONDS],
        );
        await sleep(1500);
        // The node's end of b's pair.
        for (const words of HTB('50mbit'))
          tc(...words.map(word => (word === 'nic0' ? 'to-1' : word)));
        await Promise.all([filling.said, stream.said]);
      },
    );
    assert.ok(seen.queue(paths.c).count > 0);
    const there = seenIn(frame, 'to-1');
    assert.ok(there.queue(paths.a).count > 0);
    assertShares(t, there.blame(paths.a), { [paths.a]: 100 }, 'a');
  },
);

test(
  "the host's own packets are told as those of whoever sends them, not of a pod",
  { skip },
  async t => {
    const { seen, paths } = await observe(
      t,
      ['c'],
      { shape: TBF(RATE, ROOM) },
      async ({ send }) => {
        await Promise.all([
          send('host', ...BULK, { from: 'node' }).said,
          send('c', 60, 200).said,
        ]);
      },
    );
    assertShares(t, seen.blame(paths.c), { [paths.host]: 100 }, 'c');
  },
);

test(
  'packets that stand in a queue when queues are switched off, and are dropped then, are not said to stand there any more',
  { skip },
  async t => {
    const tree = cgroupTree({ first: true });
    t.after(() => tree.end());
    // What does not fit the burst stands there for longer than this test.
    const net = node(t, ['a'], { shape: TBF('1kbit', '20kb') });
    const path = tree.add('a', { sockets: true });
    const sinks = tree.add('sink', { sockets: true });
    const sink = await net.open(tree, sinks, 'sink', 'sink', net.sink, 7777);
    t.after(() => sink.end());
    // Longer than the test: only the test switches anything.
    const sensor = startSensor('--interval', '600');
    t.after(() => sensor.stop());
    await sensor.next();
    const variables = variablesOf(sensor.child.pid);
    const send = () =>
      net.start(tree, path, 'a', 'send', net.sink, 7777, 0.25, 1200, 100).said;
    await send();
    const followed = variables.get('followed_packets');
    assert.ok(followed > 0);
    assert.equal(net.dropped(), 0);

    variables.set({ shed: shedBit('queues') });
    await send();
    const dropped = net.dropped();
    assert.ok(dropped > 0);
    // One may have left by now.
    assert.ok(variables.get('followed_packets') >= followed - 1);
    net.tc('qdisc', 'del', 'dev', 'nic0', 'root');
    assert.equal(variables.get('followed_packets'), 0);

    const frame = (await sensor.stop()).at(-1);
    assert.equal(seenIn(frame, 'nic0').drops(path, 'queue'), 0);
    assert.ok(seenIn(frame, 'nic0').queue(path).count >= followed);
    assert.equal(frame.health.conservation.unequal, 0);
  },
);

const noNft =
  spawnSync('nft', ['--version']).error && 'there is no nft on this machine';

/** What may stand between a pod and the queue of the device. */
for (const [name, options, cannot] of [
  ['IPv6, bridged', { family: 6 }],
  ['IPv6, routed', { family: 6, routed: true }],
  [
    'addresses translated on the way',
    { routed: true, translated: true },
    noNft,
  ],
  [
    'IPv6 addresses translated on the way',
    { family: 6, routed: true, translated: true },
    noNft,
  ],
  ['VXLAN, bridged', { tunnelled: true }],
  ['VXLAN, routed', { tunnelled: true, routed: true }],
])
  test(
    `whose packets were ahead is known, and how long they stood: ${name}`,
    { skip: skip || cannot },
    async t => {
      const { seen, paths, net, truth, frame } = await observe(
        t,
        ['a', 'c'],
        { shape: TBF(RATE, ROOM), ...options },
        async ({ send }) => {
          await Promise.all([send('a', ...BULK).said, send('c', 60, 200).said]);
        },
      );
      for (const pod of ['a', 'c'])
        assertWait(t, seen.queue(paths[pod]), truth[net.addressOf(pod)], pod);
      assertShares(t, seen.blame(paths.c), { [paths.a]: 100 }, 'c');
      t.diagnostic(`lost sight of ${frame.health.lost.queuedPackets} packets`);
    },
  );

test(
  'a device with several queues: who fills another one of them is not to blame',
  { skip: skip || (availableParallelism() < 2 && 'it takes two CPUs') },
  async t => {
    const { seen, paths, net, truth } = await observe(
      t,
      ['a', 'b', 'c'],
      { shape: MQ(RATE, ROOM), txQueues: 2 },
      async ({ send }) => {
        await Promise.all([
          send('a', ...BULK, { cpu: 0 }).said,
          send('b', ...BULK, { cpu: 1 }).said,
          send('c', 60, 200, { cpu: 0 }).said,
        ]);
      },
    );
    for (const pod of ['a', 'b', 'c'])
      assertWait(t, seen.queue(paths[pod]), truth[net.addressOf(pod)], pod);
    assertShares(t, seen.blame(paths.c), { [paths.a]: 100 }, 'c');
    assertShares(t, seen.blame(paths.b), { [paths.b]: 100 }, 'b');
  },
);

test(
  'a device with several queues and one discipline for all of them: who fills it is to blame, whichever queue its packets are for',
  { skip: skip || (availableParallelism() < 2 && 'it takes two CPUs') },
  async t => {
    const { seen, paths, net, truth } = await observe(
      t,
      ['a', 'c'],
      { shape: HTB(RATE), txQueues: 2 },
      async ({ send }) => {
        await Promise.all([
          send('a', ...BULK, { cpu: 0 }).said,
          send('c', 60, 200, { cpu: 1 }).said,
        ]);
      },
    );
    for (const pod of ['a', 'c'])
      assertWait(t, seen.queue(paths[pod]), truth[net.addressOf(pod)], pod);
    assertShares(t, seen.blame(paths.c), { [paths.a]: 100 }, 'c');
  },
);
