/**
 * Which series there are. A row of `contention_series` never changes, so it is read once; what is asked of the database each
 * time is only which rows there are now. Refuses to know values.
 */
import type { MetricName } from 'backstage-plugin-contention-common';
import type { Knex } from 'knex';
import type { SeriesFilter, StoredSeries } from '../Store';
import { attributesFromJson } from './dictionary';
import { amongSql, chunks, IDS_PER_QUERY, idsBinding, isAmong } from './rows';
import { readRows } from './statements';

/** Series that are remembered, at about a kilobyte each: those of a hundred services. Beyond that all are forgotten. */
const MAX_KNOWN = 100_000;

export class KnownSeries {
  private readonly known = new Map<number, StoredSeries>();

  constructor(private readonly knex: Knex) {}

  /** To be called when series were purged. */
  clear(): void {
    this.known.clear();
  }

  async find(filter: SeriesFilter): Promise<StoredSeries[]> {
    const result: StoredSeries[] = [];
    for (const [column, ids] of [
      ['resource_id', filter.resourceIds],
      ['culprit_id', filter.culpritIds],
    ] as const) {
      for (const chunk of chunks(ids ?? [], IDS_PER_QUERY)) {
        result.push(
          ...(await this.withIds(
            await this.idsWhere(column, chunk, filter.metrics),
          )),
        );
      }
    }
    return result;
  }

  /** Ascending. */
  private async idsWhere(
    column: 'resource_id' | 'culprit_id',
    ids: readonly number[],
    metrics: readonly MetricName[] | undefined,
  ): Promise<number[]> {
    const { knex } = this;
    const isWanted = metrics
      ? `and metric in (${metrics.map(() => '?').join(', ')})`
      : '';
    const rows = await readRows<[id: number]>(
      knex,
      `select id from contention_series where ${amongSql(knex, column)} ${isWanted} order by id`,
      [idsBinding(knex, ids), ...(metrics ?? [])],
    );
    return rows.map(([id]) => id);
  }

  /** In the order of the ids, without those that were purged meanwhile. */
  private async withIds(ids: readonly number[]): Promise<StoredSeries[]> {
    const unknown = ids.filter(id => !this.known.has(id));
    if (unknown.length === 0) return ids.map(id => this.known.get(id)!);
    const found = new Map<number, StoredSeries>();
    for (const id of ids) {
      const known = this.known.get(id);
      if (known) found.set(id, known);
    }
    for (const chunk of chunks(unknown, IDS_PER_QUERY)) {
      const rows = await this.knex('contention_series')
        .select('id', 'resource_id', 'culprit_id', 'metric', 'attributes')
        .where(isAmong(this.knex, 'id', chunk));
      for (const row of rows) {
        const series: StoredSeries = {
          id: row.id,
          resourceId: row.resource_id,
          culpritId: row.culprit_id ?? undefined,
          metric: row.metric as MetricName,
          attributes: attributesFromJson(row.attributes),
        };
        found.set(series.id, series);
        if (this.known.size >= MAX_KNOWN) this.known.clear();
        this.known.set(series.id, series);
      }
    }
    return ids.flatMap(id => found.get(id) ?? []);
  }
}
