/**
 * Answer to `GET /v1/entities/:kind/:namespace/:name/pairs` of a System, Domain or Group: who of its members waited, and
 * while whom, added up over all of them. Only neighbours make pairs; what members do to themselves is in their own reports.
 */
import { z } from 'zod';
import {
  entityLinkSchema,
  partySchema,
  relationSchema,
  RESOURCES,
  seconds,
  share,
} from './parts';
import { DIRECTIONS } from './query';
import { culpritSchema, layerSchema, reportBase } from './reports';

/** Kinds that have members, by the catalog's relations `hasPart` (System, Domain) and `ownerOf` (Group). */
export const ROLLUP_KINDS = ['system', 'domain', 'group'] as const;

/** A victim, and who ran while it waited, on one node. */
export const pairSchema = z.object({
  victim: partySchema,
  culprit: partySchema,
  cluster: z.string(),
  node: z.string(),
  waitSeconds: seconds,
  share: share.describe('Of all waiting for neighbours in this answer'),
  isInside: z.boolean().describe('Both are members: they share an owner'),
  cpuMean: culpritSchema.shape.cpuMean.describe(
    'CPUs that the culprit used on average on this node',
  ),
  cpuRequest: culpritSchema.shape.cpuRequest.describe(
    'CPUs that the culprit asked for on this node',
  ),
  entitlement: culpritSchema.shape.entitlement,
  delaySeconds: seconds
    .optional()
    .describe(
      'Network: of its part, the mean over all packets of the victim on this node that passed a queue',
    ),
  transmitMean: culpritSchema.shape.transmitMean,
  interfaces: culpritSchema.shape.interfaces,
});
export type Pair = z.infer<typeof pairSchema>;

/** `measured`: it has figures. The others have none, each for its own reason. */
export const MEMBER_STATES = [
  'measured',
  'no-data',
  'not-annotated',
  'forbidden',
] as const;

export const memberSchema = z.object({
  entity: entityLinkSchema,
  type: z.string().optional().describe('`spec.type`, e.g. service'),
  state: z.enum(MEMBER_STATES),
  waitSeconds: seconds,
  wantedSeconds: seconds.describe('Ran and waited'),
  waitShare: share.optional().describe('Of the time it wanted to run'),
  neighbourSeconds: seconds.describe('Of the waiting: while neighbours ran'),
  causedSeconds: seconds.describe('Neighbours waited while it ran'),
  packets: z
    .number()
    .optional()
    .describe('Network: those of it that passed a queue'),
  main: relationSchema
    .optional()
    .describe('What most of its waiting was for; absent: it hardly waited'),
  severity: z.enum(['none', 'notice', 'serious']),
});
export type Member = z.infer<typeof memberSchema>;

export const pairsReportSchema = z.object({
  ...reportBase,
  direction: z
    .enum(DIRECTIONS)
    .describe('Suffered: members are victims. Caused: members are culprits'),
  resource: z
    .enum(RESOURCES)
    .describe(
      'What is waited for. Of packets, seconds are those of each of them, and nothing is wanted',
    ),
  total: z.object({
    neighbourSeconds: seconds.describe('Waited while neighbours ran'),
    waitSeconds: seconds.describe('All waiting of the members'),
    wantedSeconds: seconds,
    waitShare: share.optional(),
    packets: z
      .number()
      .optional()
      .describe('Network: those of the members that passed a queue'),
    pairs: z.number().int().describe('Pairs in all; the largest are listed'),
  }),
  pairs: z.array(pairSchema).describe('Largest first'),
  layers: z
    .array(layerSchema)
    .describe('The other side over time, largest first; the smallest folded'),
  members: z.array(memberSchema).describe('Worst first'),
});
export type PairsReport = z.infer<typeof pairsReportSchema>;
