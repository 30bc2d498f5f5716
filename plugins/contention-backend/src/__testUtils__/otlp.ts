/** OTLP/JSON requests for tests, in the words of the agent. */
import {
  ATTRIBUTE,
  bucketIndex,
  CULPRIT_PREFIX,
  METRIC,
  PEER,
  POD_LABEL_PREFIX,
} from 'backstage-plugin-contention-common';

type Value = string | number | boolean;
export type TestAttributes = Record<string, Value>;

export interface TestPoint {
  attributes?: TestAttributes;
  startMs?: number;
  endMs: number;
}

function valueJson(value: Value) {
  if (typeof value === 'string') return { stringValue: value };
  if (typeof value === 'boolean') return { boolValue: value };
  return { doubleValue: value };
}

export function attributesJson(attributes: TestAttributes = {}) {
  return Object.entries(attributes).map(([key, value]) => ({
    key,
    value: valueJson(value),
  }));
}

export function nanos(ms: number): string {
  return `${BigInt(Math.round(ms)) * 1_000_000n}`;
}

function base({ attributes, startMs, endMs }: TestPoint) {
  return {
    attributes: attributesJson(attributes),
    startTimeUnixNano: startMs === undefined ? '0' : nanos(startMs),
    timeUnixNano: nanos(endMs),
  };
}

export function sum(
  name: string,
  points: (TestPoint & { value: number })[],
  aggregationTemporality = 1,
) {
  return {
    name,
    sum: {
      aggregationTemporality,
      isMonotonic: true,
      dataPoints: points.map(point => ({
        ...base(point),
        asDouble: point.value,
      })),
    },
  };
}

export function gauge(name: string, points: (TestPoint & { value: number })[]) {
  return {
    name,
    gauge: {
      dataPoints: points.map(point => ({
        ...base(point),
        asDouble: point.value,
      })),
    },
  };
}

/** A single value of a histogram point, with what is known of it beyond its duration. */
export interface TestExemplar {
  endMs?: number;
  seconds?: number;
  attributes?: TestAttributes;
}

function exemplarJson({ endMs, seconds, attributes }: TestExemplar) {
  return {
    ...(endMs === undefined ? {} : { timeUnixNano: nanos(endMs) }),
    ...(seconds === undefined ? {} : { asDouble: seconds }),
    filteredAttributes: attributesJson(attributes),
  };
}

/** An exponential histogram of scale 3 of the given durations, seconds. */
export function histogram(
  name: string,
  points: (TestPoint & { seconds: number[]; exemplars?: TestExemplar[] })[],
  aggregationTemporality = 1,
) {
  return {
    name,
    exponentialHistogram: {
      aggregationTemporality,
      dataPoints: points.map(point => {
        const indices = point.seconds.filter(s => s > 0).map(bucketIndex);
        const offset = indices.length ? Math.min(...indices) : 0;
        const last = indices.length ? Math.max(...indices) : -1;
        const bucketCounts = new Array(last - offset + 1).fill(0);
        for (const index of indices) bucketCounts[index - offset]++;
        return {
          ...base(point),
          count: String(point.seconds.length),
          sum: point.seconds.reduce((a, b) => a + b, 0),
          scale: 3,
          zeroCount: String(point.seconds.length - indices.length),
          positive: { offset, bucketCounts },
          ...(point.exemplars
            ? { exemplars: point.exemplars.map(exemplarJson) }
            : {}),
        };
      }),
    },
  };
}

export function resource(
  attributes: TestAttributes,
  metrics: object[],
  scope: { name: string; version?: string } = { name: 'test' },
) {
  return {
    resource: { attributes: attributesJson(attributes) },
    scopeMetrics: [{ scope, metrics }],
  };
}

export function request(...resourceMetrics: object[]) {
  return { resourceMetrics };
}

/** A container of a service as the agent names it. */
export function container(
  service: string,
  options: {
    node?: string;
    container?: string;
    labels?: Record<string, string>;
    namespace?: string;
    pod?: string;
    cluster?: string;
    ip?: string;
  } = {},
): TestAttributes {
  const { ip, node = 'node-a', namespace = 'shop', cluster } = options;
  const name = options.container ?? 'app';
  const pod = options.pod ?? `${service}-0`;
  const labels = options.labels ?? { 'backstage.io/kubernetes-id': service };
  return {
    ...(cluster ? { [ATTRIBUTE.cluster]: cluster } : {}),
    [ATTRIBUTE.node]: node,
    [ATTRIBUTE.namespace]: namespace,
    [ATTRIBUTE.podName]: pod,
    [ATTRIBUTE.podUid]: `uid-${pod}`,
    [ATTRIBUTE.containerName]: name,
    [ATTRIBUTE.containerId]: `id-${pod}-${name}`,
    [ATTRIBUTE.cgroupPath]: `/kubepods/burstable/poduid-${pod}/id-${pod}-${name}`,
    ...(ip ? { [ATTRIBUTE.podIp]: ip } : {}),
    'k8s.deployment.name': service,
    ...Object.fromEntries(
      Object.entries(labels).map(([key, value]) => [
        `${POD_LABEL_PREFIX}${key}`,
        value,
      ]),
    ),
  };
}

/** The pod of a container, as the agent names its cgroup. */
export function podOf(attributes: TestAttributes): TestAttributes {
  const {
    [ATTRIBUTE.containerName]: _name,
    [ATTRIBUTE.containerId]: _id,
    [ATTRIBUTE.cgroupPath]: path,
    ...rest
  } = attributes;
  return {
    ...rest,
    [ATTRIBUTE.cgroupPath]: String(path).split('/').slice(0, -1).join('/'),
  };
}

/** Attributes of blame on a container. */
export function blamed(
  culprit: TestAttributes,
  options: { samePod?: boolean } = {},
): TestAttributes {
  const {
    [ATTRIBUTE.cluster]: _cluster,
    [ATTRIBUTE.node]: _node,
    ...own
  } = culprit;
  return {
    [ATTRIBUTE.culpritKind]: 'container',
    [ATTRIBUTE.culpritSamePod]: options.samePod ?? false,
    ...Object.fromEntries(
      Object.entries(own).map(([key, value]) => [
        `${CULPRIT_PREFIX}${key}`,
        value,
      ]),
    ),
  };
}

/** One interval of a victim: what it ran, and for whom it waited. */
export function interval(
  victim: TestAttributes,
  span: { startMs: number; endMs: number },
  what: {
    cpuSeconds: number;
    waits: { seconds: number; by: TestAttributes }[];
  },
) {
  return resource(victim, [
    sum(METRIC.cpuTime, [
      {
        ...span,
        attributes: { [ATTRIBUTE.cpuMode]: 'user' },
        value: what.cpuSeconds,
      },
    ]),
    histogram(METRIC.cpuWait, [
      { ...span, seconds: what.waits.map(({ seconds }) => seconds) },
    ]),
    sum(
      METRIC.cpuWaitBlame,
      what.waits.map(({ seconds, by }) => ({
        ...span,
        attributes: by,
        value: seconds,
      })),
    ),
  ]);
}

/** One interval of packets that passed the queue of a device, and whose packets were ahead of them. */
export function queue(
  victim: TestAttributes,
  span: { startMs: number; endMs: number },
  what: {
    interfaceName?: string;
    /** How long each packet stood, seconds. */
    packets: number[];
    behind: { seconds: number; by: TestAttributes }[];
    /** Bytes by direction. */
    io?: { transmit?: number; receive?: number };
    drops?: { reason: string; place: string; packets: number }[];
  },
) {
  const { packets, behind, io = {}, drops = [] } = what;
  const device = {
    [ATTRIBUTE.interfaceName]: what.interfaceName ?? 'eth0',
  };
  return resource(victim, [
    histogram(METRIC.netQueue, [
      { ...span, attributes: device, seconds: packets },
    ]),
    sum(
      METRIC.netQueueBlame,
      behind.map(({ seconds, by }) => ({
        ...span,
        attributes: { ...device, ...by },
        value: seconds,
      })),
    ),
    sum(
      METRIC.netIo,
      Object.entries(io).map(([direction, value]) => ({
        ...span,
        attributes: { [ATTRIBUTE.ioDirection]: direction },
        value,
      })),
    ),
    sum(
      METRIC.netDrops,
      drops.map(({ reason, place, packets: value }) => ({
        ...span,
        attributes: {
          [ATTRIBUTE.dropReason]: reason,
          [ATTRIBUTE.dropPlace]: place,
        },
        value,
      })),
    ),
  ]);
}

/** Requests that all went the same way: how long each took, and what that time was. */
export interface TestRequests {
  count: number;
  seconds: number;
  /** Seconds of each request, by part; blame of `wait` and the level of `throttled` in `by`. */
  parts?: { part: string; seconds: number; by?: TestAttributes }[];
}

/** One interval of requests that a container served or sent, with their anatomy by band. */
export function requests(
  of: TestAttributes,
  span: { startMs: number; endMs: number },
  what: TestRequests[],
  options: {
    role?: 'server' | 'client';
    estimated?: boolean;
    exemplars?: TestExemplar[];
  } = {},
) {
  const { role = 'server', estimated = false, exemplars } = options;
  const attributes = {
    [ATTRIBUTE.role]: role,
    [ATTRIBUTE.estimated]: estimated,
  };
  const parts = what.flatMap(({ count, seconds, parts: own = [] }) =>
    own.map(({ part, seconds: partSeconds, by }) => ({
      ...span,
      attributes: {
        ...attributes,
        [ATTRIBUTE.band]: 2 ** Math.ceil(Math.log2(seconds)),
        [ATTRIBUTE.part]: part,
        ...by,
      },
      value: count * partSeconds,
    })),
  );
  // One point a stream: the same part of the same band adds up.
  const points = new Map<string, (typeof parts)[number]>();
  for (const point of parts) {
    const key = JSON.stringify(point.attributes);
    const known = points.get(key);
    if (known) known.value += point.value;
    else points.set(key, point);
  }
  return resource(of, [
    histogram(METRIC.requestDuration, [
      {
        ...span,
        attributes,
        seconds: what.flatMap(({ count, seconds }) =>
          new Array<number>(count).fill(seconds),
        ),
        exemplars,
      },
    ]),
    sum(METRIC.requestAnatomy, [...points.values()]),
  ]);
}

/** What went on with one peer in an interval. */
export interface TestPeer {
  role?: 'client' | 'server';
  /** Absent: peers that the agent folded. */
  address?: string;
  port?: number;
  /** Seconds of each. */
  requests?: number[];
  rtt?: number[];
  connects?: number[];
  failures?: Record<string, number>;
  segments?: { transmit?: number; receive?: number };
  retransmits?: Record<string, number>;
  resets?: { transmit?: number; receive?: number };
  zeroWindows?: { transmit?: number; receive?: number };
}

/** One interval of the connections of a container. */
export function connections(
  of: TestAttributes,
  span: { startMs: number; endMs: number },
  peers: TestPeer[],
) {
  type Extra = Record<string, number | undefined> | undefined;
  const attributesOf = ({ role = 'client', address, port }: TestPeer) => ({
    [ATTRIBUTE.role]: role,
    ...(address === undefined ? {} : { [PEER.address]: address }),
    ...(port === undefined ? {} : { [PEER.port]: port }),
  });
  const durations = (
    name: string,
    secondsOf: (peer: TestPeer) => number[] | undefined,
  ) =>
    histogram(
      name,
      peers.flatMap(peer => {
        const seconds = secondsOf(peer);
        return seconds
          ? [{ ...span, attributes: attributesOf(peer), seconds }]
          : [];
      }),
    );
  const counts = (
    name: string,
    key: string,
    countsOf: (peer: TestPeer) => Extra,
  ) =>
    sum(
      name,
      peers.flatMap(peer =>
        Object.entries(countsOf(peer) ?? {}).map(([word, value = 0]) => ({
          ...span,
          attributes: { ...attributesOf(peer), [key]: word },
          value,
        })),
      ),
    );
  return resource(of, [
    durations(METRIC.peerRequestDuration, ({ requests: own }) => own),
    durations(METRIC.tcpRtt, ({ rtt }) => rtt),
    durations(METRIC.tcpConnect, ({ connects }) => connects),
    counts(METRIC.tcpConnectFailures, ATTRIBUTE.errorType, p => p.failures),
    counts(METRIC.tcpSegments, ATTRIBUTE.ioDirection, p => p.segments),
    counts(
      METRIC.tcpRetransmits,
      ATTRIBUTE.retransmitCause,
      p => p.retransmits,
    ),
    counts(METRIC.tcpResets, ATTRIBUTE.ioDirection, p => p.resets),
    counts(METRIC.tcpZeroWindows, ATTRIBUTE.ioDirection, p => p.zeroWindows),
  ]);
}
