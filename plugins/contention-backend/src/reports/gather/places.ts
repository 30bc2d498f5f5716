/** Cgroups by where they are: the same path on the same node is the same place. Pure. */
import { ATTRIBUTE } from 'backstage-plugin-contention-common';
import type { StoredResource } from '../../store';

export function pathOf(resource: StoredResource): string {
  return String(resource.attributes[ATTRIBUTE.cgroupPath] ?? '');
}

export function placeKey(
  { cluster, node }: { cluster: string; node: string },
  path: string,
): string {
  return JSON.stringify([cluster, node, path]);
}

/** Cgroups above the entity's own: their quota stops it, too. */
export function slicesAbove(
  own: readonly StoredResource[],
  seen: readonly StoredResource[],
): StoredResource[] {
  const ownIds = new Set(own.map(({ id }) => id));
  const above = new Set<string>();
  for (const resource of own) {
    const steps = pathOf(resource).split('/');
    for (let length = steps.length - 1; length > 1; length--) {
      above.add(placeKey(resource, steps.slice(0, length).join('/')));
    }
  }
  return seen.filter(
    resource =>
      !ownIds.has(resource.id) &&
      above.has(placeKey(resource, pathOf(resource))),
  );
}
