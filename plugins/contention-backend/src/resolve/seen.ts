/** What was found, in the words of the node and for a person. Pure. */
import {
  ATTRIBUTE,
  type SeenWorkload,
} from 'backstage-plugin-contention-common';
import { workloadOf } from '../reports/parties';
import type { StoredResource } from '../store';

export const MOST_SEEN = 10;

export function seenWorkload(resource: StoredResource): SeenWorkload {
  const { cluster, node, attributes, firstSeenMs, lastSeenMs } = resource;
  const workload = workloadOf(resource);
  const ip = attributes[ATTRIBUTE.podIp];
  return {
    cluster,
    node,
    namespace: workload.namespace,
    pod: workload.pod,
    container: workload.container,
    kind: workload.kind,
    workload: workload.name,
    ip: ip === undefined ? undefined : String(ip),
    systemdUnit: workload.systemdUnit,
    firstSeen: firstSeenMs,
    lastSeen: lastSeenMs,
  };
}

/** A pod once, however many containers and names it had; latest first. */
export function seenPods(resources: readonly StoredResource[]): SeenWorkload[] {
  const pods = new Map<string, SeenWorkload>();
  for (const resource of resources) {
    const seen = seenWorkload(resource);
    const { attributes } = resource;
    const id = attributes[ATTRIBUTE.podUid] ??
      seen.pod ?? [
        seen.systemdUnit,
        seen.container,
        attributes[ATTRIBUTE.containerId],
      ];
    const key = JSON.stringify([seen.cluster, seen.node, seen.namespace, id]);
    const known = pods.get(key);
    if (!known) {
      pods.set(key, seen);
      continue;
    }
    if (known.container !== seen.container) delete known.container;
    known.ip ??= seen.ip;
    known.firstSeen = Math.min(known.firstSeen, seen.firstSeen);
    known.lastSeen = Math.max(known.lastSeen, seen.lastSeen);
  }
  return [...pods.values()].sort((a, b) => b.lastSeen - a.lastSeen);
}

/** `the pod shop/checkout-0`, `the unit postgresql.service`. */
export function wordsOf(seen: SeenWorkload): string {
  const within = seen.namespace ? `${seen.namespace}/` : '';
  if (seen.pod) return `the pod ${within}${seen.pod}`;
  if (seen.systemdUnit) return `the unit ${seen.systemdUnit} on ${seen.node}`;
  return `the container ${seen.container ?? 'without a name'} on ${seen.node}`;
}
