/** What the network view does not see, in words: on which nodes nothing was measured, and what no agent there can see. Pure. */
import type {
  NetworkPresence,
  NotMeasured,
} from 'backstage-plugin-contention-common';
import type { NodePlace } from '../../store';
import type { Facts } from '../facts';
import { isAt } from '../facts';
import type { NetworkFacts } from './facts';

/** More nodes than this are not named one by one. */
const MAX_NAMED_NODES = 3;

/** True wherever an agent runs. */
export const NEVER_SEEN: NotMeasured = [
  {
    what: 'Beyond the node',
    why: "Queues are seen where a packet leaves a device of the node through the kernel's queueing (tc). What a network card, a switch, a router or the receiver holds back is not.",
  },
  {
    what: 'Without a queue of the kernel',
    why: 'Packets that the kernel hands on without a queue of its own are not seen in one: devices without a queue (noqueue), virtual functions of a card that a pod has for itself (SR-IOV), DPDK and AF_XDP, and queueing that is offloaded to the card.',
  },
  {
    what: 'Encrypted overlays',
    why: 'Behind WireGuard or IPsec it is known whose packet it was only as long as the kernel keeps its socket: what is lost there is "not known", never somebody else.',
  },
  {
    what: 'Who filled a backlog, at first',
    why: 'When the backlog of received packets of a CPU is full, or its budget is used up, it is watched from the next second on whose packets come. Whoever sends from outside the node is not known, nor who filled a backlog for less than two seconds.',
  },
];

function listed(nodes: readonly { node: string }[]): string {
  const names = nodes.slice(0, MAX_NAMED_NODES).map(({ node }) => node);
  const more = nodes.length - names.length;
  return names.join(', ') + (more > 0 ? ` and ${more} more` : '');
}

/** Nodes of the entity without any measurement of the network, in a sentence. */
export function missingOf(
  { nodes }: { nodes: readonly NodePlace[] },
  { measured }: { measured: readonly NodePlace[] },
): string[] {
  const without = nodes.filter(node => !measured.some(isAt(node)));
  if (without.length === 0) return [];
  return [
    `On ${listed(without)} no agent measured the network in this range: it is older than this view, or the kernel lacks what that needs (its log, and \`doctor\` there, say which).`,
  ];
}

/** The same as notes, for pages that are not of the network only. */
export function notesOf(): string[] {
  return asNotes(NEVER_SEEN);
}

/** A sentence for each, where there is no section for them. */
export function asNotes(notMeasured: NotMeasured): string[] {
  return notMeasured.map(({ what, why }) => `${what}: ${why}`);
}

/** Whether there is anything to tell, and if not, why. */
export function presenceOf(
  {
    nodes,
    entity,
    queuesWereOff,
  }: Pick<Facts, 'nodes' | 'entity' | 'queuesWereOff'>,
  { measured }: Pick<NetworkFacts, 'measured'>,
  packets: number,
): NetworkPresence {
  if (packets > 0) return { state: 'measured', packets };
  if (queuesWereOff) {
    return {
      state: 'not-measured',
      why: `On the nodes of ${entity.title} agents had switched off looking at queues for some of the time, to stay within their budget; in the rest no packet of it stood in one.`,
    };
  }
  return measured.length === 0
    ? {
        state: 'not-measured',
        why: `No agent on ${listed(nodes)} measured the network in this range: it is older than this view, or its kernel lacks what that needs.`,
      }
    : {
        state: 'no-queue',
        why: `No packet of ${entity.title} passed a device with a queue that the kernel shows.`,
      };
}
