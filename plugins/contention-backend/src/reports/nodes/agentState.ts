/** Whether an agent reports, went quiet, or is gone. Pure. */
import type { AgentState } from 'backstage-plugin-contention-common';
import type { NodeSeen } from '../../store';
import { isStale } from '../freshness';

/** A node that was silent for a day is most likely no more: clusters grow and shrink. */
const GONE_MS = 24 * 3600 * 1000;

export function agentState(node: NodeSeen, nowMs: number): AgentState {
  if (!isStale(node, nowMs)) return 'fresh';
  return nowMs - node.lastSeenMs > GONE_MS ? 'gone' : 'stale';
}
