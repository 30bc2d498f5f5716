/**
 * Records, replies, and what is to be frozen without being asked, in the plugin's own database (SQLite or Postgres). Knows
 * rows; refuses to know what is in a record. Times are epoch milliseconds.
 */
import type {
  EvidenceOrigin,
  EvidenceReply,
} from 'backstage-plugin-contention-common';
import type { Knex } from 'knex';
import type { SealedRecord, StoredRecord } from './record';

const RECORDS = 'contention_evidence';
const REPLIES = 'contention_evidence_replies';
const AUTOMATIC = 'contention_evidence_automatic';

export interface ListFilter {
  entityRef: string;
  /** Only records that overlap this. */
  range?: { fromMs: number; toMs: number };
  /** Of this cluster, or of all clusters together. */
  cluster?: string;
  limit: number;
  offset: number;
}

export interface ListedRecord {
  id: string;
  head: unknown;
  replyCount: number;
}

/** What is to be frozen without being asked. */
export interface AutomaticRequest {
  entityRef: string;
  fromMs: number;
  toMs: number;
  cluster?: string;
  origin: Exclude<EvidenceOrigin, 'manual'>;
  title?: string;
  incidentUrl?: string;
  createdBy: { entityRef?: string; title: string };
}

export interface AutomaticRow {
  key: string;
  request: AutomaticRequest;
  /** Absent: done with. */
  dueMs?: number;
  attempts: number;
  evidenceId?: string;
}

export class EvidenceStore {
  constructor(private readonly knex: Knex) {}

  /** False when exactly this record is there already. */
  async add({ id, hash, head, bytes }: SealedRecord): Promise<boolean> {
    if (await this.has(id)) return false;
    await this.knex(RECORDS)
      .insert({
        id,
        hash,
        entity_ref: head.entity.entityRef,
        cluster: head.cluster ?? null,
        from_ms: head.range.from,
        to_ms: head.range.to,
        origin: head.origin,
        created_at_ms: head.createdAt,
        head: JSON.stringify(head),
        record: bytes,
      })
      .onConflict('id')
      .ignore();
    return true;
  }

  async has(id: string): Promise<boolean> {
    return (await this.knex(RECORDS).where({ id }).first('id')) !== undefined;
  }

  async get(id: string): Promise<StoredRecord | undefined> {
    const row = await this.knex(RECORDS).where({ id }).first();
    if (!row) return undefined;
    const replies: { reply: string }[] = await this.knex(REPLIES)
      .where({ evidence_id: id })
      .orderBy('position')
      .select('reply');
    return {
      id,
      hash: row.hash,
      head: parsedOrText(row.head),
      bytes: row.record,
      replies: replies.map(({ reply }) => parsedOrText(reply)),
    };
  }

  /** Newest first, or with a range: most overlap first. */
  async list(
    filter: ListFilter,
  ): Promise<{ items: ListedRecord[]; total: number }> {
    const { range, cluster, limit, offset } = filter;
    const matching = () => {
      const query = this.knex(RECORDS).where('entity_ref', filter.entityRef);
      if (range) {
        query
          .where('from_ms', '<', range.toMs)
          .where('to_ms', '>', range.fromMs);
      }
      if (cluster !== undefined) {
        query.where(one => one.where({ cluster }).orWhereNull('cluster'));
      }
      return query;
    };
    const counted = await matching().count({ rows: '*' }).first();
    const page = matching().select('id', 'head').limit(limit).offset(offset);
    if (range) {
      // Both databases know this standard form of the lesser and the greater of two.
      page.orderByRaw(
        `(case when to_ms < ? then to_ms else ? end)
          - (case when from_ms > ? then from_ms else ? end) desc`,
        [range.toMs, range.toMs, range.fromMs, range.fromMs],
      );
    }
    const rows: { id: string; head: string }[] = await page
      .orderBy('created_at_ms', 'desc')
      .orderBy('id');
    const counts = await this.replyCounts(rows.map(({ id }) => id));
    return {
      items: rows.map(({ id, head }) => ({
        id,
        head: parsedOrText(head),
        replyCount: counts.get(id) ?? 0,
      })),
      total: Number(counted?.rows ?? 0),
    };
  }

  private async replyCounts(
    ids: readonly string[],
  ): Promise<Map<string, number>> {
    const rows: { id: string; replies: number | string }[] = await this.knex(
      REPLIES,
    )
      .whereIn('evidence_id', ids)
      .groupBy('evidence_id')
      .select('evidence_id as id')
      .select(this.knex.raw('count(*) as replies'));
    return new Map(rows.map(({ id, replies }) => [id, Number(replies)]));
  }

  /** Appends to the chain. False when somebody else did meanwhile, or the record is gone: read again, and try again. */
  async append(
    evidenceId: string,
    position: number,
    reply: EvidenceReply,
  ): Promise<boolean> {
    return this.knex.transaction(async tx => {
      const record = await tx(RECORDS).where({ id: evidenceId }).first('id');
      if (!record) return false;
      const text = JSON.stringify(reply);
      const place = { evidence_id: evidenceId, position };
      await tx(REPLIES)
        .insert({ ...place, reply: text })
        .onConflict(['evidence_id', 'position'])
        .ignore();
      const there = await tx(REPLIES).where(place).first('reply');
      return there?.reply === text;
    });
  }

  async remove(ids: readonly string[]): Promise<void> {
    if (ids.length === 0) return;
    await this.knex.transaction(async tx => {
      await tx(REPLIES).whereIn('evidence_id', ids).delete();
      await tx(RECORDS).whereIn('id', ids).delete();
    });
  }

  /**
   * Automatic records of an entity beyond the newest `keep`. Those that somebody replied to stay, and those of incidents go
   * after those of links.
   */
  async surplusOf(entityRef: string, keep: number): Promise<string[]> {
    const rows: { id: string; origin: string; replied: unknown }[] =
      await this.knex(`${RECORDS} as e`)
        .where('e.entity_ref', entityRef)
        .whereNot('e.origin', 'manual')
        .orderBy('e.created_at_ms', 'desc')
        .orderBy('e.id')
        .select('e.id', 'e.origin')
        .select(
          this.knex(REPLIES)
            .count('*')
            .whereRaw('evidence_id = e.id')
            .as('replied'),
        );
    const surplus = rows.length - keep;
    if (surplus <= 0) return [];
    const oldestFirst = rows
      .filter(({ replied }) => Number(replied) === 0)
      .reverse();
    return [
      ...oldestFirst.filter(({ origin }) => origin === 'link'),
      ...oldestFirst.filter(({ origin }) => origin !== 'link'),
    ]
      .slice(0, surplus)
      .map(({ id }) => id);
  }

  /** Remembers what is to be frozen; what is there already under the key stays as it is. */
  async want(
    key: string,
    request: AutomaticRequest,
    dueMs: number,
  ): Promise<void> {
    await this.knex(AUTOMATIC)
      .insert({
        key,
        entity_ref: request.entityRef,
        to_ms: request.toMs,
        request: JSON.stringify(request),
        due_ms: dueMs,
        attempts: 0,
      })
      .onConflict('key')
      .ignore();
  }

  async wanted(key: string): Promise<AutomaticRow | undefined> {
    const row = await this.knex(AUTOMATIC).where({ key }).first();
    return row && automaticRow(row);
  }

  /** How many wait for their turn. */
  async waiting(entityRef?: string): Promise<number> {
    const query = this.knex(AUTOMATIC).whereNotNull('due_ms');
    if (entityRef !== undefined) query.where('entity_ref', entityRef);
    const row = await query.count({ rows: '*' }).first();
    return Number(row?.rows ?? 0);
  }

  /**
   * Takes the one that is due longest, for nobody else until `untilMs`: several backends share the table.
   */
  async claim(
    nowMs: number,
    untilMs: number,
  ): Promise<AutomaticRow | undefined> {
    const row = await this.knex(AUTOMATIC)
      .where('due_ms', '<=', nowMs)
      .orderBy('due_ms')
      .first();
    if (!row) return undefined;
    const taken = await this.knex(AUTOMATIC)
      .where({ key: row.key, due_ms: row.due_ms })
      .update({ due_ms: untilMs, attempts: row.attempts + 1 });
    // Another backend was faster: there may be more.
    if (taken === 0) return this.claim(nowMs, untilMs);
    return automaticRow({
      ...row,
      due_ms: untilMs,
      attempts: row.attempts + 1,
    });
  }

  /** Done with: frozen under this id, or without one because there was nothing to freeze. */
  async settle(key: string, evidenceId: string | undefined): Promise<void> {
    await this.knex(AUTOMATIC)
      .where({ key })
      .update({ due_ms: null, evidence_id: evidenceId ?? null });
  }

  /** Forgets what can never be frozen again, as its data is gone. */
  async forgetAutomatic(beforeMs: number): Promise<void> {
    await this.knex(AUTOMATIC)
      .whereNull('due_ms')
      .where('to_ms', '<', beforeMs)
      .delete();
  }
}

function automaticRow(row: any): AutomaticRow {
  return {
    key: row.key,
    request: JSON.parse(row.request),
    dueMs: row.due_ms === null ? undefined : Number(row.due_ms),
    attempts: Number(row.attempts),
    evidenceId: row.evidence_id ?? undefined,
  };
}

/** What somebody has written into the database by hand may be no JSON: that is for verification to say. */
function parsedOrText(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
