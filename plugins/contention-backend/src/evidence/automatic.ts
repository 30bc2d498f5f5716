/**
 * Freezing without being asked: links that were opened and alerts that came in. What is wanted is kept in the database until
 * its range is over and its data is in, then frozen once, in the background. Bounded per entity.
 */
import type {
  AuditorService,
  AuthService,
  LoggerService,
} from '@backstage/backend-plugin-api';
import { isError } from '@backstage/errors';
import type { CatalogService } from '@backstage/plugin-catalog-node';
import { sha256 } from './canonical';
import type { EvidenceService } from './EvidenceService';
import type {
  AutomaticRequest,
  AutomaticRow,
  EvidenceStore,
} from './EvidenceStore';
import type { EvidenceSettings } from './settings';

const MINUTE_MS = 60_000;
/** Ranges are the same when their ends are, in steps of this kind. */
const STEPS_MS = [60, 15, 5, 1].map(minutes => minutes * MINUTE_MS);
/** A range has at least so many steps. */
const STEPS_PER_RANGE = 12;

/** How long one freezing may take before another backend tries. */
const CLAIM_MS = 5 * MINUTE_MS;
const MAX_ATTEMPTS = 3;

/** The same for links to nearly the same range: both ends to about a twelfth of its length, at least to a minute. */
export function keyOf({
  entityRef,
  cluster = '',
  fromMs,
  toMs,
}: Pick<
  AutomaticRequest,
  'entityRef' | 'cluster' | 'fromMs' | 'toMs'
>): string {
  const lengthMs = toMs - fromMs;
  const stepMs =
    STEPS_MS.find(step => step * STEPS_PER_RANGE <= lengthMs) ?? MINUTE_MS;
  const ends = [fromMs, toMs].map(ms => Math.round(ms / stepMs) * stepMs);
  return sha256(JSON.stringify([entityRef, cluster, ...ends]));
}

export type Wanted =
  { state: 'frozen'; id: string } | { state: 'pending' } | { state: 'off' };

export interface AutomaticOptions {
  evidence: EvidenceStore;
  service: EvidenceService;
  catalog: CatalogService;
  auth: AuthService;
  auditor: AuditorService;
  logger: LoggerService;
  settings: EvidenceSettings['automatic'];
  now?: () => number;
}

export class AutomaticEvidence {
  private running?: Promise<void>;

  constructor(private readonly options: AutomaticOptions) {}

  private nowMs(): number {
    return (this.options.now ?? Date.now)();
  }

  /** Takes note of a range; answers at once. */
  async want(request: AutomaticRequest): Promise<Wanted> {
    const { evidence, settings, logger } = this.options;
    const key = keyOf(request);
    const known = await evidence.wanted(key);
    if (known) return this.stateOf(known);
    const same = await this.alike(request, key);
    if (same) return { state: 'frozen', id: same };
    const waiting = await evidence.waiting(request.entityRef);
    if (waiting >= settings.maxWaiting) {
      logger.warn(
        `${waiting} ranges of ${request.entityRef} wait to be frozen: one more is not`,
      );
      return { state: 'off' };
    }
    const dueMs = Math.max(this.nowMs(), request.toMs + settings.settleMs);
    await evidence.want(key, request, dueMs);
    return { state: 'pending' };
  }

  /** What was deleted, or had no data, is not frozen again. */
  private async stateOf({ dueMs, evidenceId }: AutomaticRow): Promise<Wanted> {
    if (dueMs !== undefined) return { state: 'pending' };
    return evidenceId !== undefined &&
      (await this.options.evidence.has(evidenceId))
      ? { state: 'frozen', id: evidenceId }
      : { state: 'off' };
  }

  /** A record of nearly this range that somebody froze on purpose. */
  private async alike(
    request: AutomaticRequest,
    key: string,
  ): Promise<string | undefined> {
    const { entityRef, fromMs, toMs } = request;
    const { items } = await this.options.evidence.list({
      entityRef,
      range: { fromMs, toMs },
      cluster: request.cluster,
      limit: 20,
      offset: 0,
    });
    const same = items.find(item => {
      const { range, cluster } = item.head as {
        range?: { from: number; to: number };
        cluster?: string;
      };
      return (
        range !== undefined &&
        keyOf({ entityRef, cluster, fromMs: range.from, toMs: range.to }) ===
          key
      );
    });
    return same?.id;
  }

  /** Freezes what is due, one after the other. One run at a time; a call while it runs waits for it. */
  run(): Promise<void> {
    this.running ??= this.freezeAll().finally(() => {
      this.running = undefined;
    });
    return this.running;
  }

  /** As `run`, for callers who don't wait. What fails is claimed anew later. */
  runInBackground(): void {
    this.run().catch(error => {
      this.options.logger.error('Freezing in the background failed', error);
    });
  }

  private async freezeAll(): Promise<void> {
    for (;;) {
      const nowMs = this.nowMs();
      const row = await this.options.evidence.claim(nowMs, nowMs + CLAIM_MS);
      if (!row) return;
      await this.freezeOne(row);
    }
  }

  private async freezeOne({ key, request, attempts }: AutomaticRow) {
    const { evidence, service, catalog, auth, settings } = this.options;
    const { entityRef, fromMs, toMs, cluster } = request;
    const event = await this.options.auditor.createEvent({
      eventId: 'evidence-freeze',
      severityLevel: 'medium',
      meta: { actionType: request.origin, entityRef, fromMs, toMs, cluster },
    });
    try {
      const entity = await catalog.getEntityByRef(entityRef, {
        credentials: await auth.getOwnServiceCredentials(),
      });
      if (!entity) throw new Error(`${entityRef} has left the catalog`);
      const sealed = await service.freeze({
        ...request,
        entity,
        nowMs: this.nowMs(),
      });
      await evidence.settle(key, sealed.id);
      await evidence.remove(
        await evidence.surplusOf(entityRef, settings.maxPerEntity),
      );
      await event.success({ meta: { evidenceId: sealed.id } });
    } catch (error) {
      if (!isError(error)) throw error;
      await event.fail({ error });
      // No data is an answer; anything else may pass.
      const isOver = error.name === 'InputError' || attempts >= MAX_ATTEMPTS;
      if (isOver) await evidence.settle(key, undefined);
      this.options.logger.info(`${entityRef} was not frozen: ${error.message}`);
    }
  }
}
