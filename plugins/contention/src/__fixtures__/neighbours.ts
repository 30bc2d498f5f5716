/** Noisy neighbours of the four services: checkout is hurt by batch-report, the others are not. */
import type {
  Culprit,
  Direction,
  Layer,
  NeighboursReport,
  Party,
  Relation,
} from 'backstage-plugin-contention-common';
import { WORDS } from '../theme/colours';
import { nothingToSay, quiet, reportBase, type Range } from './base';
import { apart, neighbour, redacted, unclaimed } from './parties';
import { sentence } from './sentences';
import { around, mean, noise, sampled, total } from './series';

/** In the order of the stack. */
const APART: Relation[] = [
  'limit',
  'sidecar',
  'self',
  'host',
  'other',
  'idle',
  'unknown',
];

export interface Source {
  party: Party;
  /** Seconds of waiting per second at a moment. */
  at(ms: number): number;
  cpuMean?: number;
  cpuRequest?: number;
  entitlement?: Culprit['entitlement'];
}

/** When batch-report began: 22 minutes before `nowMs`. */
export function episodeStart(nowMs: number): number {
  return Math.floor((nowMs - 22 * 60_000) / 60_000) * 60_000;
}

/** Runs from the episode's start on, and in one short rehearsal before. */
function inEpisode(ms: number, startMs: number): boolean {
  const rehearsal = startMs - 19 * 60_000;
  return ms >= startMs || (ms >= rehearsal && ms < rehearsal + 150_000);
}

/** What `batch-report` uses, and asked for. */
const OWN_USE = {
  cpuMean: 0.08,
  cpuRequest: 1,
  entitlement: 'within',
} as const;

function hurt(startMs: number): Source[] {
  return [
    {
      party: neighbour('batch-report', 'data'),
      at: ms => (inEpisode(ms, startMs) ? around(0.21, 0.35, 1)(ms) : 0.001),
      ...OWN_USE,
    },
    {
      party: neighbour('nightly-etl', 'data'),
      at: ms => (noise(Math.floor(ms / 240_000), 3) > 0.55 ? 0.034 : 0.003),
      cpuMean: 1.4,
      cpuRequest: 0.5,
      entitlement: 'over',
    },
    {
      party: unclaimed('node-exporter'),
      at: around(0.006, 0.8, 5),
      cpuMean: 0.04,
      entitlement: 'unknown',
    },
    {
      party: neighbour('search', 'search'),
      at: around(0.004, 0.9, 6),
      cpuMean: 0.12,
      cpuRequest: 0.25,
      entitlement: 'within',
    },
  ];
}

const HURT_APART: Source[] = [
  {
    party: apart('sidecar', 'container', 'mesh-proxy', {
      workload: {
        namespace: 'shop',
        pod: 'checkout-5d8f9',
        container: 'mesh-proxy',
      },
    }),
    at: around(0.014, 0.5, 7),
  },
  { party: apart('self', 'self', 'checkout'), at: around(0.019, 0.5, 8) },
  {
    party: apart('limit', 'throttled', 'container limit', {
      quotaLevel: 'container',
    }),
    at: ms => (noise(Math.floor(ms / 90_000), 9) > 0.8 ? 0.03 : 0),
  },
  {
    party: apart('host', 'interrupt', 'interrupts'),
    at: around(0.005, 0.6, 10),
  },
  {
    party: apart('host', 'kernel', 'kernel threads'),
    at: around(0.003, 0.6, 11),
  },
  {
    party: apart('unknown', 'unattributed', 'not known'),
    at: around(0.0006, 0.9, 12),
  },
];

const CALM: Source[] = [
  {
    party: neighbour('checkout', 'payments'),
    at: around(0.0012, 0.9, 13),
    cpuMean: 0.2,
    cpuRequest: 0.5,
    entitlement: 'within',
  },
];

const CALM_APART: Source[] = [
  { party: apart('self', 'self', 'itself'), at: around(0.0009, 0.6, 14) },
  {
    party: apart('host', 'interrupt', 'interrupts'),
    at: around(0.0006, 0.6, 15),
  },
];

export function report(
  name: string,
  range: Range,
  direction: Direction,
  sources: { neighbours: Source[]; apart: Source[] },
  more: Partial<NeighboursReport> = {},
): NeighboursReport {
  const base = reportBase(name, range);
  const { axis } = base;
  const rows = (list: Source[]) =>
    list.map(source => {
      const values = sampled(axis, source.at);
      return { source, values, waitSeconds: total(axis, values) };
    });
  const bySize = <R extends { waitSeconds: number }>(list: R[]) =>
    [...list].sort((a, b) => b.waitSeconds - a.waitSeconds);
  const neighbours = bySize(rows(sources.neighbours));
  const others = bySize(rows(sources.apart));
  const neighbourSeconds = neighbours.reduce(
    (sum, r) => sum + r.waitSeconds,
    0,
  );
  const waitSeconds =
    neighbourSeconds + others.reduce((sum, r) => sum + r.waitSeconds, 0);
  const cpuSeconds = total(axis, sampled(axis, around(0.42, 0.2, 20)));
  const culprit = (row: (typeof neighbours)[number]): Culprit => ({
    party: row.source.party,
    waitSeconds: row.waitSeconds,
    share: waitSeconds > 0 ? row.waitSeconds / waitSeconds : 0,
    values: row.values,
    firstSeen: axis.startsMs[0] ?? range.from,
    lastSeen: axis.startsMs[axis.startsMs.length - 1] ?? range.to,
    nodes: [{ cluster: 'demo', node: 'node-a', waitSeconds: row.waitSeconds }],
    cpuMean: row.source.cpuMean,
    cpuRequest: row.source.cpuRequest,
    entitlement: row.source.entitlement ?? 'unknown',
  });
  const layer = (row: (typeof neighbours)[number]): Layer => ({
    key: row.source.party.key,
    relation: row.source.party.relation,
    label: row.source.party.name,
    values: row.values,
  });
  const sums = axis.startsMs.map((_, index) =>
    [...neighbours, ...others].reduce(
      (sum, row) => sum + (row.values[index] ?? 0),
      0,
    ),
  );
  return {
    ...base,
    verdict: quiet(name),
    direction,
    resource: 'cpu',
    total: {
      waitSeconds,
      cpuSeconds,
      waitShare: waitSeconds / (waitSeconds + cpuSeconds || 1),
      neighbourSeconds,
      neighbourShare:
        waitSeconds > 0 ? neighbourSeconds / waitSeconds : undefined,
    },
    layers: neighbours.map(layer),
    layersApart: APART.flatMap(relation => {
      const members = others.filter(
        ({ source }) => source.party.relation === relation,
      );
      if (members.length === 0) return [];
      return [
        {
          key: relation,
          relation,
          label: WORDS[relation],
          values: axis.startsMs.map((_, index) =>
            members.reduce((sum, row) => sum + (row.values[index] ?? 0), 0),
          ),
        },
      ];
    }),
    culprits: neighbours.map(culprit),
    apart: others.map(culprit),
    nodes: [
      {
        cluster: 'demo',
        node: 'node-a',
        waitSeconds: waitSeconds * 0.94,
        neighbourSeconds: neighbourSeconds * 0.96,
        cpuMean: 1.64,
        cpuCount: 4,
        values: sums.map(value => value * 0.94),
        topCulprit: neighbours[0]?.source.party.name,
      },
      {
        cluster: 'demo',
        node: 'node-b',
        waitSeconds: waitSeconds * 0.06,
        neighbourSeconds: neighbourSeconds * 0.04,
        cpuMean: 0.9,
        cpuCount: 4,
        values: sums.map(value => value * 0.06),
      },
    ],
    ...more,
  };
}

/** `checkout`: hurt by `batch-report`. */
export function checkoutNeighbours(
  range: Range,
  direction: Direction,
  nowMs: number,
): NeighboursReport {
  if (direction === 'caused') {
    return report('checkout', range, direction, {
      neighbours: [
        { party: neighbour('search', 'search'), at: around(0.008, 0.8, 30) },
      ],
      apart: [],
    });
  }
  const startMs = episodeStart(nowMs);
  return report(
    'checkout',
    range,
    direction,
    { neighbours: hurt(startMs), apart: HURT_APART },
    {
      verdict: {
        cause: 'neighbour',
        severity: 'serious',
        since: startMs,
        sentence: sentence(
          `Since {${startMs}} ~checkout~ waits *34 %* of the time it wants to run on ~node-a~; *78 %* of that while [component:default/batch-report|batch-report] (team Data) runs, in bursts of 10 s or less, about every 20 s. It stayed within the CPU that it asked for (0.08 of 1): the node is too full. Averages hide it: mean CPU of the node is 41 %.`,
        ),
      },
    },
  );
}

/** `batch-report`: hurts others, and is itself left alone. */
export function batchReportNeighbours(
  range: Range,
  direction: Direction,
  nowMs: number,
): NeighboursReport {
  const startMs = episodeStart(nowMs);
  if (direction === 'suffered') {
    return report('batch-report', range, direction, {
      neighbours: CALM,
      apart: CALM_APART,
    });
  }
  const victims: Source[] = [
    {
      party: neighbour('checkout', 'payments'),
      at: ms => (inEpisode(ms, startMs) ? around(0.21, 0.35, 1)(ms) : 0.001),
      ...OWN_USE,
    },
    {
      party: neighbour('search', 'search'),
      at: ms => (inEpisode(ms, startMs) ? around(0.03, 0.5, 41)(ms) : 0),
      ...OWN_USE,
    },
    {
      party: redacted(),
      at: ms => (inEpisode(ms, startMs) ? 0.012 : 0),
      ...OWN_USE,
    },
  ];
  return report(
    'batch-report',
    range,
    direction,
    { neighbours: victims, apart: [] },
    {
      verdict: {
        cause: 'neighbour',
        severity: 'notice',
        since: startMs,
        sentence: sentence(
          `Since {${startMs}} others have waited *5.3 min* for a CPU while ~batch-report~ ran; *87 %* of that was the waiting of [component:default/checkout|checkout] (team Payments), in bursts of 10 s or less, about every 20 s. ~batch-report~ stayed within the CPU that it asked for (0.08 of 1): the node is too full.`,
        ),
      },
    },
  );
}

/** `search` and everybody else who is well. */
export function calmNeighbours(
  name: string,
  range: Range,
  direction: Direction,
): NeighboursReport {
  return direction === 'caused'
    ? report(name, range, direction, { neighbours: [], apart: [] })
    : report(name, range, direction, { neighbours: CALM, apart: CALM_APART });
}

/** `inventory`: its limit, not its neighbours. */
export function inventoryNeighbours(
  range: Range,
  direction: Direction,
): NeighboursReport {
  if (direction === 'caused')
    return calmNeighbours('inventory', range, direction);
  return report(
    'inventory',
    range,
    direction,
    {
      neighbours: CALM,
      apart: [
        {
          party: apart('limit', 'throttled', 'pod limit', {
            quotaLevel: 'pod',
          }),
          at: around(0.55, 0.25, 50),
        },
        {
          party: apart('sidecar', 'container', 'mesh-proxy'),
          at: around(0.06, 0.4, 51),
        },
        ...CALM_APART,
      ],
    },
    {
      verdict: {
        cause: 'limit',
        severity: 'serious',
        sentence: sentence(
          `No neighbour held ~inventory~ up. It is stopped by its pod's CPU limit: *88 %* of its waiting.`,
        ),
      },
    },
  );
}

/** A report that has nothing to show, for the states. */
export function emptyNeighbours(
  name: string,
  range: Range,
  direction: Direction,
): NeighboursReport {
  const empty = report(name, range, direction, { neighbours: [], apart: [] });
  return {
    ...empty,
    verdict: nothingToSay(),
    total: { waitSeconds: 0, cpuSeconds: 0, neighbourSeconds: 0 },
    nodes: [],
    axis: { ...empty.axis, startsMs: [] },
    freshness: { stale: false, staleNodes: [] },
  };
}

/** Mean share of wanted time, for the card's spark line. */
export function heldUpValues(report_: NeighboursReport): Array<number | null> {
  const { layers, layersApart, axis } = report_;
  const cpu = mean(sampled(axis, around(0.42, 0.2, 20)));
  return axis.startsMs.map((_, index) => {
    const wait = [...layers, ...layersApart].reduce(
      (sum, layer) => sum + (layer.values[index] ?? 0),
      0,
    );
    return wait / (wait + cpu);
  });
}
