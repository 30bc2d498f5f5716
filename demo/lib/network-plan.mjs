// What the demo's network consists of, as the lines that ip and tc are given: a node with a bridge for its pods, a rack with
// another, one slow link between them, and a way in for customers. Pure.
//
//   customers --- front [ node: cni0 ] uplink ===20 Mbit/s=== downlink [ rack: cni0 ]
//                          |      |                                       |       |
//                      checkout  log-shipper ...                     inventory  log-store
//
// Packets from the node to the rack stand in the queue of the node's `uplink`, in the order in which they came. Those that
// come back do not wait.
import { createHash } from 'node:crypto';
import { hardwareAddress, prefixOf } from './addresses.mjs';

/** Bridge of pods, under the name that CNI plugins give it. */
const BRIDGE = 'cni0';

/** Ends of the slow link: the node's, where the queue is, and the rack's. */
const UPLINK = 'uplink';
const DOWNLINK = 'downlink';

/** How fast the link is, and what may stand in front of it: more than log-shipper ever sends at a time, so nothing is lost. */
const LINK_RATE = '20mbit';
const LINK_BURST = '16kb';
const LINK_LIMIT = '1mb';

/** What the kernel must have, for people. */
const VETH = 'pairs of virtual network devices (CONFIG_VETH, module veth)';
const BRIDGES = 'bridges (CONFIG_BRIDGE, module bridge)';
const TBF = 'the token bucket queue (CONFIG_NET_SCH_TBF, module sch_tbf)';
const IPV4 = 'IPv4 routing';

const bridge = prefix => [
  `link add ${BRIDGE} type bridge`,
  `addr add ${prefix}.1/24 dev ${BRIDGE}`,
  `link set ${BRIDGE} up`,
];

const device = (name, address) => [
  `addr add ${address} dev ${name}`,
  `link set ${name} up`,
];

/**
 * Steps that make node and rack and join them: `{in, needs, command, lines}`, to be done in order. `in` is the namespace,
 * `command` gets the lines with `-batch`, `needs` is what the kernel lacks if it fails.
 * `pids` has by name a process in each namespace: `node`, `rack`.
 */
export function fabricSteps(instance, pids) {
  const node = prefixOf(instance, 'node');
  const rack = prefixOf(instance, 'rack');
  const link = prefixOf(instance, 'link');
  const ip = (where, needs, ...lines) => ({
    in: where,
    needs,
    command: 'ip',
    lines,
  });
  return [
    ip('node', IPV4, 'link set lo up'),
    ip('rack', IPV4, 'link set lo up'),
    ip('node', BRIDGES, ...bridge(node)),
    ip('rack', BRIDGES, ...bridge(rack)),
    ip(
      'node',
      VETH,
      `link add ${UPLINK} type veth peer name ${DOWNLINK} netns ${pids.rack}`,
    ),
    {
      in: 'node',
      needs: TBF,
      command: 'tc',
      lines: [
        `qdisc add dev ${UPLINK} root tbf rate ${LINK_RATE} burst ${LINK_BURST} limit ${LINK_LIMIT}`,
      ],
    },
    ip('rack', IPV4, ...device(DOWNLINK, `${link}.2/30`)),
    ip('node', IPV4, ...device(UPLINK, `${link}.1/30`)),
    ip('node', IPV4, `route add ${rack}.0/24 via ${link}.2`),
    ip('rack', IPV4, `route add default via ${link}.1`),
  ];
}

/** The other end of a pair that is `eth0` in the namespace of process `pid`. */
const pair = (name, address, pid) =>
  `link add ${name} type veth peer name eth0 address ${hardwareAddress(address)} netns ${pid}`;

/** Inside: `eth0` and the way to everybody else. */
const inside = (where, address, router) => ({
  in: where,
  needs: IPV4,
  command: 'ip',
  lines: [
    'link set lo up',
    ...device('eth0', `${address}/24`),
    `route add default via ${router}`,
  ],
});

/**
 * Steps that connect a namespace, `guest`, to the bridge at `place` (`node` or `rack`): a pod, or who lives in the rack. `key`
 * tells this pod from its predecessor, whose devices may still be on their way out.
 */
export function guestSteps(instance, { place, address, pid, key }) {
  const outer = `veth${createHash('sha256').update(key).digest('hex').slice(0, 8)}`;
  return [
    {
      in: place,
      needs: VETH,
      command: 'ip',
      lines: [
        pair(outer, address, pid),
        `link set ${outer} master ${BRIDGE} up`,
      ],
    },
    inside('guest', address, `${prefixOf(instance, place)}.1`),
  ];
}

/** Steps that connect a namespace outside, `guest`, to the node by a device of its own. */
export function customersSteps(instance, { address, pid }) {
  const router = `${prefixOf(instance, 'outside')}.1`;
  return [
    {
      in: 'node',
      needs: VETH,
      command: 'ip',
      lines: [pair('front', address, pid), ...device('front', `${router}/24`)],
    },
    inside('guest', address, router),
  ];
}
