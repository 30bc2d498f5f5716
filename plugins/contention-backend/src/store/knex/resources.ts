/**
 * The resources that were seen in a range, kept in memory for a few seconds: every report asks for them, of a whole fleet.
 * Knows rows of `contention_resources`; refuses to know series.
 */
import { ATTRIBUTE } from 'backstage-plugin-contention-common';
import type { Knex } from 'knex';
import type { Attributes, AttributeValue } from '../../otlp';
import {
  LAST_SEEN_LAG_MS,
  RESOURCES_FRESH_MS,
  type ResourceFilter,
  type StoredResource,
} from '../Store';
import type { ParsedAttributes } from './attributes';
import { chunks, IDS_PER_QUERY, isAmong } from './rows';
import { readRows } from './statements';

/** More than this are not kept: reports of such a store read theirs anew. */
const MAX_KEPT = 200_000;

const HOUR_MS = 3_600_000;

type Time = number | string;

interface Loaded {
  /** Everything that was last seen at this time or later. */
  fromMs: number;
  atMs: number;
  /** By id. */
  resources: StoredResource[];
}

export class SeenResources {
  private loaded: Loaded | undefined;
  private generation = 0;

  constructor(
    private readonly knex: Knex,
    private readonly parsed: ParsedAttributes,
    private readonly now: () => number,
  ) {}

  /** To be called when this process has changed more than how lately something was seen. */
  clear(): void {
    this.loaded = undefined;
    this.generation += 1;
  }

  async read({
    fromMs,
    toMs,
    nodes,
  }: ResourceFilter): Promise<StoredResource[]> {
    const sinceMs = fromMs - LAST_SEEN_LAG_MS;
    const resources = await this.lastSeenSince(sinceMs);
    const keys = nodes && new Set(nodes.map(nodeKey));
    return resources.filter(
      resource =>
        resource.lastSeenMs >= sinceMs &&
        resource.firstSeenMs <= toMs &&
        (!keys || keys.has(nodeKey(resource))),
    );
  }

  private async lastSeenSince(fromMs: number): Promise<StoredResource[]> {
    const nowMs = this.now();
    const known = this.loaded;
    if (
      known &&
      known.fromMs <= fromMs &&
      nowMs - known.atMs < RESOURCES_FRESH_MS
    ) {
      return known.resources;
    }
    const { generation } = this;
    // A page that is left open asks for later ranges, one that is moved back for slightly earlier ones.
    const sinceMs = Math.floor(fromMs / HOUR_MS - 1) * HOUR_MS;
    const resources = await this.load(sinceMs);
    if (generation === this.generation && resources.length <= MAX_KEPT) {
      this.loaded = { fromMs: sinceMs, atMs: nowMs, resources };
    }
    return resources;
  }

  private async load(fromMs: number): Promise<StoredResource[]> {
    // Without the attributes, which are most of a row, and known for nearly all of a fleet.
    const rows = await readRows<
      [id: number, cluster: string, node: string, firstMs: Time, lastMs: Time]
    >(
      this.knex,
      `select id, cluster, node, first_seen_ms, last_seen_ms from contention_resources
       where last_seen_ms >= ? order by id`,
      [fromMs],
    );
    const attributes = await this.attributesOf(rows.map(([id]) => id));
    return rows.flatMap(([id, cluster, node, firstMs, lastMs]) => {
      const known = attributes.get(id);
      // Purged meanwhile.
      if (!known) return [];
      return [
        {
          id,
          cluster,
          node,
          attributes: known,
          firstSeenMs: Number(firstMs),
          lastSeenMs: Number(lastMs),
          podIp: textOf(known[ATTRIBUTE.podIp]),
        },
      ];
    });
  }

  private async attributesOf(
    ids: readonly number[],
  ): Promise<Map<number, Attributes>> {
    const result = new Map<number, Attributes>();
    const unknown: number[] = [];
    for (const id of ids) {
      const known = this.parsed.get(id);
      if (known) result.set(id, known);
      else unknown.push(id);
    }
    for (const chunk of chunks(unknown, IDS_PER_QUERY)) {
      const rows = await this.knex('contention_resources')
        .select('id', 'attributes')
        .where(isAmong(this.knex, 'id', chunk));
      for (const row of rows) result.set(row.id, this.parsed.of(row));
    }
    return result;
  }
}

function textOf(value: AttributeValue | undefined): string | undefined {
  return value === undefined ? undefined : String(value);
}

/** Neither a cluster's name nor a node's holds a NUL: see otlp/decode.ts. */
function nodeKey({ cluster, node }: { cluster: string; node: string }): string {
  return `${cluster}\0${node}`;
}
