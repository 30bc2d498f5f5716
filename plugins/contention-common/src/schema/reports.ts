/** Answers to `GET /v1/entities/:kind/:namespace/:name/...`. */
import { z } from 'zod';
import { DROP_PLACES, QUOTA_LEVELS } from '../metrics';
import { distributionSchema, heatmapSchema } from './charts';
import {
  confidenceSchema,
  entityLinkSchema,
  epochMs,
  freshnessSchema,
  partySchema,
  problemSchema,
  relationSchema,
  RESOURCES,
  seconds,
  seriesValuesSchema,
  share,
  timeAxisSchema,
  verdictSchema,
  workloadSchema,
} from './parts';
import { markerSchema, requestsSchema, worstWaitSchema } from './requests';

/** Of links that come too late. */
const keptSince = epochMs
  .optional()
  .describe(
    'The range ended before this: whatever there was of it has been deleted, as data is kept for so long only',
  );

/** What stands in the way of an answer; `ok` when nothing does. Each is a page of its own. */
export const reportStateSchema = z.discriminatedUnion('state', [
  z.object({ state: z.literal('ok') }),
  z.object({
    state: z.literal('not-annotated'),
    yaml: z.string().describe('The lines to add to catalog-info.yaml'),
  }),
  z.object({
    state: z.literal('no-pods'),
    lookedFor: z
      .array(z.string())
      .describe('What was looked for, in plain words, one rule a line'),
    agents: z.array(
      z.object({ cluster: z.string(), node: z.string(), lastSeen: epochMs }),
    ),
    keptSince,
  }),
  z.object({
    state: z.literal('no-data'),
    nearest: z
      .object({ from: epochMs, to: epochMs })
      .optional()
      .describe('The nearest stretch of data of this entity, one click away'),
    keptSince,
  }),
]);
export type ReportState = z.infer<typeof reportStateSchema>;

/** What every answer about an entity and a range has. */
export const reportBase = {
  entity: entityLinkSchema,
  range: z.object({ from: epochMs, to: epochMs }),
  clusters: z
    .array(z.string())
    .describe('Clusters in which this entity has data; a selector if several'),
  cluster: z.string().optional().describe('The one that was asked for'),
  status: reportStateSchema,
  verdict: verdictSchema,
  freshness: freshnessSchema,
  confidence: confidenceSchema,
  problems: z.array(problemSchema),
  axis: timeAxisSchema,
  markers: z
    .array(markerSchema)
    .describe('What changed at this entity in the range, oldest first'),
};

/**
 * A stacked layer: seconds of waiting per second, so that its height does not depend on the step. Of packets, which wait many
 * at once, that is how many stood in queues on average.
 */
export const layerSchema = z.object({
  key: z.string(),
  relation: relationSchema,
  label: z.string(),
  values: seriesValuesSchema,
});
export type Layer = z.infer<typeof layerSchema>;

/**
 * Waiting that comes in bursts: told only where it is as sure as windows can make it. A burst that is shorter than a window is
 * seen as one as long.
 */
export const burstsSchema = z.object({
  share: share.describe('Of the waiting: in windows of bursts'),
  windows: z.number().int().describe('Windows of bursts'),
  ofWindows: z.number().int().describe('Windows with data, of bursts or not'),
  windowSeconds: seconds,
  longestSeconds: seconds.describe('No burst was longer'),
  everySeconds: seconds
    .optional()
    .describe('From one beginning to the next; absent: no rhythm was found'),
});
export type Bursts = z.infer<typeof burstsSchema>;

export const culpritSchema = z.object({
  party: partySchema,
  waitSeconds: seconds.describe(
    'Of threads; or of packets: two that stand for one second each are two',
  ),
  share: share.describe('Of all waiting in the range'),
  values: seriesValuesSchema.describe('As in layers, for the spark line'),
  firstSeen: epochMs,
  lastSeen: epochMs,
  nodes: z.array(
    z.object({
      cluster: z.string(),
      node: z.string(),
      waitSeconds: seconds,
    }),
  ),
  cpuMean: z
    .number()
    .optional()
    .describe('CPUs used on average while on these nodes'),
  cpuRequest: z.number().optional().describe('CPUs it asked for'),
  entitlement: z
    .enum(['within', 'over', 'unknown'])
    .describe('Within or over what it asked for'),
  delaySeconds: seconds
    .optional()
    .describe(
      'Network: of its part, the mean over all packets that passed a queue in the range, those that did not stand included',
    ),
  transmitMean: z
    .number()
    .optional()
    .describe('Network: bytes per second that it sent on average'),
  interfaces: z
    .array(z.string())
    .optional()
    .describe('Network: devices in whose queues they met, most first'),
  bursts: burstsSchema
    .optional()
    .describe('Of whom the sentence names, where it comes in bursts'),
});
export type Culprit = z.infer<typeof culpritSchema>;

/** Whether packets of an entity were seen in queues, and if not, why. */
export const networkPresenceSchema = z.discriminatedUnion('state', [
  z.object({
    state: z.literal('measured'),
    packets: z.number().describe('That passed a queue in the range'),
  }),
  z.object({ state: z.literal('no-queue'), why: z.string() }),
  z.object({ state: z.literal('not-measured'), why: z.string() }),
]);
export type NetworkPresence = z.infer<typeof networkPresenceSchema>;

export const networkDropSchema = z.object({
  reason: z.string().describe("The kernel's own word: `QDISC_DROP`"),
  place: z.enum(DROP_PLACES),
  text: z.string().describe('The reason in plain words'),
  packets: z.number(),
});
export type NetworkDrop = z.infer<typeof networkDropSchema>;

/**
 * Time in which more packets came to a node than CPUs there could take, and who sent them. It is watched from when such a time was
 * seen on: its first second, at least, is not.
 */
export const receivePressureSchema = z.object({
  pressedSeconds: seconds.describe(
    'In which a backlog had no room, or receive work ran out of its budget',
  ),
  watchedSeconds: seconds.describe(
    'Of that, in which it was watched whose packets came',
  ),
  packets: z.number().describe('That were taken up while it was watched'),
  senders: z
    .array(z.object({ party: partySchema, packets: z.number(), share }))
    .describe(
      'Who sent them, most first. `unknown`: also who is outside of the node',
    ),
});
export type ReceivePressure = z.infer<typeof receivePressureSchema>;

const notMeasuredSchema = z.array(
  z.object({ what: z.string(), why: z.string() }),
);
/** What can make a service slow and is not measured, in words. */
export type NotMeasured = z.infer<typeof notMeasuredSchema>;

/**
 * How packets fared around the queues that the rest of a network report is about: of this entity, or, where it is told what it
 * caused, of those who stood behind it.
 */
export const networkQueueSchema = z.object({
  presence: networkPresenceSchema.describe('Of this entity'),
  distribution: distributionSchema.describe('How long packets stood'),
  p50Values: seriesValuesSchema,
  p99Values: seriesValuesSchema,
  queues: z
    .array(
      z.object({
        cluster: z.string(),
        node: z.string(),
        interfaceName: z.string(),
        packets: z.number(),
        waitSeconds: seconds,
        p50Seconds: seconds.optional(),
        p99Seconds: seconds.optional(),
      }),
    )
    .describe('By device, most waiting first'),
  transmitMean: z
    .number()
    .optional()
    .describe('Bytes per second that this entity sent on average'),
  receiveMean: z.number().optional(),
  notMeasured: notMeasuredSchema
    .optional()
    .describe(
      'What no agent sees of the network; absent in reports of a node, where notes say it, and in records of older versions',
    ),
  drops: z
    .array(networkDropSchema)
    .describe('Packets of this entity that the kernel dropped, most first'),
  receive: z
    .array(
      z.object({
        cluster: z.string(),
        node: z.string(),
        packets: z.number().describe('That the node received, for anybody'),
        drops: z.number().describe("Because a CPU's backlog was full"),
        squeezed: z
          .number()
          .describe('Times that receive work ran out of its budget'),
        ownDrops: z
          .number()
          .optional()
          .describe(
            'Of those that found no room in a backlog, those of this entity; absent in reports of a node',
          ),
        pressure: receivePressureSchema
          .optional()
          .describe('Absent: the agent does not look for it'),
      }),
    )
    .describe("The receive side of the entity's nodes, where it is measured"),
});
export type NetworkQueue = z.infer<typeof networkQueueSchema>;

/** Who hurts this entity (`suffered`) or whom it hurts (`caused`; then `culprits` are the victims). */
export const neighboursReportSchema = z.object({
  ...reportBase,
  direction: z.enum(['suffered', 'caused']),
  resource: z.enum(RESOURCES),
  total: z.object({
    waitSeconds: seconds,
    cpuSeconds: seconds,
    waitShare: share
      .optional()
      .describe('Waiting as a share of the time it wanted to run'),
    neighbourSeconds: seconds,
    neighbourShare: share.optional().describe('Neighbours, of the waiting'),
  }),
  layers: z
    .array(layerSchema)
    .describe('Neighbours, largest first; the smallest folded into one'),
  layersApart: z
    .array(layerSchema)
    .describe('Self, sidecar, limit, host, unknown: below the line'),
  culprits: z.array(culpritSchema),
  apart: z
    .array(culpritSchema)
    .describe('The same rows for what is no neighbour'),
  nodes: z.array(
    z.object({
      cluster: z.string(),
      node: z.string(),
      waitSeconds: seconds,
      neighbourSeconds: seconds,
      cpuMean: z.number().optional().describe('CPUs busy on average'),
      cpuCount: z.number().optional(),
      values: seriesValuesSchema.describe('Waiting per second'),
      topCulprit: z.string().optional(),
    }),
  ),
  network: networkQueueSchema
    .optional()
    .describe('Only of the network; absent where there is no data at all'),
});
export type NeighboursReport = z.infer<typeof neighboursReportSchema>;

/** With so much of the stopped time surely gone, a higher limit is enough to be recommended. */
export const NEARLY_ALL_GONE_SHARE = 0.9;

/**
 * What of the time that a quota stopped somebody would surely be gone with a higher limit, had the same work been asked for at
 * the same times. How much more than that would be gone cannot be told: see docs/understand.md.
 */
const higherLimitsSchema = z.object({
  since: epochMs
    .optional()
    .describe(
      'Of the time from here on, as the limit was another one before; absent: of all of the range',
    ),
  periodSeconds: seconds.describe(
    "How long the quota's periods are taken to be, seconds",
  ),
  stoppedSeconds: seconds.describe(
    'Stopped time by the ledger while the limit was this one, CPU seconds of queues; of a container whose pod has the same limit, by both ledgers, as Kubernetes raises both together',
  ),
  limits: z
    .array(
      z.object({
        limitCpus: z.number().describe('CPUs'),
        goneShareAtLeast: share.describe(
          'At least this share of `stoppedSeconds` would be gone; up to all of it may',
        ),
        stoppedSecondsAtMost: seconds.describe(
          'At most this much of `stoppedSeconds` would be left, CPU seconds of queues',
        ),
      }),
    )
    .describe(
      'Higher limits, ascending: 1.1, 1.25, 1.5 and 2 times the limit, and the least with which 90 % would surely be gone, where the number of CPUs of the node is known and that is at most 4 times the limit; each rounded up to two digits, and none above all CPUs of the node',
    ),
});

/** Which quota stopped this entity, for how long, and who used it up. */
export const throttlingReportSchema = z.object({
  ...reportBase,
  quotas: z
    .array(
      z.object({
        key: z.string(),
        level: z.enum(QUOTA_LEVELS),
        subject: z.string().describe('Container, pod or slice name'),
        workload: workloadSchema,
        limitCpus: z.number().optional(),
        usedCpus: z.number().optional().describe('On average in the range'),
        needCpus: z
          .number()
          .optional()
          .describe('At most this much it would have used without the quota'),
        periods: z.number(),
        throttledPeriods: z.number(),
        throttledShare: share.optional(),
        throttledSeconds: seconds.describe('The ledger: CPU seconds of queues'),
        shareValues: seriesValuesSchema.describe('Throttled share of periods'),
        usedValues: seriesValuesSchema,
        needValues: seriesValuesSchema,
        higherLimits: higherLimitsSchema
          .optional()
          .describe(
            'Absent where it stopped nobody for more than a handful of periods, where the limit is not known, of a pod whose only container has the same limit and was stopped by it (told there), and in records of older versions',
          ),
      }),
    )
    .describe('Worst first'),
  stalls: z
    .array(
      z.object({
        level: z.enum(QUOTA_LEVELS),
        distribution: distributionSchema,
      }),
    )
    .describe('Most time first'),
  burners: z
    .array(
      z.object({
        container: z.string(),
        pod: z.string().optional(),
        party: partySchema.optional(),
        cpuSeconds: seconds,
        share: share,
      }),
    )
    .describe('Containers of the throttled pods, by CPU used of the quota'),
  burnSource: z
    .enum(['throttled-periods', 'cpu-time'])
    .describe('Measured in throttled periods, or all CPU time in the range'),
});
export type ThrottlingReport = z.infer<typeof throttlingReportSchema>;

/**
 * How slow, since when, and what the slow requests were made of; and how long threads waited for a CPU. The verdict is the
 * one look that decides: the main part of the slow requests, the service itself, or nothing.
 */
export const latencyReportSchema = z.object({
  ...reportBase,
  requests: requestsSchema,
  cpuWait: z.object({
    distribution: distributionSchema,
    p50Values: seriesValuesSchema,
    p90Values: seriesValuesSchema,
    p99Values: seriesValuesSchema,
    heatmap: heatmapSchema,
    open: z
      .array(
        z.object({
          workload: workloadSchema,
          oldestSeconds: seconds,
          at: epochMs,
        }),
      )
      .describe('Waits that were open at the end of the range'),
    worst: z.array(worstWaitSchema).describe('Longest first'),
  }),
  breakdown: z.array(
    z.object({
      workload: workloadSchema,
      waitSeconds: seconds,
      cpuSeconds: seconds,
      waitShare: share.optional(),
      count: z.number(),
      p50Seconds: seconds.optional(),
      p99Seconds: seconds.optional(),
    }),
  ),
  notMeasured: notMeasuredSchema.describe(
    'What can make a service slow and is not measured here',
  ),
});
export type LatencyReport = z.infer<typeof latencyReportSchema>;

/** The overview card: worst of the range, since when, and where to look. */
export const diagnosisReportSchema = z.object({
  ...reportBase,
  tab: z.enum(['latency', 'throttling', 'neighbours']),
  valuesOf: z
    .enum(['held-share', 'request-p99', 'queue-p99'])
    .describe(
      'Share of wanted time that was held up; or, where these are the worst, p99 of requests, or of how long packets stood in queues, in seconds',
    ),
  values: seriesValuesSchema.describe('For the spark line'),
});
export type DiagnosisReport = z.infer<typeof diagnosisReportSchema>;

/** `GET /v1/health`: which agents are heard, and how much is stored. */
export const healthReportSchema = z.object({
  nodes: z.array(
    z.object({
      cluster: z.string(),
      node: z.string(),
      lastSeen: epochMs,
      stale: z.boolean().describe('Silent for more than three intervals'),
    }),
  ),
  storage: z.object({
    resources: z.number(),
    series: z.number(),
    points: z.number().describe('Kept as they were sent'),
    oldestWindowToRollUp: epochMs.optional(),
  }),
});
export type HealthReport = z.infer<typeof healthReportSchema>;
