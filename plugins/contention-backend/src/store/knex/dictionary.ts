/**
 * Resources and series as small numbers. An attribute set is found by the hash of its canonical JSON; a short-lived cache
 * spares the look-up of what comes every ten seconds.
 */
import { createHash } from 'node:crypto';
import type { Knex } from 'knex';
import type { Attributes } from '../../otlp';
import {
  LAST_SEEN_LAG_MS,
  RESOURCES_FRESH_MS,
  type BatchSeries,
} from '../Store';
import { chunks, IDS_PER_QUERY, ROWS_PER_INSERT } from './rows';

/** `last_seen_ms` is written this often: with the time for which readers remember it, within the lag that is promised. */
const WRITTEN_EVERY_MS = LAST_SEEN_LAG_MS - RESOURCES_FRESH_MS;

/** Attributes in one order, so that the order on the wire does not matter. */
export function canonicalJson(attributes: Attributes): string {
  return JSON.stringify(
    Object.keys(attributes)
      .sort()
      .map(key => [key, attributes[key]]),
  );
}

export function attributesFromJson(text: string): Attributes {
  return Object.fromEntries(JSON.parse(text));
}

function hashOf(...parts: string[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part).update('\0');
  return hash.digest('base64url');
}

interface Wanted<Row> {
  hash: string;
  row: Row;
}

interface ResourceRow {
  cluster: string;
  node: string;
  attributes: string;
  first_seen_ms: number;
  last_seen_ms: number;
}

interface SeriesRow {
  resource_id: number;
  culprit_id: number | null;
  metric: string;
  attributes: string;
}

/** Hash to id, forgotten after an hour: another backend may have purged the row meanwhile. */
class IdCache {
  private readonly entries = new Map<
    string,
    { id: number; untilMs: number; seenMs: number }
  >();

  get(hash: string, nowMs: number) {
    const entry = this.entries.get(hash);
    return entry && entry.untilMs > nowMs ? entry : undefined;
  }

  set(hash: string, id: number, nowMs: number, seenMs: number): void {
    if (this.entries.size >= 200_000) this.entries.clear();
    this.entries.set(hash, { id, untilMs: nowMs + 3_600_000, seenMs });
  }

  clear(): void {
    this.entries.clear();
  }
}

/** The ids of one batch, and what to remember of them once its transaction is through. */
export interface ResolvedBatch {
  /** One per series of the batch. */
  seriesIds: number[];
  /** One list per series of the batch: the culprit of each of its worst cases, null where it has none. */
  worstCulpritIds: (number | null)[][];
  /** A resource is new, or was seen at a time that nobody knew of: more than that it is still there. */
  newsOfResources: boolean;
  /** To be called after the commit, never before: ids of a rolled-back transaction are given out again. */
  committed(): void;
}

/** The attribute sets of a batch, each once, with the time in which the batch saw them. */
class ResourceSet {
  readonly wanted = new Map<string, Wanted<ResourceRow>>();
  /** Series of one resource share the attributes object: hash it once. */
  private readonly hashes = new Map<Attributes, [string, string]>();

  add(series: BatchSeries, attributes: Attributes): string {
    const [hash, text] = this.hashOf(series, attributes);
    let first = Infinity;
    let last = -Infinity;
    for (const { startMs, endMs } of series.points) {
      first = Math.min(first, startMs > 0 ? startMs : endMs);
      last = Math.max(last, endMs);
    }
    const known = this.wanted.get(hash);
    if (known) {
      known.row.first_seen_ms = Math.min(known.row.first_seen_ms, first);
      known.row.last_seen_ms = Math.max(known.row.last_seen_ms, last);
    } else {
      this.wanted.set(hash, {
        hash,
        row: {
          cluster: series.cluster,
          node: series.node,
          attributes: text,
          first_seen_ms: first,
          last_seen_ms: last,
        },
      });
    }
    return hash;
  }

  private hashOf(
    series: BatchSeries,
    attributes: Attributes,
  ): [hash: string, text: string] {
    const known = this.hashes.get(attributes);
    if (known) return known;
    const text = canonicalJson(attributes);
    const result: [string, string] = [
      hashOf(series.cluster, series.node, text),
      text,
    ];
    this.hashes.set(attributes, result);
    return result;
  }
}

export class Dictionary {
  private readonly resourceIds = new IdCache();
  private readonly seriesIds = new IdCache();

  async resolve(
    tx: Knex,
    series: readonly BatchSeries[],
    nowMs: number,
  ): Promise<ResolvedBatch> {
    const afterCommit: (() => void)[] = [];
    const resources = new ResourceSet();
    const hashes = series.map(item => ({
      resource: resources.add(item, item.resource),
      culprit: item.culprit && resources.add(item, item.culprit),
      worst: (item.worst ?? []).map(
        ({ culprit }) => culprit && resources.add(item, culprit),
      ),
    }));
    const { ids: idOfResource, news } = await this.resourceIdsOf(
      tx,
      resources.wanted,
      nowMs,
      afterCommit,
    );
    const wanted = series.map((item, index): Wanted<SeriesRow> => {
      const { resource, culprit } = hashes[index];
      const attributes = canonicalJson(item.attributes);
      return {
        hash: hashOf(resource, item.metric, attributes),
        row: {
          resource_id: idOfResource.get(resource)!,
          culprit_id: culprit ? idOfResource.get(culprit)! : null,
          metric: item.metric,
          attributes,
        },
      };
    });
    const idOfSeries = await this.idsOf(
      tx,
      'contention_series',
      this.seriesIds,
      wanted,
      nowMs,
      () => nowMs,
      afterCommit,
    );
    return {
      seriesIds: wanted.map(({ hash }) => idOfSeries.get(hash)!),
      worstCulpritIds: hashes.map(({ worst }) =>
        worst.map(hash => (hash ? idOfResource.get(hash)! : null)),
      ),
      newsOfResources: news,
      committed: () => afterCommit.forEach(action => action()),
    };
  }

  clear(): void {
    this.resourceIds.clear();
    this.seriesIds.clear();
  }

  private async resourceIdsOf(
    tx: Knex,
    wanted: Map<string, Wanted<ResourceRow>>,
    nowMs: number,
    afterCommit: (() => void)[],
  ): Promise<{ ids: Map<string, number>; news: boolean }> {
    const stale = new Map<number, ResourceRow>();
    let news = false;
    for (const { hash, row } of wanted.values()) {
      const cached = this.resourceIds.get(hash, nowMs);
      if (!cached) continue;
      const laterMs = row.last_seen_ms - cached.seenMs;
      const isLate = row.first_seen_ms < cached.seenMs - LAST_SEEN_LAG_MS;
      if (laterMs >= WRITTEN_EVERY_MS || isLate) stale.set(cached.id, row);
      news ||= isLate || laterMs > 2 * LAST_SEEN_LAG_MS;
    }
    const ids = await this.idsOf(
      tx,
      'contention_resources',
      this.resourceIds,
      [...wanted.values()],
      nowMs,
      row => row.last_seen_ms,
      afterCommit,
      (id, row) => stale.set(id, row),
      () => {
        news = true;
      },
    );
    for (const [id, row] of stale) {
      await tx('contention_resources')
        .where({ id })
        .where('last_seen_ms', '<', row.last_seen_ms)
        .update({ last_seen_ms: row.last_seen_ms });
      await tx('contention_resources')
        .where({ id })
        .where('first_seen_ms', '>', row.first_seen_ms)
        .update({ first_seen_ms: row.first_seen_ms });
    }
    if (stale.size > 0) {
      afterCommit.push(() => {
        for (const { hash, row } of wanted.values()) {
          const id = ids.get(hash)!;
          if (stale.has(id)) {
            this.resourceIds.set(hash, id, nowMs, row.last_seen_ms);
          }
        }
      });
    }
    return { ids, news };
  }

  private async idsOf<Row extends object>(
    tx: Knex,
    table: string,
    cache: IdCache,
    wanted: readonly Wanted<Row>[],
    nowMs: number,
    seenMs: (row: Row) => number,
    afterCommit: (() => void)[],
    onFound?: (id: number, row: Row) => void,
    onMissing?: () => void,
  ): Promise<Map<string, number>> {
    const ids = new Map<string, number>();
    const missing = new Map<string, Row>();
    for (const { hash, row } of wanted) {
      const cached = cache.get(hash, nowMs);
      if (cached) ids.set(hash, cached.id);
      else missing.set(hash, row);
    }
    // One order everywhere, so that two backends never wait for each other crosswise.
    const hashes = [...missing.keys()].sort();
    if (hashes.length > 0) onMissing?.();
    const found = new Set<string>();
    const look = async (chunk: string[]) => {
      for (const { id, hash } of await tx(table)
        .select('id', 'hash')
        .whereIn('hash', chunk)) {
        ids.set(hash, id);
        found.add(hash);
      }
    };
    for (const chunk of chunks(hashes, IDS_PER_QUERY)) await look(chunk);
    for (const hash of found) onFound?.(ids.get(hash)!, missing.get(hash)!);
    const unknown = hashes.filter(hash => !found.has(hash));
    for (const chunk of chunks(unknown, ROWS_PER_INSERT)) {
      await tx(table)
        .insert(chunk.map(hash => ({ hash, ...missing.get(hash)! })))
        .onConflict('hash')
        .ignore();
      await look(chunk);
    }
    afterCommit.push(() => {
      for (const [hash, row] of missing) {
        cache.set(hash, ids.get(hash)!, nowMs, seenMs(row));
      }
    });
    return ids;
  }
}
