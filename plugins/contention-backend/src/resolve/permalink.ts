/** The address of a tab with absolute times, as the portal's own routes are by default. Pure. */
import { parseEntityRef } from '@backstage/catalog-model';
import { TAB_PATHS, type Resource } from 'backstage-plugin-contention-common';

export interface PermalinkTarget {
  entityRef: string;
  tab: keyof typeof TAB_PATHS;
  /** Epoch milliseconds. */
  range: { from: number; to: number };
  cluster?: string;
  /** Of the neighbours; absent: the CPU. */
  resource?: Resource;
}

/** @param baseUrl - `app.baseUrl`; without it the link begins with the path */
export function permalinkOf(
  { entityRef, tab, range, cluster, resource }: PermalinkTarget,
  baseUrl: string | undefined,
): string {
  const { kind, namespace, name } = parseEntityRef(entityRef);
  const path = ['catalog', namespace, kind.toLowerCase(), name, TAB_PATHS[tab]]
    .map(encodeURIComponent)
    .join('/');
  const params = new URLSearchParams(cluster ? { cluster } : {});
  params.set('from', isoOf(range.from));
  params.set('to', isoOf(range.to));
  if (tab === 'neighbours' && resource === 'network') {
    params.set('resource', resource);
  }
  return `${(baseUrl ?? '').replace(/\/+$/, '')}/${path}?${params}`;
}

/** As the pages write it: without milliseconds where there are none. */
function isoOf(ms: number): string {
  return new Date(Math.round(ms)).toISOString().replace(/\.000Z$/, 'Z');
}
