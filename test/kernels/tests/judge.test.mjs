import assert from 'node:assert/strict';
import { test } from 'node:test';
import { newest, releasesOf } from '../lib/debianKernel.mjs';
import { judge, scenarioNames, verdict } from '../lib/judge.mjs';
import { complaints, count, table } from '../lib/matrix.mjs';
import { parseObservations, unequalSums } from '../lib/observation.mjs';

const VICTIM = '10';
const NEIGHBOUR = '20';
const SECOND = 1e9;

/** A frame in which only the victim's waits matter: `parts` is a list of [kind, culprit, ns]. */
function frame({
  at,
  waitNs,
  cpuNs,
  neighbourCpuNs = 0,
  neighbourWaitNs = 0,
  parts,
}) {
  return {
    monotonicNs: String(at),
    cgroups: [
      { id: VICTIM, path: '/pod/victim' },
      { id: NEIGHBOUR, path: '/pod/neighbour' },
    ],
    waits: [
      { cgroup: VICTIM, sumNs: String(waitNs), count: '1' },
      { cgroup: NEIGHBOUR, sumNs: String(neighbourWaitNs), count: '1' },
    ],
    blame: [
      ...parts.map(([kind, culprit, ns]) => ({
        victim: VICTIM,
        kind,
        ...(culprit ? { culprit } : {}),
        ns: String(ns),
      })),
      {
        victim: NEIGHBOUR,
        kind: 'cgroup',
        culprit: VICTIM,
        ns: String(neighbourWaitNs),
      },
    ],
    cpu: [
      { cgroup: VICTIM, ns: String(cpuNs) },
      { cgroup: NEIGHBOUR, ns: String(neighbourCpuNs) },
    ],
    health: {
      conservation: { victims: 2, unequal: 0, differenceNs: '0' },
      missing: [],
    },
  };
}

/** A second on one CPU: the victim ran 0.4 s of it, its neighbour 0.6 s. `parts` is what the sensor makes of the wait. */
function neighbourScenario(parts, { waitNs = 0.5 * SECOND } = {}) {
  return {
    complete: true,
    cgroups: {
      victim: { id: VICTIM, path: '/pod/victim' },
      neighbour: { id: NEIGHBOUR, path: '/pod/neighbour' },
    },
    books: {
      victim: { threads: 1, runNs: 0.4 * SECOND, waitNs: 0.5 * SECOND },
      neighbour: { threads: 1, runNs: 0.6 * SECOND, waitNs: 0.4 * SECOND },
    },
    quotas: {},
    short: [],
    window: { fromNs: 0, toNs: SECOND, stolenNs: 0 },
    frames: [
      frame({ at: 0, waitNs: 0, cpuNs: 0, parts: [] }),
      frame({
        at: SECOND,
        waitNs,
        cpuNs: 0.4 * SECOND,
        neighbourCpuNs: 0.6 * SECOND,
        neighbourWaitNs: 0.4 * SECOND,
        parts,
      }),
    ],
  };
}

const failures = scenario =>
  judge('neighbour', scenario)
    .filter(check => !(check.value <= check.limit))
    .map(check => check.name);

test('a sensor that agrees with the books passes', () => {
  const scenario = neighbourScenario([['cgroup', NEIGHBOUR, 0.5 * SECOND]]);
  assert.deepEqual(failures(scenario), []);
  assert.equal(verdict(judge('neighbour', scenario)), 'pass');
});

test('charging the wait to somebody else fails', () => {
  assert.deepEqual(
    failures(neighbourScenario([['cgroup', VICTIM, 0.5 * SECOND]])),
    ['blame'],
  );
  assert.deepEqual(
    failures(neighbourScenario([['throttled', VICTIM, 0.5 * SECOND]])),
    ['blame'],
  );
});

test('not knowing more than one percent fails', () => {
  assert.deepEqual(
    failures(
      neighbourScenario([
        ['cgroup', NEIGHBOUR, 0.48 * SECOND],
        ['unattributed', undefined, 0.02 * SECOND],
      ]),
    ),
    ['unattributed wait of victim', 'blame'],
  );
});

test('a wait that the kernel does not know of fails, and so does one that is missed', () => {
  for (const waitNs of [0.51 * SECOND, 0.49 * SECOND]) {
    assert.ok(
      failures(
        neighbourScenario([['cgroup', NEIGHBOUR, waitNs]], { waitNs }),
      ).includes('wait of victim'),
    );
  }
});

test('one nanosecond between wait and parts fails', () => {
  const scenario = neighbourScenario([['cgroup', NEIGHBOUR, 0.5 * SECOND - 1]]);
  assert.deepEqual(failures(scenario), ['unequal sums']);
  assert.equal(unequalSums(scenario.frames), 1);
});

test('a kernel that refuses to attach later fails', () => {
  const scenario = neighbourScenario([['cgroup', NEIGHBOUR, 0.5 * SECOND]]);
  assert.deepEqual(failures(scenario), []);
  scenario.frames.at(-1).health.missing.push('arrivals');
  assert.deepEqual(failures(scenario), ['attaching refused']);
});

test('what the sensor itself found unequal counts once, in the scenario in which it did', () => {
  const at = (time, unequal) => ({
    ...frame({ at: time, waitNs: 0, cpuNs: 0, parts: [] }),
    health: { conservation: { victims: time, unequal, differenceNs: '9' } },
  });
  assert.equal(unequalSums([at(1, 2), at(2, 2), at(3, 2)]), 0);
  assert.equal(unequalSums([at(1, 2), at(2, 3), at(3, 3)]), 1);
});

test('rows of cgroups long removed do not unbalance the sums', () => {
  const before = frame({
    at: 0,
    waitNs: 5,
    cpuNs: 0,
    parts: [['cgroup', '30', 5]],
  });
  const after = frame({
    at: 1,
    waitNs: 7,
    cpuNs: 0,
    parts: [['cgroup', NEIGHBOUR, 2]],
  });
  assert.equal(unequalSums([before, after]), 0);
});

test('a container without a name fails', () => {
  const scenario = neighbourScenario([['cgroup', NEIGHBOUR, 0.5 * SECOND]]);
  for (const { cgroups } of scenario.frames) cgroups.shift();
  assert.deepEqual(failures(scenario), ['name of victim']);
});

test('blame is not judged, and says so, where other programs had the CPU', () => {
  const scenario = neighbourScenario([['cgroup', NEIGHBOUR, 0.5 * SECOND]]);
  scenario.window.toNs = 2 * SECOND;
  scenario.frames[1].monotonicNs = String(2 * SECOND);
  const checks = judge('neighbour', scenario);
  assert.equal(verdict(checks), 'skip');
  assert.match(complaints({ checks }).join(), /other programs had 50 %/);
  assert.deepEqual(count([{ checks }, { problem: 'no kernel' }]), {
    passed: 0,
    failed: 1,
    skipped: 1,
  });
});

test('books without a nanosecond prove nothing', () => {
  const scenario = neighbourScenario([], { waitNs: 0 });
  scenario.books.victim.waitNs = 0;
  assert.ok(failures(scenario).includes('wait of victim'));
});

/** Three requests of 20 ms on both ends, as the ends say; `server` is what the sensor says of the server's. */
function requestScenario(server, byPeer = { requests: 3, segments: 3 }) {
  const at = (ns, requests, peers = []) => ({
    ...frame({ at: ns, waitNs: 0, cpuNs: 0, parts: [] }),
    requests,
    peers,
  });
  const peer = (cgroup, role, { requests, segments }) => ({
    cgroup,
    role,
    requests: { count: String(requests) },
    rtt: { count: '1' },
    segments: { transmit: String(segments), receive: '9' },
  });
  const row = (cgroup, role, { count, sumNs }, estimated = false) => ({
    cgroup,
    role,
    estimated,
    count: String(count),
    sumNs: String(sumNs),
  });
  const truth = { count: 3, leastNs: 60e6, mostNs: 60.1e6, unstamped: 0 };
  return {
    complete: true,
    cgroups: {
      server: { id: VICTIM, path: '/pod/victim' },
      client: { id: NEIGHBOUR, path: '/pod/neighbour' },
    },
    requests: { server: truth, client: truth },
    window: { fromNs: 0, toNs: SECOND, stolenNs: 0 },
    frames: [
      at(0, [row(VICTIM, 'server', { count: 5, sumNs: 1e9 })]),
      at(
        SECOND,
        [
          row(VICTIM, 'server', {
            count: 5 + server.count,
            sumNs: 1e9 + server.sumNs,
          }),
          row(VICTIM, 'client', { count: 7, sumNs: 7e9 }),
          row(NEIGHBOUR, 'client', { count: 3, sumNs: 60e6 }),
        ],
        [
          peer(VICTIM, 'server', byPeer),
          peer(NEIGHBOUR, 'client', { requests: 3, segments: 3 }),
        ],
      ),
    ],
  };
}

test('requests are held against what both ends say: number, and mean within a hundredth', () => {
  const failed = (server, byPeer) =>
    judge('requests', requestScenario(server, byPeer))
      .filter(check => !(check.value <= check.limit))
      .map(check => check.name);
  assert.deepEqual(failed({ count: 3, sumNs: 60.05e6 }), []);
  assert.deepEqual(failed({ count: 3, sumNs: 61e6 }), ['mean of server']);
  assert.deepEqual(failed({ count: 3, sumNs: 59e6 }), ['mean of server']);
  assert.deepEqual(failed({ count: 2, sumNs: 60e6 }), ['requests of server']);
  const right = { count: 3, sumNs: 60e6 };
  assert.deepEqual(failed(right, { requests: 2, segments: 3 }), [
    'requests by peer of server',
  ]);
  assert.deepEqual(failed(right, { requests: 3, segments: 2 }), [
    'segments of server',
  ]);
});

test('lines become scenarios, and an early end is not a success', () => {
  const { kernel, done, error, scenarios } = parseObservations([
    '{"event":"kernel","release":"6.1.0","hierarchy":2}',
    '{"event":"begin","scenario":"self"}',
    '{"event":"books","scenario":"self","role":"victim","threads":3,"runNs":"5","waitNs":"10"}',
    '{"event":"error","message":"the sensor ended"}',
  ]);
  assert.equal(kernel.hierarchy, 2);
  assert.equal(done, false);
  assert.equal(error, 'the sensor ended');
  assert.equal(scenarios.get('self').complete, false);
  assert.deepEqual(scenarios.get('self').books.victim, {
    threads: 3,
    runNs: 5,
    waitNs: 10,
  });
});

test('the newest kernel of a series is picked by number, not by letter', () => {
  const packages = [
    'linux-image-6.1.0-9-cloud-amd64',
    'linux-image-6.1.0-56-cloud-amd64',
    'linux-image-6.1.0-56-amd64',
    'linux-image-6.12.117+deb12-cloud-amd64',
    'linux-image-6.12-cloud-amd64',
  ];
  assert.equal(newest(releasesOf('6.1', packages)), '6.1.0-56-cloud-amd64');
  assert.equal(
    newest(releasesOf('6.12', packages)),
    '6.12.117+deb12-cloud-amd64',
  );
  assert.equal(newest(releasesOf('5.10', packages)), undefined);
});

test('every scenario that is judged is one that is played, and the other way round', async () => {
  const { readFileSync } = await import('node:fs');
  const source = readFileSync(
    new URL('../guest/scenarios.c', import.meta.url),
    'utf8',
  );
  const played = [...source.matchAll(/^\t\{ "([a-z-]+)",/gm)].map(
    ([, name]) => name,
  );
  assert.deepEqual(played, scenarioNames());
});

test('columns of a table are as wide as their widest cell', () => {
  assert.equal(
    table([
      ['', 'a'],
      ['long', 'bb'],
    ]),
    '       a\nlong   bb',
  );
});

/** A second of packets in a queue and of dropped ones; `behind` is whom those of each sender are said to have stood behind, ns. */
function packetScenario(
  behind,
  { conntrack = 5, policy = 7, queue = 3, socket = 2 } = {},
) {
  const ids = { a: '1', b: '2', c: '3' };
  const at = (time, share) => ({
    ...frame({ at: time, waitNs: 0, cpuNs: 0, parts: [] }),
    netQueues: Object.keys(behind).map(role => ({
      cgroup: ids[role],
      device: 'nic0',
      count: String(100 * share),
      sumNs: String(SECOND * share),
    })),
    netBlame: Object.entries(behind).flatMap(([role, whom]) =>
      Object.entries(whom).map(([other, ns]) => ({
        victim: ids[role],
        kind: 'cgroup',
        culprit: ids[other],
        device: 'nic0',
        ns: String(ns * share),
      })),
    ),
    netDrops: Object.entries({ conntrack, policy, queue, socket }).map(
      ([place, packets]) => ({
        cgroup: ids.a,
        reason: 'NETFILTER_DROP',
        place,
        packets: String(packets * share),
      }),
    ),
  });
  const arrivals = Object.fromEntries(
    Object.keys(ids).map(role => [
      role,
      {
        sent: 100,
        count: 100,
        ns: SECOND,
        behindA: 0.9 * SECOND,
        behindB: 0.1 * SECOND,
        behindC: 0,
      },
    ]),
  );
  return {
    complete: true,
    cgroups: {
      ...Object.fromEntries(
        Object.entries(ids).map(([role, id]) => [role, { id, path: '/p' }]),
      ),
      sender: { id: ids.a, path: '/p' },
    },
    arrivals,
    drops: { sender: { conntrack: 5, policy: 7, queue: 3, socket: 2 } },
    window: { fromNs: 0, toNs: SECOND },
    frames: [at(0, 0), at(SECOND, 1)],
  };
}

const failedOf = (name, scenario) =>
  judge(name, scenario)
    .filter(check => !(check.value <= check.limit))
    .map(check => check.name);

test('packets are said to have stood behind whoever left meanwhile, within five points, and all of them behind somebody', () => {
  const shares = (a, b) => ({ a: a * SECOND, b: b * SECOND });
  const one = (a, b) => ({
    a: shares(0.9, 0.1),
    b: shares(0.9, 0.1),
    c: shares(a, b),
  });
  assert.deepEqual(failedOf('queue-tbf', packetScenario(one(0.87, 0.13))), []);
  assert.deepEqual(failedOf('queue-tbf', packetScenario(one(0.8, 0.2))), [
    'behind a',
    'behind b',
  ]);
  assert.deepEqual(failedOf('queue-tbf', packetScenario(one(0.9, 0))), [
    'all behind somebody, of c',
    'behind a',
    'behind b',
  ]);
});

test('where a queue holds a flow to its own pace, nobody else may be said to be ahead of it', () => {
  const itself = role => ({ [role]: SECOND });
  assert.deepEqual(
    failedOf(
      'queue-fq-maxrate',
      packetScenario({ a: itself('a'), b: itself('b'), c: itself('c') }),
    ),
    [],
  );
  assert.deepEqual(
    failedOf(
      'queue-fq-maxrate',
      packetScenario({
        a: { a: 0.9 * SECOND, b: 0.1 * SECOND },
        b: itself('b'),
        c: itself('c'),
      }),
    ),
    ['behind others of a'],
  );
});

test('a packet that is told at another place than where it was dropped is one too many there', () => {
  assert.deepEqual(failedOf('drops', packetScenario({})), []);
  assert.deepEqual(
    failedOf('drops', packetScenario({}, { conntrack: 6, policy: 6 })),
    ['dropped by policy', 'dropped by conntrack'],
  );
});
