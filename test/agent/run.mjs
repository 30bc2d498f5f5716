// The agent against the running kernel: real BPF programs, real cgroups in the kubelet's shape, real load. Needs root and
// a built agent (npm run setup). Bounded: about 25 s, two CPUs.
import { execFile, spawn } from 'node:child_process';
import { strict as assert } from 'node:assert';
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { answerOn, askOn, BURN, Kubelet, SERVE } from './cgroups.mjs';
import { decodeJson, find, nanoseconds, rowsOf, total } from './otlp.mjs';
import { startReceiver } from './receiver.mjs';

const AGENT = fileURLToPath(
  new URL('../../bpf-agent/bin/contention-agent', import.meta.url),
);
const WAIT = 'contention.cpu.wait';
const BLAME = 'contention.cpu.wait.blame';
const KIND = 'contention.culprit.kind';

const kubelet = new Kubelet();
const lastCpu = availableParallelism() - 1;
const port = 20_000 + (process.pid % 10_000);
let checkout;
let inventory;
let search;
let batch;
let batchProcess;

before(() => {
  checkout = kubelet.pod({
    name: 'checkout-5d7f9c-x2x4p',
    containers: ['app'],
    owner: { kind: 'ReplicaSet', name: 'checkout-5d7f9c' },
    labels: { app: 'checkout', 'pod-template-hash': '5d7f9c' },
  });
  batch = kubelet.pod({
    name: 'batch-report-0',
    containers: ['report'],
    owner: { kind: 'StatefulSet', name: 'batch-report' },
    labels: { app: 'batch-report', secret: 'not for the wire' },
  });
  inventory = kubelet.pod({
    name: 'inventory-7c9d-abcde',
    containers: ['app', 'mesh-proxy'],
    owner: { kind: 'ReplicaSet', name: 'inventory-7c9d' },
    labels: { app: 'inventory', 'pod-template-hash': '7c9d' },
    quotaUs: 5_000,
  });
  search = kubelet.pod({
    name: 'search-0',
    containers: ['app'],
    owner: { kind: 'StatefulSet', name: 'search' },
    labels: {},
  });
  kubelet.start(search, 'app', answerOn(port), 0);
  kubelet.start(checkout, 'app', askOn(port), 0);
  kubelet.start(checkout, 'app', SERVE, lastCpu);
  batchProcess = kubelet.start(batch, 'report', BURN, lastCpu, 'worker/1');
  kubelet.start(inventory, 'app', SERVE, 0);
  kubelet.start(inventory, 'mesh-proxy', BURN, 0);
});

after(() => kubelet.cleanUp());

/**
 * Takes a snapshot; `meanwhile` runs when the agent's sensor does.
 */
async function snapshot(seconds, meanwhile = async () => {}) {
  const running = promisify(execFile)(
    AGENT,
    ['snapshot', '--seconds', seconds, '--pods', kubelet.podsPath].concat([
      '--cluster',
      'test',
      '--node',
      'node-1',
    ]),
    { maxBuffer: 2 ** 28 },
  );
  const during = sensorOf(running.child.pid).then(meanwhile);
  const [{ stdout }] = await Promise.all([running, during]);
  return rowsOf(decodeJson(JSON.parse(stdout)));
}

function read(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (error.code === 'ENOENT') return ''; // It has ended in between.
    throw error;
  }
}

/**
 * The process id of an agent's sensor, as soon as that measures: when it has, it gives up its capabilities.
 */
async function sensorOf(pid) {
  for (let attempt = 0; attempt < 1000; attempt++) {
    const child = read(`/proc/${pid}/task/${pid}/children`).trim();
    const status = child === '' ? '' : read(`/proc/${child}/status`);
    if (/^CapEff:\s+0+$/m.test(status)) return Number(child);
    await sleep(20);
  }
  throw new Error('the agent started no sensor');
}

function conserved(rows) {
  const sums = new Map();
  const add = (row, sign) => {
    const key = JSON.stringify([row.resource, String(row.end)]);
    const ns = sign * nanoseconds(row.value);
    sums.set(key, (sums.get(key) ?? 0n) + ns);
  };
  for (const row of find(rows, WAIT)) add(row, 1n);
  for (const row of find(rows, BLAME)) add(row, -1n);
  assert.ok(sums.size > 0);
  for (const [who, difference] of sums) {
    assert.equal(difference, 0n, `wait and blame differ on ${who}`);
  }
}

test('a snapshot tells each pod its own true story', async t => {
  const job = kubelet.pod({
    name: 'nightly-29384720-q7r8s',
    containers: ['main'],
    owner: { kind: 'Job', name: 'nightly-29384720' },
    labels: {},
  });
  const ledgerBefore = kubelet.throttledPeriods(inventory);
  const rows = await snapshot('6', async () => {
    await sleep(1000); // The first frame has been taken.
    const brief = kubelet.start(job, 'main', BURN, lastCpu);
    await kubelet.untilItRan(job, 'main', 0.05);
    await brief.stop();
    await kubelet.removeContainer(job, 'main');
  });
  const ledgerAfter = kubelet.throttledPeriods(inventory);

  await t.test(
    'of all named containers, its neighbour had the CPU for the longest while checkout waited',
    () => {
      // What else runs on this machine is in none of this node's pods.
      const [worst] = find(rows, BLAME, { 'k8s.deployment.name': 'checkout' })
        .filter(row => 'contention.culprit.k8s.pod.name' in row.attributes)
        .sort((one, other) => other.value - one.value);
      assert.deepEqual(worst.attributes, {
        [KIND]: 'container',
        'contention.culprit.same_pod': false,
        'contention.culprit.k8s.namespace.name': 'default',
        'contention.culprit.k8s.pod.name': 'batch-report-0',
        'contention.culprit.k8s.pod.uid': batch.uid,
        'contention.culprit.k8s.container.name': 'report',
        'contention.culprit.k8s.statefulset.name': 'batch-report',
        'contention.culprit.k8s.pod.label.app': 'batch-report',
        'contention.culprit.container.id': batch.ids.report,
        'contention.culprit.contention.cgroup.path': `${batch.path}/${batch.ids.report}`,
      });
      assert.equal(worst.resource['k8s.node.name'], 'node-1');
      assert.equal(worst.resource['k8s.cluster.name'], 'test');
    },
  );

  await t.test('who is at the other end of connections is told at both', () => {
    const client = {
      'contention.role': 'client',
      'network.peer.address': '127.0.0.1',
      'network.peer.port': port,
    };
    const server = {
      'contention.role': 'server',
      'network.peer.address': '127.0.0.1',
    };
    const ends = [
      [{ 'k8s.deployment.name': 'checkout' }, client],
      [{ 'k8s.statefulset.name': 'search' }, server],
    ];
    for (const [who, peer] of ends) {
      for (const metric of [
        'contention.tcp.rtt',
        'contention.peer.request.duration',
      ]) {
        const [histogram] = find(rows, metric, who, peer);
        assert.deepEqual(histogram.attributes, peer);
        assert.ok(histogram.count > 10, `${metric}: ${histogram.count}`);
      }
      const segments = find(rows, 'contention.tcp.segments', who, peer);
      assert.deepEqual(
        segments.map(row => row.attributes['network.io.direction']).sort(),
        ['receive', 'transmit'],
      );
    }
    const [connects] = find(rows, 'contention.tcp.connect', ...ends[0]);
    assert.ok(connects.count > 10);
    assert.equal(find(rows, 'contention.tcp.connect', ...ends[1]).length, 0);
  });

  await t.test("the quota that stops inventory is its pod's", () => {
    const throttled = find(
      rows,
      BLAME,
      {
        'k8s.deployment.name': 'inventory',
        'k8s.container.name': 'mesh-proxy',
      },
      { [KIND]: 'throttled' },
    );
    assert.deepEqual(
      throttled.map(row => row.attributes['contention.quota.level']),
      ['pod'],
    );
    const stalls = find(
      rows,
      'contention.cpu.throttled.stall',
      { 'k8s.container.name': 'mesh-proxy' },
      { 'contention.quota.level': 'pod' },
    );
    assert.ok(stalls[0].count > 0);
  });

  await t.test('the ledger is on the pod, once, with its limit', () => {
    const podOnly = row => !('k8s.container.name' in row.resource);
    const who = { 'k8s.pod.uid': inventory.uid };
    const level = { 'contention.quota.level': 'pod' };
    const periods = find(
      rows,
      'contention.cpu.throttled.periods.throttled',
      who,
    );
    assert.equal(periods.length, 1);
    assert.ok(periods.every(podOnly));
    assert.ok(periods[0].value > 0);
    assert.ok(periods[0].value <= ledgerAfter - ledgerBefore);
    assert.deepEqual(periods[0].attributes, level);
    const [limit] = find(rows, 'contention.cpu.limit', who).filter(podOnly);
    assert.equal(limit.value, 0.05);
  });

  await t.test('its sidecar is told from a neighbour', () => {
    const sidecar = find(
      rows,
      BLAME,
      { 'k8s.deployment.name': 'inventory', 'k8s.container.name': 'app' },
      { 'contention.culprit.k8s.container.name': 'mesh-proxy' },
    );
    assert.equal(sidecar.length, 1);
    assert.equal(sidecar[0].attributes['contention.culprit.same_pod'], true);
  });

  await t.test('a container that lived for a moment has its name', () => {
    const [waited] = find(rows, WAIT, { 'k8s.cronjob.name': 'nightly' });
    assert.equal(waited.resource['k8s.container.name'], 'main');
    assert.ok(waited.count > 0);
    const cpu = find(rows, 'contention.cpu.time', {
      'k8s.cronjob.name': 'nightly',
    });
    assert.ok(total(cpu) > 0);
  });

  await t.test(
    'on every resource the parts of a wait are the wait, to the nanosecond',
    () => {
      conserved(rows);
      for (const row of find(rows, WAIT)) {
        const inBuckets = row.buckets.reduce((sum, n) => sum + Number(n), 0);
        assert.equal(inBuckets + Number(row.zeroCount), row.count);
      }
    },
  );

  await t.test('no more CPU time than there was, user and system apart', () => {
    const [any] = find(rows, 'contention.cpu.limit', {
      'contention.cgroup.path': '/',
    });
    const cpu = find(rows, 'contention.cpu.time');
    const seconds = Number(cpu[0].end - cpu[0].start) / 1e9;
    assert.equal(any.value, availableParallelism());
    // What ran at an edge is booked on one side of it: on a busy machine that is some per cent of so short a window.
    const capacity = seconds * any.value;
    assert.ok(total(cpu) <= capacity * 1.1, `${total(cpu)} of ${capacity} s`);
    assert.ok(total(cpu) > 0);
    const modes = find(rows, 'contention.cpu.time', {
      'k8s.statefulset.name': 'batch-report',
    }).map(row => row.attributes['cpu.mode']);
    assert.deepEqual(modes.sort(), ['system', 'user']);
  });

  await t.test(
    'it is one window, and labels that nobody allowed stay here',
    () => {
      const sums = rows.filter(row => row.temporality !== undefined);
      assert.equal(new Set(sums.map(row => row.start)).size, 1);
      assert.ok(sums.every(row => row.temporality === 1));
      assert.ok(
        !JSON.stringify(rows.map(row => row.resource)).includes('secret'),
      );
    },
  );

  await t.test('what it cost and what got lost is told', () => {
    const node = { 'contention.cgroup.path': '/' };
    const overhead = find(rows, 'contention.agent.overhead', node);
    const programs = overhead.map(row => row.attributes['contention.program']);
    assert.ok(programs.includes('agent') && programs.includes('sensor'));
    assert.ok(total(overhead) > 0);
    assert.ok(find(rows, 'contention.agent.lost', node).length > 0);
  });
});

test('when the neighbour stops, the accusation stops', async () => {
  await batchProcess.stop();
  const rows = await snapshot('2');
  const blame = find(rows, BLAME, { 'k8s.deployment.name': 'checkout' });
  assert.deepEqual(
    blame.filter(
      row =>
        row.attributes['contention.culprit.k8s.pod.name'] === 'batch-report-0',
    ),
    [],
  );
});

/** On a busy machine a sensor takes its time to begin. */
const PATIENCE_MS = 120_000;

const now = () => BigInt(Date.now()) * 1_000_000n;

const tellsOfRestart = attempt =>
  find(
    attempt.rows(),
    'contention.agent.lost',
    {},
    { 'contention.program': 'sensor_restart' },
  ).some(row => row.value === 1);

test('a running agent loses nothing while the receiver is away, and survives its sensor', async t => {
  const receiver = await startReceiver([503, 503]);
  t.after(() => receiver.close());
  let killedAt;
  const agent = spawn(
    AGENT,
    ['run', '--interval', '0.5', '--pods', kubelet.podsPath].concat([
      '--endpoint',
      receiver.url,
      '--token',
      'a-secret',
    ]),
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  let said = '';
  agent.stderr.setEncoding('utf8').on('data', text => {
    said += text;
  });
  const exit = new Promise(resolve => {
    agent.on('exit', (code, signal) => resolve({ code, signal }));
  });
  try {
    await receiver.until(() => receiver.accepted().length >= 4, PATIENCE_MS);
    const [first] = receiver.attempts;
    assert.equal(first.url, '/api/contention/otlp/v1/metrics');
    assert.equal(first.headers.authorization, 'Bearer a-secret');
    assert.equal(first.headers['content-encoding'], 'gzip');
    assert.deepEqual(
      receiver.attempts.slice(0, 3).map(({ status }) => status),
      [503, 503, 200],
    );
    // The same bytes each time, so that a receiver which did take them can tell.
    assert.ok(receiver.attempts[2].body.equals(first.body));

    const sensor = await sensorOf(agent.pid);
    killedAt = now();
    process.kill(sensor, 'SIGKILL');
    await receiver.until(
      () => receiver.accepted().some(tellsOfRestart),
      PATIENCE_MS,
    );
    assert.notEqual(await sensorOf(agent.pid), sensor);
  } finally {
    agent.kill('SIGTERM');
  }
  assert.deepEqual(await exit, { code: 0, signal: null }, said);
  assert.match(said, /stopped, everything sent/);

  const rows = receiver.accepted().map(attempt => attempt.rows());
  let end;
  const gaps = [];
  for (const window of rows) {
    conserved(window);
    assert.ok(window.every(row => row.value >= 0));
    const [wait] = find(window, WAIT);
    if (end !== undefined && wait.start !== end) gaps.push([end, wait.start]);
    assert.ok(wait.end > wait.start);
    end = wait.end;
  }
  // Windows follow each other without a gap, but where the sensor was killed: nobody measured then, so no window says so.
  assert.equal(gaps.length, 1);
  const [[lastEnd, nextStart]] = gaps;
  assert.ok(lastEnd <= killedAt && killedAt <= nextStart);
});

test('after a sensor was killed, cumulative series start anew when the next one began to measure', async t => {
  const receiver = await startReceiver([]);
  t.after(() => receiver.close());
  const agent = spawn(
    AGENT,
    ['run', '--interval', '0.5', '--pods', kubelet.podsPath].concat([
      '--endpoint',
      receiver.url,
      '--temporality',
      'cumulative',
    ]),
    { stdio: ['ignore', 'ignore', 'ignore'] },
  );
  const exit = new Promise(resolve => agent.on('exit', resolve));
  let killedAt;
  try {
    await receiver.until(() => receiver.accepted().length >= 3, PATIENCE_MS);
    killedAt = now();
    process.kill(await sensorOf(agent.pid), 'SIGKILL');
    await receiver.until(
      () => receiver.accepted().some(tellsOfRestart),
      PATIENCE_MS,
    );
  } finally {
    agent.kill('SIGTERM');
  }
  await exit;
  const requests = receiver.accepted().map(attempt => attempt.rows());
  const starts = requests.map(rows =>
    [WAIT, BLAME].flatMap(metric => find(rows, metric).map(row => row.start)),
  );
  const restarted = receiver.accepted().findIndex(tellsOfRestart);
  assert.ok(restarted > 0 && starts[restarted].length > 0);
  for (const [i, ofRequest] of starts.entries())
    assert.ok(
      ofRequest.every(start => start >= killedAt === i >= restarted),
      `request ${i}`,
    );
  for (const rows of requests) {
    conserved(rows);
    assert.ok(rows.every(row => row.value >= 0));
  }
});

test('what happened since the last frame goes out when the agent is stopped', async t => {
  const receiver = await startReceiver([]);
  t.after(() => receiver.close());
  const agent = spawn(
    AGENT,
    ['run', '--interval', '60', '--endpoint', receiver.url],
    { stdio: ['ignore', 'ignore', 'inherit'] },
  );
  const exit = new Promise(resolve => {
    agent.on('exit', (code, signal) => resolve({ code, signal }));
  });
  let stopped;
  try {
    await receiver.until(() => receiver.accepted().length === 1, PATIENCE_MS);
    await sleep(500);
  } finally {
    stopped = BigInt(Date.now()) * 1_000_000n;
    agent.kill('SIGTERM');
  }
  assert.deepEqual(await exit, { code: 0, signal: null });
  const [first, last] = receiver.accepted().map(attempt => attempt.rows());
  const [before] = find(first, WAIT);
  const [final] = find(last, WAIT);
  assert.equal(final.start, before.end);
  assert.ok(final.end >= stopped);
  assert.ok(total(find(last, 'contention.cpu.time')) > 0);
});
