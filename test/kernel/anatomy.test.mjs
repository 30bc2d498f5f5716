// What slow requests were made of, in built cases with one known cause each, then two at once. The truth is the server's own
// clock, the kernel's books of its quota, and what the server was told to do. The tests' cgroups weigh so much that nobody
// else on the machine gets in their way.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { availableParallelism } from 'node:os';
import test from 'node:test';
import { build, cannotTrace } from './lib/build.mjs';
import { cgroupTree } from './lib/cgroups.mjs';
import {
  anatomyOf,
  requestsOf,
  startClient,
  startServer,
} from './lib/requests.mjs';
import { partsNs, startSensor } from './lib/sensor.mjs';

const skip = cannotTrace();
const cpu = availableParallelism() - 1;
const ms = 1e6;

const pathOf = (frame, id) => frame.cgroups.find(c => c.id === id)?.path;

/** How long all requests took at least, by the clock of who served them. */
const leastNs = ({ ns }) => ns.reduce((sum, [least]) => sum + least, 0);

/** Runs a case: `build` makes the server's cgroup and what hurts it. Resolves with what the sensor says about the server. */
async function dissect(
  asks,
  { make, upstream: hasUpstream, estimated = false } = {},
) {
  const tree = cgroupTree({ first: true });
  const sensor = startSensor('--interval', '0.3');
  try {
    await sensor.next();
    const path = tree.add('pod/app');
    const quota = make?.(tree, path);
    const slow = hasUpstream && (await startServer(tree, tree.add('upstream')));
    const server = await startServer(tree, path, { upstream: slow, cpu });
    const client = await startClient(tree, tree.add('client'), server, asks);
    await client.truth();
    const truth = await server.truth();
    const upstream = await slow?.truth();
    const stoppedNs = quota ? tree.throttledNs(quota) : 0;
    await sensor.next();
    const frame = await sensor.next();
    const parts = anatomyOf(frame, path, 'server');
    const seen = requestsOf(frame, path, 'server');
    assert.equal(seen.exact.count, truth.ns.length);
    assert.equal(
      partsNs(parts),
      seen.exact.sumNs,
      'the parts are the time that requests were open, to the nanosecond',
    );
    const marked = frame.anatomy.filter(
      row =>
        row.role === 'server' &&
        frame.cgroups.find(c => c.id === row.cgroup)?.path === path,
    );
    for (const row of marked) assert.equal(row.estimated, estimated);
    const worst = sensor.frames.flatMap(one => one.worst);
    for (const one of worst) {
      const ofParts = one.parts.reduce((sum, { ns }) => sum + BigInt(ns), 0n);
      assert.equal(
        String(ofParts),
        one.durationNs,
        'the parts of a worst case are its duration',
      );
    }
    return {
      parts,
      frame,
      path,
      quota,
      stoppedNs,
      worst: worst.filter(
        one => pathOf(frame, one.cgroup) === path && one.role !== 'client',
      ),
      truth,
      truthNs: leastNs(truth),
      upstreamNs: upstream && leastNs(upstream),
      top: path.slice(0, -'/pod/app'.length),
    };
  } finally {
    await sensor.stop();
    await tree.end();
  }
}

/** The cause is the largest part, and holds four fifths of the delay that was made. */
function assertCause(parts, cause, injectedNs) {
  const [largest] = Object.entries(parts).sort(([, a], [, b]) => b - a)[0];
  const what = JSON.stringify(parts);
  assert.equal(largest, cause, what);
  assert.ok(
    parts[cause] >= 0.8 * injectedNs && parts[cause] <= 1.2 * injectedNs,
    `${parts[cause]} of ${injectedNs} ns: ${what}`,
  );
}

test('the parts of a request are its duration, and no more than truly happened, over lives of threads made at random', () => {
  build();
  const said = execFileSync(build().serving, ['1', '100000'], {
    encoding: 'utf8',
  });
  assert.match(said, /^100000 runs$/m);
});

test('slow because of its own quota', { skip }, async () => {
  const { parts, quota, stoppedNs } = await dissect(
    { cpu_us: 60_000, requests: 8 },
    { make: (tree, path) => tree.add('pod/app', { quota: 0.2 }) && path },
  );
  assert.ok(stoppedNs > 500 * ms, 'the quota did not stop it');
  assertCause(parts, `throttled ${quota}`, stoppedNs);
});

test('slow because of the quota of its pod', { skip }, async () => {
  const { parts, quota, stoppedNs } = await dissect(
    { cpu_us: 60_000, requests: 8 },
    { make: tree => tree.add('pod', { quota: 0.2 }) },
  );
  assert.ok(stoppedNs > 500 * ms, 'the quota did not stop it');
  assertCause(parts, `throttled ${quota}`, stoppedNs);
});

test('slow because of a neighbour on the CPU', { skip }, async () => {
  const { parts, top, truthNs, worst, truth, frame } = await dissect(
    { cpu_us: 40_000, requests: 10 },
    {
      make(tree) {
        const noisy = tree.add('noisy', { weight: 400 });
        tree.load(noisy, { seconds: 20, threads: 2, cpu });
      },
    },
  );
  const injectedNs = truthNs - 10 * 40 * ms;
  assert.ok(injectedNs > 500 * ms, 'the neighbour was not in the way');
  assertCause(parts, `wait cgroup ${top}/noisy`, injectedNs);

  // The slowest of them, and the longest wait, one by one.
  const largest = one =>
    one.parts.toSorted((a, b) => Number(b.ns) - Number(a.ns))[0];
  const longest = of =>
    worst
      .filter(one => one.of === of)
      .toSorted((a, b) => Number(b.durationNs) - Number(a.durationNs))[0];
  const slowest = longest('request');
  const ns = Number(slowest.durationNs);
  assert.ok(ns >= 0.99 * Math.max(...truth.ns.map(([least]) => least)));
  assert.ok(ns <= 1.01 * Math.max(...truth.ns.map(([, most]) => most)));
  assert.equal(slowest.peer.address, '127.0.0.1');
  assert.ok(slowest.peer.port > 0);
  assert.ok(
    BigInt(slowest.endMonotonicNs) > BigInt(frame.startMonotonicNs) &&
      BigInt(slowest.endMonotonicNs) <= BigInt(frame.monotonicNs),
  );
  const noisy = ({ culprit }) => pathOf(frame, culprit) === `${top}/noisy`;
  assert.ok(noisy(largest(slowest)), JSON.stringify(slowest));
  assert.ok(longest('wait').parts.some(noisy));
});

test('slow because of its own threads', { skip }, async () => {
  const { parts, path, truthNs } = await dissect(
    { cpu_us: 40_000, requests: 10 },
    {
      make(tree, own) {
        tree.load(own, { seconds: 20, threads: 4, cpu });
      },
    },
  );
  const injectedNs = truthNs - 10 * 40 * ms;
  assert.ok(injectedNs > 500 * ms, 'its threads were not in the way');
  assertCause(parts, `wait cgroup ${path}`, injectedNs);
});

test('slow because of an upstream', { skip }, async () => {
  const { parts, upstreamNs } = await dissect(
    { upstream_us: 50_000, cpu_us: 2000, requests: 20 },
    { upstream: true },
  );
  assert.ok(upstreamNs >= 20 * 50 * ms, 'the upstream was faster than asked');
  assertCause(parts, 'upstream', upstreamNs);
});

test('slow because of its own code', { skip }, async () => {
  const { parts } = await dissect({ cpu_us: 50_000, requests: 20 });
  assertCause(parts, 'work', 20 * 50 * ms);
});

/** Two causes, 2:1 in truth: their shares of each other come out within ten points of the truth. */
function assertShares(parts, truth) {
  const sum = values => values.reduce((total, ns) => total + ns, 0);
  const seen = Object.keys(truth).map(key => parts[key] ?? 0);
  const real = Object.values(truth);
  Object.keys(truth).forEach((key, i) => {
    const apart = Math.abs(seen[i] / sum(seen) - real[i] / sum(real));
    assert.ok(apart <= 0.1, `${key}: ${JSON.stringify({ parts, truth })}`);
  });
}

for (const [what, upstreamMs, ownMs] of [
  ['an upstream and its own code', 40, 20],
  ['its own code and an upstream', 20, 40],
])
  test(`${what}, two to one, come out as that`, { skip }, async () => {
    const { parts, truthNs, upstreamNs } = await dissect(
      { upstream_us: upstreamMs * 1000, cpu_us: ownMs * 1000, requests: 20 },
      { upstream: true },
    );
    // By the clocks of both: a hypervisor that takes the CPU makes both take longer than they were asked to.
    const { upstream, work, ...others } = parts;
    assertShares(parts, {
      upstream: upstreamNs,
      work: truthNs - upstreamNs - partsNs(others),
    });
    assert.ok(upstream > 0 && upstreamNs >= 20 * upstreamMs * ms);
    assert.ok(work >= 20 * ownMs * ms);
  });

test(
  'a quota and an upstream at once come out in the proportion that they have',
  { skip },
  async () => {
    const { parts, quota, stoppedNs, upstreamNs } = await dissect(
      { upstream_us: 80_000, cpu_us: 40_000, requests: 10 },
      {
        upstream: true,
        make: (tree, path) => tree.add('pod/app', { quota: 0.2 }) && path,
      },
    );
    assert.ok(stoppedNs > 300 * ms, 'the quota did not stop it');
    assertShares(parts, {
      [`throttled ${quota}`]: stoppedNs,
      upstream: upstreamNs,
    });
  },
);

test(
  'a request that another thread answers than has read it is said to be estimated',
  { skip },
  async () => {
    const { parts } = await dissect(
      { cpu_us: 20_000, requests: 20, hand_over: 1 },
      { estimated: true },
    );
    assert.ok(parts.work > 0);
  },
);
