/**
 * Evidence: what the tabs showed for an entity and a range, frozen. Knows the record, its head, replies and requests;
 * refuses to know how it is stored and who may read it. Times are epoch milliseconds.
 */
import { z } from 'zod';
import { entityLinkSchema, epochMs, verdictSchema } from './parts';
import { peersReportSchema } from './peers';
import { instant, MAX_RANGE_MS } from './query';
import {
  diagnosisReportSchema,
  latencyReportSchema,
  neighboursReportSchema,
  throttlingReportSchema,
} from './reports';

/** Of the record as it is hashed and stored; older ones stay readable. */
export const EVIDENCE_SCHEMA_VERSION = 1;

/** Who froze it: somebody on purpose, the opening of a link, or the webhook of an alert tool. */
export const EVIDENCE_ORIGINS = ['manual', 'link', 'webhook'] as const;
export type EvidenceOrigin = (typeof EVIDENCE_ORIGINS)[number];

export const MAX_EVIDENCE_TITLE = 200;
export const MAX_EVIDENCE_TEXT = 10_000;
const MAX_URL = 2_048;

/** An id is the first half of the hash: 32 hex digits. */
export const evidenceIdSchema = z.string().regex(/^[0-9a-f]{32}$/);
const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

/** Whoever froze or replied. Without a reference: an alert tool, or a person whom the reader may not see. */
export const evidencePersonSchema = z.object({
  entityRef: z.string().optional(),
  title: z.string(),
});
export type EvidencePerson = z.infer<typeof evidencePersonSchema>;

/** A link into the tool that tracks the incident: `http` and `https` only, no user name or password in it. */
export const incidentUrlSchema = z
  .string()
  .max(MAX_URL)
  .refine(isWebAddress, 'an incident URL begins with http:// or https://');

function isWebAddress(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, username, password } = new URL(text);
  return /^https?:$/.test(protocol) && username === '' && password === '';
}

/** Everything the tabs show: each report exactly as the entity's call would have answered when it was frozen. */
export const evidenceReportsSchema = z.object({
  diagnosis: diagnosisReportSchema,
  latency: z.object({
    server: latencyReportSchema,
    client: latencyReportSchema,
  }),
  throttling: throttlingReportSchema,
  neighbours: z.object({
    suffered: neighboursReportSchema,
    caused: neighboursReportSchema,
    network: z
      .object({
        suffered: neighboursReportSchema,
        caused: neighboursReportSchema,
      })
      .optional()
      .describe('Absent in records of before the network was told of'),
  }),
  peers: peersReportSchema
    .optional()
    .describe('Absent in records that are older than this report'),
});
export type EvidenceReports = z.infer<typeof evidenceReportsSchema>;

const contentHead = {
  schemaVersion: z.number().int().positive(),
  entity: entityLinkSchema.describe('Name and owner as they were'),
  range: z.object({ from: epochMs, to: epochMs }),
  cluster: z.string().optional().describe('Absent: all clusters'),
  title: z.string().max(MAX_EVIDENCE_TITLE),
  note: z.string().max(MAX_EVIDENCE_TEXT).optional(),
  incidentUrl: incidentUrlSchema.optional(),
  origin: z.enum(EVIDENCE_ORIGINS),
  createdAt: epochMs,
  createdBy: evidencePersonSchema,
  software: z.object({
    name: z.string(),
    version: z.string(),
  }),
};

/** What the hash is of: SHA-256 of this as canonical JSON (RFC 8785), before anything is hidden from a reader. */
export const evidenceContentSchema = z.object({
  ...contentHead,
  reports: evidenceReportsSchema,
});
export type EvidenceContent = z.infer<typeof evidenceContentSchema>;

/** A record without its reports: an item of a list. */
export const evidenceHeadSchema = z.object({
  id: evidenceIdSchema,
  hash: sha256.describe('SHA-256 of the whole record, hex'),
  ...contentHead,
  verdict: verdictSchema.describe('Of the overview card'),
  replyCount: z.number().int().min(0),
});
export type EvidenceHead = z.infer<typeof evidenceHeadSchema>;

/**
 * What somebody answers who owns an entity that the record names as a culprit. Appended, never edited: `hash` covers the
 * record, the reply before it and this one.
 */
export const evidenceReplySchema = z.object({
  id: evidenceIdSchema,
  at: epochMs,
  by: evidencePersonSchema,
  onBehalfOf: entityLinkSchema.describe('The accused entity, as it was named'),
  text: z.string().max(MAX_EVIDENCE_TEXT),
  previous: sha256.describe('Hash of the reply before, or of the record'),
  hash: sha256,
});
export type EvidenceReply = z.infer<typeof evidenceReplySchema>;

/** Whether what is stored is what was frozen. */
export const evidenceIntegritySchema = z.discriminatedUnion('state', [
  z.object({ state: z.literal('intact') }),
  z.object({
    state: z.literal('altered'),
    problems: z
      .array(z.string())
      .describe('What does not fit, a sentence each'),
  }),
]);
export type EvidenceIntegrity = z.infer<typeof evidenceIntegritySchema>;

/** `GET /v1/evidence/:id`: a record as its reader may see it. */
export const evidenceSchema = z.object({
  ...evidenceHeadSchema.shape,
  reports: evidenceReportsSchema,
  replies: z.array(evidenceReplySchema).describe('Oldest first'),
  integrity: evidenceIntegritySchema,
  redacted: z
    .boolean()
    .describe('Names are hidden from this reader: the hash is not of this'),
  entityExists: z
    .boolean()
    .describe('False: the catalog has no entity of this reference any more'),
  mayReplyFor: z
    .array(entityLinkSchema)
    .describe('Accused entities that the reader owns'),
  mayDelete: z.boolean(),
});
export type Evidence = z.infer<typeof evidenceSchema>;

/** Either a number of epoch milliseconds, or text as in the queries of reports. */
const moment = z.union([epochMs, instant]);

const rangeOfEntity = {
  entityRef: z
    .string()
    .regex(/^[^:/]+:[^:/]+\/[^:/]+$/, 'give kind:namespace/name')
    .transform(ref => ref.toLocaleLowerCase('en-US')),
  from: moment,
  to: moment,
  cluster: z.string().min(1).max(253).optional(),
};

function checkRange(
  { from, to }: { from: number; to: number },
  context: z.RefinementCtx,
) {
  const message =
    from >= to
      ? `'from' is not before 'to'`
      : `the range is longer than ${MAX_RANGE_MS / 86_400_000} days`;
  if (from >= to || to - from > MAX_RANGE_MS) {
    context.addIssue({ code: 'custom', message });
  }
}

const blankIsNone = (text: string | undefined) => text?.trim() || undefined;

/** `POST /v1/evidence`: freeze an entity and a range. */
export const evidenceRequestSchema = z
  .object({
    ...rangeOfEntity,
    title: z
      .string()
      .max(MAX_EVIDENCE_TITLE)
      .optional()
      .transform(blankIsNone)
      .describe('Default: the entity and the range'),
    note: z.string().max(MAX_EVIDENCE_TEXT).optional().transform(blankIsNone),
    incidentUrl: z
      .union([z.literal('').transform(() => undefined), incidentUrlSchema])
      .optional(),
  })
  .superRefine(checkRange);
export type EvidenceRequest = z.input<typeof evidenceRequestSchema>;

/** `POST /v1/evidence/seen`: a link to this entity and range was opened. */
export const evidenceSeenRequestSchema = z
  .object(rangeOfEntity)
  .superRefine(checkRange);
export type EvidenceSeenRequest = z.input<typeof evidenceSeenRequestSchema>;

/**
 * What becomes of a link that was opened. `frozen`: a record of this range is there. `pending`: it will be frozen, soon or
 * when the range has ended. `off`: links are not frozen in this portal.
 */
export const evidenceSeenSchema = z.discriminatedUnion('state', [
  z.object({ state: z.literal('frozen'), id: evidenceIdSchema }),
  z.object({ state: z.literal('pending') }),
  z.object({ state: z.literal('off') }),
]);
export type EvidenceSeen = z.infer<typeof evidenceSeenSchema>;

/** `POST /v1/evidence/:id/replies`. */
export const evidenceReplyRequestSchema = z.object({
  onBehalfOf: z.string().describe('One of `mayReplyFor`'),
  text: z.string().trim().min(1).max(MAX_EVIDENCE_TEXT),
});
export type EvidenceReplyRequest = z.input<typeof evidenceReplyRequestSchema>;

/**
 * `GET /v1/entities/:kind/:namespace/:name/evidence`: `from` and `to` keep the records that overlap them, most overlap
 * first; without them newest first.
 */
export const evidenceListQuerySchema = z
  .object({
    from: instant.optional(),
    to: instant.optional(),
    cluster: z.string().min(1).optional(),
    limit: z.coerce.number().int().min(1).max(200).default(50),
    offset: z.coerce.number().int().min(0).default(0),
  })
  .superRefine(({ from, to }, context) => {
    if ((from === undefined) === (to === undefined)) return;
    context.addIssue({
      code: 'custom',
      message: `give 'from' and 'to' together`,
    });
  });
export type EvidenceListQuery = z.infer<typeof evidenceListQuerySchema>;

export const evidenceListSchema = z.object({
  items: z.array(evidenceHeadSchema),
  total: z.number().int().min(0),
  mayCreate: z.boolean().describe('Whether the reader may freeze this entity'),
});
export type EvidenceList = z.infer<typeof evidenceListSchema>;
