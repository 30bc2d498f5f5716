/** The store on SQLite or Postgres. */
import { resolvePackagePath } from '@backstage/backend-plugin-api';
import type { DatabaseService } from '@backstage/backend-plugin-api';
import type { Resource } from 'backstage-plugin-contention-common';
import type { Knex } from 'knex';
import { ParsedAttributes } from './knex/attributes';
import { readCoverage, readNodes } from './knex/nodes';
import { Dictionary } from './knex/dictionary';
import {
  noteIdentities,
  readIdentities,
  readWorkloadNames,
} from './knex/identities';
import { FinalPacks } from './knex/finalPacks';
import { readGroupSums } from './knex/groups';
import { ingestBatch } from './knex/ingest';
import { readCrowding, readCrowdingWindows } from './knex/nodeWindows';
import { purgeAll } from './knex/purge';
import { SeenResources } from './knex/resources';
import { rollUpAll } from './knex/rollUp';
import { isSqlite } from './knex/rows';
import { KnownSeries } from './knex/series';
import { readTotals } from './knex/totals';
import { readWindows } from './knex/windows';
import { readWorst } from './knex/worst';
import {
  chooseAxis,
  DEFAULT_NAMES,
  type Retention,
  HOUR_MS,
  MINUTE_MS,
} from './resolution';
import {
  StoreBusyError,
  type Axis,
  type Batch,
  type Crowding,
  type IdentityFilter,
  type IngestOutcome,
  type NameRetention,
  type NodePlace,
  type NodeSeen,
  type ResourceFilter,
  type SeriesFilter,
  type SeriesKind,
  type SeriesWindows,
  type Store,
  type StoredResource,
  type StoredSeries,
  type StoreHealth,
  type StoredWorst,
  type Stretch,
  type WorkloadName,
  type WorstFilter,
} from './Store';

const MIGRATIONS = resolvePackagePath(
  'backstage-plugin-contention-backend',
  'migrations',
);

/** As many as a spark line can show. */
const CROWDING_WINDOWS = 60;

export class KnexStore implements Store {
  private readonly dictionary = new Dictionary();
  private readonly parsed = new ParsedAttributes();
  private readonly seen: SeenResources;
  private readonly knownSeries: KnownSeries;
  private readonly final: FinalPacks;

  static async create(
    database: DatabaseService,
    kept: Retention,
    keptNames: NameRetention = DEFAULT_NAMES,
  ): Promise<KnexStore> {
    const knex = await database.getClient();
    if (!database.migrations?.skip) {
      await knex.migrate.latest({ directory: MIGRATIONS });
    }
    if (isSqlite(knex)) {
      // Readers do not wait for the writer, and a commit is one append instead of two syncs.
      await knex.raw('pragma journal_mode = wal');
      await knex.raw('pragma synchronous = normal');
      // KiB. The default of 2 MB is less than one report of a large store reads.
      await knex.raw('pragma cache_size = -65536');
    }
    return new KnexStore(knex, kept, keptNames);
  }

  constructor(
    private readonly knex: Knex,
    private readonly kept: Retention,
    private readonly keptNames: NameRetention = DEFAULT_NAMES,
    now: () => number = Date.now,
  ) {
    this.seen = new SeenResources(knex, this.parsed, now);
    this.knownSeries = new KnownSeries(knex);
    this.final = new FinalPacks(kept.rawMs, now);
  }

  async ingest(batch: Batch, nowMs: number): Promise<IngestOutcome> {
    try {
      const { committed, newsOfResources, ...outcome } =
        await this.knex.transaction(tx =>
          ingestBatch(tx, this.dictionary, batch, nowMs, this.kept),
        );
      committed();
      if (newsOfResources) this.seen.clear();
      return outcome;
    } catch (error) {
      throw isBusy(error)
        ? new StoreBusyError('the database is busy', { cause: error })
        : error;
    }
  }

  resources(filter: ResourceFilter): Promise<StoredResource[]> {
    return this.seen.read(filter);
  }

  series(filter: SeriesFilter): Promise<StoredSeries[]> {
    return this.knownSeries.find(filter);
  }

  axis(
    range: { fromMs: number; toMs: number; stepMs?: number },
    nowMs: number,
  ): Axis {
    return chooseAxis(range, nowMs, this.kept);
  }

  read(series: readonly SeriesKind[], axis: Axis): Promise<SeriesWindows[]> {
    return readWindows(this.knex, this.final, series, axis);
  }

  totals(
    series: readonly SeriesKind[],
    axis: Axis,
  ): Promise<Map<number, number>> {
    return readTotals(
      this.knex,
      this.final,
      series.map(({ id }) => id),
      axis,
    );
  }

  groupSums(
    groups: readonly (readonly SeriesKind[])[],
    axis: Axis,
  ): Promise<(number | undefined)[][]> {
    return readGroupSums(this.knex, groups, axis);
  }

  worst(
    seriesIds: readonly number[],
    filter: WorstFilter,
  ): Promise<StoredWorst[]> {
    return readWorst(this.knex, seriesIds, filter);
  }

  nodes(): Promise<NodeSeen[]> {
    return readNodes(this.knex);
  }

  crowding(
    range: { fromMs: number; toMs: number },
    resource: Resource,
  ): Promise<(NodePlace & Crowding & { seconds: number })[]> {
    return readCrowding(this.knex, range, resource);
  }

  crowdingAxis(
    range: { fromMs: number; toMs: number; stepMs?: number },
    nowMs: number,
  ): Axis {
    const least =
      range.fromMs >= nowMs - this.kept.minuteMs ? MINUTE_MS : HOUR_MS;
    const stepMs = Math.max(
      least,
      range.stepMs ?? 0,
      (range.toMs - range.fromMs) / CROWDING_WINDOWS,
    );
    return chooseAxis({ ...range, stepMs }, nowMs, this.kept);
  }

  crowdingWindows(
    nodes: readonly NodePlace[],
    axis: Axis,
    resource: Resource,
  ): Promise<(number | null)[][]> {
    return readCrowdingWindows(this.knex, nodes, axis, resource);
  }

  coverage(filter: ResourceFilter): Promise<Stretch[]> {
    return readCoverage(this.knex, filter);
  }

  async identities(filter: IdentityFilter): Promise<StoredResource[]> {
    // Who came a moment ago is in an alert first of all.
    await noteIdentities(this.knex);
    return readIdentities(this.knex, filter);
  }

  workloadNames(): Promise<WorkloadName[]> {
    return readWorkloadNames(this.knex);
  }

  keptSinceMs(nowMs: number): number {
    return nowMs - this.kept.quarterMs;
  }

  async rollUp(nowMs: number): Promise<{ windows: number }> {
    await noteIdentities(this.knex);
    const { windows, firstMs } = await rollUpAll(this.knex, nowMs);
    // Only after a gap, or where the clock was wrong.
    if (firstMs < this.final.finalUntilMs()) this.final.clear();
    return { windows };
  }

  async purge(nowMs: number): Promise<void> {
    await purgeAll(this.knex, this.kept, this.keptNames, nowMs);
    this.dictionary.clear();
    this.parsed.clear();
    this.seen.clear();
    this.knownSeries.clear();
    this.final.clear();
  }

  async health(): Promise<StoreHealth> {
    const count = async (table: string) => {
      const row = await this.knex(table).count({ rows: '*' }).first();
      return Number(row?.rows ?? 0);
    };
    const dirty = await this.knex('contention_dirty')
      .min('start_ms as start')
      .first();
    return {
      resources: await count('contention_resources'),
      series: await count('contention_series'),
      points: await count('contention_points'),
      oldestDirtyMs:
        dirty?.start === null || dirty?.start === undefined
          ? undefined
          : Number(dirty.start),
    };
  }
}

/** Busy, locked, out of connections or lost a race that the database says to run again. */
function isBusy(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = String((error as Error & { code?: unknown }).code ?? '');
  return (
    error.name === 'KnexTimeoutError' ||
    /^SQLITE_(BUSY|LOCKED)/.test(code) ||
    // serialization failure, deadlock, lock not available, too many connections, cannot connect now
    ['40001', '40P01', '55P03', '53300', '57P03'].includes(code)
  );
}
