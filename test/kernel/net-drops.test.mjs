// What netfilter drops: by a rule, or because connection tracking has no room. The kernel gives both the same reason; nft and the
// books of connection tracking say how many of which there were.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import test from 'node:test';
import { cannotTrace } from './lib/build.mjs';
import { cgroupTree } from './lib/cgroups.mjs';
import { node } from './lib/net.mjs';
import { startSensor } from './lib/sensor.mjs';

const MAX = '/proc/sys/net/netfilter/nf_conntrack_max';
const COUNT = '/proc/sys/net/netfilter/nf_conntrack_count';

/** Why there is no test: it makes the tables of all namespaces small for a second, so nobody else may need one. */
function cannotFill() {
  const reason = cannotTrace();
  if (reason) return reason;
  try {
    execFileSync('nft', ['--version'], { stdio: 'ignore' });
  } catch {
    return 'needs nft (Debian: apt-get install nftables)';
  }
  try {
    return Number(readFileSync(COUNT, 'utf8')) > 0
      ? 'connection tracking is in use here'
      : undefined;
  } catch (error) {
    if (error.code !== 'ENOENT') throw error;
    return 'this kernel tracks no connections';
  }
}

/** One packet to each of so many flows; what is refused is. */
const FLOWS = (address, port, flows) => [
  '-e',
  `use IO::Socket::INET; for (1..${flows}) { my $s = IO::Socket::INET->new(Proto => "udp", PeerAddr => "${address}", PeerPort => ${port}) or next; send($s, "x", 0) }`,
];

const RULES = hook => `
  table ip test {
    counter dropped { }
    chain seen {
      type filter hook ${hook} priority 0;
      ct state invalid counter
      udp dport 9999 counter name "dropped" drop
    }
  }
`;

const sum = list => list.reduce((total, value) => total + value, 0);

/** What nft's counter and the books of connection tracking say was dropped in a namespace so far, by place. */
function droppedIn(net, part) {
  const [, { counter }] = JSON.parse(
    net.exec(part, 'nft', '-j', 'list', 'counters', 'table', 'ip', 'test'),
  ).nftables;
  const [header, ...cpus] = net
    .exec(part, 'cat', '/proc/net/stat/nf_conntrack')
    .trim()
    .split('\n')
    .map(line => line.trim().split(/\s+/));
  const column = header.indexOf('drop');
  return {
    policy: counter.packets,
    conntrack: sum(cpus.map(cpu => parseInt(cpu[column], 16))),
  };
}

/** What a frame says that netfilter dropped, by place: of one cgroup, or of whomever. */
function toldIn(frame, path) {
  const cgroup = path && frame.cgroups.find(c => c.path === path).id;
  const at = place =>
    sum(
      frame.netDrops
        .filter(row => row.reason === 'NETFILTER_DROP')
        .filter(row => row.place === place)
        .filter(row => !path || row.cgroup === cgroup)
        .map(row => Number(row.packets)),
    );
  return { policy: at('policy'), conntrack: at('conntrack') };
}

/** A node with a pod and rules in one of their namespaces; `send` sends from the pod, `limit` says how many connections there may be. */
function network(t, part, hook) {
  const tree = cgroupTree({ first: true });
  t.after(() => tree.end());
  const net = node(t, ['a'], { routed: true });
  const path = tree.add('a', { sockets: true });
  net.exec(part, 'nft', RULES(hook));
  const max = readFileSync(MAX, 'utf8');
  t.after(() => writeFileSync(MAX, max));
  return {
    net,
    path,
    limit: (connections = max) => writeFileSync(MAX, connections),
    send: (port, flows) =>
      net.inside(tree, 'a').run(path, 'perl', FLOWS(net.sink, port, flows))
        .ended,
  };
}

for (const [where, part, hook] of [
  ["in the pod's own namespace", 'a', 'output'],
  ['on the node that forwards', 'node', 'forward'],
])
  test(
    `what a rule drops and what connection tracking has no room for are told apart, ${where}`,
    { skip: cannotFill() },
    async t => {
      const { net, path, limit, send } = network(t, part, hook);
      const sensor = startSensor('--interval', '0.5');
      t.after(() => sensor.stop());
      await sensor.next();

      await send(9999, 40);
      limit('300');
      // New flows of both kinds at once: some of either find no room.
      await Promise.all([send(9998, 600), send(9999, 300)]);
      limit();
      await send(9999, 40);
      await sensor.next();
      const frame = (await sensor.stop()).at(-1);

      const truth = droppedIn(net, part);
      t.diagnostic(JSON.stringify(truth));
      assert.ok(truth.policy >= 80);
      assert.ok(truth.conntrack > 100);
      // Beyond the pod's own device it is not known whose a packet is that never met a queue.
      assert.deepEqual(toldIn(frame, part === 'a' ? path : undefined), truth);
    },
  );

for (const [what, port, connections] of [
  ['a rule', 9999],
  ['connection tracking', 9998, '300'],
])
  test(
    `where connection tracking had dropped packets before the sensor began, the first one is told right, too: ${what}`,
    { skip: cannotFill() },
    async t => {
      const { net, path, limit, send } = network(t, 'a', 'output');
      limit('300');
      await send(9998, 900);
      assert.ok(droppedIn(net, 'a').conntrack > 100);
      if (!connections) limit();
      const sensor = startSensor('--interval', '0.5');
      t.after(() => sensor.stop());
      const first = toldIn(await sensor.next(), path);
      // What comes back to the pod while the sensor starts may find no room, either.
      const before = droppedIn(net, 'a');
      // Several senders: on every CPU there is a first one.
      await Promise.all([1, 2, 3, 4].map(() => send(port, 20)));
      await sensor.next();
      const frame = (await sensor.stop()).at(-1);
      const after = droppedIn(net, 'a');
      const truth = {
        policy: after.policy - before.policy,
        conntrack: after.conntrack - before.conntrack,
      };
      t.diagnostic(JSON.stringify(truth));
      assert.ok(truth.policy + truth.conntrack >= 20);
      const told = toldIn(frame, path);
      assert.deepEqual(
        {
          policy: told.policy - first.policy,
          conntrack: told.conntrack - first.conntrack,
        },
        truth,
      );
    },
  );
