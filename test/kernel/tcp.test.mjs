// TCP between network namespaces that lose, hold and refuse: what the sensor says of each container and peer, against what the
// kernel's own books say of the namespace (nstat), and what the ends themselves have seen.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createInterface } from 'node:readline';
import test from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { build, cannotTrace } from './lib/build.mjs';
import { cgroupTree } from './lib/cgroups.mjs';
import { counted, networkPair } from './lib/networks.mjs';
import { requestsOf, startClient, startServer } from './lib/requests.mjs';
import { startSensor } from './lib/sensor.mjs';

const skip = cannotTrace();
const PORT = 7077;
const NEAR = '10.9.0.1';
const FAR = '10.9.0.2';

/** One for all of them: each test has cgroups of its own. */
let shared;
test.before(async () => {
  if (skip) return;
  shared = startSensor('--interval', '0.3');
  await shared.next();
});
test.after(() => shared?.stop());

/** The lines that a process prints. */
function linesOf(child) {
  const lines = createInterface({ input: child.stdout })[
    Symbol.asyncIterator
  ]();
  return async () => {
    const { value, done } = await lines.next();
    if (done) throw new Error('the program ended early');
    return value;
  };
}

/** A frame that has all that has happened until now; whoever is late reads old ones first. */
async function frameOfAll(sensor) {
  const now = process.hrtime.bigint();
  while (BigInt((await sensor.next()).monotonicNs) < now);
  // What is looked at once a frame may have been before that.
  return sensor.next();
}

/** A frame, and the books of the same moment: what ends a connection may still be sent again when its ends have gone. */
async function frameAndBooks(sensor, sides) {
  const books = () => sides.map(side => side.namespace.counters());
  for (let after = books(); ;) {
    const frame = await frameOfAll(sensor);
    const since = books();
    if (isDeepStrictEqual(since, after)) return { frame, after };
    after = since;
  }
}

/** Two cgroups in two namespaces; `near.start(...)` and `far.start(...)` run an end there, and `line()` is what it prints. */
async function withNetwork(act, { earlier } = {}) {
  const tree = cgroupTree();
  const network = networkPair();
  const side = (name, namespace) => ({
    path: tree.add(name),
    namespace,
    start(...args) {
      return this.startIn(this.path, ...args);
    },
    startIn(path, ...args) {
      const child = namespace.start(tree, path, build().ends, args);
      return { child, line: linesOf(child) };
    },
  });
  const near = side('near', network.near);
  const far = side('far', network.far);
  let sensor = shared;
  try {
    near.namespace.run('sysctl', '-qw', 'net.ipv4.tcp_syn_retries=1');
    const older = await earlier?.({ tree, near, far });
    if (older) {
      sensor = startSensor('--interval', '0.3');
      await sensor.next();
    }
    const books = [near, far].map(one => one.namespace.counters());
    const result = await act({ tree, near, far, sensor, older });
    const { frame, after } = await frameAndBooks(sensor, [near, far]);
    const [nearBooks, farBooks] = after.map((one, i) => counted(books[i], one));
    return { frame, near, far, nearBooks, farBooks, result };
  } finally {
    if (sensor !== shared) await sensor.stop();
    await tree.end();
    network.end();
  }
}

/** A cgroup's rows of peers in a role. */
function peersOf(frame, path, role) {
  const ids = frame.cgroups.filter(c => c.path === path).map(c => c.id);
  return frame.peers.filter(
    row => ids.includes(row.cgroup) && row.role === role,
  );
}

/** The one row of a cgroup in a role, which must be of this peer. */
function onlyPeer(frame, path, role, address, port) {
  const rows = peersOf(frame, path, role);
  assert.deepEqual(
    rows.map(row => [row.address, row.port]),
    [[address, port]],
    `peers of ${path}`,
  );
  return rows[0];
}

const sum = counts =>
  Object.values(counts ?? {}).reduce((all, count) => all + Number(count), 0);
const meanNs = ({ sumNs, count }) => Number(sumNs) / Number(count);

function assertWithin(share, value, truth, what) {
  assert.ok(
    Math.abs(value - truth) <= share * truth,
    `${what}: ${value}, in truth ${truth}`,
  );
}

test('peers are remembered up to a bound, in each role, and forgotten when they rest', () => {
  const [first, last] = execFileSync(build().peers, { encoding: 'utf8' })
    .trim()
    .split('\n')
    .map(line => JSON.parse(line).peers);
  const of = (rows, cgroup, role) =>
    rows.filter(row => row.cgroup === cgroup && row.role === role);
  const crowd = of(first, '7', 'client');
  assert.equal(crowd.filter(row => row.address !== undefined).length, 256);
  assert.equal(crowd.filter(row => row.address === undefined).length, 1);
  assert.equal(
    crowd.reduce((all, row) => all + Number(row.segments.transmit), 0),
    1000,
  );
  assert.equal(of(first, '7', 'server')[0].address, '::1');
  assert.equal(of(first, '8', 'client')[0].address, '::1');
  const scanned = of(first, '9', 'client');
  assert.equal(scanned.length, 64 + 1 + 1);
  assert.equal(scanned.at(-1).address, '::3e8');
  // One went on, and another came back, for which there is room now.
  assert.deepEqual(
    last.map(row => [row.cgroup, row.address, row.segments.transmit]),
    [
      ['7', '::1', '63'],
      ['7', '::3e8', '1'],
    ],
  );
});

for (const [percent, bytes] of [
  [1, 6_000_000],
  [5, 2_000_000],
]) {
  test(
    `of ${percent} % of segments lost, every one that is sent again is counted once, by the kernel's own causes`,
    { skip },
    async () => {
      const { frame, near, far, nearBooks, farBooks, result } =
        await withNetwork(async network => {
          const reader = network.far.start('slow', PORT, 65536, 0);
          await reader.line();
          network.far.namespace.lose(percent);
          const sender = network.near.start('send', FAR, PORT, bytes);
          await sender.line();
          await reader.line();
          return network.far.namespace.lost();
        });
      const client = onlyPeer(frame, near.path, 'client', FAR, PORT);
      const server = onlyPeer(frame, far.path, 'server', NEAR, undefined);
      assert.equal(sum(client.retransmits), nearBooks.TcpRetransSegs);
      assert.equal(
        Number(client.retransmits.fast ?? 0),
        nearBooks.TcpExtTCPFastRetrans,
      );
      assert.equal(
        Number(client.retransmits.syn ?? 0),
        nearBooks.TcpExtTCPSynRetrans,
      );
      assert.equal(sum(server.retransmits), farBooks.TcpRetransSegs);
      // Not every segment that is sent again was lost; but of those that were, only the last ones may not be, of the connection's end.
      const again = sum(client.retransmits);
      assert.ok(
        result > 0 && again >= result - 2,
        `${result} lost, ${again} sent again`,
      );
      assert.equal(client.resets, undefined);
      assert.equal(frame.health.lost.peers, '0');
    },
  );
}

test(
  'the round-trip time is the delay of the link, and so is the time to connect',
  { skip },
  async () => {
    const tree = cgroupTree({ first: true });
    const network = networkPair();
    const sensor = shared;
    try {
      const link = tree.run(tree.add('link'), build().delay, [
        network.near.name,
        network.far.name,
        '60000',
      ]);
      const linkLine = linesOf(link);
      await linkLine();
      const addresses = ['10.8.0.1', '10.8.0.2'];
      for (const [i, one] of [network.near, network.far].entries()) {
        one.run(
          'ip',
          'addr',
          'add',
          addresses[i],
          'peer',
          addresses[1 - i],
          'dev',
          'delay0',
        );
        one.run('ip', 'link', 'set', 'delay0', 'up');
      }
      const server = network.far.start(tree, tree.add('far'), build().ends, [
        'echo',
        PORT,
      ]);
      await linesOf(server)();
      const path = tree.add('near');
      const client = network.near.start(tree, path, build().ends, [
        'ask',
        addresses[1],
        PORT,
        20,
        100,
      ]);
      const line = linesOf(client);
      const askedNs = Number((await line()).split(' ')[1]);
      client.stdin.write('\n');
      await line();
      const frame = await frameOfAll(sensor);
      link.stdin.end();
      const { there, back } = JSON.parse(await linkLine());
      const peer = onlyPeer(frame, path, 'client', addresses[1], PORT);
      assertWithin(0.05, meanNs(peer.rtt), there + back, 'round-trip time');
      const connectNs = Number(peer.connect.sumNs);
      assert.ok(
        connectNs >= 120_000_000 && connectNs <= askedNs,
        `${connectNs} ns to connect, ${askedNs} by whoever asked`,
      );
      assertWithin(0.05, meanNs(peer.requests), there + back, 'requests');
      assert.equal(peer.requests.count, '20');
      assert.equal(peer.retransmits, undefined);
    } finally {
      await tree.end();
      network.end();
    }
  },
);

test(
  'a closed port refuses, and no connection is taken for one that was reset',
  { skip },
  async () => {
    const { frame, near, nearBooks } = await withNetwork(async network => {
      const client = network.near.start('connect', FAR, PORT, 7);
      assert.equal(JSON.parse(await client.line()).refused, 7);
    });
    const peer = onlyPeer(frame, near.path, 'client', FAR, PORT);
    assert.deepEqual(peer.connectFailures, { refused: '7' });
    assert.equal(nearBooks.TcpAttemptFails, 7);
    assert.deepEqual(peer.segments, { transmit: '7' });
    assert.equal(peer.resets, undefined);
    assert.equal(peer.connect, undefined);
  },
);

test(
  'resets are counted at both ends, each by the way it went',
  { skip },
  async () => {
    const { frame, near, far, farBooks } = await withNetwork(async network => {
      const server = network.far.start('reset', PORT);
      await server.line();
      const client = network.near.start('connect', FAR, PORT, 9);
      assert.equal(JSON.parse(await client.line()).stood, 9);
      await sleep(100);
    });
    assert.equal(farBooks.TcpOutRsts, 9);
    assert.deepEqual(
      onlyPeer(frame, far.path, 'server', NEAR, undefined).resets,
      { transmit: '9' },
    );
    assert.deepEqual(onlyPeer(frame, near.path, 'client', FAR, PORT).resets, {
      receive: '9',
    });
  },
);

test(
  'a full listen queue is told by its port, and whoever was turned away by its time-out',
  { skip },
  async () => {
    const { frame, near, far, nearBooks, farBooks } = await withNetwork(
      async network => {
        const server = network.far.start('listen', PORT, 2);
        await server.line();
        const first = network.near.start('connect', FAR, PORT, 3);
        assert.equal(JSON.parse(await first.line()).stood, 3);
        const turnedAway = [1, 2].map(() =>
          network.near.start('connect', FAR, PORT, 1),
        );
        for (const one of turnedAway)
          assert.equal(JSON.parse(await one.line()).timeout, 1);
      },
    );
    const id = frame.cgroups.find(c => c.path === far.path).id;
    assert.ok(farBooks.TcpExtListenOverflows > 0);
    assert.equal(farBooks.TcpExtListenDrops, farBooks.TcpExtListenOverflows);
    assert.deepEqual(
      frame.listeners.filter(row => row.cgroup === id),
      [
        {
          cgroup: id,
          port: PORT,
          overflows: String(farBooks.TcpExtListenOverflows),
        },
      ],
    );
    const peer = onlyPeer(frame, near.path, 'client', FAR, PORT);
    assert.deepEqual(peer.connectFailures, { timeout: '2' });
    assert.equal(peer.connect.count, '3');
    assert.deepEqual(peer.retransmits, {
      syn: String(nearBooks.TcpExtTCPSynRetrans),
    });
    assert.equal(nearBooks.TcpExtTCPSynRetrans, nearBooks.TcpRetransSegs);
  },
);

test(
  'nobody who answers is a time-out, and nobody who is there is unreachable',
  { skip },
  async () => {
    const { frame, near, nearBooks } = await withNetwork(async network => {
      network.near.namespace.run(
        'sysctl',
        '-qw',
        'net.ipv4.neigh.wire.retrans_time_ms=200',
      );
      network.near.namespace.swallow('10.9.0.77');
      const silent = network.near.start('connect', '10.9.0.77', PORT, 1);
      const absent = network.near.start('connect', '10.9.0.99', PORT, 1);
      assert.equal(JSON.parse(await silent.line()).timeout, 1);
      assert.equal(JSON.parse(await absent.line()).unreachable, 1);
    });
    const peers = peersOf(frame, near.path, 'client');
    const to = address => peers.find(row => row.address === address);
    assert.equal(peers.length, 2);
    assert.deepEqual(to('10.9.0.77').connectFailures, { timeout: '1' });
    assert.deepEqual(to('10.9.0.99').connectFailures, { unreachable: '1' });
    const syns = peers.reduce(
      (all, row) => all + Number(row.retransmits?.syn ?? 0),
      0,
    );
    assert.equal(syns, nearBooks.TcpExtTCPSynRetrans);
    const silent = to('10.9.0.77');
    assert.equal(
      Number(silent.segments.transmit),
      1 + Number(silent.retransmits.syn),
    );
  },
);

test(
  'an answer to a SYN that is sent again counts for whoever listens, before there is a connection',
  { skip },
  async () => {
    const { frame, near, far, nearBooks, farBooks } = await withNetwork(
      async network => {
        const server = network.far.start('echo', PORT);
        await server.line();
        network.near.namespace.lose(100);
        const client = network.near.start('connect', FAR, PORT, 1);
        assert.equal(JSON.parse(await client.line()).timeout, 1);
      },
    );
    const server = onlyPeer(frame, far.path, 'server', NEAR, undefined);
    const client = onlyPeer(frame, near.path, 'client', FAR, PORT);
    assert.ok(farBooks.TcpRetransSegs > 0);
    for (const [peer, books] of [
      [server, farBooks],
      [client, nearBooks],
    ]) {
      assert.deepEqual(peer.retransmits, { syn: String(books.TcpRetransSegs) });
      assert.equal(books.TcpExtTCPSynRetrans, books.TcpRetransSegs);
    }
    assert.deepEqual(client.connectFailures, { timeout: '1' });
  },
);

for (const address of ['127.0.0.1', '::1']) {
  test(
    `connections within the node, and in the network of the host, count like any other: ${address}`,
    { skip },
    async () => {
      const tree = cgroupTree();
      const sensor = shared;
      try {
        // Its socket is one of IPv6 that takes IPv4, too.
        const server = await startServer(tree, tree.add('to'));
        const asks = { requests: 40, connections: 2 };
        const client = await startClient(
          tree,
          tree.add('from'),
          server,
          asks,
          address,
        );
        await client.truth();
        await server.truth();
        const frame = await frameOfAll(sensor);
        const port = Number(server.port);
        const asked = onlyPeer(frame, client.path, 'client', address, port);
        const served = onlyPeer(
          frame,
          server.path,
          'server',
          address,
          undefined,
        );
        for (const peer of [asked, served])
          assert.equal(peer.requests.count, '80');
        assert.deepEqual(asked.segments.transmit, served.segments.receive);
        assert.deepEqual(asked.segments.receive, served.segments.transmit);
        assert.equal(asked.connect.count, '2');
        assert.equal(served.connect, undefined);
      } finally {
        await tree.end();
      }
    },
  );
}

test(
  'a slow reader closes its window as often as its kernel says, and the sender sees it',
  { skip },
  async () => {
    const { frame, near, far, farBooks } = await withNetwork(async network => {
      const reader = network.far.start('slow', PORT, 65536, 600);
      await reader.line();
      const sender = network.near.start('send', FAR, PORT, 400_000);
      await sender.line();
      await reader.line();
    });
    const closed = farBooks.TcpExtTCPToZeroWindowAdv;
    assert.ok(closed > 0);
    assert.deepEqual(
      onlyPeer(frame, far.path, 'server', NEAR, undefined).zeroWindows,
      { transmit: String(closed) },
    );
    assert.deepEqual(
      onlyPeer(frame, near.path, 'client', FAR, PORT).zeroWindows,
      { receive: String(closed) },
    );
  },
);

test(
  'a connection that is older than the sensor is counted from then on, at both ends',
  { skip },
  async () => {
    const { frame, near, far } = await withNetwork(
      async ({ older }) => {
        older.client.child.stdin.write('\n');
        await older.client.line();
      },
      {
        earlier: async network => {
          const server = network.far.start('echo', PORT);
          await server.line();
          const client = network.near.start('ask', FAR, PORT, 30, 100);
          await client.line();
          client.child.stdin.write('\n');
          await client.line();
          return { client };
        },
      },
    );
    const client = onlyPeer(frame, near.path, 'client', FAR, PORT);
    const server = onlyPeer(frame, far.path, 'server', NEAR, undefined);
    for (const [peer, path, role] of [
      [client, near.path, 'client'],
      [server, far.path, 'server'],
    ]) {
      assert.deepEqual(peer.segments, { transmit: '30', receive: '30' });
      const { exact, estimated } = requestsOf(frame, path, role);
      assert.equal(Number(peer.requests.count), exact.count + estimated.count);
      assert.equal(Number(peer.requests.sumNs), exact.sumNs + estimated.sumNs);
      assert.equal(peer.requests.count, '30');
      assert.equal(peer.connect, undefined);
    }
  },
);

test(
  'a scan of 100,000 addresses takes the rows of nobody, not even of the peers of whoever scans',
  { skip },
  async () => {
    const SCANNED = 100_000;
    const { frame, near, result } = await withNetwork(async network => {
      const { tree } = network;
      network.near.namespace.run('ip', 'route', 'add', 'default', 'via', FAR);
      const server = network.far.start('echo', PORT);
      await server.line();
      const scan = network.near.start('scan', '10.64.0.1', 9, SCANNED);
      const bystander = tree.add('bystander');
      const asking = [
        near => near.startIn(bystander, 'ask', FAR, PORT, 50, 100),
        near => near.start('ask', FAR, PORT, 50, 100),
      ].map(start => start(network.near));
      for (const one of asking) {
        await one.line();
        one.child.stdin.write('\n');
        await one.line();
      }
      const asked = Number(await scan.line());
      return { bystander, asked };
    });
    assert.equal(result.asked, SCANNED);
    const bystander = onlyPeer(frame, result.bystander, 'client', FAR, PORT);
    assert.equal(bystander.requests.count, '50');
    const own = peersOf(frame, near.path, 'client');
    assert.equal(own.find(row => row.address === FAR).requests.count, '50');
    assert.ok(own.length <= 66, `${own.length} rows`);
    assert.equal(own.filter(row => row.address === undefined).length, 1);
    const failed = own.reduce((all, row) => all + sum(row.connectFailures), 0);
    assert.equal(failed, SCANNED);
    assert.equal(frame.health.lost.peers, '0');
  },
);
