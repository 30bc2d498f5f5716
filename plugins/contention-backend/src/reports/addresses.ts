/** Addresses of peers as agents send them, and the pods that had them. Pure. */
import type { StoredResource } from '../store';

/** An IPv4 address as a socket of IPv6 shows it. */
const MAPPED = /^::ffff:(?=\d+\.)/i;

export function plainAddress(address: unknown): string {
  const text = String(address);
  return text.startsWith('::') ? text.replace(MAPPED, '') : text;
}

/** Addresses are unique within a cluster only; a cluster's name holds no NUL. */
export function addressKey(cluster: string, address: unknown): string {
  return `${cluster}\0${plainAddress(address)}`;
}

/** Resources that had one of these addresses at some time, by the address's key. */
export function resourcesAtAddresses(
  resources: Iterable<StoredResource>,
  wanted: Iterable<string>,
): Map<string, StoredResource[]> {
  const found = new Map<string, StoredResource[]>();
  // By cluster and address: a key made for each resource of a fleet would take longer than all the rest.
  const inCluster = new Map<string, Map<string, StoredResource[]>>();
  for (const key of wanted) {
    if (found.has(key)) continue;
    const [cluster, address] = key.split('\0');
    const there: StoredResource[] = [];
    found.set(key, there);
    const known = inCluster.get(cluster);
    if (known) known.set(address, there);
    else inCluster.set(cluster, new Map([[address, there]]));
  }
  if (found.size === 0) return found;
  let lastCluster: string | undefined;
  let there: Map<string, StoredResource[]> | undefined;
  for (const resource of resources) {
    const { cluster, podIp } = resource;
    if (podIp === undefined) continue;
    // Those of a cluster mostly follow each other.
    if (cluster !== lastCluster) {
      lastCluster = cluster;
      there = inCluster.get(cluster);
    }
    there?.get(plainAddress(podIp))?.push(resource);
  }
  return found;
}
