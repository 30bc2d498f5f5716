/** Which agents are heard, and how much is stored: for those who operate the portal. */
import type { HealthReport } from 'backstage-plugin-contention-common';
import type { Store } from '../store';
import { isStale } from './freshness';

export async function buildHealth(
  store: Store,
  nowMs: number,
): Promise<HealthReport> {
  const nodes = await store.nodes();
  const { oldestDirtyMs, ...storage } = await store.health();
  return {
    nodes: nodes.map(node => ({
      cluster: node.cluster,
      node: node.node,
      lastSeen: node.lastSeenMs,
      stale: isStale(node, nowMs),
    })),
    storage: {
      ...storage,
      ...(oldestDirtyMs === undefined
        ? {}
        : { oldestWindowToRollUp: oldestDirtyMs }),
    },
  };
}
