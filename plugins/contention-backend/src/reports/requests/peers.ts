/**
 * Whose address the other side of a request has, told from the addresses that agents saw pods have. What has no pod (a
 * load balancer, a Service's virtual address, a machine without an agent) stays an address. Pure.
 */
import { ATTRIBUTE, EXEMPLAR } from 'backstage-plugin-contention-common';
import { LAST_SEEN_LAG_MS, type StoredResource } from '../../store';
import { addressKey, resourcesAtAddresses } from '../addresses';
import type { Facts } from '../facts';
import { partyOfPod, type PartyFacts } from '../parties';
import type { WorstFacts } from './facts';

type Case = Pick<WorstFacts, 'worst' | 'resource'>;

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
  const found = resourcesAtAddresses(
    resources.values(),
    cases.flatMap(item => peerKey(item) ?? []),
  );
  known.set(cases, found);
  return found;
}
