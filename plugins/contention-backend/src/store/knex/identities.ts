/**
 * Who ran where and when, for as long as tickets are looked at: a row for every pod, container and unit, made from its
 * resource and kept after that is forgotten. Knows what names them; refuses to know what was measured.
 */
import { createHash } from 'node:crypto';
import {
  ATTRIBUTE,
  POD_LABEL_PREFIX,
  WORKLOAD_ATTRIBUTE,
} from 'backstage-plugin-contention-common';
import type { Knex } from 'knex';
import type { Attributes } from '../../otlp';
import type {
  IdentityFilter,
  NameRetention,
  StoredResource,
  WorkloadName,
} from '../Store';
import { attributesFromJson, canonicalJson } from './dictionary';
import { letOthers } from './others';
import { chunks, IDS_PER_QUERY, ROWS_PER_INSERT } from './rows';

const TABLE = 'contention_identities';

/** A resource that names nobody. */
const NOBODY = 0;

/** Resources that are named in one go: on SQLite everybody waits meanwhile. */
const BATCH = 100;

const WORKLOAD_KEYS = Object.values(WORKLOAD_ATTRIBUTE);

const KEPT: ReadonlySet<string> = new Set([
  ATTRIBUTE.namespace,
  ATTRIBUTE.podName,
  ATTRIBUTE.podUid,
  ATTRIBUTE.containerName,
  ATTRIBUTE.containerId,
  ATTRIBUTE.systemdUnit,
  ATTRIBUTE.plainContainerName,
  ATTRIBUTE.cgroupPath,
  ATTRIBUTE.podIp,
  ...WORKLOAD_KEYS,
]);

/** What of a resource's attributes says who it is; undefined where nobody would look for it. */
function identityOf(attributes: Attributes): Attributes | undefined {
  const isNamed =
    attributes[ATTRIBUTE.podName] !== undefined ||
    // A container of a pod that is not known yet gets its name later, as another resource.
    (attributes[ATTRIBUTE.podUid] === undefined &&
      [
        ATTRIBUTE.containerId,
        ATTRIBUTE.plainContainerName,
        ATTRIBUTE.systemdUnit,
      ].some(key => attributes[key] !== undefined));
  if (!isNamed) return undefined;
  return Object.fromEntries(
    Object.entries(attributes).filter(
      ([key]) => KEPT.has(key) || key.startsWith(POD_LABEL_PREFIX),
    ),
  );
}

/** The name of the workload that a pod belongs to. */
export function workloadNameOf(attributes: Attributes): string | undefined {
  // A job of a cron job is looked for by either; the cron job is what stays.
  const key = [...WORKLOAD_KEYS].reverse().find(item => attributes[item]);
  return key && String(attributes[key]);
}

function textOf(attributes: Attributes, key: string): string | null {
  const value = attributes[key];
  return value === undefined || value === '' ? null : String(value);
}

/** Notes the identity of every resource that has none yet. Cheap when there is nothing new. */
export async function noteIdentities(knex: Knex): Promise<void> {
  for (;;) {
    const rows = await knex('contention_resources')
      .whereNull('identity_id')
      .orderBy('id')
      .limit(BATCH)
      .select(
        'id',
        'cluster',
        'node',
        'attributes',
        'first_seen_ms',
        'last_seen_ms',
      );
    if (rows.length === 0) return;
    await knex.transaction(tx => noteRows(tx, rows));
    await letOthers();
    if (rows.length < BATCH) return;
  }
}

interface ResourceRow {
  id: number;
  cluster: string;
  node: string;
  attributes: string;
  first_seen_ms: number | string;
  last_seen_ms: number | string;
}

async function noteRows(tx: Knex, rows: readonly ResourceRow[]): Promise<void> {
  const nobody: number[] = [];
  const resourcesOf = new Map<string, number[]>();
  const wanted = new Map<string, object>();
  for (const row of rows) {
    const identity = identityOf(attributesFromJson(row.attributes));
    if (!identity) {
      nobody.push(row.id);
      continue;
    }
    const attributes = canonicalJson(identity);
    const hash = createHash('sha256')
      .update([row.cluster, row.node, attributes].join('\0'))
      .digest('base64url');
    resourcesOf.set(hash, [...(resourcesOf.get(hash) ?? []), row.id]);
    wanted.set(hash, {
      hash,
      cluster: row.cluster,
      node: row.node,
      namespace: textOf(identity, ATTRIBUTE.namespace),
      pod: textOf(identity, ATTRIBUTE.podName),
      container_id: textOf(identity, ATTRIBUTE.containerId),
      ip: textOf(identity, ATTRIBUTE.podIp)?.toLowerCase() ?? null,
      workload: workloadNameOf(identity) ?? null,
      attributes,
      first_seen_ms: Number(row.first_seen_ms),
      last_seen_ms: Number(row.last_seen_ms),
    });
  }
  // One order everywhere, so that two backends never wait for each other crosswise.
  const hashes = [...wanted.keys()].sort();
  for (const chunk of chunks(hashes, ROWS_PER_INSERT)) {
    await tx(TABLE)
      .insert(chunk.map(hash => wanted.get(hash)!))
      .onConflict('hash')
      .ignore();
    const known = await tx(TABLE).select('id', 'hash').whereIn('hash', chunk);
    for (const { id, hash } of known) {
      await tx('contention_resources')
        .whereIn('id', resourcesOf.get(hash)!)
        .update({ identity_id: id });
    }
  }
  await tx('contention_resources')
    .whereIn('id', nobody)
    .update({ identity_id: NOBODY });
}

/** Writes down when resources were seen that are about to be forgotten. */
export async function keepTimes(
  tx: Knex,
  resourceIds: readonly number[],
): Promise<void> {
  const seen = await tx('contention_resources')
    .whereIn('id', resourceIds)
    .where('identity_id', '>', NOBODY)
    .groupBy('identity_id')
    .select('identity_id')
    .min('first_seen_ms as first')
    .max('last_seen_ms as last');
  for (const { identity_id: id, first, last } of seen) {
    await tx(TABLE)
      .where({ id })
      .where('last_seen_ms', '<', Number(last))
      .update({ last_seen_ms: Number(last) });
    await tx(TABLE)
      .where({ id })
      .where('first_seen_ms', '>', Number(first))
      .update({ first_seen_ms: Number(first) });
  }
}

/** Forgets who has not been seen for long, and, where there are too many, who was seen longest ago. */
export async function purgeIdentities(
  knex: Knex,
  kept: NameRetention,
  nowMs: number,
): Promise<void> {
  const withoutResource = () =>
    knex(TABLE).whereNotExists(
      knex('contention_resources')
        .select(knex.raw('1'))
        .whereRaw(
          'contention_resources.identity_id = contention_identities.id',
        ),
    );
  await withoutResource()
    .where('last_seen_ms', '<', nowMs - kept.namesMs)
    .delete();
  const row = await knex(TABLE).count({ rows: '*' }).first();
  let excess = Number(row?.rows ?? 0) - kept.maxNames;
  while (excess > 0) {
    const ids: number[] = await withoutResource()
      .orderBy('last_seen_ms')
      .limit(Math.min(excess, IDS_PER_QUERY))
      .pluck('id');
    // All that is left still has data: its number is bounded with that.
    if (ids.length === 0) return;
    await knex(TABLE).whereIn('id', ids).delete();
    excess -= ids.length;
  }
}

const MOST_FOUND = 2_000;

/** The identities that fit, latest first; at most a few thousand. */
export async function readIdentities(
  knex: Knex,
  filter: IdentityFilter,
): Promise<StoredResource[]> {
  const query = knex(`${TABLE} as i`)
    .leftJoin('contention_resources as r', 'r.identity_id', 'i.id')
    .groupBy('i.id')
    .select('i.id', 'i.cluster', 'i.node', 'i.attributes')
    .select('i.first_seen_ms', 'i.last_seen_ms')
    .min('r.first_seen_ms as r_first')
    .max('r.last_seen_ms as r_last')
    .orderBy('i.id', 'desc')
    .limit(MOST_FOUND);
  const { by } = filter;
  switch (by.type) {
    case 'pod':
      query.where('i.pod', by.pod);
      break;
    case 'container':
      query.where('i.container_id', by.id);
      break;
    case 'container-prefix':
      query
        .where('i.container_id', '>=', by.prefix)
        .where('i.container_id', '<', nextHex(by.prefix));
      break;
    case 'ip':
      query.where('i.ip', by.ip);
      break;
    case 'workload':
      query.where('i.workload', by.workload);
      break;
    case 'ids':
      query.whereIn('i.id', by.ids);
      break;
    default:
      query.where('i.node', by.node);
  }
  if (filter.seen) {
    const { fromMs, toMs } = filter.seen;
    query
      .where('i.first_seen_ms', '<=', toMs)
      .having(
        knex.raw('i.last_seen_ms >= ? or max(r.last_seen_ms) >= ?', [
          fromMs,
          fromMs,
        ]),
      );
  }
  const rows = await query;
  return rows.map(row => ({
    id: row.id,
    cluster: row.cluster,
    node: row.node,
    attributes: attributesFromJson(row.attributes),
    firstSeenMs: Math.min(
      Number(row.first_seen_ms),
      Number(row.r_first ?? Infinity),
    ),
    lastSeenMs: Math.max(
      Number(row.last_seen_ms),
      Number(row.r_last ?? -Infinity),
    ),
  }));
}

/** The first text after everything that begins with some lower-case hexadecimal digits, in any collation. */
function nextHex(prefix: string): string {
  const last = prefix.at(-1)!;
  // Behind `f` comes `g`, behind `9` comes `a`: never punctuation, which collations sort as they please.
  const after =
    last === '9' ? 'a' : String.fromCharCode(last.charCodeAt(0) + 1);
  return prefix.slice(0, -1) + after;
}

/** Names of workloads, each with the identity that carried it last. */
export async function readWorkloadNames(knex: Knex): Promise<WorkloadName[]> {
  const rows = await knex(TABLE)
    .whereNotNull('workload')
    .groupBy('workload', 'namespace', 'cluster')
    .select('workload', 'namespace', 'cluster')
    .max('id as id')
    .limit(20_000);
  return rows.map(({ workload, namespace, cluster, id }) => ({
    workload,
    namespace: namespace ?? undefined,
    cluster,
    identityId: Number(id),
  }));
}
