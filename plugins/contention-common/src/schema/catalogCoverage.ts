/**
 * Answer to `GET /v1/coverage`: where catalog and measurement do not meet. Workloads that no entity claims, entities that
 * have no data, nodes that have no agent.
 */
import { z } from 'zod';
import { entityLinkSchema, epochMs, workloadSchema } from './parts';

/** Where a workload runs: in Kubernetes, as a container of the host, as a systemd unit, or in some other cgroup. */
export const WORKLOAD_PLACES = [
  'kubernetes',
  'container',
  'systemd',
  'cgroup',
] as const;

/** What to write where, so that an entity claims a workload. */
export const claimSuggestionSchema = z.object({
  annotations: z
    .string()
    .describe('The lines for catalog-info.yaml of the entity that it is'),
  podLabels: z
    .string()
    .optional()
    .describe(
      'The lines for the pod template, where pods have no label to go by',
    ),
  note: z.string().optional().describe('What to look out for'),
});
export type ClaimSuggestion = z.infer<typeof claimSuggestionSchema>;

export const unclaimedWorkloadSchema = z.object({
  key: z.string(),
  name: z.string(),
  place: z.enum(WORKLOAD_PLACES),
  workload: workloadSchema,
  instances: z.number().int().describe('Pods, or units on different nodes'),
  nodes: z.array(z.string()),
  lastSeen: epochMs,
  suggestion: claimSuggestionSchema,
});
export type UnclaimedWorkload = z.infer<typeof unclaimedWorkloadSchema>;

/** `no-pods`: it says where it runs, and nothing runs there. */
export const ENTITY_GAPS = [
  'no-pods',
  'not-annotated',
  'not-understood',
] as const;

export const uncoveredEntitySchema = z.object({
  entity: entityLinkSchema,
  kind: z.string(),
  type: z.string().optional(),
  gap: z.enum(ENTITY_GAPS),
  lookedFor: z
    .array(z.string())
    .describe('What its annotations say, one rule a line'),
  annotations: z.string().optional().describe('Lines to add'),
});
export type UncoveredEntity = z.infer<typeof uncoveredEntitySchema>;

/** `silent`: an agent was heard there once. `no-agent`: the cluster has this node, and no agent was ever heard there. */
export const NODE_STATES = ['reporting', 'silent', 'no-agent'] as const;

export const coveredNodeSchema = z.object({
  cluster: z.string(),
  node: z.string(),
  state: z.enum(NODE_STATES),
  lastSeen: epochMs.optional().describe('Of its agent'),
  isListed: z
    .boolean()
    .optional()
    .describe(
      'Whether the cluster lists this node; absent: no list is to be had',
    ),
});
export type CoveredNode = z.infer<typeof coveredNodeSchema>;

/** How the nodes of a cluster are known, or why they are not. */
export const nodeListSchema = z.object({
  cluster: z.string(),
  source: z.enum(['kubernetes', 'agents']),
  readAt: epochMs.optional(),
  problem: z.string().optional(),
});
export type NodeListSource = z.infer<typeof nodeListSchema>;

export const coverageReportSchema = z.object({
  range: z.object({ from: epochMs, to: epochMs }),
  counts: z.object({
    workloads: z.number().int(),
    claimedWorkloads: z
      .number()
      .int()
      .describe('By any entity, also by those that the reader may not see'),
    entities: z.number().int().describe('That run and that the reader may see'),
    entitiesWithData: z.number().int(),
    entitiesThatDoNotRun: z
      .number()
      .int()
      .describe('Libraries and the like: of no concern here'),
    nodes: z.number().int(),
    reportingNodes: z.number().int(),
  }),
  workloads: z.array(unclaimedWorkloadSchema),
  entities: z.array(uncoveredEntitySchema),
  nodes: z.array(coveredNodeSchema),
  nodeLists: z.array(nodeListSchema),
  left: z
    .object({ workloads: z.number().int(), entities: z.number().int() })
    .describe('Rows beyond the bound of an answer'),
});
export type CoverageReport = z.infer<typeof coverageReportSchema>;
