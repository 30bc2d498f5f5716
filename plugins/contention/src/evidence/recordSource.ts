/** A record as the source of the tabs: its reports as the backend's calls, and its entity as the catalog knew it. Pure. */
import { parseEntityRef, type Entity } from '@backstage/catalog-model';
import {
  RESOURCES,
  type EntityLink,
  type Evidence,
  type Resource,
} from 'backstage-plugin-contention-common';
import type { Reports } from '../report/ReportSource';

/** Answers every question about a range with what was frozen: a record holds one. */
export function recordedReports(record: Pick<Evidence, 'reports'>): Reports {
  const { diagnosis, latency, throttling, neighbours, peers } = record.reports;
  return {
    diagnosis: async () => diagnosis,
    latency: async (_, __, options) => latency[options?.role ?? 'server'],
    throttling: async () => throttling,
    neighbours: async (_, __, { resource, direction = 'suffered' } = {}) => {
      const asked = resource === 'network' ? neighbours.network : neighbours;
      if (!asked) throw new Error('This record holds nothing of the network');
      return asked[direction];
    },
    ...(peers && { peers: async () => peers }),
  };
}

/** What a record knows neighbours at. */
export function recordedResources({
  reports,
}: Pick<Evidence, 'reports'>): readonly Resource[] {
  return reports.neighbours.network ? RESOURCES : ['cpu'];
}

/** Enough of an entity to stand in for one that was renamed or removed. */
export function recordedEntity({
  entityRef,
  title,
  owner,
}: EntityLink): Entity {
  const { kind, namespace, name } = parseEntityRef(entityRef);
  return {
    apiVersion: 'backstage.io/v1alpha1',
    kind,
    metadata: { name, namespace, title },
    relations: owner
      ? [{ type: 'ownedBy', targetRef: owner.entityRef }]
      : undefined,
  };
}

/** Whom a record names as a neighbour, and so who may reply. Everybody once, by name. */
export function accusedOf({
  reports,
}: Pick<Evidence, 'reports'>): EntityLink[] {
  const accused = new Map<string, EntityLink>();
  const { suffered, network } = reports.neighbours;
  for (const { party } of [
    ...suffered.culprits,
    ...(network?.suffered.culprits ?? []),
  ]) {
    for (const entity of party.entities) accused.set(entity.entityRef, entity);
  }
  return [...accused.values()].sort((a, b) => a.title.localeCompare(b.title));
}

/** An address that is safe to link to; undefined for anything but http and https, whoever let it through. */
export function webAddress(text: string | undefined): string | undefined {
  if (!text || !URL.canParse(text)) return undefined;
  const { protocol, href } = new URL(text);
  return protocol === 'http:' || protocol === 'https:' ? href : undefined;
}
