/**
 * Answer to `GET /v1/entities/:kind/:namespace/:name/peers`: whom a service calls (upstreams), who calls it (downstreams), and
 * how their connections fare. Times are epoch milliseconds, durations seconds; whatever is a share or a rate is calculated here
 * and nowhere else.
 */
import { z } from 'zod';
import { CONNECT_ERRORS, DNS_ERRORS, RETRANSMIT_CAUSES } from '../metrics';
import {
  entityLinkSchema,
  epochMs,
  partySchema,
  problemSchema,
  seconds,
  sentenceSchema,
  share,
} from './parts';

const count = z.number().min(0);

/** Whether connections were watched at all, and if there are none, why. */
export const peersStateSchema = z.discriminatedUnion('state', [
  z.object({ state: z.literal('measured') }),
  z.object({
    state: z.literal('none'),
    why: z.string().describe('A sentence: watched, and there were none'),
  }),
  z.object({
    state: z.literal('not-measured'),
    why: z.string().describe('A sentence: no agent there watches connections'),
  }),
]);
export type PeersState = z.infer<typeof peersStateSchema>;

/**
 * Who is at the other end. `entity`, `workload`: a pod that an agent saw; `service`: a Service of Kubernetes whose pods are not
 * known; `address`: nobody knows more; `own-pod`: another container of the same pod; `others`: peers that there was no room
 * for; `hidden`: all that the reader may not see, together.
 */
export const PEER_KINDS = [
  'entity',
  'workload',
  'service',
  'address',
  'own-pod',
  'others',
  'hidden',
] as const;
export type PeerKind = (typeof PEER_KINDS)[number];

/** What stands out about a peer: segments are lost, connections fail, one side does not read what it is sent. */
export const PEER_TROUBLES = ['loss', 'failures', 'not-reading'] as const;
export const peerTroubleSchema = z.object({
  kind: z.enum(PEER_TROUBLES),
  severity: z.enum(['notice', 'serious']),
});
export type PeerTrouble = z.infer<typeof peerTroubleSchema>;

const who = {
  kind: z.enum(PEER_KINDS),
  party: partySchema
    .optional()
    .describe('Absent for `address`, `own-pod` and `others`'),
};

/** What an arrow of the map and a row of a table both tell. */
const traffic = {
  requestCount: count,
  ratePerSecond: z.number().optional().describe('Requests, in time with data'),
  retransmitShare: share
    .optional()
    .describe('Of the segments sent to it; absent where none was'),
  connectFailureCount: count,
  troubles: z.array(peerTroubleSchema).describe('Most serious first'),
};

export const peerSchema = z.object({
  key: z.string(),
  ...who,
  addresses: z
    .array(z.object({ address: z.string(), port: z.number().optional() }))
    .describe('Busiest first; not all where `addressCount` is larger'),
  addressCount: count,
  ...traffic,
  p50Seconds: seconds.optional().describe('Of requests'),
  p99Seconds: seconds.optional(),
  rttP50Seconds: seconds.optional().describe('Smoothed round-trip time'),
  rttP99Seconds: seconds.optional(),
  segmentsSent: count,
  segmentsReceived: count,
  retransmitCount: count,
  retransmits: z
    .array(z.object({ cause: z.enum(RETRANSMIT_CAUSES), count }))
    .describe('Most first'),
  connectCount: count.describe('Connections that were established'),
  connectP50Seconds: seconds.optional(),
  connectP99Seconds: seconds.optional(),
  connectFailures: z
    .array(z.object({ error: z.enum(CONNECT_ERRORS), count }))
    .describe('Most first'),
  connectFailuresPerMinute: count.optional(),
  resetsSent: count,
  resetsReceived: count,
  zeroWindowsSent: count.describe('Times that its own window was closed'),
  zeroWindowsReceived: count.describe("Times that the peer's was"),
});
export type Peer = z.infer<typeof peerSchema>;

/** A server that names are looked up at. */
export const nameServerSchema = z.object({
  key: z.string(),
  ...who,
  address: z.string().optional(),
  transport: z.string().optional().describe('udp or tcp'),
  answerCount: count,
  p50Seconds: seconds.optional(),
  p99Seconds: seconds.optional(),
  failureCount: count.describe('Names that do not exist are not among them'),
  failureShare: share.optional().describe('Of answers and time-outs'),
  failures: z
    .array(z.object({ error: z.enum(DNS_ERRORS), count }))
    .describe('Most first; here with names that do not exist'),
  troubles: z.array(peerTroubleSchema),
});
export type NameServer = z.infer<typeof nameServerSchema>;

export const PEER_SIDES = ['upstream', 'downstream'] as const;
export type PeerSide = (typeof PEER_SIDES)[number];

/** The id of the service itself in its map. */
export const MAP_CENTRE = 'self';

export const peerMapNodeSchema = z.object({
  id: z.string().describe('Of this answer only'),
  side: z.enum(PEER_SIDES),
  hop: z.union([z.literal(1), z.literal(2)]),
  ...who,
  label: z.string().optional().describe('Where there is no party'),
});
export type PeerMapNode = z.infer<typeof peerMapNodeSchema>;

/** Somebody calls somebody: ids of nodes, or `MAP_CENTRE`. As the one of the two saw it that is nearer to the service. */
export const peerMapEdgeSchema = z.object({
  from: z.string(),
  to: z.string(),
  ...traffic,
});
export type PeerMapEdge = z.infer<typeof peerMapEdgeSchema>;

export const peerMapSchema = z.object({
  nodes: z.array(peerMapNodeSchema).describe('Worst and busiest first'),
  edges: z.array(peerMapEdgeSchema),
  leftOutCount: count.describe('Peers that there is no room for in the map'),
});
export type PeerMap = z.infer<typeof peerMapSchema>;

export const peersReportSchema = z.object({
  entity: entityLinkSchema,
  range: z.object({ from: epochMs, to: epochMs }),
  cluster: z.string().optional().describe('The one that was asked for'),
  state: peersStateSchema,
  finding: z
    .object({
      severity: z.enum(['notice', 'serious']),
      sentence: sentenceSchema,
    })
    .optional()
    .describe('Absent when nothing stands out'),
  upstreams: z
    .array(peerSchema)
    .describe('Whom it calls: worst first, then busiest'),
  downstreams: z.array(peerSchema).describe('Who calls it'),
  nameServers: z.array(nameServerSchema),
  listenOverflows: z
    .array(
      z.object({
        port: z.number().optional(),
        count,
        perMinute: count.optional(),
      }),
    )
    .describe('Connections refused as its own queue was full, by its port'),
  map: peerMapSchema.describe('Two hops around it'),
  problems: z.array(problemSchema),
});
export type PeersReport = z.infer<typeof peersReportSchema>;
