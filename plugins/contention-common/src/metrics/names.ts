/**
 * The names on the wire: what the agent sends over OTLP and the backend understands. Attributes follow the
 * OpenTelemetry semantic conventions where they have a word for it.
 */

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
  /** Sum, 1: kernel events seen, by `contention.program`. */
  agentEvents: 'contention.agent.events',
  /** Sum, 1: events or values lost, by `contention.program` (the reason). */
  agentLost: 'contention.agent.lost',
  /** Sum, s: CPU time of the agent's own parts, by `contention.program`. */
  agentOverhead: 'contention.agent.overhead',
} as const;

export type MetricName = (typeof METRIC)[keyof typeof METRIC];

/** Resource and point attribute keys. */
export const ATTRIBUTE = {
  cluster: 'k8s.cluster.name',
  node: 'k8s.node.name',
  namespace: 'k8s.namespace.name',
  podName: 'k8s.pod.name',
  podUid: 'k8s.pod.uid',
  containerName: 'k8s.container.name',
  containerId: 'container.id',
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
