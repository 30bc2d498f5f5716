/**
 * From what an alert tool knows (a pod, a container, an address, a time in whatever form it prints) to a page. What is
 * asked, as it was understood, and what is answered.
 */
import { z } from 'zod';
import { readMoment } from '../time';
import { entityLinkSchema, epochMs, sentenceSchema } from './parts';
import { MAX_RANGE_MS } from './query';

/** What a thing can be known by; `container` is the name of one or its id. */
export const RESOLVE_KEYS = [
  'cluster',
  'namespace',
  'pod',
  'container',
  'ip',
  'node',
  'workload',
  'service',
] as const;
export type ResolveKey = (typeof RESOLVE_KEYS)[number];

/** Each of these alone says enough; the others narrow it down. */
export const RESOLVE_SUBJECTS = [
  'pod',
  'container',
  'ip',
  'node',
  'workload',
  'service',
] as const satisfies readonly ResolveKey[];

/** Names in Kubernetes have 253 characters at most, entity references three of them. */
const MAX_TEXT = 800;

/** What templates leave behind where they had nothing to put in. */
const UNFILLED =
  /^(<no value>|<nil>|\[no value\]|null|undefined|none|n\/a|-|\{\{.*|\$\{.*|%\{.*)$/i;

const said = z
  .preprocess(
    value => (Array.isArray(value) ? value[0] : value),
    z.string().max(MAX_TEXT).optional(),
  )
  .transform(text => {
    const trimmed = text?.trim() ?? '';
    return UNFILLED.test(trimmed) || trimmed === '' ? undefined : trimmed;
  });

const moment = said.transform((text, context) => {
  // Go's zero time: an alert that has not ended.
  if (text === undefined || /^0001-01-01/.test(text)) return undefined;
  const read = readMoment(text);
  if (read) return { ...read, text };
  context.addIssue({
    code: 'custom',
    message: `'${text}' is no time: give epoch seconds or milliseconds, or ISO 8601`,
  });
  return z.NEVER;
});

/**
 * Who (`RESOLVE_KEYS`; empty ones and what a template left unfilled count as absent) and when: `at`, or `from` and `to`, or
 * one of them; in any form of `readMoment`. Without a time: when it was last seen.
 */
export const resolveQuerySchema = z
  .object({
    ...(Object.fromEntries(RESOLVE_KEYS.map(key => [key, said])) as Record<
      ResolveKey,
      typeof said
    >),
    at: moment,
    from: moment,
    to: moment,
  })
  .transform(({ at, from, to, ...who }, context) => {
    const refuse = (message: string) => {
      context.addIssue({ code: 'custom', message });
      return z.NEVER;
    };
    if (!RESOLVE_SUBJECTS.some(key => who[key] !== undefined)) {
      return refuse(
        `nothing to look for: give one of ${RESOLVE_SUBJECTS.join(', ')}`,
      );
    }
    if (from && to && from.ms >= to.ms) {
      return refuse(`'from' is not before 'to'`);
    }
    return { who: definedOf(who), at, from, to };
  });
export type ResolveQuery = z.infer<typeof resolveQuerySchema>;
export type ResolveWho = ResolveQuery['who'];

function definedOf(
  who: Record<ResolveKey, string | undefined>,
): Partial<Record<ResolveKey, string>> {
  return Object.fromEntries(
    Object.entries(who).filter(([, text]) => text !== undefined),
  );
}

const BEFORE_MS = 30 * 60_000;
const AFTER_MS = 15 * 60_000;
const HOUR_MS = 3_600_000;

/** The range to show, epoch milliseconds, and why it is not what was asked for. */
export interface ResolvedWindow {
  from: number;
  to: number;
  notes: string[];
}

/**
 * The range around a moment: half an hour before, because alerts fire late, and a quarter of an hour after, as far as it has
 * passed. What was asked for from one time to another stays as it is, without the future and no longer than a page can show.
 * Undefined without any time. Pure.
 */
export function resolveWindow(
  { at, from, to }: Pick<ResolveQuery, 'at' | 'from' | 'to'>,
  nowMs: number,
): ResolvedWindow | undefined {
  const notes = [at, from, to]
    .filter(time => time?.zoneAssumed)
    .map(time => `'${time!.text}' names no time zone: read as UTC.`);
  let range: { from: number; to: number };
  if (from) {
    range = { from: from.ms, to: to?.ms ?? (at ?? from).ms + HOUR_MS };
  } else if (to) {
    range = { from: (at?.ms ?? to.ms) - HOUR_MS, to: to.ms };
  } else if (at) {
    range = { from: at.ms - BEFORE_MS, to: at.ms + AFTER_MS };
  } else {
    return undefined;
  }
  if (range.from >= nowMs) {
    notes.push('That time is in the future: what is shown ends now.');
    return { from: nowMs - BEFORE_MS - AFTER_MS, to: nowMs, notes };
  }
  let end = Math.min(range.to, nowMs);
  if (end - range.from > MAX_RANGE_MS) {
    end = range.from + MAX_RANGE_MS;
    notes.push(
      `It lasted longer than the ${MAX_RANGE_MS / 86_400_000} days that a page can show: these are the first.`,
    );
  }
  // An alert that is a few seconds old still needs something to look at.
  const start = Math.min(range.from, end - 60_000);
  return { from: start, to: end, notes };
}

/** The tabs and the last part of their path on an entity's page. */
export const TAB_PATHS = {
  latency: 'latency',
  throttling: 'throttling',
  neighbours: 'noisy-neighbours',
} as const;

/** What ran, in the words of the node, and when it was seen. */
export const seenWorkloadSchema = z.object({
  cluster: z.string(),
  node: z.string(),
  namespace: z.string().optional(),
  pod: z.string().optional(),
  container: z.string().optional(),
  kind: z.string().optional().describe('Deployment, StatefulSet, ...'),
  workload: z.string().optional(),
  ip: z.string().optional(),
  systemdUnit: z.string().optional(),
  firstSeen: epochMs,
  lastSeen: epochMs,
});
export type SeenWorkload = z.infer<typeof seenWorkloadSchema>;

const rangeSchema = z.object({ from: epochMs, to: epochMs });

/** A page that the question leads to. */
export const resolvedPageSchema = z.object({
  entity: entityLinkSchema,
  tab: z
    .enum(['latency', 'throttling', 'neighbours'])
    .describe('Where the cause is, as the diagnosis of that time says'),
  range: rangeSchema,
  cluster: z
    .string()
    .optional()
    .describe('Where it ran, when the entity runs in several clusters'),
  permalink: z
    .string()
    .describe('The page with absolute times; whole when app.baseUrl is set'),
  sentence: sentenceSchema
    .optional()
    .describe('The diagnosis; absent where it was not made'),
  hasData: z.boolean().describe('Whether something was measured in that range'),
  seen: z
    .array(seenWorkloadSchema)
    .describe('Why this page: what of it fits the question; at most ten'),
});
export type ResolvedPage = z.infer<typeof resolvedPageSchema>;

/**
 * `one`: go there. `several`: choose. `unclaimed`: something ran there, and no entity claims it. `none`: nothing that the
 * caller may see; `nearest` then says what is close, in name or in time. What the caller may not see is absent from all of
 * it, as if it did not exist.
 */
export const resolveAnswerSchema = z.object({
  state: z.enum(['one', 'several', 'unclaimed', 'none']),
  lookedFor: z
    .array(z.object({ key: z.enum(RESOLVE_KEYS), value: z.string() }))
    .describe('The question as it was understood'),
  range: rangeSchema
    .optional()
    .describe('When; absent when no time was given and nothing was found'),
  notes: z.array(z.string()).describe('How the question was read, if oddly'),
  pages: z.array(resolvedPageSchema),
  morePages: z.number().int().min(0).describe('Pages beyond those listed'),
  unclaimed: z
    .array(seenWorkloadSchema)
    .describe('What fits and belongs to no entity; at most ten'),
  nearest: z.array(
    z.object({
      by: z.enum(['name', 'time', 'place']),
      what: z.string().describe('What it is, in words'),
      entity: entityLinkSchema.optional(),
      permalink: z.string().optional(),
      range: rangeSchema.optional(),
      tab: z.enum(['latency', 'throttling', 'neighbours']).optional(),
      seen: seenWorkloadSchema.optional(),
    }),
  ),
});
export type ResolveAnswer = z.infer<typeof resolveAnswerSchema>;
