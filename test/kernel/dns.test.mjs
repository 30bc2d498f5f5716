// Queries of DNS against a name server whose delays and answers are known: each took at least this by the server's clock, and at
// most that by its client's. All clients ask at once, each in a cgroup of its own, in a network of their own.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import test, { before } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { build, cannotTrace } from './lib/build.mjs';
import { cgroupTree } from './lib/cgroups.mjs';
import { assertHistogram } from './lib/histograms.mjs';
import { startSensor } from './lib/sensor.mjs';

const skip = cannotTrace();
const NO_ANSWER = 16;

/** Who asks what. */
const CLIENTS = {
  udp: { delay_us: 5000, count: 100 },
  slow: { delay_us: 300_000, count: 3 },
  loose: { delay_us: 5000, count: 100, loose: 1 },
  udp6: { address: '::1', delay_us: 5000, count: 100 },
  tcp: { tcp: 1, delay_us: 5000, count: 100 },
  tcp6: { tcp: 1, address: '::1', delay_us: 5000, count: 50 },
  split: { tcp: 1, delay_us: 5000, count: 50, split: 1 },
  pipeline: { tcp: 1, delay_us: 1000, count: 60, pipeline: 6 },
  name: { delay_us: 1000, count: 21, code: 3 },
  server: { delay_us: 1000, count: 22, code: 2 },
  refused: { delay_us: 1000, count: 23, code: 5 },
  form: { delay_us: 1000, count: 24, code: 1 },
  tcpName: { tcp: 1, delay_us: 1000, count: 25, code: 3 },
  silent: { count: 26, code: NO_ANSWER, wait_ms: 1 },
  tcpSilent: { tcp: 1, count: 6, code: NO_ANSWER, wait_ms: 0 },
  late: { delay_us: 5_500_000, count: 1 },
  again: { delay_us: 5000, count: 20, again: 1 },
  parallel: { delay_us: 5000, count: 20, loose: 1, other: '127.0.0.2' },
  many: { delay_us: 1000, count: 80, servers: 40 },
  junk: { junk: 1, count: 600 },
};

let frame;
let lostBefore;
const truths = {};
const paths = {};

before(async () => {
  if (skip) return;
  const namespace = `contention-dns-${process.pid}-${Math.random().toString(36).slice(2, 6)}`;
  const tree = cgroupTree();
  execFileSync('ip', ['netns', 'add', namespace]);
  const run = (path, ...args) =>
    tree.run(path, 'ip', ['netns', 'exec', namespace, build().dns, ...args]);
  try {
    execFileSync('ip', ['-n', namespace, 'link', 'set', 'lo', 'up']);
    const sensor = startSensor('--interval', '0.5');
    try {
      lostBefore = (await sensor.next()).health.lost;
      const server = run(tree.add('name-server'), 'server');
      await once(server.stdout, 'data');
      await Promise.all(
        Object.entries(CLIENTS).map(async ([name, asks]) => {
          paths[name] = tree.add(name);
          const words = Object.entries(asks).map(([k, v]) => `${k}=${v}`);
          const child = run(paths[name], 'client', ...words);
          let said = '';
          child.stdout.on('data', chunk => (said += chunk));
          await child.ended;
          assert.equal(child.exitCode, 0, `${name} failed`);
          truths[name] = JSON.parse(said).ns;
        }),
      );
      // Until what was asked last has been open for too long.
      await sleep(5100);
      await sensor.next();
      frame = await sensor.next();
    } finally {
      await sensor.stop();
    }
  } finally {
    await tree.end();
    execFileSync('ip', ['netns', 'del', namespace]);
  }
});

/** What the frame says of a client's queries. */
function dnsOf(name) {
  const ids = frame.cgroups.filter(c => c.path === paths[name]).map(c => c.id);
  return frame.dns.filter(row => ids.includes(row.cgroup));
}

/** One name server was asked by one transport: all answers counted, and timed right. */
function assertTimed(name, server, transport, failures = {}) {
  const truth = truths[name];
  const rows = dnsOf(name);
  assert.equal(rows.length, 1, JSON.stringify(rows));
  const [row] = rows;
  assert.equal(row.server, server);
  assert.equal(row.transport, transport);
  assert.equal(truth.length, CLIENTS[name].count);
  assert.deepEqual(row.failures, failures);
  assertHistogram(row, { ns: truth }, name);
}

for (const [what, name, server, transport] of [
  ['by UDP', 'udp', '127.0.0.1', 'udp'],
  ['that are slow', 'slow', '127.0.0.1', 'udp'],
  ['from a socket that is not connected', 'loose', '127.0.0.1', 'udp'],
  ['over IPv6', 'udp6', '::1', 'udp'],
  ['by TCP', 'tcp', '127.0.0.1', 'tcp'],
  ['by TCP over IPv6', 'tcp6', '::1', 'tcp'],
  ['by TCP, lengths apart', 'split', '127.0.0.1', 'tcp'],
  ['by TCP, several at once', 'pipeline', '127.0.0.1', 'tcp'],
]) {
  test(`queries ${what} are counted exactly and timed right`, { skip }, () =>
    assertTimed(name, server, transport),
  );
}

for (const [what, name, failures] of [
  ['that there is no such name', 'name', { name_error: '21' }],
  ['that the server failed', 'server', { server_failure: '22' }],
  ['that it refuses', 'refused', { refused: '23' }],
  ['any other error', 'form', { other: '24' }],
]) {
  test(
    `an answer that says ${what} is timed, and counted as that`,
    { skip },
    () => assertTimed(name, '127.0.0.1', 'udp', failures),
  );
}

test('an error by TCP is counted as that', { skip }, () =>
  assertTimed('tcpName', '127.0.0.1', 'tcp', { name_error: '25' }),
);

for (const [what, name, count] of [
  ['is not answered', 'silent', '26'],
  ['is not answered by TCP', 'tcpSilent', '6'],
  ['is answered after five seconds', 'late', '1'],
]) {
  test(
    `a query that ${what} is a timeout, and has no duration`,
    { skip },
    () => {
      const [row, ...more] = dnsOf(name);
      assert.equal(more.length, 0);
      assert.deepEqual(row.failures, { timeout: count });
      assert.equal(row.count, '0');
      assert.equal(row.sumNs, '0');
    },
  );
}

test(
  'a query that is sent again is two, of which the first has failed',
  { skip },
  () => assertTimed('again', '127.0.0.1', 'udp', { timeout: '20' }),
);

test(
  'of name servers that are asked at once, the first to answer well is enough',
  { skip },
  () => assertTimed('parallel', '127.0.0.1', 'udp'),
);

test(
  'a container that asks many name servers has few of them told apart, and every query counted',
  { skip },
  () => {
    const rows = dnsOf('many');
    const named = rows.filter(row => row.server !== undefined);
    const count = rows.reduce((sum, row) => sum + Number(row.count), 0);
    assert.equal(named.length, 16);
    assert.equal(rows.length, 17);
    assert.equal(count, 80);
    assert.equal(truths.many.length, 80);
  },
);

test(
  'packets to the port that are no queries are none, and nothing is lost by them',
  { skip },
  () => {
    assert.deepEqual(dnsOf('junk'), []);
    assert.deepEqual(dnsOf('name-server'), []);
    assert.equal(frame.health.lost.dns, lostBefore.dns);
  },
);
