/** Which nodes sent data, and in which unbroken stretches: what tells a gap from a zero. */
import type { Knex } from 'knex';
import { TOUCH_MS, union, type Interval } from '../stretches';

export interface NodeIntervals {
  cluster: string;
  node: string;
  intervals: AgentInterval[];
}

export interface AgentInterval extends Interval {
  agentVersion?: string;
}

function newestOf(intervals: readonly AgentInterval[]) {
  return intervals.reduce<AgentInterval | undefined>(
    (newest, item) => (newest && newest.endMs >= item.endMs ? newest : item),
    undefined,
  );
}

export async function recordCoverage(
  tx: Knex,
  { cluster, node, intervals }: NodeIntervals,
): Promise<void> {
  const newest = newestOf(intervals);
  if (!newest) return;
  const stretches = union(intervals);
  const firstMs = stretches[0].startMs;
  const lastMs = stretches[stretches.length - 1].endMs;
  const isTold = ({ agentVersion }: AgentInterval) => Boolean(agentVersion);
  // Who does not say it does not deny what was said.
  const { agentVersion } = newestOf(intervals.filter(isTold)) ?? {};
  const ofNewest = {
    interval_ms: newest.endMs - newest.startMs,
    ...(agentVersion ? { agent_version: agentVersion } : {}),
  };
  await tx('contention_nodes')
    .insert({
      cluster,
      node,
      first_seen_ms: firstMs,
      last_seen_ms: lastMs,
      ...ofNewest,
    })
    .onConflict(['cluster', 'node'])
    .ignore();
  // Also the lock: two batches of one node extend its stretches one after the other.
  const row = await tx('contention_nodes')
    .where({ cluster, node })
    .forUpdate()
    .first();
  await tx('contention_nodes')
    .where({ id: row.id })
    .update({
      first_seen_ms: Math.min(Number(row.first_seen_ms), firstMs),
      last_seen_ms: Math.max(Number(row.last_seen_ms), lastMs),
      ...(lastMs >= Number(row.last_seen_ms) ? ofNewest : {}),
    });
  const touching = () =>
    tx('contention_coverage')
      .where({ node_id: row.id })
      .where('start_ms', '<=', lastMs + TOUCH_MS)
      .where('end_ms', '>=', firstMs - TOUCH_MS);
  const known: Interval[] = (await touching()).map(
    (stretch: { start_ms: unknown; end_ms: unknown }) => ({
      startMs: Number(stretch.start_ms),
      endMs: Number(stretch.end_ms),
    }),
  );
  await touching().delete();
  await tx('contention_coverage').insert(
    union([...known, ...stretches]).map(({ startMs, endMs }) => ({
      node_id: row.id,
      start_ms: startMs,
      end_ms: endMs,
    })),
  );
}
