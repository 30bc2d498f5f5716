/** How old the data is, and which nodes went quiet. Pure. */
import type { Freshness } from 'backstage-plugin-contention-common';
import type { NodeSeen } from '../store';
import { STALE_INTERVALS } from './thresholds';

/** An interval that is not known yet is the agent's default. */
const DEFAULT_INTERVAL_MS = 10_000;
/** On top of the intervals: time for a request to arrive. */
const UNDER_WAY_MS = 5_000;

export function isStale(node: NodeSeen, atMs: number): boolean {
  const interval = Math.max(node.intervalMs, DEFAULT_INTERVAL_MS);
  return atMs - node.lastSeenMs > STALE_INTERVALS * interval + UNDER_WAY_MS;
}

/** Clocks of browsers are off by more than those of servers: a range that ends this close to now reaches it. */
const CLOCK_SKEW_MS = 60_000;

/** A range that ends in the past cannot be stale: what is there is all that there will be. */
export function reachesNow(toMs: number, nowMs: number): boolean {
  return toMs >= nowMs - CLOCK_SKEW_MS;
}

export function freshnessOf(
  nodes: readonly NodeSeen[],
  toMs: number,
  nowMs: number,
): Freshness {
  const newest = nodes.length
    ? Math.max(...nodes.map(({ lastSeenMs }) => lastSeenMs))
    : undefined;
  const quiet = reachesNow(toMs, nowMs)
    ? nodes.filter(node => isStale(node, nowMs))
    : [];
  return {
    ...(newest === undefined
      ? {}
      : { newest, ageSeconds: Math.max(0, (nowMs - newest) / 1000) }),
    stale: nodes.length > 0 && quiet.length === nodes.length,
    staleNodes: quiet.map(({ cluster, node, lastSeenMs }) => ({
      cluster,
      node,
      lastSeen: lastSeenMs,
    })),
  };
}
