/** Packets that the kernel dropped, in plain words. Pure. */
import {
  DROP_PLACES,
  type DropPlace,
  type NetworkDrop,
} from 'backstage-plugin-contention-common';
import type { NetworkFacts } from './facts';

/** Before the reason in some sources; not part of it. */
const PREFIX = /^SKB_DROP_REASON_/;

/** The kernel's words for what happens most (include/net/dropreason-core.h). What is not here goes by the kernel's word. */
const WORDS: Readonly<Record<string, string>> = {
  NOT_SPECIFIED: 'the kernel does not say why',
  NO_SOCKET: 'nobody listened at that port',
  SOCKET_FILTER: 'a filter on the socket threw it away',
  SOCKET_RCVBUFF:
    "the socket's receive buffer was full: nobody read fast enough",
  SOCKET_BACKLOG:
    "the socket's backlog was full while a thread held the socket",
  PROTO_MEM: 'the memory that all sockets of the protocol share was used up',
  NETFILTER_DROP: 'a rule of the firewall threw it away',
  BPF_CGROUP_EGRESS: 'a network policy (BPF) did not let it out',
  SECURITY_HOOK: 'a security module did not let it pass',
  XFRM_POLICY: 'no IPsec policy lets it pass',
  TC_INGRESS: 'a filter at the device threw it away on arrival',
  TC_EGRESS: 'a filter at the device threw it away on leaving',
  XDP: 'an XDP program threw it away',
  QDISC_DROP: "the device's queue was full",
  QDISC_OVERLIMIT: "the device's queue was over its limit",
  QDISC_CONGESTED: "the device's queue dropped it to signal congestion",
  QDISC_BURST_DROP: "the device's queue was over its burst",
  CPU_BACKLOG: "the CPU's backlog of received packets was full",
  FULL_RING: 'the ring of the device was full',
  NEIGH_FAILED: 'the next hop did not answer (ARP or neighbour discovery)',
  NEIGH_QUEUEFULL: 'too many packets waited for the address of the next hop',
  IP_OUTNOROUTES: 'there was no route to it',
  IP_INNOROUTES: 'there was no route for it here',
  IP_RPFILTER: 'it came from where its sender is not (reverse path filter)',
  OTHERHOST: 'it was for another host',
  NOMEM: 'no memory was left for it',
  PKT_TOO_BIG: 'it was too big for the path (MTU)',
  TCP_CSUM: 'its checksum was wrong',
  UDP_CSUM: 'its checksum was wrong',
  IP_CSUM: 'its checksum was wrong',
  TCP_OLD_DATA: 'it was there already: it had been sent again without need',
  TCP_OVERWINDOW: 'it was beyond what the receiver had room for',
  TCP_ZEROWINDOW: 'the receiver had no room',
  TCP_INVALID_SEQUENCE: 'its sequence number did not fit the connection',
  TCP_OFO_QUEUE_PRUNE: 'the receive buffer was full of segments out of order',
  TCP_OFO_DROP: 'the receive buffer was full of segments out of order',
  TCP_CLOSE: 'the connection was closed',
  TCP_RESET: 'the connection had been reset',
  TCP_FLAGS: 'its flags did not fit the state of the connection',
};

const OF_PLACE: Record<DropPlace, string> = {
  queue: "at a device's queue",
  socket: "at a socket's buffer",
  backlog: "at a CPU's backlog",
  conntrack: 'by connection tracking',
  policy: 'by a rule',
  other: 'for another reason',
};

/** Of what netfilter drops, for which the kernel has one word, whoever of it did. */
const BY_CONNTRACK =
  'connection tracking did not take it: its table was full, or a connection that came first had its place';

/** `the device's queue was full` */
export function dropWords(reason: string, place: DropPlace): string {
  if (place === 'conntrack') return BY_CONNTRACK;
  const name = reason.replace(PREFIX, '');
  return WORDS[name] ?? OF_PLACE[place];
}

function placeOf(place: unknown): DropPlace {
  return DROP_PLACES.find(known => known === place) ?? 'other';
}

/** Most first; the same reason at the same place is one. */
export function dropsOf({ drops }: Pick<NetworkFacts, 'drops'>): NetworkDrop[] {
  const found = new Map<string, NetworkDrop>();
  for (const { reason: raw, place: unchecked, packets } of drops) {
    if (packets <= 0) continue;
    const reason = raw.replace(PREFIX, '');
    const place = placeOf(unchecked);
    const key = `${place}\0${reason}`;
    const known = found.get(key);
    if (known) known.packets += packets;
    else {
      found.set(key, {
        reason,
        place,
        text: dropWords(reason, place),
        packets,
      });
    }
  }
  return [...found.values()].sort(
    (a, b) => b.packets - a.packets || (a.reason < b.reason ? -1 : 1),
  );
}
