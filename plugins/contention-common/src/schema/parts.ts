/** Pieces that every answer of the REST interface is made of. Times are epoch milliseconds, durations seconds. */
import { z } from 'zod';
import { BLAME_KINDS, QUOTA_LEVELS } from '../metrics';

export const epochMs = z.number().int().describe('Epoch milliseconds');
export const seconds = z.number().min(0).describe('Seconds');
export const share = z.number().min(0).max(1).describe('A share, 0 to 1');

/** How a part of a wait stands to the one who waits: decides colour and grouping on the screen. */
export const RELATIONS = [
  'neighbour',
  'sidecar',
  'self',
  'limit',
  'host',
  'idle',
  'other',
  'unknown',
] as const;
export const relationSchema = z.enum(RELATIONS);
export type Relation = (typeof RELATIONS)[number];

/** What somebody waits for: a CPU, or a device that sends its packets. */
export const RESOURCES = ['cpu', 'network'] as const;
export type Resource = (typeof RESOURCES)[number];

/** A catalog entity as a link: `title` is what a person reads. */
export const entityLinkSchema = z.object({
  entityRef: z.string(),
  title: z.string(),
  owner: z
    .object({ entityRef: z.string(), title: z.string() })
    .optional()
    .describe('Absent when the catalog names none'),
});
export type EntityLink = z.infer<typeof entityLinkSchema>;

/** A pod's container, a workload or a host cgroup, in the words of the node. */
export const workloadSchema = z.object({
  cluster: z.string().optional(),
  node: z.string().optional(),
  namespace: z.string().optional(),
  kind: z.string().optional().describe('Deployment, StatefulSet, ...'),
  name: z.string().optional(),
  pod: z.string().optional(),
  container: z.string().optional(),
  systemdUnit: z.string().optional(),
  cgroupPath: z.string().optional(),
});
export type Workload = z.infer<typeof workloadSchema>;

/**
 * Somebody who waits or is waited for. `entities` is empty for workloads that no entity claims; with several entities
 * all are named and none is blamed alone. `redacted` means that the reader may not see who it is.
 */
export const partySchema = z.object({
  key: z.string().describe('Stable across pages and ranges: picks the hue'),
  relation: relationSchema,
  kind: z.enum(BLAME_KINDS),
  name: z.string(),
  entities: z.array(entityLinkSchema),
  workload: workloadSchema.optional(),
  quotaLevel: z.enum(QUOTA_LEVELS).optional(),
  via: z.literal('softirq').optional(),
  redacted: z.boolean(),
});
export type Party = z.infer<typeof partySchema>;

/** Neighbouring parts with the same entities name one party: who may see none of these may not read those parts. */
const tellsOf = z
  .array(z.string())
  .optional()
  .describe('Entities of the party that these words name');

/** A sentence that a page can link and format; `text` of the whole is the plain form with UTC times. */
export const sentencePartSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('text'),
    text: z.string(),
    of: tellsOf,
    aside: z
      .literal(true)
      .optional()
      .describe(
        'Figures of that party, not its name: left out for who may see none of these',
      ),
  }),
  z.object({ type: z.literal('strong'), text: z.string() }),
  z.object({ type: z.literal('time'), at: epochMs }),
  z.object({
    type: z.literal('entity'),
    entityRef: z.string(),
    text: z.string(),
    of: tellsOf,
  }),
  z.object({ type: z.literal('name'), text: z.string(), of: tellsOf }),
]);
export type SentencePart = z.infer<typeof sentencePartSchema>;

export const sentenceSchema = z.object({
  parts: z.array(sentencePartSchema),
  text: z.string(),
});
export type Sentence = z.infer<typeof sentenceSchema>;

/**
 * What is wrong, in one word. `work` (its own code), `upstream`, `unread` (data waits for a busy thread) and
 * `retransmission` (segments were lost) are said of slow requests only, on the latency tab. Whoever was waited for has the
 * same word whether it was for a CPU or in a device's queue: see the verdict's `resource`.
 */
export const CAUSES = [
  'quiet',
  'neighbour',
  'limit',
  'sidecar',
  'self',
  'host',
  'work',
  'retransmission',
  'upstream',
  'unread',
  'unsure',
  'no-data',
] as const;
export type Cause = (typeof CAUSES)[number];

export const verdictSchema = z.object({
  cause: z.enum(CAUSES),
  severity: z.enum(['none', 'notice', 'serious']),
  resource: z
    .enum(RESOURCES)
    .optional()
    .describe('What the cause held it up at; absent: the CPU, or nothing'),
  sentence: sentenceSchema,
  since: epochMs
    .optional()
    .describe('Start of the unbroken stretch that goes on at the end'),
});
export type Verdict = z.infer<typeof verdictSchema>;

/** How fresh the data is, and which nodes went quiet. */
export const freshnessSchema = z.object({
  newest: epochMs.optional().describe('End of the newest window; absent: none'),
  ageSeconds: seconds.optional(),
  stale: z.boolean(),
  staleNodes: z.array(
    z.object({ cluster: z.string(), node: z.string(), lastSeen: epochMs }),
  ),
});
export type Freshness = z.infer<typeof freshnessSchema>;

/** How sure the numbers of this answer are. */
export const confidenceSchema = z.object({
  method: z.enum(['exact', 'ledger', 'estimated']),
  unattributedShare: share.optional(),
  lostEvents: z
    .number()
    .describe('Events and values that are missing from the numbers'),
  losses: z
    .array(z.object({ repaired: z.boolean(), text: z.string() }))
    .describe(
      'What was lost, a sentence a reason; repaired: noticed, and made good',
    ),
  missing: z
    .array(z.string())
    .describe(
      'Kernel capabilities that a node lacks, and what its agent switched off to stay within its budget, in plain words',
    ),
  notes: z.array(z.string()),
});
export type Confidence = z.infer<typeof confidenceSchema>;

/** Something that failed while the rest of the answer stands. */
export const problemSchema = z.object({
  what: z.string(),
  detail: z.string(),
});
export type Problem = z.infer<typeof problemSchema>;

/** Points in time that all series of an answer share: window i is [startsMs[i], startsMs[i] + stepSeconds). */
export const timeAxisSchema = z.object({
  startsMs: z.array(epochMs),
  stepSeconds: z.number().positive(),
});
export type TimeAxis = z.infer<typeof timeAxisSchema>;

/** `null` where there is no data: a gap, not a zero. */
export const seriesValuesSchema = z.array(z.number().nullable());
