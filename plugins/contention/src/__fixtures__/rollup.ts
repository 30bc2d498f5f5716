/** Roll-ups: the system `storefront` is hurt by `batch-report`, the team Data hurts others, `empty` has nobody. */
import type {
  Direction,
  Member,
  Pair,
  PairsReport,
  Party,
} from 'backstage-plugin-contention-common';
import { nothingToSay, quiet, reportBase, type Range } from './base';
import { episodeStart } from './neighbours';
import { inBurst } from './network';
import { entityLink, neighbour, redacted, unclaimed } from './parties';
import { sentence } from './sentences';
import { around, sampled, total } from './series';

interface Source {
  victim: Party;
  culprit: Party;
  node: string;
  at(ms: number): number;
  cpuMean?: number;
  cpuRequest?: number;
  entitlement?: Pair['entitlement'];
  isInside?: boolean;
}

function storefront(startMs: number): Source[] {
  const since = (level: number, seed: number) => (ms: number) =>
    ms >= startMs ? around(level, 0.35, seed)(ms) : level / 100;
  const batch = {
    culprit: neighbour('batch-report', 'data'),
    cpuMean: 0.08,
    cpuRequest: 1,
  };
  return [
    {
      ...batch,
      victim: neighbour('checkout', 'payments'),
      node: 'node-a',
      at: since(0.21, 61),
    },
    {
      ...batch,
      victim: neighbour('gateway', 'shop'),
      node: 'node-a',
      at: since(0.04, 62),
    },
    {
      victim: neighbour('checkout', 'payments'),
      culprit: neighbour('nightly-etl', 'data'),
      node: 'node-b',
      at: around(0.02, 0.6, 63),
      cpuMean: 1.4,
      cpuRequest: 0.5,
    },
    {
      victim: neighbour('checkout', 'payments'),
      culprit: neighbour('gateway', 'shop'),
      node: 'node-a',
      at: around(0.006, 0.6, 64),
      cpuMean: 0.3,
      cpuRequest: 0.5,
      isInside: true,
    },
    {
      victim: neighbour('gateway', 'shop'),
      culprit: unclaimed('node-exporter'),
      node: 'node-a',
      at: around(0.004, 0.6, 65),
    },
    {
      victim: neighbour('checkout', 'payments'),
      culprit: redacted(),
      node: 'node-b',
      at: around(0.003, 0.6, 66),
      // Said without figures, as they would tell who it is.
      entitlement: 'within',
    },
  ];
}

function data(startMs: number): Source[] {
  return [
    ...storefront(startMs).filter(({ culprit }) =>
      ['batch-report', 'nightly-etl'].includes(culprit.name),
    ),
    {
      victim: redacted(),
      culprit: neighbour('batch-report', 'data'),
      node: 'node-a',
      at: around(0.012, 0.6, 67),
      cpuMean: 0.08,
      cpuRequest: 1,
    },
  ];
}

function pairsReport(
  name: string,
  kind: string,
  range: Range,
  direction: Direction,
  sources: Source[],
  members: Member[],
): PairsReport {
  const { entity, ...base } = reportBase(name, range);
  const { axis } = base;
  const rows = sources
    .map(source => {
      const values = sampled(axis, source.at);
      return { source, values, waitSeconds: total(axis, values) };
    })
    .sort((a, b) => b.waitSeconds - a.waitSeconds);
  const all = rows.reduce((sum, { waitSeconds }) => sum + waitSeconds, 0);
  const waitSeconds = all * 1.3;
  const wantedSeconds = waitSeconds * 4;
  const side = ({ source }: (typeof rows)[number]) =>
    direction === 'suffered' ? source.culprit : source.victim;
  const others = [
    ...new Map(rows.map(row => [side(row).key, side(row)])).values(),
  ];
  return {
    ...base,
    entity: { ...entity, entityRef: `${kind}:default/${name}` },
    direction,
    resource: 'cpu',
    members,
    verdict: verdictOf(name, direction, rows, all),
    total: {
      neighbourSeconds: all,
      waitSeconds,
      wantedSeconds,
      ...(wantedSeconds > 0 ? { waitShare: waitSeconds / wantedSeconds } : {}),
      pairs: rows.length,
    },
    pairs: rows.map(({ source, waitSeconds: seconds }): Pair => ({
      victim: source.victim,
      culprit: source.culprit,
      cluster: 'demo',
      node: source.node,
      waitSeconds: seconds,
      share: all > 0 ? seconds / all : 0,
      isInside: source.isInside ?? false,
      cpuMean: source.cpuMean,
      cpuRequest: source.cpuRequest,
      entitlement: entitlement(source),
    })),
    layers: others.map(party => ({
      key: party.key,
      relation: 'neighbour' as const,
      label: party.name,
      values: axis.startsMs.map((_, index) =>
        rows
          .filter(row => side(row).key === party.key)
          .reduce((sum, { values }) => sum + (values[index] ?? 0), 0),
      ),
    })),
  };
}

interface Row {
  source: Source;
  waitSeconds: number;
}

/** As the backend would say it. */
function verdictOf(
  name: string,
  direction: Direction,
  rows: readonly Row[],
  all: number,
): PairsReport['verdict'] {
  const [top] = rows;
  if (!top) return quiet(name);
  const { culprit, node } = top.source;
  const onNode = rows
    .filter(
      ({ source }) =>
        source.culprit.key === culprit.key && source.node === node,
    )
    .reduce((sum, { waitSeconds }) => sum + waitSeconds, 0);
  const minutes = (all / 60).toFixed(1);
  const share = Math.round((100 * onNode) / all);
  const tail = `in the last hour; ${share} % of that while [component:default/batch-report|batch-report] (team Data) ran on ${node}. It stayed within the CPU that it asked for (0.08 of 1): the node is too full. Most of the waiting was that of [component:default/checkout|checkout] (team Payments).`;
  return direction === 'suffered'
    ? {
        cause: 'neighbour',
        severity: 'serious',
        sentence: sentence(
          `~${name}~'s services waited ${minutes} min for neighbours ${tail}`,
        ),
      }
    : {
        cause: 'neighbour',
        severity: 'notice',
        sentence: sentence(
          `Others waited ${minutes} min for a CPU while ~${name}~'s services ran ${tail}`,
        ),
      };
}

function entitlement({
  cpuMean,
  cpuRequest,
  entitlement: told = 'unknown',
}: Source): Pair['entitlement'] {
  if (cpuMean === undefined || cpuRequest === undefined) return told;
  return cpuMean <= cpuRequest ? 'within' : 'over';
}

function member(
  name: string,
  team: string,
  more: Partial<Member> = {},
): Member {
  return {
    entity: entityLink(name, team),
    type: 'service',
    state: 'measured',
    waitSeconds: 0,
    wantedSeconds: 0,
    neighbourSeconds: 0,
    causedSeconds: 0,
    severity: 'none',
    ...more,
  };
}

const STOREFRONT_MEMBERS: Member[] = [
  member('checkout', 'payments', {
    waitSeconds: 384,
    wantedSeconds: 1130,
    waitShare: 0.34,
    neighbourSeconds: 312,
    causedSeconds: 2.1,
    main: 'neighbour',
    severity: 'serious',
  }),
  member('inventory', 'shop', {
    waitSeconds: 210,
    wantedSeconds: 720,
    waitShare: 0.29,
    neighbourSeconds: 1.2,
    causedSeconds: 0.4,
    main: 'limit',
    severity: 'serious',
  }),
  member('gateway', 'shop', {
    waitSeconds: 61,
    wantedSeconds: 980,
    waitShare: 0.062,
    neighbourSeconds: 58,
    causedSeconds: 21,
    main: 'neighbour',
    severity: 'notice',
  }),
  member('search', 'search', {
    waitSeconds: 0.6,
    wantedSeconds: 320,
    waitShare: 0.0019,
    neighbourSeconds: 0.4,
    causedSeconds: 0.1,
  }),
  member('archive', 'shop', { state: 'no-data' }),
  member('legacy-billing', 'payments', { state: 'not-annotated' }),
  member('payments', 'payments', { state: 'forbidden' }),
];

const DATA_MEMBERS: Member[] = [
  member('batch-report', 'data', {
    waitSeconds: 2.4,
    wantedSeconds: 290,
    waitShare: 0.0083,
    neighbourSeconds: 1.9,
    causedSeconds: 371,
  }),
  member('nightly-etl', 'data', {
    waitSeconds: 4.1,
    wantedSeconds: 5040,
    waitShare: 0.0008,
    neighbourSeconds: 2.2,
    causedSeconds: 72,
  }),
  member('report-api', 'data', {
    waitSeconds: 0.2,
    wantedSeconds: 40,
    waitShare: 0.005,
    neighbourSeconds: 0.1,
    causedSeconds: 0,
  }),
];

/** `entityRef` of a system, a domain or a group. */
export function pairsOf(
  entityRef: string,
  range: Range,
  direction: Direction,
  nowMs: number,
): PairsReport {
  const [kind, name] = entityRef.split(/:default\//);
  const startMs = episodeStart(nowMs);
  const isSuffered = direction === 'suffered';
  switch (name) {
    case 'storefront':
      return pairsReport(
        name,
        kind,
        range,
        direction,
        isSuffered ? storefront(startMs) : [],
        STOREFRONT_MEMBERS,
      );
    case 'data':
      return pairsReport(
        name,
        kind,
        range,
        direction,
        isSuffered ? [] : data(startMs),
        DATA_MEMBERS,
      );
    default: {
      const empty = pairsReport(name, kind, range, direction, [], []);
      return {
        ...empty,
        verdict: nothingToSay(),
        axis: { ...empty.axis, startsMs: [] },
        layers: [],
      };
    }
  }
}

const ORDERS_QUEUES: Source[] = [
  {
    victim: neighbour('orders', 'shop'),
    culprit: neighbour('log-shipper', 'platform'),
    node: 'node-a',
    at: ms => inBurst(ms) * around(1.3, 0.3, 71)(ms),
  },
  {
    victim: neighbour('search', 'search'),
    culprit: neighbour('log-shipper', 'platform'),
    node: 'node-a',
    at: ms => inBurst(ms) * around(0.42, 0.3, 72)(ms),
  },
  {
    victim: neighbour('orders', 'shop'),
    culprit: redacted(),
    node: 'node-b',
    at: around(0.01, 0.6, 73),
  },
];

const QUEUE_MEMBERS: Member[] = [
  member('orders', 'shop', {
    waitSeconds: 2_900,
    neighbourSeconds: 2_440,
    causedSeconds: 12,
    packets: 214_000,
    main: 'neighbour',
    severity: 'serious',
  }),
  member('search', 'search', {
    waitSeconds: 780,
    neighbourSeconds: 740,
    causedSeconds: 96,
    packets: 79_000,
    main: 'neighbour',
    severity: 'notice',
  }),
  member('checkout', 'payments', {
    waitSeconds: 3.1,
    neighbourSeconds: 0.4,
    causedSeconds: 1.2,
    packets: 91_000,
  }),
  member('archive', 'shop', { state: 'no-data', packets: 0 }),
  member('payments', 'payments', { state: 'forbidden', packets: 0 }),
];

/** The same of packets: those of `orders` stand behind those of `log-shipper`. */
export function queuePairsOf(
  entityRef: string,
  range: Range,
  direction: Direction,
  nowMs: number,
): PairsReport {
  const name = entityRef.split(/:default\//)[1];
  const of = pairsOf(entityRef, range, direction, nowMs);
  if (name !== 'storefront' || direction === 'caused') {
    return { ...of, resource: 'network', pairs: [], layers: [] };
  }
  const report = pairsReport(
    name,
    'system',
    range,
    direction,
    ORDERS_QUEUES,
    QUEUE_MEMBERS,
  );
  const packets = 384_000;
  return {
    ...report,
    resource: 'network',
    total: {
      ...report.total,
      wantedSeconds: 0,
      waitShare: undefined,
      packets,
    },
    pairs: report.pairs.map(pair => ({
      ...pair,
      delaySeconds: pair.waitSeconds / (packets / 2),
      interfaces: ['eth0'],
      ...(pair.culprit.redacted ? {} : { transmitMean: 1_210_000 }),
    })),
    verdict: {
      cause: 'neighbour',
      severity: 'serious',
      resource: 'network',
      sentence: sentence(
        `Packets of ~${name}~'s services stood 9.6 ms on average in queues of devices in the last hour; 84 % of that behind neighbours, 99 % of it behind [component:default/log-shipper|log-shipper] (team Platform) on node-a. It sent 9.7 Mbit/s there on average. 75 % of the time was that of [component:default/orders|orders] (team Shop).`,
      ),
    },
  };
}
