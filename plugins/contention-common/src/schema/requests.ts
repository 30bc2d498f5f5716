/**
 * The latency report's account of requests: how long, what the slow ones were made of, compared with what, where, and which
 * were the worst. Of one role (`server` or `client`), which the query names.
 */
import { z } from 'zod';
import { REQUEST_PARTS, REQUEST_ROLES } from '../metrics';
import { distributionSchema, heatmapSchema } from './charts';
import {
  epochMs,
  partySchema,
  seconds,
  sentenceSchema,
  seriesValuesSchema,
  share,
  workloadSchema,
} from './parts';

/** Whether there are requests of a role in the range, and if not, why. */
export const rolePresenceSchema = z.discriminatedUnion('state', [
  z.object({ state: z.literal('measured'), requestCount: z.number() }),
  z.object({
    state: z.literal('no-requests'),
    why: z.string().describe('A sentence: requests are timed there, none came'),
  }),
  z.object({
    state: z.literal('not-measured'),
    why: z.string().describe('A sentence: no agent there timed a request'),
  }),
]);
export type RolePresence = z.infer<typeof rolePresenceSchema>;

/**
 * How a container stands in its pod. Requests that pass a mesh proxy or a sidecar are not counted a second time: figures,
 * heat map and anatomy are of the `app` containers, or of the others where those have no requests at all.
 */
export const CONTAINER_ROLES = ['app', 'sidecar', 'mesh-proxy'] as const;
export type ContainerRole = (typeof CONTAINER_ROLES)[number];

/**
 * A part of open requests. `party` is there for `throttled`, `wait` and `queue`, where it decides colour and link as elsewhere, and
 * for the `upstream` of a request that was sent, where it is known whom.
 */
export const anatomyPartSchema = z.object({
  key: z
    .string()
    .describe(
      'The part; for `throttled` and `wait` the party; for `queue` the party with `queue:` before it',
    ),
  part: z.enum(REQUEST_PARTS),
  label: z
    .string()
    .describe(
      'What it is, in words: `working`, `waiting for neighbours`; for whom is in `party`',
    ),
  party: partySchema.optional(),
  seconds,
  share: share.describe('Of all parts of its row'),
});
export type AnatomyPart = z.infer<typeof anatomyPartSchema>;

const anatomyAmounts = {
  requestCount: z.number(),
  seconds: seconds.describe('Sum of the parts'),
  estimatedShare: share.describe('Of the seconds: estimated, not exact'),
  parts: z.array(anatomyPartSchema).describe('Largest first; none is zero'),
};

/** A latency band, one octave: the requests that took (fromSeconds, toSeconds]. */
export const anatomyBandSchema = z.object({
  fromSeconds: seconds,
  toSeconds: seconds,
  ...anatomyAmounts,
});
export type AnatomyBand = z.infer<typeof anatomyBandSchema>;

/** Bands added up. A band that the threshold cuts counts in proportion to the seconds of its requests beyond it. */
export const anatomySumSchema = z.object({
  of: z.enum(['slowest-1', 'slowest-10', 'all']),
  thresholdSeconds: seconds
    .optional()
    .describe('Requests that took longer than this; absent for all'),
  ...anatomyAmounts,
});
export type AnatomySum = z.infer<typeof anatomySumSchema>;

export const anatomySchema = z.object({
  range: z
    .object({ from: epochMs, to: epochMs })
    .describe('What was selected, in whole windows of the store'),
  durations: z
    .object({ fromSeconds: seconds, toSeconds: seconds.optional() })
    .optional()
    .describe('What was selected, in whole bands; absent: all durations'),
  bands: z.array(anatomyBandSchema).describe('Fastest first, without gaps'),
  sums: z.array(anatomySumSchema).describe('Of the selected durations'),
  sentence: sentenceSchema
    .optional()
    .describe('What the slowest of the selection were made of'),
});
export type Anatomy = z.infer<typeof anatomySchema>;

/** Requests of one range in a few numbers. */
export const requestSummarySchema = z.object({
  from: epochMs,
  to: epochMs,
  requestCount: z.number(),
  ratePerSecond: z
    .number()
    .optional()
    .describe('Of the time in which there was data; absent without any'),
  p50Seconds: seconds.optional(),
  p90Seconds: seconds.optional(),
  p99Seconds: seconds.optional(),
});
export type RequestSummary = z.infer<typeof requestSummarySchema>;

/** The range beside the one before it, and beside what is normal for this service. */
export const comparisonSchema = z.object({
  now: requestSummarySchema,
  preceding: requestSummarySchema.describe('As long, and just before'),
  usual: z
    .object({
      days: z
        .array(requestSummarySchema)
        .describe('The same hours on earlier days with data, newest first'),
      ratePerSecond: z.number().optional(),
      p50Seconds: seconds.optional(),
      p90Seconds: seconds.optional(),
      p99Seconds: seconds.optional(),
    })
    .optional()
    .describe('Medians over `days`; absent where no earlier day is stored'),
  sentence: sentenceSchema.optional(),
});
export type Comparison = z.infer<typeof comparisonSchema>;

/** A pod, a container or a node in numbers, most requests first. */
export const requestBreakdownRowSchema = z.object({
  key: z.string(),
  name: z.string(),
  workload: workloadSchema.describe('What the row has in common'),
  containerRole: z
    .enum(CONTAINER_ROLES)
    .optional()
    .describe('Of rows that are containers'),
  counted: z
    .boolean()
    .describe('False: shown apart, and in no other figure of the page'),
  requestCount: z.number(),
  ratePerSecond: z.number().optional(),
  p50Seconds: seconds.optional(),
  p99Seconds: seconds.optional(),
});
export type RequestBreakdownRow = z.infer<typeof requestBreakdownRowSchema>;

/** One of the slowest requests of the selection, as it was seen. */
export const worstRequestSchema = z.object({
  key: z.string(),
  at: epochMs.describe('Its end'),
  durationSeconds: seconds,
  estimated: z.boolean(),
  workload: workloadSchema,
  containerRole: z.enum(CONTAINER_ROLES),
  peer: z
    .object({
      address: z.string(),
      port: z.number().optional(),
      party: partySchema
        .optional()
        .describe('Who has this address, where an agent saw that'),
    })
    .optional(),
  parts: z.array(anatomyPartSchema).describe('Largest first'),
  culprit: partySchema
    .optional()
    .describe('For whom it waited most, where it waited for a CPU'),
});
export type WorstRequest = z.infer<typeof worstRequestSchema>;

/** The longest waits of single threads for a CPU. */
export const worstWaitSchema = z.object({
  key: z.string(),
  at: epochMs.describe('Its end'),
  durationSeconds: seconds,
  workload: workloadSchema,
  culprit: partySchema.optional(),
});
export type WorstWait = z.infer<typeof worstWaitSchema>;

/**
 * Something that changed at the service, as agents saw it: "since when" meets "since what". `rollout`: pods of a new
 * template; `restart`: a container of the same pod anew; `pods`: pods came or went without a new template; `limit`,
 * `request`: CPUs of a container.
 */
export const MARKER_KINDS = [
  'rollout',
  'restart',
  'pods',
  'image',
  'limit',
  'request',
] as const;
export const markerSchema = z.object({
  key: z.string(),
  at: epochMs,
  kind: z.enum(MARKER_KINDS),
  workload: workloadSchema,
  text: z
    .string()
    .describe('What changed, a few words: `CPU limit of app 1 -> 0.5`'),
});
export type Marker = z.infer<typeof markerSchema>;

export const requestsSchema = z.object({
  role: z.enum(REQUEST_ROLES).describe('Of which everything here is'),
  roles: z.object({ server: rolePresenceSchema, client: rolePresenceSchema }),
  distribution: distributionSchema,
  ratePerSecond: z.number().optional().describe('In the time with data'),
  estimatedShare: share
    .optional()
    .describe('Of the requests: exchanges instead of requests'),
  p50Values: seriesValuesSchema,
  p90Values: seriesValuesSchema,
  p99Values: seriesValuesSchema,
  countValues: seriesValuesSchema.describe('Requests that ended in a window'),
  rateValues: seriesValuesSchema.describe('Requests per second with data'),
  heatmap: heatmapSchema,
  anatomy: anatomySchema,
  comparison: comparisonSchema.optional(),
  breakdown: z.object({
    pods: z.array(requestBreakdownRowSchema),
    containers: z
      .array(requestBreakdownRowSchema)
      .describe('By name, over all pods'),
    nodes: z.array(requestBreakdownRowSchema),
  }),
  worst: z
    .array(worstRequestSchema)
    .describe('Slowest first; the slowest of each container and interval'),
});
export type Requests = z.infer<typeof requestsSchema>;
