/** Links to other entities that keep what the reader is looking at: the same tab in the same absolute range. */
import { useCallback } from 'react';
import { createApiRef, useApiHolder } from '@backstage/core-plugin-api';
import { useEntityRefLink } from '@backstage/plugin-catalog-react';
import { absoluteRange, withRange } from '../range/range';
import { useReportPage } from './ReportContext';
import { useRecord } from './ReportSource';

export const TAB_PATH = {
  latency: 'latency',
  throttling: 'throttling',
  neighbours: 'noisy-neighbours',
} as const;
export type Tab = keyof typeof TAB_PATH;

/** `?from=...&to=...`, absolute, and the cluster when one is chosen. */
export function searchFor(
  range: { from: number; to: number },
  cluster: string | undefined,
  extra: Record<string, string> = {},
): string {
  const params = withRange(
    new URLSearchParams(cluster ? { cluster } : {}),
    absoluteRange(range.from, range.to),
  );
  for (const [key, value] of Object.entries(extra)) params.set(key, value);
  return `?${params}`;
}

/**
 * A function from entity reference to the path of one of our tabs on its page, in the range that is shown. Of the entity of
 * a record, it is the record's own tab.
 */
export function useTabLink(): (
  entityRef: string,
  tab: Tab,
  extra?: Record<string, string>,
) => string {
  const entityLink = useEntityRefLink();
  const { shown, cluster } = useReportPage();
  const record = useRecord();
  return useCallback(
    (entityRef, tab, extra) =>
      record?.entityRef === entityRef
        ? record.tabPath(tab, extra)
        : `${entityLink(entityRef)}/${TAB_PATH[tab]}${searchFor(shown, cluster, extra)}`,
    [entityLink, shown, cluster, record],
  );
}

/** `kubernetesApiRef` of @backstage/plugin-kubernetes-react by its id: a portal without that plugin has no such tab. */
export const kubernetesPresenceRef = createApiRef<unknown>({
  id: 'plugin.kubernetes.service',
});

/** The path of the Kubernetes tab of an entity; undefined where the portal has none. */
export function useKubernetesLink():
  ((entityRef: string) => string) | undefined {
  const entityLink = useEntityRefLink();
  const isInstalled = Boolean(useApiHolder().get(kubernetesPresenceRef));
  const link = useCallback(
    (entityRef: string) => `${entityLink(entityRef)}/kubernetes`,
    [entityLink],
  );
  return isInstalled ? link : undefined;
}
