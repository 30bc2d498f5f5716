/** Addresses of peers as agents send them, and the pods that had them. Pure. */
import type { StoredResource } from '../store';

/** An IPv4 address as a socket of IPv6 shows it. */
const MAPPED = /^::ffff:(?=\d+\.)/i;

export function plainAddress(address: unknown): string {
  return String(address).replace(MAPPED, '');
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
  for (const key of wanted) found.set(key, []);
  if (found.size === 0) return found;
  for (const resource of resources) {
    const { cluster, podIp } = resource;
    if (podIp === undefined) continue;
    found.get(addressKey(cluster, podIp))?.push(resource);
  }
  return found;
}
