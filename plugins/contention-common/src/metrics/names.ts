/**
 * The names on the wire: what the agent sends over OTLP and the backend understands. Attributes follow the
 * OpenTelemetry semantic conventions where they have a word for it.
 */

/** Name of the OTLP instrumentation scope of what our agent sends; its version is the agent's. */
export const AGENT_SCOPE = 'contention-bpf-agent';

/** OTLP metric names. Durations are seconds, histograms are exponential histograms of scale 3. */
export const METRIC = {
  /** Exponential histogram, s: time that a thread was runnable and not running, one value per wait. */
  cpuWait: 'contention.cpu.wait',
  /** Sum, s: the same waits by who held the CPU (`contention.culprit.kind` and the culprit's attributes). */
  cpuWaitBlame: 'contention.cpu.wait.blame',
  /** Gauge, s: age of the oldest wait that is still open. */
  cpuWaitOpen: 'contention.cpu.wait.open',
  /** Sum, s: CPU time by `cpu.mode`. */
  cpuTime: 'contention.cpu.time',
  /** Gauge, {cpu}: the CPU limit; on a node resource the number of online CPUs. */
  cpuLimit: 'contention.cpu.limit',
  /** Gauge, {cpu}: the CPU request. */
  cpuRequest: 'contention.cpu.request',
  /** Sum, s: the ledger's throttled time (`cpu.stat`), by `contention.quota.level`. */
  cpuThrottledTime: 'contention.cpu.throttled.time',
  /** Sum, {period}: the ledger's enforcement periods, by `contention.quota.level`. */
  cpuThrottledPeriods: 'contention.cpu.throttled.periods',
  /** Sum, {period}: of these, the periods in which the quota ran out, by `contention.quota.level`. */
  cpuThrottledPeriodsThrottled: 'contention.cpu.throttled.periods.throttled',
  /** Exponential histogram, s: how long a thread stood still because of a quota, by `contention.quota.level`. */
  cpuThrottledStall: 'contention.cpu.throttled.stall',
  /** Sum, s, on the pod: CPU time in throttled periods, by `k8s.container.name`. */
  cpuQuotaBurn: 'contention.cpu.quota.burn',
  /**
   * Exponential histogram, s: from the first payload byte of a request to the first byte of its response, by
   * `contention.role` and `contention.estimated`. Its exemplars are the worst cases: see EXEMPLAR.
   */
  requestDuration: 'contention.request.duration',
  /**
   * Sum, s: what happened while requests were open, one part at each instant, by `contention.role`,
   * `contention.estimated`, `contention.band` and `contention.part`; `wait` carries the culprit as `cpuWaitBlame` does,
   * `queue` as `netQueueBlame` does, `throttled` carries `contention.quota.level`. The number of requests of a band is in the histogram.
   */
  requestAnatomy: 'contention.request.anatomy',
  /** Exponential histogram, s: smoothed round-trip time of each connection that was in use, once an interval; by peer (PEER). */
  tcpRtt: 'contention.tcp.rtt',
  /** Exponential histogram, s: from a connection's first SYN to its being established, by who made it; by peer. */
  tcpConnect: 'contention.tcp.connect',
  /** Sum, {connection}: connections that were never established, by peer and `error.type` (CONNECT_ERRORS). */
  tcpConnectFailures: 'contention.tcp.connect.failures',
  /** Sum, {segment}: segments with payload, and those that open a connection, by peer and `network.io.direction`. */
  tcpSegments: 'contention.tcp.segments',
  /** Sum, {segment}: segments sent again, by peer and `contention.tcp.retransmit.cause` (RETRANSMIT_CAUSES). */
  tcpRetransmits: 'contention.tcp.retransmits',
  /** Sum, {reset}: connections reset, by peer and `network.io.direction` of the reset. */
  tcpResets: 'contention.tcp.resets',
  /** Sum, {event}: times a window closed, by peer and `network.io.direction`: `receive` is the peer's, `transmit` our own. */
  tcpZeroWindows: 'contention.tcp.zero_windows',
  /** Sum, {connection}: connections refused because the listener's queue was full, by `server.port`. */
  tcpListenOverflows: 'contention.tcp.listen.overflows',
  /** Exponential histogram, s: the requests of `requestDuration` once more, by peer and `contention.role`. */
  peerRequestDuration: 'contention.peer.request.duration',
  /** Exponential histogram, s: how long data was in a socket before a thread read it. */
  netUnread: 'contention.net.unread',
  /** Exponential histogram, s: how long packets stood in a device's queue, one value a packet, by `network.interface.name`. */
  netQueue: 'contention.net.queue',
  /**
   * Sum, s: the same by whose packets left meanwhile (`contention.culprit.kind` and the culprit's attributes), by
   * `network.interface.name`.
   */
  netQueueBlame: 'contention.net.queue.blame',
  /** Sum, By: by `network.io.direction`. */
  netIo: 'contention.net.io',
  /** Sum, {packet}: packets that the kernel dropped, by `contention.drop.reason` (its own word) and `contention.drop.place` (DROP_PLACES). */
  netDrops: 'contention.net.drops',
  /** Sum, {packet}, of a node: packets that the receive side processed. */
  netReceivePackets: 'contention.net.receive.packets',
  /** Sum, {packet}, of a node: packets dropped because a CPU's backlog was full. */
  netReceiveDrops: 'contention.net.receive.drops',
  /** Sum, {event}, of a node: times that receive work ran out of its budget with packets left. */
  netReceiveSqueezed: 'contention.net.receive.squeezed',
  /** Sum, s, of a node: time in which a CPU's backlog had no room, or receive work ran out of its budget. */
  netReceivePressure: 'contention.net.receive.pressure',
  /** Sum, s, of a node: of that, in which it was watched whose packets arrived. It begins after pressure was seen. */
  netReceiveWatched: 'contention.net.receive.watched',
  /**
   * Sum, {packet}, of a node: packets that CPUs under pressure took up while that was watched, by who sent them
   * (`contention.culprit.kind` and the culprit's attributes; `unattributed` also where they came from outside the node).
   */
  netReceiveBlame: 'contention.net.receive.blame',
  /** Exponential histogram, s: from a query of DNS to its answer, by name server (PEER.address) and `network.transport`. */
  dnsDuration: 'contention.dns.duration',
  /** Sum, {query}: queries of DNS that failed, by name server, `network.transport` and `error.type` (DNS_ERRORS). */
  dnsFailures: 'contention.dns.failures',
  /** Sum, 1: kernel events seen, by `contention.program`. */
  agentEvents: 'contention.agent.events',
  /** Sum, 1: events or values lost, by `contention.program` (the reason). */
  agentLost: 'contention.agent.lost',
  /** Sum, s: CPU time of the agent's own parts, by `contention.program`. */
  agentOverhead: 'contention.agent.overhead',
  /**
   * Sum, s: for how long the agent has switched a measurement off to stay within its budget, by `contention.program`
   * (SHED_STEPS). No point: it was on.
   */
  agentShed: 'contention.agent.shed',
} as const;

export type MetricName = (typeof METRIC)[keyof typeof METRIC];

/** Resource and point attribute keys. */
export const ATTRIBUTE = {
  cluster: 'k8s.cluster.name',
  node: 'k8s.node.name',
  namespace: 'k8s.namespace.name',
  podName: 'k8s.pod.name',
  podUid: 'k8s.pod.uid',
  /** The pod's primary address; absent where it shares the node's network. */
  podIp: 'k8s.pod.ip',
  containerName: 'k8s.container.name',
  containerId: 'container.id',
  imageName: 'container.image.name',
  /** An array. */
  imageTags: 'container.image.tags',
  hostName: 'host.name',
  systemdUnit: 'systemd.unit',
  /** Outside Kubernetes. */
  plainContainerName: 'container.name',
  cgroupPath: 'contention.cgroup.path',
  culpritKind: 'contention.culprit.kind',
  culpritSamePod: 'contention.culprit.same_pod',
  culpritVia: 'contention.culprit.via',
  quotaLevel: 'contention.quota.level',
  cpuMode: 'cpu.mode',
  /** REQUEST_ROLES: which side of the connection the container is. */
  role: 'contention.role',
  /** Boolean: exchanges instead of requests (pipelining, HTTP/2), or an anatomy that follows no single thread. */
  estimated: 'contention.estimated',
  /** Upper bound of a latency band, s, a power of two as a double: the band holds durations in (bound / 2, bound]. */
  band: 'contention.band',
  /** REQUEST_PARTS. */
  part: 'contention.part',
  program: 'contention.program',
  /** IO_DIRECTIONS. */
  ioDirection: 'network.io.direction',
  interfaceName: 'network.interface.name',
  transport: 'network.transport',
  serverPort: 'server.port',
  errorType: 'error.type',
  retransmitCause: 'contention.tcp.retransmit.cause',
  dropReason: 'contention.drop.reason',
  dropPlace: 'contention.drop.place',
} as const;

/**
 * Who is at the other end of a connection. With `contention.role` `client`, the container made the connection, and the port is
 * the one that it asked for; with `server`, the other made it, and there is no port. Peers that there was no room for are
 * one, without an address.
 */
export const PEER = {
  address: 'network.peer.address',
  port: 'network.peer.port',
} as const;

export const IO_DIRECTIONS = ['transmit', 'receive'] as const;
export type IoDirection = (typeof IO_DIRECTIONS)[number];

/** Why a segment was sent again: no acknowledgement in time, acknowledgements with a gap, a probe, or no answer to a SYN. */
export const RETRANSMIT_CAUSES = ['timeout', 'fast', 'probe', 'syn'] as const;
export type RetransmitCause = (typeof RETRANSMIT_CAUSES)[number];

/** Why a connection was never established. */
export const CONNECT_ERRORS = [
  'refused',
  'timeout',
  'unreachable',
  'other',
] as const;
export type ConnectError = (typeof CONNECT_ERRORS)[number];

/** What became of a query of DNS. */
export const DNS_ERRORS = [
  'timeout',
  'name_error',
  'server_failure',
  'refused',
  'other',
] as const;
export type DnsError = (typeof DNS_ERRORS)[number];

/** Where a packet was dropped: a device's queue, a socket's buffer, a CPU's backlog, connection tracking, by a rule. */
export const DROP_PLACES = [
  'queue',
  'socket',
  'backlog',
  'conntrack',
  'policy',
  'other',
] as const;
export type DropPlace = (typeof DROP_PLACES)[number];

/** Resource attributes that name the workload, by its Kubernetes kind. */
export const WORKLOAD_ATTRIBUTE = {
  Deployment: 'k8s.deployment.name',
  StatefulSet: 'k8s.statefulset.name',
  DaemonSet: 'k8s.daemonset.name',
  Job: 'k8s.job.name',
  CronJob: 'k8s.cronjob.name',
} as const;

/** `k8s.pod.label.<key>`: labels of the pod that are on the agent's allow-list. */
export const POD_LABEL_PREFIX = 'k8s.pod.label.';

/** A culprit that is a container or a system cgroup carries its resource attributes again under this prefix. */
export const CULPRIT_PREFIX = 'contention.culprit.';

/** What a nanosecond of a wait was, in order of precedence (see docs/understand). */
export const BLAME_KINDS = [
  'throttled',
  'steal',
  'interrupt',
  'container',
  'self',
  'system',
  'kernel',
  'idle',
  'other',
  'unattributed',
] as const;
export type BlameKind = (typeof BLAME_KINDS)[number];

/** Whose quota ran out, seen from the container that was stopped. */
export const QUOTA_LEVELS = ['container', 'pod', 'slice'] as const;
export type QuotaLevel = (typeof QUOTA_LEVELS)[number];

/** Server: requests that others send to the container. Client: requests that the container sends. */
export const REQUEST_ROLES = ['server', 'client'] as const;
export type RequestRole = (typeof REQUEST_ROLES)[number];

/**
 * What an instant of an open request was, in order of precedence: stopped by a quota, waiting for a CPU, segments lost and
 * not yet sent again with success, packets in a device's queue, waiting for an upstream, data arrived that no thread has
 * read yet, own work, not known.
 */
export const REQUEST_PARTS = [
  'throttled',
  'wait',
  'retransmission',
  'queue',
  'upstream',
  'unread',
  'work',
  'unattributed',
] as const;
export type RequestPart = (typeof REQUEST_PARTS)[number];

/**
 * Filtered attributes of an exemplar of `contention.request.duration` (the slowest request of a container and role) or
 * `contention.cpu.wait` (the longest wait of a container) in an interval. The value is its duration, s; its time the end.
 * `contention.role` and `contention.estimated` are those of its point; the main culprit is under `contention.culprit.`.
 */
export const EXEMPLAR = {
  peerAddress: 'network.peer.address',
  peerPort: 'network.peer.port',
  /**
   * `contention.part.<x>`, seconds as a double; x is `work`, `upstream`, `unread`, `retransmission`, `unattributed`,
   * `throttled.<level>`, `wait.<kind>` or `queue.<kind>`.
   */
  partPrefix: 'contention.part.',
} as const;

/** What an agent switches off beyond its budget, least valuable first: a later one is off only if all before it are. */
export const SHED_STEPS = [
  /** What happened while a request was open. */
  'anatomy',
  /** Interrupts as a part of their own. */
  'interrupts',
  /** Who used a quota up. */
  'burn',
  /** How long packets stood in the queues of devices and behind whom, drops, and bytes. */
  'queues',
  /** Who had the CPU while others waited. */
  'blame',
  /** All else but how long threads waited. */
  'allButWaits',
] as const;
export type ShedStep = (typeof SHED_STEPS)[number];
