/**
 * Which resources are the same container, pod or cgroup. An agent that says more about one than the agent before it (or another
 * label of its pod) makes another resource of it; what was measured of both belongs together. Pure.
 */
import { ATTRIBUTE } from 'backstage-plugin-contention-common';
import type { StoredResource } from '../store';

/**
 * Of these resources: the same for those that are one. A container of a pod goes by its name, so that it stays one when it
 * restarts, and by its id while nobody knows its name; a pod goes by its uid; anything else by its cgroup.
 */
export function containerKeys(
  resources: Iterable<StoredResource>,
): (resource: StoredResource) => string {
  const named = new Map<string, string>();
  for (const resource of resources) {
    const name = byName(resource);
    const id = byId(resource);
    if (name && id) named.set(id, name);
  }
  return resource => {
    const id = byId(resource);
    return (
      byName(resource) ??
      (id && (named.get(id) ?? id)) ??
      key(resource, 'pod', ATTRIBUTE.podUid) ??
      key(resource, 'path', ATTRIBUTE.cgroupPath) ??
      JSON.stringify([resource.cluster, resource.node])
    );
  };
}

function byName(resource: StoredResource): string | undefined {
  return key(resource, 'name', ATTRIBUTE.podUid, ATTRIBUTE.containerName);
}

function byId(resource: StoredResource): string | undefined {
  return key(resource, 'id', ATTRIBUTE.containerId);
}

/** Absent where one of the attributes is. */
function key(
  { cluster, node, attributes }: StoredResource,
  kind: string,
  ...names: string[]
): string | undefined {
  const values = names.map(name => attributes[name]);
  return values.some(value => value === undefined)
    ? undefined
    : JSON.stringify([kind, cluster, node, ...values.map(String)]);
}

/** The one that was seen last, which says most. */
export function newerOf(a: StoredResource, b: StoredResource): StoredResource {
  return b.lastSeenMs > a.lastSeenMs ||
    (b.lastSeenMs === a.lastSeenMs && b.firstSeenMs > a.firstSeenMs)
    ? b
    : a;
}
