/** Packets in queues: orders stand behind log-shipper, which fills the link for two seconds in twenty; others do not. */
import type {
  Direction,
  NeighboursReport,
  NetworkQueue,
  NotMeasured,
  Relation,
} from 'backstage-plugin-contention-common';
import type { Range } from './base';
import { episodeStart, report, type Source } from './neighbours';
import { apart, neighbour } from './parties';
import { sentence } from './sentences';
import { around } from './series';

const BEHIND: Partial<Record<Relation, string>> = {
  sidecar: 'behind own sidecar',
  self: 'behind its own packets',
  host: 'behind the host',
  unknown: 'not known behind whom',
};

export const NOT_MEASURED: NotMeasured = [
  {
    what: 'Beyond the node',
    why: "Queues are seen where a packet leaves a device of the node through the kernel's queueing (tc). What a network card, a switch, a router or the receiver holds back is not.",
  },
  {
    what: 'Without a queue of the kernel',
    why: 'Packets that the kernel hands on without a queue of its own are not seen in one: devices without a queue (noqueue), virtual functions of a card that a pod has for itself (SR-IOV), DPDK and AF_XDP, and queueing that is offloaded to the card.',
  },
  {
    what: 'Encrypted overlays',
    why: 'Behind WireGuard or IPsec it is known whose packet it was only as long as the kernel keeps its socket: what is lost there is "not known", never somebody else.',
  },
];

/** A burst of two seconds in every twenty fills every other window of ten. */
export function inBurst(ms: number): number {
  return Math.floor(ms / 10_000) % 2 === 0 ? 1 : 0.04;
}

export const RECEIVE: NetworkQueue['receive'] = [
  {
    cluster: 'demo',
    node: 'node-a',
    packets: 8_412_000,
    drops: 0,
    squeezed: 31,
    ownDrops: 0,
    pressure: {
      pressedSeconds: 24,
      watchedSeconds: 20,
      packets: 412_000,
      senders: [
        {
          party: neighbour('log-shipper', 'platform'),
          packets: 370_800,
          share: 0.9,
        },
        {
          party: apart('unknown', 'unattributed', 'not known'),
          packets: 24_720,
          share: 0.06,
        },
        {
          party: apart('host', 'kernel', 'the kernel'),
          packets: 16_480,
          share: 0.04,
        },
      ],
    },
  },
  { cluster: 'demo', node: 'node-b', packets: 911_000, drops: 0, squeezed: 0 },
];

/** Bytes per second. */
const SENT: Record<string, number> = {
  'log-shipper': 1_210_000,
  search: 41_000,
};

function network(
  of: NeighboursReport,
  stood: { medianSeconds: number; p99Seconds: number; packets: number },
  more: Partial<NetworkQueue> = {},
): NeighboursReport {
  const { medianSeconds, p99Seconds, packets } = stood;
  const { total } = of;
  const isHurt = p99Seconds > 0.01;
  const row = (one: NeighboursReport['culprits'][number]) => ({
    ...one,
    cpuMean: undefined,
    cpuRequest: undefined,
    entitlement: 'unknown' as const,
    delaySeconds: one.waitSeconds / packets,
    interfaces: ['eth0'],
    transmitMean:
      of.direction === 'suffered' && one.party.relation === 'neighbour'
        ? SENT[one.party.name]
        : undefined,
  });
  const bars = [0.01, 0.1, 0.4, 1, 2.5, 6, 14, 30];
  const counts = isHurt
    ? [0.5, 0.2, 0.06, 0.03, 0.04, 0.08, 0.07, 0.02]
    : [0.86, 0.13, 0.01, 0, 0, 0, 0, 0];
  return {
    ...of,
    resource: 'network',
    total: { ...total, cpuSeconds: 0, waitShare: undefined },
    layersApart: of.layersApart.map(layer => ({
      ...layer,
      label: BEHIND[layer.relation] ?? layer.label,
    })),
    culprits: of.culprits.map(row),
    apart: of.apart.map(row),
    nodes: of.nodes.map(({ cpuMean: _m, cpuCount: _c, ...node }) => node),
    confidence: {
      ...of.confidence,
      notes: [],
      unattributedShare:
        packets > 0 ? of.confidence.unattributedShare : undefined,
    },
    network: {
      presence: { state: 'measured', packets },
      distribution: {
        count: packets,
        sumSeconds: total.waitSeconds,
        p50Seconds: medianSeconds,
        p90Seconds: Math.sqrt(medianSeconds * p99Seconds),
        p99Seconds,
        longestSeconds: p99Seconds * 1.2,
        buckets: bars.map((ms, index) => ({
          fromSeconds: ms / 2_500,
          toSeconds: ms / 1_000,
          count: Math.round(counts[index] * packets),
        })),
      },
      p50Values: of.axis.startsMs.map(() => medianSeconds),
      p99Values: of.axis.startsMs.map(ms =>
        isHurt && ms >= (of.verdict.since ?? 0)
          ? p99Seconds * around(0.8, 0.2, 61)(ms)
          : 0.0004,
      ),
      queues: [
        {
          cluster: 'demo',
          node: 'node-a',
          interfaceName: 'eth0',
          packets: Math.round(packets * 0.9),
          waitSeconds: total.waitSeconds * 0.98,
          p50Seconds: medianSeconds,
          p99Seconds,
        },
        {
          cluster: 'demo',
          node: 'node-b',
          interfaceName: 'eth0',
          packets: Math.round(packets * 0.1),
          waitSeconds: total.waitSeconds * 0.02,
          p50Seconds: 0.00002,
          p99Seconds: 0.0003,
        },
      ],
      transmitMean: 84_000,
      receiveMean: 212_000,
      notMeasured: NOT_MEASURED,
      drops: [],
      receive: RECEIVE,
      ...more,
    },
  };
}

function withBursts(of: NeighboursReport, name: string): NeighboursReport {
  const windows = of.axis.startsMs.filter(
    ms => ms >= (of.verdict.since ?? 0),
  ).length;
  const bursts = {
    share: 0.96,
    windows: Math.ceil(windows / 2),
    ofWindows: windows,
    windowSeconds: 10,
    longestSeconds: 10,
    everySeconds: 20,
  };
  return {
    ...of,
    culprits: of.culprits.map(row =>
      row.party.name === name ? { ...row, bursts } : row,
    ),
  };
}

/** `orders`: its packets stand behind those of `log-shipper`. */
function ordersQueues(
  range: Range,
  direction: Direction,
  nowMs: number,
): NeighboursReport {
  if (direction === 'caused') return calmQueues('orders', range, direction);
  const startMs = episodeStart(nowMs);
  const isOn = (ms: number) => (ms >= startMs ? inBurst(ms) : 0.001);
  const of = report(
    'orders',
    range,
    direction,
    {
      neighbours: [
        {
          party: neighbour('log-shipper', 'platform'),
          at: ms => isOn(ms) * around(9, 0.3, 62)(ms),
        },
        {
          party: neighbour('search', 'search'),
          at: ms => isOn(ms) * around(0.3, 0.6, 63)(ms),
        },
      ],
      apart: [
        {
          party: apart('self', 'self', 'its own packets'),
          at: ms => isOn(ms) * around(1.2, 0.4, 64)(ms),
        },
        {
          party: apart('host', 'kernel', 'the kernel'),
          at: ms => isOn(ms) * around(0.3, 0.5, 65)(ms),
        },
        {
          party: apart('unknown', 'unattributed', 'not known'),
          at: ms => isOn(ms) * 0.04,
        },
      ],
    },
    {
      verdict: {
        cause: 'neighbour',
        severity: 'serious',
        resource: 'network',
        since: startMs,
        sentence: sentence(
          `Since {${startMs}} packets of ~orders~ stand *14 ms* on average, *31 ms* at p99, in the queue of eth0 on node-a; *82 %* of that behind [component:default/log-shipper|log-shipper] (team Platform), in bursts of 10 s or less, about every 20 s. It sent 9.7 Mbit/s on average in this range.`,
        ),
      },
    },
  );
  return network(
    withBursts(of, 'log-shipper'),
    { medianSeconds: 0.0004, p99Seconds: 0.031, packets: 214_000 },
    {
      drops: [
        {
          reason: 'QDISC_DROP',
          place: 'queue',
          text: "the device's queue was full",
          packets: 412,
        },
        {
          reason: 'SOCKET_RCVBUFF',
          place: 'socket',
          text: "the socket's receive buffer was full: nobody read fast enough",
          packets: 9,
        },
      ],
    },
  );
}

/** `log-shipper`: others stand behind it. */
function logShipperQueues(
  range: Range,
  direction: Direction,
  nowMs: number,
): NeighboursReport {
  const startMs = episodeStart(nowMs);
  const isOn = (ms: number) => (ms >= startMs ? inBurst(ms) : 0.001);
  const own: Source = {
    party: apart('self', 'self', 'its own packets'),
    at: ms => isOn(ms) * around(41, 0.3, 66)(ms),
  };
  if (direction === 'suffered') {
    return network(
      report(
        'log-shipper',
        range,
        direction,
        { neighbours: [], apart: [own] },
        {
          verdict: {
            cause: 'self',
            severity: 'notice',
            resource: 'network',
            since: startMs,
            sentence: sentence(
              `Since {${startMs}} packets of ~log-shipper~ stand *28 ms* at the median in the queue of eth0 on node-a; *99 %* of that behind its own packets: it sends more than the queue lets through.`,
            ),
          },
        },
      ),
      { medianSeconds: 0.028, p99Seconds: 0.036, packets: 1_840_000 },
      { transmitMean: 1_210_000 },
    );
  }
  return network(
    report(
      'log-shipper',
      range,
      direction,
      {
        neighbours: [
          {
            party: neighbour('orders', 'shop'),
            at: ms => isOn(ms) * around(9, 0.3, 62)(ms),
          },
          {
            party: neighbour('search', 'search'),
            at: ms => isOn(ms) * around(0.4, 0.6, 67)(ms),
          },
        ],
        apart: [],
      },
      {
        verdict: {
          cause: 'neighbour',
          severity: 'notice',
          resource: 'network',
          since: startMs,
          sentence: sentence(
            `Since {${startMs}} packets of others stand *11 ms* on average behind those of ~log-shipper~; *96 %* of that time is that of [component:default/orders|orders] (team Shop). ~log-shipper~ sent 9.7 Mbit/s on average in this range.`,
          ),
        },
      },
    ),
    { medianSeconds: 0.0004, p99Seconds: 0.031, packets: 220_000 },
    { transmitMean: 1_210_000 },
  );
}

function calmQueues(
  name: string,
  range: Range,
  direction: Direction,
): NeighboursReport {
  const isCaused = direction === 'caused';
  const of = report(
    name,
    range,
    direction,
    {
      neighbours: isCaused
        ? []
        : [
            {
              party: neighbour('search', 'search'),
              at: around(0.0004, 0.9, 68),
            },
          ],
      apart: isCaused
        ? []
        : [
            {
              party: apart('self', 'self', 'its own packets'),
              at: around(0.001, 0.6, 69),
            },
          ],
    },
    {
      verdict: {
        cause: 'quiet',
        severity: 'none',
        sentence: sentence(
          isCaused
            ? `Nobody else's packets stood noticeably behind those of ~${name}~ in this range.`
            : `No queue held packets of ~${name}~ back in this range. They stood *20 µs* on average.`,
        ),
      },
    },
  );
  return network(of, {
    medianSeconds: 0.00002,
    p99Seconds: 0.0004,
    packets: 98_000,
  });
}

/** Nothing of the network: an old agent, or no queue. */
function withoutQueues(
  name: string,
  range: Range,
  direction: Direction,
  presence: NetworkQueue['presence'],
  text: string,
): NeighboursReport {
  const of = report(
    name,
    range,
    direction,
    { neighbours: [], apart: [] },
    {
      verdict: {
        cause: presence.state === 'no-queue' ? 'quiet' : 'no-data',
        severity: 'none',
        sentence: sentence(text),
      },
    },
  );
  return network(
    of,
    { medianSeconds: 0, p99Seconds: 0, packets: 0 },
    {
      presence,
      distribution: { count: 0, sumSeconds: 0, buckets: [] },
      p50Values: of.axis.startsMs.map(() => null),
      p99Values: of.axis.startsMs.map(() => null),
      queues: [],
      ...(presence.state === 'not-measured'
        ? { receive: [], transmitMean: undefined, receiveMean: undefined }
        : {}),
    },
  );
}

export function queuesOf(
  name: string,
  range: Range,
  direction: Direction,
  nowMs: number,
): NeighboursReport {
  switch (name) {
    case 'orders':
      return ordersQueues(range, direction, nowMs);
    case 'log-shipper':
      return logShipperQueues(range, direction, nowMs);
    case 'mail-relay': {
      const report_ = withoutQueues(
        name,
        range,
        direction,
        {
          state: 'not-measured',
          why: 'No agent on node-c measured the network in this range: it is older than this view, or its kernel lacks what that needs.',
        },
        `How long packets of ~${name}~ stood in queues is not known: no agent there measured it in this range.`,
      );
      const { confidence } = report_;
      return {
        ...report_,
        confidence: {
          ...confidence,
          missing: [
            'On node-c no agent measured the network in this range: it is older than this view, or the kernel lacks what that needs (its log, and `doctor` there, say which).',
          ],
        },
      };
    }
    case 'inventory':
      return withoutQueues(
        name,
        range,
        direction,
        {
          state: 'no-queue',
          why: 'No packet of inventory passed a device with a queue that the kernel shows.',
        },
        `Packets of ~${name}~ stood in no queue of a device in this range.`,
      );
    default:
      return calmQueues(name, range, direction);
  }
}
