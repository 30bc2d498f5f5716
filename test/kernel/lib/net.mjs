// Network namespaces as pods of a node, behind pairs of devices and a bridge, and a device out of the node to a sink. Knows `ip` and
// `tc`; removes all it made. Names carry a random suffix: others test, too.
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { build } from './build.mjs';

const run = (command, ...args) =>
  execFileSync(command, args.map(String), { stdio: 'pipe' }).toString();

/**
 * A node with pods. `routed`: the node forwards what the pods send, else its device out is a port of the pods' bridge.
 * `shape` are the words of `tc qdisc` and `tc class` for the device, a list of lists; none leaves it as it is.
 */
export function node(t, pods, { routed = false, shape = [], txQueues } = {}) {
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
  ip('node', 'addr', 'add', '10.77.0.1/24', 'dev', 'br0');
  const cable = (part, device, its, ...more) => {
    ip(
      'node',
      ...['link', 'add', device, ...more, 'type', 'veth'],
      ...['peer', 'name', its, 'netns', name(part)],
    );
    ip('node', 'link', 'set', device, 'up');
    ip(part, 'link', 'set', its, 'up');
  };
  const addressOf = pod => `10.77.0.${10 + pods.indexOf(pod)}`;
  for (const pod of pods) {
    cable(pod, `to-${pods.indexOf(pod)}`, 'eth0');
    ip('node', 'link', 'set', `to-${pods.indexOf(pod)}`, 'master', 'br0');
    ip(pod, 'addr', 'add', `${addressOf(pod)}/24`, 'dev', 'eth0');
    ip(pod, 'route', 'add', 'default', 'via', '10.77.0.1');
  }
  const queues = txQueues ? ['numtxqueues', txQueues] : [];
  cable('sink', 'nic0', 'eth0', ...queues);
  if (routed) {
    ip('node', 'addr', 'add', '10.78.0.1/24', 'dev', 'nic0');
    ip('sink', 'addr', 'add', '10.78.0.2/24', 'dev', 'eth0');
    ip('sink', 'route', 'add', 'default', 'via', '10.78.0.1');
    run(
      ...['ip', 'netns', 'exec', name('node')],
      ...['sh', '-c', 'echo 1 > /proc/sys/net/ipv4/ip_forward'],
    );
  } else {
    ip('node', 'link', 'set', 'nic0', 'master', 'br0');
    ip('sink', 'addr', 'add', '10.77.0.2/24', 'dev', 'eth0');
  }
  for (const words of shape) tc(...words);
  /** Starts packets.c in a cgroup and a namespace; `said` resolves with what it says when it ends. */
  const start = (tree, path, part, ...args) => {
    const child = tree.run(path, 'ip', [
      ...['netns', 'exec', name(part), build().packets],
      ...args.map(String),
    ]);
    let text = '';
    child.stdout.on('data', chunk => (text += chunk));
    child.said = child.ended.then(() => text);
    return child;
  };
  return {
    sink: routed ? '10.78.0.2' : '10.77.0.2',
    addressOf,
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

export const TBF = (rate, limit = '500kb') => [
  [
    ...['qdisc', 'add', 'dev', 'nic0', 'root', 'tbf'],
    ...['rate', rate, 'burst', '16kb', 'limit', limit],
  ],
];

export const HTB = rate => [
  ['qdisc', 'add', 'dev', 'nic0', 'root', 'handle', '1:', 'htb', 'default', 1],
  [
    ...['class', 'add', 'dev', 'nic0', 'parent', '1:', 'classid', '1:1'],
    ...['htb', 'rate', rate, 'burst', '16kb', 'cburst', '16kb'],
  ],
];
