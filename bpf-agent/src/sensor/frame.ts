import type {
  DnsError,
  ConnectError,
  DropPlace,
  IoDirection,
  RequestPart,
  RequestRole,
  RetransmitCause,
  ShedStep,
} from 'backstage-plugin-contention-common/metrics';

/**
 * One line that the sensor prints per interval: everything the kernel programs have counted since they were attached.
 *
 * All values are cumulative, so a lost or late line loses nothing; the agent subtracts consecutive frames. Counts of
 * nanoseconds and cgroup ids are decimal strings (they pass 2^53); everything else is a JSON number. The sensor knows
 * cgroup ids and paths, never containers or pods.
 */
export interface Frame {
  /** Format of this line. A reader refuses a version that it does not know. */
  version: 1;
  /** 1 for the first frame of this sensor process, then one more a frame. */
  sequence: number;
  /** CLOCK_MONOTONIC and CLOCK_REALTIME at the edge where this frame's values were taken, ns. */
  monotonicNs: string;
  realtimeNs: string;
  /** The same two clocks when the programs were attached: where the cumulative values start, ns. */
  startMonotonicNs: string;
  startRealtimeNs: string;
  /** CPUs that can ever exist, and that are online now. */
  cpus: { possible: number; online: number };
  /** Which hierarchy the ids belong to: the v1 `cpu` controller's, or the unified one. */
  hierarchy: { version: 1 | 2; mount: string };
  /** Every cgroup named anywhere in this frame, and every one that is alive. A removed one stays for at least two frames. */
  cgroups: FrameCgroup[];
  /** Waits that closed, per victim cgroup. */
  waits: FrameHistogram[];
  /** What the waits that closed are made of. */
  blame: FrameBlame[];
  /** Waits that are open at the edge. */
  open: FrameOpenWait[];
  /** Time on a CPU, per cgroup. */
  cpu: { cgroup: string; ns: string }[];
  /** How long threads stood still because of a quota: a row per stopped cgroup and cgroup whose quota ran out. */
  stalls: FrameStall[];
  /** CPU time of a cgroup in the periods in which a quota, its own or one above it, ran out; known once a period is over. */
  burn: FrameBurn[];
  /** How long requests took: a row per cgroup, role, and whether they are exchanges rather than requests. */
  requests: FrameRequests[];
  /** What happened while those requests were open: their parts add up to `sumNs`, to the nanosecond, by cgroup and role. */
  anatomy: FrameAnatomy[];
  /** The slowest request of a cgroup and role, and the longest wait of a cgroup, of this interval alone. */
  worst: FrameWorst[];
  /** What became of queries of DNS: a row per cgroup that asked, name server and transport. */
  dns: FrameDns[];
  /** How TCP fares between a cgroup and others, and how long requests between them took. One at rest is forgotten. */
  peers: FramePeer[];
  /** Ports that turned connections away because a queue was full. */
  listeners: FrameListener[];
  /** How long data was in sockets of TCP before threads of a cgroup read it: one value for a byte at a time of each connection. */
  unread: FrameHistogram[];
  /** How long packets stood in the queues of devices: a row per cgroup whose packets they were, and device. */
  netQueues: FrameQueue[];
  /** Whose packets left those queues meanwhile: charged until now, also for packets that still stand there. */
  netBlame: FrameQueueBlame[];
  /** Bytes of packets from and for sockets, per cgroup. */
  netIo: FrameIo[];
  /** Packets that the kernel dropped. */
  netDrops: FrameDrops[];
  /** Packets that CPUs took up while more came than they could take, by who sent them; as far as that was watched. */
  arrivals: FrameArrivals[];
  /** How long there was such a time; absent where the sensor is of an earlier release. */
  pressure?: FramePressure;
  health: FrameHealth;
}

/** A cgroup of the hierarchy; `path` is relative to its mount and starts with a slash, the root is `/`. */
export interface FrameCgroup {
  id: string;
  path: string;
  /** True once its directory is gone. */
  removed?: true;
}

/** An exponential histogram of scale 3 of seconds: `buckets` holds [index, count], ascending, without empty ones. */
export interface FrameDurations {
  sumNs: string;
  count: string;
  /** Waits of exactly 0 ns. */
  zeroCount: string;
  buckets: [index: number, count: string][];
}

export interface FrameHistogram extends FrameDurations {
  cgroup: string;
}

/**
 * Who occupied the CPU, as far as the kernel side can tell. `cgroup` becomes container, self or system in the agent.
 */
export type FrameBlameKind =
  | 'cgroup'
  | 'kernel'
  | 'throttled'
  | 'steal'
  | 'interrupt'
  | 'softirq'
  | 'idle'
  | 'other'
  | 'unattributed';

/** Part of the waits of `victim`, ns. */
export interface FrameBlame {
  victim: string;
  kind: FrameBlameKind;
  /**
   * For `cgroup`: who ran. For `softirq`: whose packets were processed. For `throttled`: the cgroup whose quota ran
   * out, innermost first. Absent otherwise.
   */
  culprit?: string;
  ns: string;
}

export interface FrameOpenWait {
  cgroup: string;
  /** Threads that wait at the edge. */
  count: number;
  /** Age of the oldest of these waits, ns. */
  oldestNs: string;
}

export interface FrameBurn {
  /** The cgroup whose quota ran out. */
  quota: string;
  /** Who ran; only what the kernel took from the quota counts, so no real-time threads. */
  cgroup: string;
  ns: string;
}

export interface FrameStall extends FrameHistogram {
  /** The cgroup whose quota ran out. */
  quota: string;
}

/**
 * Requests on TCP connections, from the first payload byte of a request to the first payload byte of its response: seen
 * by who accepted the connection (`server`) or by who made it (`client`).
 */
export interface FrameRequests extends FrameHistogram {
  role: RequestRole;
  /** True for exchanges on connections that have had more than one request outstanding. */
  estimated: boolean;
}

/** A part of the time in which requests were open, ns. */
export interface FramePart {
  part: RequestPart;
  /** For `wait`: who occupied the CPU. For `queue`: whose packets left meanwhile. */
  kind?: FrameBlameKind;
  /** For `wait` and `queue`: as in FrameBlame. For `throttled`: the cgroup whose quota ran out. */
  culprit?: string;
  ns: string;
}

export interface FrameAnatomy extends FramePart {
  cgroup: string;
  role: RequestRole;
  /** True for exchanges, and for requests that no single thread served: their parts are the container's shares. */
  estimated: boolean;
  /** The requests that took (2^(band-1), 2^band] s. */
  band: number;
}

interface FrameWorstCase {
  cgroup: string;
  durationNs: string;
  /** CLOCK_MONOTONIC when it ended. */
  endMonotonicNs: string;
  /** They add up to the duration. */
  parts: FramePart[];
}

export interface FrameWorstRequest extends FrameWorstCase {
  of: 'request';
  role: RequestRole;
  /** As in FrameRequests. */
  estimated: boolean;
  /** True if no single thread served it: the parts are the container's shares in this interval. */
  partsEstimated: boolean;
  peer?: { address: string; port: number };
}

/** Only waits of a millisecond or more. */
export interface FrameWorstWait extends FrameWorstCase {
  of: 'wait';
}

export type FrameWorst = FrameWorstRequest | FrameWorstWait;

/**
 * Queries of DNS: the histogram has those that were answered in time, however the answer was. `failures` has those whose answer
 * was an error and, as `timeout`, those that had none.
 */
export interface FrameDns extends FrameHistogram {
  /** Address of the name server; absent for those that there was no room to tell apart. */
  server?: string;
  transport: 'udp' | 'tcp';
  failures: Partial<Record<DnsError, string>>;
}

/**
 * Who is at the other end of connections of a cgroup. Segments are those with payload and those that open a connection. What is
 * zero is absent.
 */
export interface FramePeer {
  cgroup: string;
  /** `client`: the cgroup made the connections. `server`: the other did. */
  role: RequestRole;
  /** Absent for those that there was no room for, which are one. IPv4 without `::ffff:`. */
  address?: string;
  /** Of a client with an address: the port that it asked for. */
  port?: number;
  /** Smoothed round-trip time of each connection in use, once a frame and when it ended. */
  rtt?: FrameDurations;
  connect?: FrameDurations;
  /** Those of `requests`, exact and estimated. */
  requests?: FrameDurations;
  /** Connections that were never established. */
  connectFailures?: Partial<Record<ConnectError, string>>;
  segments?: Partial<Record<IoDirection, string>>;
  retransmits?: Partial<Record<RetransmitCause, string>>;
  /** By which way the reset went. */
  resets?: Partial<Record<IoDirection, string>>;
  /** Times that a window closed: `receive` the peer's, `transmit` our own. */
  zeroWindows?: Partial<Record<IoDirection, string>>;
}

export interface FrameListener {
  cgroup: string;
  port: number;
  overflows: string;
}

export interface FrameQueue extends FrameHistogram {
  /** Name of the device, in whatever network namespace it is; absent for those that there is no room for. */
  device?: string;
}

/** Part of the time that packets of `victim` stood in the queue of a device, ns. */
export interface FrameQueueBlame extends FrameBlame {
  device?: string;
}

export interface FrameIo {
  cgroup: string;
  direction: IoDirection;
  /** With headers of IP, without those of the link. */
  bytes: string;
  packets: string;
}

/** Packets by who sent them. `unattributed`: not known, or from outside the node. */
export interface FrameArrivals {
  kind: FrameBlameKind;
  culprit?: string;
  packets: string;
  bytes: string;
}

/** Seconds since the start in which a CPU's backlog had no room, or its receive work ran out of budget, looked at once a second. */
export interface FramePressure {
  pressedNs: string;
  /** Of that, in which it was watched whose packets came, on all CPUs that it was about. */
  watchedNs: string;
  /** Whether the programs for it are attached now. */
  watching: boolean;
}

export interface FrameDrops {
  /** Whose packets they were; the root, which is the node, where the packet does not say. */
  cgroup: string;
  /** The kernel's own word (enum skb_drop_reason, without its prefix). */
  reason?: string;
  place: DropPlace;
  packets: string;
}

/** How sure the numbers are, and what it cost to get them. */
export interface FrameHealth {
  /** Times each kernel program ran. */
  events: Record<string, string>;
  /** What was lost, by reason; a reason with nothing lost is 0, not absent. */
  lost: Record<string, string>;
  /**
   * CPU time of each kernel program, ns, from runs that it timed itself, its clock reads included; and of the sensor
   * process, as `sensor`.
   */
  overheadNs: Record<string, string>;
  /** Entries used and room, per bounded map. */
  maps: { name: string; used: number; capacity: number }[];
  /**
   * Wait and parts of what closed in an interval, compared per victim in every frame; cumulative since attach, as all
   * else: comparisons made, those that were not equal, and |wait - parts| summed over them.
   */
  conservation: { victims: number; unequal: number; differenceNs: string };
  /**
   * Kinds of culprits that are not measured, e.g. `steal`: their time counts as that of whoever had the CPU. `requests`
   * where requests are not timed, `queues` where packets are not followed.
   */
  missing: string[];
  /** What is switched off from this edge on, to stay within the budget (bpf/shed.h); the least valuable first. */
  shed: ShedStep[];
  /** For how long each was switched off, ns, cumulative; what this sensor does not measure at all is absent. */
  shedNs: Partial<Record<ShedStep, string>>;
  budget: FrameBudget;
}

/** What the kernel programs may cost, and did in the interval that ends at this edge. */
export interface FrameBudget {
  /** Of one core for every 10,000 task switches or 40,000 packets a second, and of one core below that; 0: nothing is switched off. */
  share: number;
  spentNs: string;
  allowedNs: string;
}
