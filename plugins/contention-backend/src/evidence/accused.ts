/** Whom a record accuses: named as one for whom the entity waited; and the entity itself where it made others wait. Pure. */
import type {
  EntityLink,
  EvidenceContent,
  Party,
} from 'backstage-plugin-contention-common';

export function accusedIn({ entity, reports }: EvidenceContent): EntityLink[] {
  const { diagnosis, latency, throttling, neighbours } = reports;
  const accused = new Map<string, EntityLink>();
  for (const link of linksOfParties([
    diagnosis,
    latency,
    throttling,
    neighbours.suffered,
    neighbours.network?.suffered,
  ])) {
    accused.set(link.entityRef, link);
  }
  accused.delete(entity.entityRef);
  if (
    neighbours.caused.culprits.length > 0 ||
    (neighbours.network?.caused.culprits.length ?? 0) > 0
  ) {
    accused.set(entity.entityRef, entity);
  }
  return [...accused.values()];
}

function linksOfParties(value: unknown): EntityLink[] {
  if (Array.isArray(value)) return value.flatMap(linksOfParties);
  if (typeof value !== 'object' || value === null) return [];
  if ('relation' in value && 'entities' in value) {
    return (value as Party).entities;
  }
  return Object.values(value).flatMap(linksOfParties);
}
