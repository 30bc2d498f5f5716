/**
 * Workloads from what agents reported: containers of one Deployment, units of one name, cgroups of one path are one each.
 * Cgroups that only hold other cgroups are none. Pure.
 */
import {
  ATTRIBUTE,
  type UnclaimedWorkload,
} from 'backstage-plugin-contention-common';
import { nodeKey } from '../reports/facts';
import { identityOf, workloadName, workloadOf } from '../reports/parties';
import type { StoredResource } from '../store';

export interface WorkloadFacts {
  key: string;
  name: string;
  place: UnclaimedWorkload['place'];
  /** The one that was seen last: it says what the workload is like now. */
  newest: StoredResource;
  instances: number;
  nodes: string[];
  lastSeenMs: number;
}

export function placeOf({
  attributes,
}: Pick<StoredResource, 'attributes'>): UnclaimedWorkload['place'] {
  const has = (key: string) => attributes[key] !== undefined;
  if (has(ATTRIBUTE.podUid) || has(ATTRIBUTE.podName)) return 'kubernetes';
  if (has(ATTRIBUTE.systemdUnit)) return 'systemd';
  if (has(ATTRIBUTE.plainContainerName) || has(ATTRIBUTE.containerId)) {
    return 'container';
  }
  return 'cgroup';
}

function pathOf({ attributes }: StoredResource): string | undefined {
  const path = attributes[ATTRIBUTE.cgroupPath];
  return path === undefined ? undefined : String(path);
}

/** Paths that hold others, by node. */
function holders(resources: readonly StoredResource[]): Set<string> {
  const above = new Set<string>();
  for (const resource of resources) {
    const steps = (pathOf(resource) ?? '').split('/');
    for (let length = steps.length - 1; length > 0; length--) {
      const key = `${nodeKey(resource)}\0${steps.slice(0, length).join('/') || '/'}`;
      if (above.has(key)) break;
      above.add(key);
    }
  }
  return above;
}

export function workloadsOf(
  resources: readonly StoredResource[],
): WorkloadFacts[] {
  const above = holders(resources);
  const found = new Map<
    string,
    WorkloadFacts & { places: Set<string>; nodeSet: Set<string> }
  >();
  for (const resource of resources) {
    const place = placeOf(resource);
    const path = pathOf(resource);
    if (place === 'cgroup') {
      const isHolder =
        path === undefined ||
        path === '/' ||
        above.has(`${nodeKey(resource)}\0${path}`);
      if (isHolder) continue;
    }
    const key = identityOf(resource, []);
    const workload = workloadOf(resource);
    const known = found.get(key);
    const entry = known ?? {
      key,
      name: workloadName(workload),
      place,
      newest: resource,
      instances: 0,
      nodes: [],
      lastSeenMs: resource.lastSeenMs,
      places: new Set<string>(),
      nodeSet: new Set<string>(),
    };
    if (resource.lastSeenMs > entry.newest.lastSeenMs) entry.newest = resource;
    entry.lastSeenMs = Math.max(entry.lastSeenMs, resource.lastSeenMs);
    entry.places.add(`${nodeKey(resource)}\0${workload.pod ?? ''}`);
    entry.nodeSet.add(resource.node);
    found.set(key, entry);
  }
  return [...found.values()].map(({ places, nodeSet, ...workload }) => ({
    ...workload,
    instances: places.size,
    nodes: [...nodeSet].sort(),
  }));
}
