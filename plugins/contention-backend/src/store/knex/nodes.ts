/** Which nodes there are, and when they sent data; every report asks for both. */
import type { Knex } from 'knex';
import type { NodeSeen, ResourceFilter, Stretch } from '../Store';
import { readRows } from './statements';

type Time = number | string;

export async function readNodes(knex: Knex): Promise<NodeSeen[]> {
  const rows = await readRows<
    [
      cluster: string,
      node: string,
      firstMs: Time,
      lastMs: Time,
      intervalMs: Time,
      agentVersion: string | null,
    ]
  >(
    knex,
    `select cluster, node, first_seen_ms, last_seen_ms, interval_ms, agent_version from contention_nodes
     order by cluster, node`,
    [],
  );
  return rows.map(
    ([cluster, node, firstMs, lastMs, intervalMs, agentVersion]) => ({
      cluster,
      node,
      firstSeenMs: Number(firstMs),
      lastSeenMs: Number(lastMs),
      intervalMs: Number(intervalMs),
      ...(agentVersion ? { agentVersion } : {}),
    }),
  );
}

export async function readCoverage(
  knex: Knex,
  { fromMs, toMs }: Pick<ResourceFilter, 'fromMs' | 'toMs'>,
): Promise<Stretch[]> {
  const rows = await readRows<
    [cluster: string, node: string, startMs: Time, endMs: Time]
  >(
    knex,
    `select n.cluster, n.node, c.start_ms, c.end_ms from contention_coverage c
     join contention_nodes n on n.id = c.node_id where c.end_ms > ? and c.start_ms < ? order by c.start_ms`,
    [fromMs, toMs],
  );
  return rows.map(([cluster, node, startMs, endMs]) => ({
    cluster,
    node,
    startMs: Number(startMs),
    endMs: Number(endMs),
  }));
}
