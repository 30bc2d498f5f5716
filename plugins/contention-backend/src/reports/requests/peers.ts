/**
 * Whose address the other side of a request has, told from the addresses that agents saw pods have. What has no pod (a
 * load balancer, a Service's virtual address, a machine without an agent) stays an address. Pure.
 */
import { ATTRIBUTE, EXEMPLAR } from 'backstage-plugin-contention-common';
import { LAST_SEEN_LAG_MS, type StoredResource } from '../../store';
import type { Facts } from '../facts';
import { partyOfPod, type PartyFacts } from '../parties';
import type { WorstFacts } from './facts';

type Case = Pick<WorstFacts, 'worst' | 'resource'>;

/** An IPv4 address as a socket of IPv6 shows it. */
const MAPPED = /^::ffff:(?=\d+\.)/i;

/** Addresses are unique within a cluster only. */
function addressKey(cluster: string, address: unknown): string {
  return `${cluster}\0${String(address).replace(MAPPED, '')}`;
}

function peerKey({ worst, resource }: Case): string | undefined {
  const address = worst.attributes[EXEMPLAR.peerAddress];
  return address === undefined
    ? undefined
    : addressKey(resource.cluster, address);
}

/**
 * The pod at the other side of each of these cases; undefined where no pod, or several, had its address when it ended:
 * addresses are handed on. A pod in its node's network shares that one's and has none of its own, so that it is never named.
 */
export function peersOf(
  context: Pick<Facts, 'resources' | 'perspective'>,
  cases: readonly Case[],
): (item: Case) => PartyFacts | undefined {
  const candidates = candidatesOf(context, cases);
  return item => {
    const atMs = item.worst.endMs;
    const there = (candidates.get(peerKey(item) ?? '') ?? []).filter(
      ({ firstSeenMs, lastSeenMs }) =>
        firstSeenMs <= atMs && atMs <= lastSeenMs + LAST_SEEN_LAG_MS,
    );
    const [pod, ...others] = there;
    const isOne = others.every(
      ({ attributes }) =>
        attributes[ATTRIBUTE.podUid] === pod.attributes[ATTRIBUTE.podUid],
    );
    return pod && isOne ? partyOfPod(pod, context.perspective) : undefined;
  };
}

/** Of one list; that is asked for twice in a report, and looks at all that is there. */
const known = new WeakMap<readonly Case[], Map<string, StoredResource[]>>();

/** Resources that had one of the addresses at some time. */
function candidatesOf(
  { resources }: Pick<Facts, 'resources'>,
  cases: readonly Case[],
): Map<string, StoredResource[]> {
  const before = known.get(cases);
  if (before) return before;
  const wanted = new Map<string, StoredResource[]>();
  known.set(cases, wanted);
  for (const item of cases) {
    const key = peerKey(item);
    if (key !== undefined) wanted.set(key, []);
  }
  if (wanted.size > 0) {
    for (const resource of resources.values()) {
      const { cluster, podIp } = resource;
      if (podIp === undefined) continue;
      wanted.get(addressKey(cluster, podIp))?.push(resource);
    }
  }
  return wanted;
}
