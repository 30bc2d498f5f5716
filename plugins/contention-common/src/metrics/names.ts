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
   * `throttled` carries `contention.quota.level`. The number of requests of a band is in the histogram.
   */
  requestAnatomy: 'contention.request.anatomy',
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
} as const;

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
 * What an instant of an open request was, in order of precedence: stopped by a quota, waiting for a CPU, waiting for an
 * upstream, data arrived that no thread has read yet, own work, not known.
 */
export const REQUEST_PARTS = [
  'throttled',
  'wait',
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
   * `contention.part.<x>`, seconds as a double; x is `work`, `upstream`, `unread`, `unattributed`, `throttled.<level>` or
   * `wait.<kind>`.
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
  /** Who had the CPU while others waited. */
  'blame',
  /** All else but how long threads waited. */
  'allButWaits',
] as const;
export type ShedStep = (typeof SHED_STEPS)[number];
