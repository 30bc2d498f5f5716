// Two network namespaces with a link between them, and what their kernel's own books say. Knows ip(8), tc(8) and /proc/net;
// judges nothing.
import { execFileSync } from 'node:child_process';
import { build } from './build.mjs';

const run = (command, ...args) =>
  execFileSync(command, args, { stdio: ['ignore', 'pipe', 'inherit'] });

/** A command line that runs another one in a namespace; not by `ip netns exec`, which would mount /sys anew. */
const inside = (namespace, ...command) => [
  'nsenter',
  `--net=/run/netns/${namespace}`,
  '--',
  ...command,
];

/** Counters of a file with a line of names before each line of numbers. */
function countersOf(text) {
  const lines = text.trim().split('\n');
  const counters = {};
  for (let i = 0; i + 1 < lines.length; i += 2) {
    const [group, names] = lines[i].split(': ');
    const values = lines[i + 1].split(': ')[1].split(' ');
    names.split(' ').forEach((name, k) => {
      counters[`${group.replace(':', '')}${name}`] = Number(values[k]);
    });
  }
  return counters;
}

/**
 * Two namespaces, `near` and `far`, with 10.9.0.1 and 10.9.0.2, and a wire between them. Packets of one segment each: what is
 * lost is a segment. `end()` removes them.
 */
export function networkPair() {
  const id = `${process.pid}-${Math.random().toString(36).slice(2, 6)}`;
  const near = namespace(`tcp-near-${id}`, '10.9.0.1');
  const far = namespace(`tcp-far-${id}`, '10.9.0.2');
  near.run(
    ...`ip link add wire type veth peer name wire netns ${far.name}`.split(' '),
  );
  for (const one of [near, far]) {
    one.run('ip', 'link', 'set', 'wire', 'gso_max_segs', '1');
    one.run('ip', 'addr', 'add', `${one.address}/24`, 'dev', 'wire');
    one.run('ip', 'link', 'set', 'wire', 'up');
  }
  return {
    near,
    far,
    end() {
      for (const one of [near, far]) run('ip', 'netns', 'del', one.name);
    },
  };
}

function namespace(name, address) {
  run('ip', 'netns', 'add', name);
  const one = {
    name,
    address,
    run: (...command) => {
      const [program, ...args] = inside(name, ...command);
      return run(program, ...args).toString();
    },
    /** Starts a command in a cgroup, here. */
    start(tree, path, command, args) {
      const [program, ...rest] = inside(name, command, ...args.map(String));
      return tree.run(path, program, rest);
    },
    /** What `nstat -az` prints: the counters of TCP in this namespace. */
    counters: () =>
      countersOf(one.run('cat', '/proc/net/snmp', '/proc/net/netstat')),
    /** From now on every packet that comes here is lost with this probability, in percent: 1, 5 or 100. (What is dropped on its way
     * out, TCP notices, and does not count as sent.)
     */
    lose(percent) {
      one.run('tc', 'qdisc', 'add', 'dev', 'wire', 'clsact');
      one.run(
        ...`tc filter add dev wire ingress bpf da obj ${build().loss} sec percent${percent}`.split(
          ' ',
        ),
      );
    },
    /** How many were lost by that so far. */
    lost: () =>
      Number(
        /dropped (\d+)/.exec(
          one.run(...'tc -s qdisc show dev wire clsact'.split(' ')),
        )[1],
      ),
    /** Packets to this address are sent to nobody. */
    swallow(to) {
      one.run(
        ...`ip neigh replace ${to} lladdr 02:00:00:00:00:77 nud permanent dev wire`.split(
          ' ',
        ),
      );
    },
  };
  one.run('ip', 'link', 'set', 'lo', 'up');
  return one;
}

/** Differences of counters. */
export const counted = (before, after) =>
  Object.fromEntries(
    Object.entries(after).map(([name, value]) => [
      name,
      value - (before[name] ?? 0),
    ]),
  );
