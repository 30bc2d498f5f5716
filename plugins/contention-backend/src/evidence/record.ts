/**
 * A record as bytes, and whether bytes are still the record that was frozen; the same for the chain of replies. Knows
 * hashes; refuses to know databases and readers. Pure.
 */
import { gunzipSync, gzipSync } from 'node:zlib';
import {
  evidenceContentSchema,
  evidenceReplySchema,
  type EvidenceContent,
  type EvidenceHead,
  type EvidenceIntegrity,
  type EvidenceReply,
} from 'backstage-plugin-contention-common';
import { canonicalJson, idOf, sha256 } from './canonical';

/** A record that inflates to more than this was not made here. */
const MAX_INFLATED_BYTES = 128 * 1024 * 1024;

export interface SealedRecord {
  id: string;
  hash: string;
  head: RecordHead;
  /** gzip of the canonical JSON that the hash is of. */
  bytes: Buffer;
}

/** What lists show of a record; `replyCount` is not of the record. */
export type RecordHead = Omit<EvidenceHead, 'replyCount'>;

export function seal(content: EvidenceContent): SealedRecord {
  const json = Buffer.from(canonicalJson(content));
  const hash = sha256(json);
  return {
    id: idOf(hash),
    hash,
    head: headOf(hash, content),
    bytes: gzipSync(json, { level: 9 }),
  };
}

function headOf(hash: string, content: EvidenceContent): RecordHead {
  const { reports, ...head } = content;
  return { id: idOf(hash), hash, ...head, verdict: reports.diagnosis.verdict };
}

/** Why a stored record cannot be shown at all. */
export class UnreadableRecordError extends Error {
  constructor(cause: unknown) {
    super('The stored record cannot be read any more: it was altered', {
      cause,
    });
    this.name = 'UnreadableRecordError';
  }
}

export interface StoredRecord {
  /** What it was looked up by. */
  id: string;
  hash: string;
  head: unknown;
  bytes: Buffer;
  replies: unknown[];
}

export interface OpenedRecord {
  content: EvidenceContent;
  head: RecordHead;
  replies: EvidenceReply[];
  integrity: EvidenceIntegrity;
}

/**
 * Unpacks and verifies. The id, which is in every link, is made of the hash: whoever alters a record and its hash still has
 * it under an id that it does not have.
 * @throws UnreadableRecordError when there is nothing left to show
 */
export function open(stored: StoredRecord): OpenedRecord {
  const problems: string[] = [];
  let json: Buffer;
  let content: EvidenceContent;
  try {
    json = gunzipSync(stored.bytes, { maxOutputLength: MAX_INFLATED_BYTES });
    content = evidenceContentSchema.parse(JSON.parse(json.toString('utf8')));
  } catch (error) {
    throw new UnreadableRecordError(error);
  }
  const hash = sha256(json);
  if (hash !== stored.hash || idOf(hash) !== stored.id) {
    problems.push(
      `The record is not the one that was frozen: its SHA-256 is ${hash}, and its link is for one that begins with ${stored.id}.`,
    );
  }
  const head = { ...headOf(stored.hash, content), id: stored.id };
  if (canonicalJson(stored.head) !== canonicalJson(head)) {
    problems.push('What lists show of it is not what is in the record.');
  }
  const { replies, problems: inReplies } = openReplies(
    stored.hash,
    stored.replies,
  );
  problems.push(...inReplies);
  return {
    content,
    head,
    replies,
    integrity:
      problems.length > 0
        ? { state: 'altered', problems }
        : { state: 'intact' },
  };
}

type ReplyContent = Omit<EvidenceReply, 'id' | 'hash' | 'previous'>;

/** The next link of the chain. */
export function sealReply(
  recordHash: string,
  before: readonly EvidenceReply[],
  content: ReplyContent,
): EvidenceReply {
  const previous = before.at(-1)?.hash ?? recordHash;
  const hash = hashOfReply(recordHash, { ...content, previous });
  return { id: idOf(hash), ...content, previous, hash };
}

function hashOfReply(
  recordHash: string,
  { at, by, onBehalfOf, text, previous }: Omit<EvidenceReply, 'id' | 'hash'>,
): string {
  return sha256(
    canonicalJson({ record: recordHash, at, by, onBehalfOf, text, previous }),
  );
}

function openReplies(recordHash: string, stored: readonly unknown[]) {
  const replies: EvidenceReply[] = [];
  const problems: string[] = [];
  let previous = recordHash;
  stored.forEach((item, index) => {
    const parsed = evidenceReplySchema.safeParse(item);
    if (!parsed.success) {
      problems.push(`Reply ${index + 1} cannot be read any more.`);
      return;
    }
    const reply = parsed.data;
    const isLinked = reply.previous === previous;
    const isSame = reply.hash === hashOfReply(recordHash, reply);
    if (!isLinked || !isSame) {
      problems.push(
        isSame
          ? `Before reply ${index + 1} something was removed or put in.`
          : `Reply ${index + 1} is not what was written.`,
      );
    }
    previous = reply.hash;
    replies.push(reply);
  });
  return { replies, problems };
}
