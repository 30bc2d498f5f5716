/**
 * Answers to `GET /v1/nodes` and `GET /v1/nodes/:cluster/:node`: how crowded nodes are, who lives on one, and who waits there
 * while who runs. Times are epoch milliseconds, durations seconds.
 */
import { z } from 'zod';
import {
  confidenceSchema,
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
} from './parts';
import { reportQuerySchema, resourceSchema } from './query';
import {
  culpritSchema,
  layerSchema,
  networkPresenceSchema,
  networkQueueSchema,
  reportStateSchema,
} from './reports';

/** `fresh`: its agent reports; `stale`: it did, and went quiet; `gone`: nothing of it for a day. */
export const AGENT_STATES = ['fresh', 'stale', 'gone'] as const;
export type AgentState = (typeof AGENT_STATES)[number];

export const NODE_SORTS = [
  'crowding',
  'waiting',
  'node',
  'cluster',
  'lastSeen',
] as const;
export type NodeSort = (typeof NODE_SORTS)[number];

export const MAX_NODES_PER_PAGE = 100;

/** Which nodes to list, in which order: on top of the range and the cluster of `reportQuerySchema`. */
export const nodesFilterSchema = z.object({
  resource: resourceSchema,
  search: z.string().trim().max(253).optional(),
  state: z.enum(AGENT_STATES).optional(),
  sort: z.enum(NODE_SORTS).default('crowding'),
  order: z.enum(['asc', 'desc']).optional(),
  limit: z.coerce.number().int().min(1).max(MAX_NODES_PER_PAGE).default(25),
  offset: z.coerce.number().int().min(0).default(0),
});
export type NodesFilter = z.infer<typeof nodesFilterSchema>;
export const nodesQuerySchema = reportQuerySchema;

/** The longest name that a device can have is of 15 characters; a name alone, without its node. */
const MAX_INTERFACE_NAME = 64;

/** What is asked of one node: what was waited for; of a network, at which device (default: at any). */
export const nodeQuestionSchema = z.object({
  resource: resourceSchema,
  interfaceName: z.string().trim().min(1).max(MAX_INTERFACE_NAME).optional(),
});
export type NodeQuestion = z.infer<typeof nodeQuestionSchema>;

const entitlement = {
  cpuMean: culpritSchema.shape.cpuMean,
  cpuRequest: culpritSchema.shape.cpuRequest,
  entitlement: culpritSchema.shape.entitlement,
};

const traffic = {
  transmitMean: z
    .number()
    .optional()
    .describe('Network: bytes per second that it sent there on average'),
};

const delay = {
  delaySeconds: seconds
    .optional()
    .describe('Network: how long each packet of who waited stood on average'),
};

/** Who waited most, and who ran meanwhile; or whose packets stood most, and behind whose. */
export const nodePairSchema = z.object({
  victim: partySchema,
  culprit: partySchema,
  waitSeconds: seconds,
  ...delay,
  ...traffic,
  ...entitlement,
});

export const nodeRowSchema = z.object({
  cluster: z.string(),
  node: z.string(),
  state: z.enum(AGENT_STATES),
  lastSeen: epochMs,
  waitSeconds: seconds.optional().describe('Absent: not added up, or no data'),
  crowdedSeconds: seconds
    .optional()
    .describe('Of the waiting: while containers of other pods ran'),
  values: seriesValuesSchema.describe(
    'Seconds of waiting for other pods per second, for the spark line; of packets, how many stood behind those of others on average',
  ),
  worst: nodePairSchema.optional().describe('Absent: nobody waits much here'),
});
export type NodeRow = z.infer<typeof nodeRowSchema>;

export const nodesReportSchema = z.object({
  resource: z.enum(RESOURCES).describe('What is waited for'),
  range: z.object({ from: epochMs, to: epochMs }),
  axis: timeAxisSchema,
  clusters: z.array(z.string()).describe('All that there are'),
  total: z.number().int().describe('Nodes that fit, of which these are some'),
  states: z
    .object({ fresh: z.number(), stale: z.number(), gone: z.number() })
    .describe('How many of the nodes that fit are in which state'),
  nodes: z.array(nodeRowSchema),
});
export type NodesReport = z.infer<typeof nodesReportSchema>;

/** A row of the matrix: somebody who waited. */
export const nodeVictimSchema = z.object({
  party: partySchema,
  wanted: z
    .array(z.number())
    .describe(
      'Seconds that it ran or waited, in each window; zeros of packets',
    ),
  packets: z
    .array(z.number())
    .optional()
    .describe('Network: those that passed a queue, in each window'),
});
export type NodeVictim = z.infer<typeof nodeVictimSchema>;

/** A column of the matrix: a neighbour, or what is none, by its relation alone. */
export const nodeCulpritSchema = z.object({
  key: z.string(),
  relation: relationSchema,
  label: z.string(),
  party: partySchema.optional().describe('Absent: folded together'),
  ...traffic,
  ...entitlement,
});
export type NodeCulprit = z.infer<typeof nodeCulpritSchema>;

export const nodeCellSchema = z.object({
  victim: z.number().int().describe('Number of the row'),
  culprit: z.number().int().describe('Number of the column'),
  values: z.array(z.number()).describe('Seconds of waiting in each window'),
});
export type NodeCell = z.infer<typeof nodeCellSchema>;

/** Somebody who lives there. */
export const residentSchema = z.object({
  party: partySchema,
  pods: z.number().int(),
  containers: z.number().int(),
  waitSeconds: seconds,
  waitShare: share.optional().describe('Of the time it wanted to run'),
  causedSeconds: seconds.describe('Others waited while it ran'),
  ...delay,
  ...traffic,
  receiveMean: z.number().optional().describe('As `transmitMean`'),
  cpuLimit: z.number().optional().describe('CPUs; absent: no limit'),
  ...entitlement,
});
export type Resident = z.infer<typeof residentSchema>;

export const nodeCapacitySchema = z.object({
  cpuCount: z.number().optional(),
  cpuMean: z.number().optional().describe('CPUs busy on average'),
  cpuRequested: z
    .number()
    .optional()
    .describe('CPUs asked for by what is there at the end of the range'),
  cpuLimited: z
    .number()
    .optional()
    .describe('Sum of the limits of those that have one'),
  pods: z.number().int(),
  containers: z.number().int(),
  withoutRequest: z.number().int().describe('Containers that ask for nothing'),
  withoutLimit: z.number().int().describe('Containers without a limit'),
});
export type NodeCapacity = z.infer<typeof nodeCapacitySchema>;

export const nodeAgentSchema = z.object({
  state: z.enum(AGENT_STATES),
  version: z.string().optional(),
  firstSeen: epochMs,
  lastSeen: epochMs,
  intervalSeconds: seconds,
  kernelCpus: z.number().optional().describe('CPUs used by kernel programs'),
  processCpus: z.number().optional().describe('CPUs used by its processes'),
});
export type NodeAgent = z.infer<typeof nodeAgentSchema>;

/** How packets fared in the queues of a node's devices. */
export const nodeNetworkSchema = z.object({
  presence: networkPresenceSchema.describe('Of anybody on the node'),
  queues: networkQueueSchema.shape.queues,
  receive: networkQueueSchema.shape.receive,
});
export type NodeNetwork = z.infer<typeof nodeNetworkSchema>;

export const nodeReportSchema = z.object({
  cluster: z.string(),
  node: z.string(),
  resource: z
    .enum(RESOURCES)
    .describe(
      'What is waited for. Of packets, seconds are those of each of them: two that stand for one second each are two',
    ),
  interfaceName: z
    .string()
    .optional()
    .describe('The device that was asked for; absent: all together'),
  range: z.object({ from: epochMs, to: epochMs }),
  status: reportStateSchema.describe('ok or no-data'),
  verdict: verdictSchema,
  freshness: freshnessSchema,
  confidence: confidenceSchema,
  problems: z.array(problemSchema),
  axis: timeAxisSchema,
  total: z.object({
    waitSeconds: seconds,
    wantedSeconds: seconds,
    crowdedSeconds: seconds.describe('Waited while neighbours ran'),
  }),
  layers: z
    .array(layerSchema)
    .describe('Waiting by neighbour that ran, largest first, the rest folded'),
  layersApart: z.array(layerSchema).describe('Everything else'),
  victims: z.array(nodeVictimSchema).describe('Most waiting first'),
  culprits: z
    .array(nodeCulpritSchema)
    .describe('Neighbours first, largest first'),
  cells: z.array(nodeCellSchema).describe('Those that are not empty'),
  residents: z.array(residentSchema).describe('Most waiting first'),
  capacity: nodeCapacitySchema,
  agent: nodeAgentSchema,
  network: nodeNetworkSchema.optional().describe('Only of the network'),
});
export type NodeReport = z.infer<typeof nodeReportSchema>;
