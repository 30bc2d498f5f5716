/**
 * Which containers of a service serve it, and which stand in between: requests that pass a mesh proxy and then the app must
 * count once. Told from names, and where those say nothing from who has the most requests. Pure.
 */
import {
  CONTAINER_ROLES,
  type ContainerRole,
} from 'backstage-plugin-contention-common';
import type { StoredResource } from '../../store';
import { workloadOf } from '../parties';

/** Containers that meshes put into pods, by the names that they give them. */
const MESH_PROXIES: ReadonlySet<string> = new Set([
  'istio-proxy',
  'linkerd-proxy',
  'envoy',
  'envoy-proxy',
  'envoy-sidecar',
  'consul-dataplane',
  'consul-connect-envoy-sidecar',
  'kuma-sidecar',
  'kong-mesh-sidecar',
  'nginx-mesh-sidecar',
  'osm-proxy',
  'daprd',
  'mesh-proxy',
]);

/** A container with the number of its requests in the range. */
export interface RequestContainer {
  resource: StoredResource;
  requestCount: number;
}

/** Pods of one workload have the same containers. Outside of pods each container is its own. */
function groupOf(resource: StoredResource): string {
  const { cluster, namespace, kind, name, pod } = workloadOf(resource);
  return pod === undefined
    ? `id:${resource.id}`
    : JSON.stringify([cluster, namespace, kind, name ?? pod]);
}

/** The role of each container, by resource id. */
export function containerRoles(
  containers: readonly RequestContainer[],
): Map<number, ContainerRole> {
  const roles = new Map<number, ContainerRole>();
  for (const members of groups(containers).values()) {
    const main = mainOf(members);
    for (const { resource } of members) {
      roles.set(resource.id, roleIn(resource, main));
    }
  }
  return roles;
}

/**
 * Resource ids of the containers whose requests count: of each workload one kind only, the app's where it has any. A
 * container that had none in the range counts like its siblings: it may have had some before.
 */
export function countedContainers(
  containers: readonly RequestContainer[],
  roles: ReadonlyMap<number, ContainerRole>,
): Set<number> {
  const counted = new Set<number>();
  for (const members of groups(containers).values()) {
    const isBusy = (role: ContainerRole) =>
      members.some(
        ({ resource, requestCount }) =>
          requestCount > 0 && roles.get(resource.id) === role,
      );
    const shown = CONTAINER_ROLES.find(isBusy) ?? 'app';
    for (const { resource } of members) {
      if (roles.get(resource.id) === shown) counted.add(resource.id);
    }
  }
  return counted;
}

function groups(
  containers: readonly RequestContainer[],
): Map<string, RequestContainer[]> {
  const result = new Map<string, RequestContainer[]>();
  for (const container of containers) {
    const key = groupOf(container.resource);
    result.set(key, [...(result.get(key) ?? []), container]);
  }
  return result;
}

function roleIn(
  resource: StoredResource,
  main: string | undefined,
): ContainerRole {
  const { container } = workloadOf(resource);
  if (container === undefined) return 'app';
  if (MESH_PROXIES.has(container) && container !== main) return 'mesh-proxy';
  return container === main ? 'app' : 'sidecar';
}

/** The name of a workload's main container: named like the workload, else the one with the most requests. */
function mainOf(members: readonly RequestContainer[]): string | undefined {
  const counts = new Map<string, number>();
  for (const { resource, requestCount } of members) {
    const { container } = workloadOf(resource);
    if (container === undefined) continue;
    counts.set(container, (counts.get(container) ?? 0) + requestCount);
  }
  const workload = workloadOf(members[0].resource).name;
  if (workload !== undefined && counts.has(workload)) return workload;
  const names = [...counts.keys()].sort();
  const own = names.filter(name => !MESH_PROXIES.has(name));
  // A pod of nothing but a proxy is a gateway: its proxy is the app.
  const [main] = (own.length > 0 ? own : names).sort(
    (a, b) => counts.get(b)! - counts.get(a)!,
  );
  return main;
}
