// What slow requests were made of where the network is to blame, or a thread that was busy: built cases with one known cause each. The
// truth is the server's own clock and the kernel's stamps of arrival; without the cause all of these requests would take next to nothing.
import assert from 'node:assert/strict';
import test from 'node:test';
import { build, cannotTrace } from './lib/build.mjs';
import { cgroupTree } from './lib/cgroups.mjs';
import { node, TBF } from './lib/net.mjs';
import { networkPair } from './lib/networks.mjs';
import {
  anatomyOf,
  requestsOf,
  startClient,
  startServer,
} from './lib/requests.mjs';
import { partsNs, startSensor } from './lib/sensor.mjs';

const skip = cannotTrace();
const ms = 1e6;

/**
 * Plays a case in two networks with a wire between them. `act` gets what starts programs in either, and cgroups; it resolves
 * with {path, role, truth} of each whose requests are looked at. Resolves with what the sensor says about these.
 */
async function dissect(act) {
  const sensor = startSensor('--interval', '0.3');
  const tree = cgroupTree({ first: true });
  const pair = networkPair();
  const [near, far] = [pair.near, pair.far].map(network => ({
    network,
    run: (path, command, args) => network.start(tree, path, command, args),
  }));
  try {
    await sensor.next();
    const cases = await act({ tree, near, far });
    await sensor.next();
    const frame = await sensor.next();
    return cases.map(({ path, role, truth }) => {
      const parts = anatomyOf(frame, path, role);
      const seen = requestsOf(frame, path, role);
      const what = JSON.stringify(parts);
      assert.equal(seen.exact.count, truth.ns.length, what);
      assert.equal(
        partsNs(parts),
        seen.exact.sumNs,
        'the parts are the time that requests were open, to the nanosecond',
      );
      const worst = sensor.frames
        .flatMap(one => one.worst)
        .filter(one => one.of === 'request');
      for (const one of worst) {
        assert.equal(
          String(one.parts.reduce((sum, { ns }) => sum + BigInt(ns), 0n)),
          one.durationNs,
          'the parts of a worst case are its duration',
        );
      }
      const least = truth.ns.reduce((sum, [ns]) => sum + ns, 0);
      return { parts, truth, truthNs: least };
    });
  } finally {
    await sensor.stop();
    await tree.end();
    pair.end();
  }
}

/** Loses segments on the way into a network, where their sender is not told: see anatomy/lose.bpf.c. */
function lose({ network }, how) {
  network.run('tc', 'qdisc', 'add', 'dev', 'wire', 'clsact');
  network.run(
    ...`tc filter add dev wire ingress bpf da obj ${build().lose} sec ${how}`.split(
      ' ',
    ),
  );
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

test(
  'slow because requests to an upstream were lost: at the server that waits for it, and of its requests as a client',
  { skip },
  async () => {
    const [served, sent] = await dissect(async ({ tree, near, far }) => {
      const upstream = await startServer(far, tree.add('upstream'));
      const app = await startServer(near, tree.add('app'), {
        upstream: { ...upstream, address: '10.9.0.2' },
      });
      lose(far, 'once');
      const asks = { upstream_us: 1, requests: 10 };
      const client = await startClient(near, tree.add('client'), app, asks);
      await client.truth();
      const truth = await app.truth();
      return ['server', 'client'].map(role => ({
        path: app.path,
        role,
        truth,
      }));
    });
    assert.ok(served.truthNs > 1000 * ms, 'nothing was lost');
    assertCause(served.parts, 'retransmission', served.truthNs);
    assertCause(sent.parts, 'retransmission', sent.truthNs);
  },
);

test(
  'slow because a part of the request was lost, as the server can tell from what came after it',
  { skip },
  async () => {
    const [served] = await dissect(async ({ tree, near, far }) => {
      const server = await startServer(far, tree.add('server'));
      lose(far, 'second');
      const asks = { upload: 8000, requests: 8, reconnect: 1 };
      const client = await startClient(
        near,
        tree.add('client'),
        server,
        asks,
        '10.9.0.2',
      );
      await client.truth();
      return [
        { path: server.path, role: 'server', truth: await server.truth() },
      ];
    });
    assert.ok(served.truthNs > 800 * ms, 'nothing was lost');
    assertCause(served.parts, 'retransmission', served.truthNs);
  },
);

test('slow because the thread was busy with others', { skip }, async () => {
  const [served] = await dissect(async ({ tree, near }) => {
    const server = await startServer(near, tree.add('server'), {
      how: 'alone',
    });
    const asks = { sleep_us: 20_000, requests: 10, connections: 5 };
    const client = await startClient(near, tree.add('client'), server, asks);
    await client.truth();
    return [{ path: server.path, role: 'server', truth: await server.truth() }];
  });
  assert.ok(served.truth.unreadNs > 2000 * ms, 'the thread was not busy');
  assertCause(served.parts, 'unread', served.truth.unreadNs);
});

test(
  "slow because requests to an upstream stood behind a neighbour's packets: who that is, at the server that waits and of its requests as a client",
  { skip },
  async t => {
    const sensor = startSensor('--interval', '0.3');
    const tree = cgroupTree({ first: true });
    try {
      const net = node(t, ['pod', 'bulk'], { shape: TBF('20mbit', '100kb') });
      const [pod, sink] = ['pod', 'sink'].map(part => net.inside(tree, part));
      await sensor.next();
      const drain = await net.open(
        ...[tree, tree.add('drain'), 'sink', 'drain', net.sink, 7000],
      );
      const upstream = await startServer(sink, tree.add('upstream'));
      const app = await startServer(pod, tree.add('app'), {
        upstream: { ...upstream, address: net.sink },
      });
      const bulk = tree.add('bulk');
      const stream = net.start(
        ...[tree, bulk, 'bulk', 'stream', net.sink, 7000, 4],
      );
      const asks = { upstream_us: 1, requests: 60, pause_us: 1000 };
      const client = await startClient(pod, tree.add('client'), app, asks);
      await client.truth();
      const truth = await app.truth();
      await stream.said;
      await drain.end();
      await sensor.next();
      const frame = await sensor.next();
      const truthNs = truth.ns.reduce((sum, [ns]) => sum + ns, 0);
      // On a busy machine the app waits for a CPU, too.
      const waitedNs = partsNs(
        Object.fromEntries(
          Object.entries(anatomyOf(frame, app.path, 'server')).filter(
            ([part]) => part.startsWith('wait') || part === 'unread',
          ),
        ),
      );
      const queuedNs = truthNs - waitedNs;
      assert.ok(queuedNs > 300 * ms, 'nothing stood in the way');
      for (const role of ['server', 'client']) {
        const parts = anatomyOf(frame, app.path, role);
        assertCause(parts, `queue cgroup ${bulk}`, queuedNs);
        assert.equal(
          partsNs(parts),
          requestsOf(frame, app.path, role).exact.sumNs,
        );
      }
    } finally {
      await sensor.stop();
      await tree.end();
    }
  },
);
