// Network namespaces as pods of a node, behind pairs of devices and a bridge, and a device out of the node to a sink. Knows `ip` and
// `tc`; removes all it made. Names carry a random suffix: others test, too.
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { build } from './build.mjs';

const run = (command, ...args) =>
  execFileSync(command, args.map(String), { stdio: 'pipe' }).toString();

/** Addresses by their last number: in the pods' network, beyond the node's device out, and below a tunnel. */
const FAMILIES = {
  4: {
    near: part => `10.77.0.${part}`,
    far: part => `10.78.0.${part}`,
    below: part => `10.79.0.${part}`,
    bits: 24,
    forwarding: 'net.ipv4.ip_forward',
    options: [],
  },
  6: {
    near: part => `fd77::${part}`,
    far: part => `fd78::${part}`,
    below: part => `fd79::${part}`,
    bits: 64,
    forwarding: 'net.ipv6.conf.all.forwarding',
    options: ['nodad'],
  },
};

/**
 * A node with pods, in a network of IP `family` 4 or 6. `routed`: the node forwards what the pods send, else its device out is a
 * port of the pods' bridge. `translated`: routed, and each pod has another address outside, as `nft` makes it. `tunnelled`: what
 * the pods send is in VXLAN when it comes to the device. `shape` are the words of `tc qdisc` and `tc class` for the device, a list
 * of lists; none leaves it as it is. Each CPU has one of the device's `txQueues`.
 */
export function node(
  t,
  pods,
  {
    family = 4,
    routed = false,
    translated = false,
    tunnelled = false,
    shape = [],
    txQueues,
  } = {},
) {
  const { near, far, below, bits, forwarding, options } = FAMILIES[family];
  const id = `${process.pid.toString(36)}${Math.random().toString(36).slice(2, 6)}`;
  const name = part => `cq-${part}-${id}`;
  const made = [];
  const add = part => {
    run('ip', 'netns', 'add', name(part));
    made.push(part);
    run('ip', '-n', name(part), 'link', 'set', 'lo', 'up');
  };
  const end = () =>
    made.splice(0).forEach(part => run('ip', 'netns', 'del', name(part)));
  t.after(end);
  const ip = (part, ...args) => run('ip', '-n', name(part), ...args);
  const tc = (...args) => run('tc', '-n', name('node'), ...args);
  ['node', 'sink', ...pods].forEach(add);
  ip('node', 'link', 'add', 'br0', 'type', 'bridge');
  ip('node', 'link', 'set', 'br0', 'up');
  const address = (part, its, device) =>
    ip(part, 'addr', 'add', `${its}/${bits}`, 'dev', device, ...options);
  const inside = (part, ...command) =>
    run('ip', 'netns', 'exec', name(part), ...command);
  address('node', near(1), 'br0');
  const cable = (part, device, its, ...more) => {
    ip(
      'node',
      ...['link', 'add', device, ...more, 'type', 'veth'],
      ...['peer', 'name', its, 'netns', name(part)],
    );
    ip('node', 'link', 'set', device, 'up');
    ip(part, 'link', 'set', its, 'up');
  };
  const numberOf = pod => 10 + pods.indexOf(pod);
  for (const pod of pods) {
    cable(pod, `to-${pods.indexOf(pod)}`, 'eth0');
    ip('node', 'link', 'set', `to-${pods.indexOf(pod)}`, 'master', 'br0');
    address(pod, near(numberOf(pod)), 'eth0');
    ip(pod, 'route', 'add', 'default', 'via', near(1));
  }
  const queues = txQueues ? ['numtxqueues', txQueues] : [];
  cable('sink', 'nic0', 'eth0', ...queues);
  for (let queue = 0; queue < (txQueues ?? 0); queue++)
    inside(
      'node',
      ...['sh', '-c'],
      `echo ${(1 << queue).toString(16)} > /sys/class/net/nic0/queues/tx-${queue}/xps_cpus`,
    );
  /** The devices of the node and of the sink that the packets are sent through as they are. */
  let [out, into] = ['nic0', 'eth0'];
  if (tunnelled) {
    for (const [part, device, its, other] of [
      ['node', 'nic0', 1, 2],
      ['sink', 'eth0', 2, 1],
    ]) {
      address(part, below(its), device);
      ip(
        part,
        ...['link', 'add', 'vx0', 'type', 'vxlan', 'id', 42, 'dstport', 4789],
        ...['dev', device, 'local', below(its), 'remote', below(other)],
      );
      ip(part, 'link', 'set', 'vx0', 'up');
    }
    [out, into] = ['vx0', 'vx0'];
  }
  if (routed) {
    address('node', far(1), out);
    address('sink', far(2), into);
    ip('sink', 'route', 'add', 'default', 'via', far(1));
    inside('node', 'sysctl', '-qw', `${forwarding}=1`);
  } else {
    ip('node', 'link', 'set', out, 'master', 'br0');
    address('sink', near(2), into);
  }
  if (translated)
    for (const pod of pods) {
      address('node', far(numberOf(pod)), out);
      translate(inside, near(numberOf(pod)), far(numberOf(pod)), out);
    }
  for (const words of shape) tc(...words);
  /** Starts packets.c in a cgroup and a namespace, on one CPU if it is told; `said` resolves with what it says when it ends. */
  const startOn = (cpu, tree, path, part, ...args) => {
    const child = tree.run(
      path,
      'ip',
      [...['netns', 'exec', name(part), build().packets], ...args.map(String)],
      { cpu },
    );
    let text = '';
    child.stdout.on('data', chunk => (text += chunk));
    child.said = child.ended.then(() => text);
    return child;
  };
  const start = (...args) => startOn(undefined, ...args);
  return {
    sink: routed ? far(2) : near(2),
    /** A pod's address as the sink sees it. */
    addressOf: pod => (translated ? far : near)(numberOf(pod)),
    ip,
    tc,
    /** Runs a program in a namespace, and returns what it says. */
    exec: (part, ...command) =>
      run('ip', 'netns', 'exec', name(part), ...command),
    /** Packets that the device's queue dropped so far, by the queue's own books. */
    dropped: () =>
      JSON.parse(tc('-s', '-j', 'qdisc', 'show', 'dev', 'nic0'))
        .filter(({ root }) => root)
        .reduce((sum, { drops }) => sum + drops, 0),
    start,
    startOn,
    /** What starts programs in a namespace, as cgroupTree() does: for the functions of requests.mjs. */
    inside: (tree, part) => ({
      run: (path, command, args) =>
        tree.run(path, 'ip', ['netns', 'exec', name(part), command, ...args]),
    }),
    /** The same for what says that it is ready, and ends with its input. */
    async open(tree, path, part, ...args) {
      const child = start(tree, path, part, ...args);
      await once(child.stdout, 'data');
      child.end = async () => {
        child.stdin.end();
        return (await child.said).replace('ready\n', '');
      };
      return child;
    },
    end,
  };
}

/** Gives what comes from an address another one on its way out. */
function translate(inside, from, to, device) {
  const [table, source] = from.includes(':')
    ? ['ip6 pods', 'ip6 saddr']
    : ['ip pods', 'ip saddr'];
  inside(
    'node',
    'nft',
    `add table ${table};
     add chain ${table} out { type nat hook postrouting priority srcnat; };
     add rule ${table} out oifname ${device} ${source} ${from} snat to ${to}`,
  );
}

export const TBF = (rate, limit = '500kb') => [
  [
    ...['qdisc', 'add', 'dev', 'nic0', 'root', 'tbf'],
    ...['rate', rate, 'burst', '16kb', 'limit', limit],
  ],
];

/** Two queues, each of them shaped. */
export const MQ = (rate, limit) => [
  ['qdisc', 'add', 'dev', 'nic0', 'root', 'handle', '1:', 'mq'],
  ...[1, 2].map(queue => [
    ...['qdisc', 'add', 'dev', 'nic0', 'parent', `1:${queue}`, 'tbf'],
    ...['rate', rate, 'burst', '16kb', 'limit', limit],
  ]),
];

export const HTB = rate => [
  ['qdisc', 'add', 'dev', 'nic0', 'root', 'handle', '1:', 'htb', 'default', 1],
  [
    ...['class', 'add', 'dev', 'nic0', 'parent', '1:', 'classid', '1:1'],
    ...['htb', 'rate', rate, 'burst', '16kb', 'cburst', '16kb'],
  ],
];
