/**
 * What can be done with evidence, for one reader at a time: freeze, read, list, answer, delete. Puts the parts of this folder
 * together; knows nothing of HTTP. Whoever may not see a record is told the same as where there is none.
 */
import type { AuthService, LoggerService } from '@backstage/backend-plugin-api';
import { stringifyEntityRef, type Entity } from '@backstage/catalog-model';
import {
  ConflictError,
  InputError,
  NotAllowedError,
  NotFoundError,
  ServiceUnavailableError,
} from '@backstage/errors';
import type { CatalogService } from '@backstage/plugin-catalog-node';
import {
  contentionEvidenceCreatePermission,
  contentionEvidenceDeletePermission,
  contentionReadPermission,
  evidenceHeadSchema,
  evidenceIdSchema,
  type EntityLink,
  type Evidence,
  type EvidenceHead,
  type EvidenceList,
  type EvidenceListQuery,
  type EvidencePerson,
  type EvidenceReply,
} from 'backstage-plugin-contention-common';
import type { EntityDirectory } from '../attribution';
import type { KnownServices } from '../kubernetes';
import { tellingEntities } from '../reports/peers';
import type { Store } from '../store';
import type { Reader } from './access';
import { accusedIn } from './accused';
import type { EvidenceStore, ListedRecord } from './EvidenceStore';
import { freeze, NothingToFreezeError, type FreezeRequest } from './freeze';
import {
  open,
  sealReply,
  type OpenedRecord,
  type RecordHead,
  type SealedRecord,
} from './record';
import { Redactor, refsIn } from './redact';
import type { EvidenceSettings } from './settings';

export interface EvidenceServiceOptions {
  store: Store;
  evidence: EvidenceStore;
  directory: EntityDirectory;
  services: KnownServices;
  catalog: CatalogService;
  auth: AuthService;
  logger: LoggerService;
  settings: EvidenceSettings;
  now?: () => number;
}

/** A record that would be larger than this portal keeps. Answered as 413. */
export class RecordTooLargeError extends Error {
  readonly statusCode = 413;
  constructor(bytes: number, limit: number) {
    super(
      `The record would take ${bytes} bytes, and this portal keeps up to ${limit}: freeze a shorter range`,
    );
    this.name = 'RecordTooLargeError';
  }
}

/** Clocks of browsers are ahead by less than this; `to` is then now. */
const CLOCK_SKEW_MS = 5 * 60_000;

/** How often an append is tried again after somebody else was faster. */
const APPEND_TRIES = 5;

const headSchema = evidenceHeadSchema.omit({ replyCount: true });

export class EvidenceService {
  constructor(private readonly options: EvidenceServiceOptions) {}

  private nowMs(): number {
    return (this.options.now ?? Date.now)();
  }

  /**
   * The entity as the reader sees it: 404 where that is not at all, 403 without one of the permissions.
   */
  async entityFor(
    reader: Reader,
    entityRef: string,
    permissions = [contentionReadPermission],
  ): Promise<Entity> {
    const entity = await this.options.catalog.getEntityByRef(entityRef, {
      credentials: reader.credentials,
    });
    if (!entity) throw noEntity(entityRef);
    const link = { entityRef: stringifyEntityRef(entity), title: '' };
    for (const permission of permissions) {
      if (!(await reader.may(permission, link))) {
        throw new NotAllowedError(
          `You lack the permission ${permission.name} on ${link.entityRef}`,
        );
      }
    }
    return entity;
  }

  /** Freezes what somebody asked to be frozen. */
  async create(
    reader: Reader,
    wanted: Omit<FreezeRequest, 'entity' | 'nowMs' | 'origin' | 'createdBy'> & {
      entityRef: string;
    },
  ): Promise<EvidenceHead> {
    const nowMs = this.nowMs();
    const entity = await this.entityFor(reader, wanted.entityRef, [
      contentionReadPermission,
      contentionEvidenceCreatePermission,
    ]);
    if (wanted.toMs > nowMs + CLOCK_SKEW_MS) {
      throw new InputError(
        'The range has not ended yet: what is still to come cannot be frozen',
      );
    }
    const toMs = Math.min(wanted.toMs, nowMs);
    if (wanted.fromMs >= toMs)
      throw new InputError('The range is not over yet');
    const sealed = await this.freeze({
      ...wanted,
      toMs,
      entity,
      origin: 'manual',
      createdBy: await this.personOf(reader),
      nowMs,
    });
    return this.headFor(reader, sealed.head, 0);
  }

  /**
   * Freezes, and keeps it.
   * @throws InputError where there is nothing to freeze
   */
  async freeze(request: FreezeRequest): Promise<SealedRecord> {
    const { store, directory, services, evidence, settings } = this.options;
    if (!directory.isLoaded) {
      throw new ServiceUnavailableError(
        'The catalog has not been read yet; try again in a few seconds',
      );
    }
    const sealed = await freeze({ store, directory, services }, request).catch(
      error => {
        if (!(error instanceof NothingToFreezeError)) throw error;
        throw new InputError(
          `There is nothing to freeze. ${error.message}`,
          error,
        );
      },
    );
    const { maxRecordBytes } = settings;
    if (sealed.bytes.length > maxRecordBytes) {
      throw new RecordTooLargeError(sealed.bytes.length, maxRecordBytes);
    }
    await evidence.add(sealed);
    return sealed;
  }

  /** A record, as its reader may see it. */
  async read(reader: Reader, id: string): Promise<Evidence> {
    const { content, head, replies, integrity } = await this.opened(reader, id);
    const refs = refsIn([content, head, replies]);
    addPeople(refs, [content.createdBy, ...replies.map(({ by }) => by)]);
    const visible = await reader.visible(refs);
    visible.add(content.entity.entityRef);
    const accused = await this.answerable(reader, accusedIn(content));
    // Who may answer may know for whom.
    const telling = content.reports.peers
      ? tellingEntities(content.reports.peers.map)
      : [];
    const readable = await readableOf(reader, telling);
    const isAllToldTo =
      [...refs.keys()].every(ref => visible.has(ref)) &&
      telling.every(({ entityRef }) => readable.has(entityRef));
    const redactor = new Redactor(visible, refs, content.createdAt, readable);
    const shown = isAllToldTo
      ? { ...head, reports: content.reports, replies }
      : {
          ...redactor.head(head),
          reports: redactor.reports(content.reports),
          replies: replies.map(reply => redactor.reply(reply)),
        };
    return {
      ...shown,
      replyCount: replies.length,
      integrity,
      redacted: redactor.hasHidden,
      entityExists: await reader.exists(content.entity.entityRef),
      mayReplyFor: accused,
      mayDelete: await reader.may(
        contentionEvidenceDeletePermission,
        content.entity,
      ),
    };
  }

  /** Records of an entity that the catalog has, or had. */
  async list(
    reader: Reader,
    entityRef: string,
    query: EvidenceListQuery,
  ): Promise<EvidenceList> {
    const { evidence } = this.options;
    const { from, to, cluster, limit, offset } = query;
    const exists = await reader.exists(entityRef);
    if (exists) await this.entityFor(reader, entityRef);
    const { items, total } = await evidence.list({
      entityRef,
      range:
        from === undefined || to === undefined
          ? undefined
          : { fromMs: from, toMs: to },
      cluster,
      limit,
      offset,
    });
    const heads: EvidenceHead[] = [];
    for (const item of items) {
      const head = await this.headOf(item);
      // An entity that is gone had an owner at each time, and not always the same.
      if (exists || (await reader.mayRead(head.entity))) {
        heads.push(await this.headFor(reader, head, item.replyCount));
      }
    }
    if (!exists && heads.length === 0) throw noEntity(entityRef);
    return {
      items: heads,
      total: exists ? total : offset + heads.length,
      mayCreate:
        exists &&
        (await reader.may(contentionEvidenceCreatePermission, {
          entityRef,
          title: '',
        })),
    };
  }

  /** Appends a note of an accused team. */
  async reply(
    reader: Reader,
    id: string,
    { onBehalfOf, text }: { onBehalfOf: string; text: string },
  ): Promise<EvidenceReply> {
    const { evidence, settings } = this.options;
    for (let tries = 0; tries < APPEND_TRIES; tries++) {
      const { content, head, replies, integrity } = await this.opened(
        reader,
        id,
      );
      const accused = await this.answerable(reader, accusedIn(content));
      const link = accused.find(
        ({ entityRef }) => entityRef === onBehalfOf.toLocaleLowerCase('en-US'),
      );
      if (!link) {
        throw new NotAllowedError(
          'You own no entity of this name that the record accuses',
        );
      }
      if (integrity.state === 'altered') {
        throw new ConflictError(
          'The record was altered: nothing is added to it',
        );
      }
      if (replies.length >= settings.maxReplies) {
        throw new ConflictError(
          `The record has ${replies.length} replies, which is as many as it may have`,
        );
      }
      const reply = sealReply(head.hash, replies, {
        at: this.nowMs(),
        by: await this.personOf(reader),
        onBehalfOf: link,
        text,
      });
      if (await evidence.append(id, replies.length, reply)) return reply;
    }
    throw new ConflictError('Others are replying at the same time; try again');
  }

  /** Deletes a record and its replies. */
  async remove(reader: Reader, id: string): Promise<RecordHead> {
    const { head } = await this.opened(reader, id);
    if (!(await reader.may(contentionEvidenceDeletePermission, head.entity))) {
      throw new NotAllowedError(
        `You lack the permission ${contentionEvidenceDeletePermission.name} on ${head.entity.entityRef}`,
      );
    }
    await this.options.evidence.remove([id]);
    return head;
  }

  private async opened(reader: Reader, id: string): Promise<OpenedRecord> {
    const stored = evidenceIdSchema.safeParse(id).success
      ? await this.options.evidence.get(id)
      : undefined;
    const opened = stored && tried(() => open(stored));
    const entity =
      opened?.value?.content.entity ??
      headSchema.safeParse(stored?.head).data?.entity;
    if (!opened || !entity || !(await reader.mayRead(entity))) {
      throw new NotFoundError(
        `There is no evidence ${id}, or you may not see it: that takes the permission ${contentionReadPermission.name} on its entity`,
      );
    }
    if (!opened.value) throw opened.error;
    return opened.value;
  }

  /** Accused entities that the reader owns: by the owner that was frozen, or by the one that the catalog names now. */
  private async answerable(
    reader: Reader,
    accused: readonly EntityLink[],
  ): Promise<EntityLink[]> {
    const mine = await reader.owns();
    return accused.filter(({ entityRef, owner }) =>
      [
        entityRef,
        owner?.entityRef,
        this.options.directory.link(entityRef)?.owner?.entityRef,
      ].some(ref => ref !== undefined && mine.has(ref)),
    );
  }

  private async headFor(
    reader: Reader,
    head: RecordHead,
    replyCount: number,
  ): Promise<EvidenceHead> {
    const refs = refsIn(head);
    addPeople(refs, [head.createdBy]);
    const visible = await reader.visible(refs);
    visible.add(head.entity.entityRef);
    const isAllVisible = [...refs.keys()].every(ref => visible.has(ref));
    return {
      ...(isAllVisible
        ? head
        : new Redactor(visible, refs, head.createdAt).head(head)),
      replyCount,
    };
  }

  /** What a list shows; from the record itself where somebody has spoiled the copy that lists are made of. */
  private async headOf({ id, head }: ListedRecord): Promise<RecordHead> {
    const parsed = headSchema.safeParse(head);
    if (parsed.success && parsed.data.id === id) return parsed.data;
    this.options.logger.warn(`The head of evidence ${id} was altered`);
    const stored = await this.options.evidence.get(id);
    if (!stored) throw new NotFoundError(`Evidence ${id} was just deleted`);
    return open(stored).head;
  }

  /** The reader by name; a service has no reference. */
  async personOf(reader: Reader): Promise<EvidencePerson> {
    const { userRef } = reader;
    if (userRef === undefined) return { title: 'a service' };
    return { entityRef: userRef, title: await this.titleOf(userRef) };
  }

  private async titleOf(userRef: string): Promise<string> {
    const { auth, catalog } = this.options;
    const user = await catalog.getEntityByRef(userRef, {
      credentials: await auth.getOwnServiceCredentials(),
    });
    const profile = user?.spec?.profile as
      { displayName?: unknown } | undefined;
    const name = profile?.displayName ?? user?.metadata.title;
    return typeof name === 'string' && name !== ''
      ? name
      : userRef.slice(userRef.lastIndexOf('/') + 1);
  }
}

type Tried<Value> =
  { value: Value; error?: undefined } | { value?: undefined; error: unknown };

/** Who asks has to be known before it may be said what went wrong. */
function tried<Value>(act: () => Value): Tried<Value> {
  try {
    return { value: act() };
  } catch (error) {
    return { error };
  }
}

/** People are named without their groups. */
function addPeople(
  refs: Map<string, EntityLink>,
  people: readonly EvidencePerson[],
): void {
  for (const { entityRef, title } of people) {
    if (entityRef !== undefined && !refs.has(entityRef)) {
      refs.set(entityRef, { entityRef, title });
    }
  }
}

/** Of these entities those whose data the reader may read. */
async function readableOf(
  reader: Reader,
  entities: readonly EntityLink[],
): Promise<Set<string>> {
  const may = await Promise.all(entities.map(entity => reader.mayRead(entity)));
  return new Set(
    entities.filter((_, index) => may[index]).map(({ entityRef }) => entityRef),
  );
}

function noEntity(entityRef: string): NotFoundError {
  return new NotFoundError(
    `There is no entity ${entityRef}, or you may not see it`,
  );
}
