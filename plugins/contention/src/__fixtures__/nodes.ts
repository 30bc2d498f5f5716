/** Nodes of the fixtures: node-a, on which checkout and others wait while batch-report runs, and many quiet ones. */
import type {
  AgentState,
  NodeCell,
  NodeReport,
  NodeRow,
  NodesFilter,
  NodesReport,
  Party,
  Relation,
  Resident,
} from 'backstage-plugin-contention-common';
import { WORDS } from '../theme/colours';
import { exactly, freshAt, type Range } from './base';
import { FixtureResponseError } from './FixtureResponseError';
import { episodeStart } from './neighbours';
import { neighbour, redacted, unclaimed } from './parties';
import { sentence } from './sentences';
import { around, axisOf, mean, noise } from './series';

const HOUR_MS = 3_600_000;

const NODES: { cluster: string; node: string; level: number }[] = [
  { cluster: 'demo', node: 'node-a', level: 0.34 },
  { cluster: 'demo', node: 'node-b', level: 0.05 },
  { cluster: 'demo', node: 'node-c', level: 0.004 },
  ...Array.from({ length: 57 }, (_, index) => ({
    cluster: 'eu-west-1',
    node: `ip-10-0-${index}-17.eu-west-1.compute.internal`,
    level: 0.02 * noise(index * 10_000, 21) ** 3,
  })),
];

function stateOf(node: string): AgentState {
  if (node === 'node-c') return 'stale';
  return node.startsWith('ip-10-0-56') ? 'gone' : 'fresh';
}

function lastSeenOf(node: string, nowMs: number): number {
  const ages = { fresh: 8_000, stale: 14 * 60_000, gone: 40 * HOUR_MS };
  return nowMs - ages[stateOf(node)];
}

export function nodesAt(
  range: Range,
  cluster: string | undefined,
  filter: Partial<NodesFilter> = {},
  nowMs: number,
): NodesReport {
  const axis = axisOf(range, 60);
  const start = episodeStart(nowMs);
  const { search = '', state, sort = 'crowding', order } = filter;
  const { limit = 25, offset = 0, resource = 'cpu' } = filter;
  const fitting = NODES.filter(
    item =>
      (!cluster || item.cluster === cluster) && item.node.includes(search),
  );
  const states = { fresh: 0, stale: 0, gone: 0 };
  for (const { node } of fitting) states[stateOf(node)] += 1;
  const listed = fitting.filter(({ node }) =>
    state ? stateOf(node) === state : stateOf(node) !== 'gone',
  );
  const isName = sort === 'node' || sort === 'cluster';
  const sign = (order ?? (isName ? 'asc' : 'desc')) === 'asc' ? 1 : -1;
  listed.sort((a, b) => {
    if (sort === 'node') return sign * (a.node < b.node ? -1 : 1);
    if (sort === 'cluster') return sign * (a.cluster < b.cluster ? -1 : 1);
    return sign * (a.level - b.level);
  });
  return {
    resource,
    range,
    axis,
    clusters: ['demo', 'eu-west-1'],
    total: listed.length,
    states,
    nodes: listed
      .slice(offset, offset + limit)
      .map(({ cluster: own, node, level }, index): NodeRow => {
        const at = around(level, 0.4, index + 30);
        const values = axis.startsMs.map(ms =>
          ms >= start || level < 0.1 ? at(ms) : at(ms) / 20,
        );
        return {
          cluster: own,
          node,
          state: stateOf(node),
          lastSeen: lastSeenOf(node, nowMs),
          waitSeconds: mean(values) * 4_200,
          crowdedSeconds: mean(values) * 3_600,
          values,
          ...(resource === 'cpu' ? worstOf(node) : worstQueueOf(node)),
        };
      }),
  };
}

function worstOf(node: string): Pick<NodeRow, 'worst'> {
  switch (node) {
    case 'node-a':
      return {
        worst: {
          victim: neighbour('checkout', 'payments'),
          culprit: neighbour('batch-report', 'data'),
          waitSeconds: 277,
          cpuMean: 0.08,
          cpuRequest: 1,
          entitlement: 'within',
        },
      };
    case 'node-b':
      return {
        worst: {
          victim: redacted(),
          culprit: neighbour('search', 'search'),
          waitSeconds: 41,
          cpuMean: 0.12,
          cpuRequest: 0.25,
          entitlement: 'within',
        },
      };
    default:
      return {};
  }
}

function worstQueueOf(node: string): Pick<NodeRow, 'worst'> {
  if (node !== 'node-a') return {};
  return {
    worst: {
      victim: neighbour('orders', 'shop'),
      culprit: neighbour('log-shipper', 'platform'),
      waitSeconds: 2_400,
      delaySeconds: 0.0115,
      transmitMean: 1_210_000,
      entitlement: 'unknown',
    },
  };
}

interface Wait {
  victim: number;
  culprit: number;
  at(ms: number, isBad: boolean): number;
}

const VICTIMS: { party: Party; cpu: number }[] = [
  { party: neighbour('checkout', 'payments'), cpu: 0.9 },
  { party: neighbour('search', 'search'), cpu: 0.12 },
  { party: unclaimed('node-exporter'), cpu: 0.04 },
  { party: { ...redacted(), name: '2 workloads you may not see' }, cpu: 0.2 },
  { party: neighbour('batch-report', 'data'), cpu: 0.08 },
];

const CULPRITS: {
  party?: Party;
  relation: Relation;
  cpuMean?: number;
  cpuRequest?: number;
  entitlement: Resident['entitlement'];
}[] = [
  {
    party: neighbour('batch-report', 'data'),
    relation: 'neighbour',
    cpuMean: 0.08,
    cpuRequest: 1,
    entitlement: 'within',
  },
  {
    party: neighbour('nightly-etl', 'data'),
    relation: 'neighbour',
    cpuMean: 1.4,
    cpuRequest: 0.5,
    entitlement: 'over',
  },
  {
    party: neighbour('checkout', 'payments'),
    relation: 'neighbour',
    cpuMean: 0.9,
    cpuRequest: 1,
    entitlement: 'within',
  },
  { relation: 'self', entitlement: 'unknown' },
  { relation: 'host', entitlement: 'unknown' },
];

const WAITS: Wait[] = [
  {
    victim: 0,
    culprit: 0,
    at: (ms, isBad) => (isBad ? around(0.21, 0.35, 1)(ms) : 0.001),
  },
  {
    victim: 0,
    culprit: 1,
    at: ms => (noise(Math.floor(ms / 240_000), 3) > 0.55 ? 0.034 : 0.003),
  },
  { victim: 0, culprit: 3, at: around(0.019, 0.5, 8) },
  { victim: 0, culprit: 4, at: around(0.008, 0.6, 10) },
  {
    victim: 1,
    culprit: 0,
    at: (ms, isBad) => (isBad ? around(0.06, 0.5, 41)(ms) : 0),
  },
  { victim: 1, culprit: 2, at: around(0.006, 0.8, 42) },
  { victim: 2, culprit: 0, at: (_, isBad) => (isBad ? 0.004 : 0) },
  {
    victim: 3,
    culprit: 0,
    at: (ms, isBad) => (isBad ? around(0.03, 0.5, 43)(ms) : 0),
  },
  { victim: 3, culprit: 4, at: around(0.002, 0.5, 44) },
  { victim: 4, culprit: 2, at: around(0.012, 0.6, 45) },
  { victim: 4, culprit: 3, at: around(0.05, 0.6, 46) },
];

export function nodeAt(
  place: { cluster: string; node: string },
  range: Range,
  nowMs: number,
): NodeReport {
  const known = NODES.find(
    ({ cluster, node }) => cluster === place.cluster && node === place.node,
  );
  if (!known) {
    throw new FixtureResponseError(
      404,
      'No agent has ever reported from a node of this name in this cluster',
    );
  }
  const lastSeen = lastSeenOf(place.node, nowMs);
  const axis = axisOf(range, 120);
  const startMs = episodeStart(nowMs);
  const isCrowded = place.node === 'node-a';
  const step = axis.stepSeconds;
  const cells = isCrowded
    ? WAITS.map(({ victim, culprit, at }): NodeCell => ({
        victim,
        culprit,
        values: axis.startsMs.map(ms => step * at(ms, ms >= startMs)),
      }))
    : [];
  const sumOf = (list: readonly NodeCell[]) =>
    list.flatMap(({ values }) => values).reduce((a, b) => a + b, 0);
  const layerOf = (culprit: number) => ({
    key: CULPRITS[culprit].party?.key ?? CULPRITS[culprit].relation,
    relation: CULPRITS[culprit].relation,
    label: CULPRITS[culprit].party?.name ?? WORDS[CULPRITS[culprit].relation],
    values: axis.startsMs.map((_, window) =>
      cells
        .filter(cell => cell.culprit === culprit)
        .reduce((sum, { values }) => sum + values[window] / step, 0),
    ),
  });
  const layers = CULPRITS.map((_, index) => layerOf(index));
  const waitSeconds = sumOf(cells);
  const crowded = cells.filter(
    ({ culprit }) => CULPRITS[culprit].relation === 'neighbour',
  );
  const seconds = step * axis.startsMs.length;
  return {
    ...place,
    resource: 'cpu',
    range,
    status:
      lastSeen < range.from
        ? {
            state: 'no-data',
            nearest: { from: lastSeen - HOUR_MS, to: lastSeen },
          }
        : { state: 'ok' },
    verdict: isCrowded
      ? {
          cause: 'neighbour',
          severity: 'serious',
          since: startMs,
          sentence: sentence(
            `Since {${startMs}} [component:default/checkout|checkout] (team Payments) waits *21 %* of the time it wants to run; *78 %* of that while [component:default/batch-report|batch-report] (team Data) runs. It stayed within the CPU that it asked for (0.08 of 1): the node is too full. 2 others here are held up by neighbours, too.`,
          ),
        }
      : {
          cause: 'quiet',
          severity: 'none',
          sentence: sentence(
            `Nobody on ~${place.node}~ was held up by neighbours in this range. The pods there waited for each other *0.3 %* of the time they wanted to run.`,
          ),
        },
    freshness: { ...freshAt(range.to), stale: stateOf(place.node) !== 'fresh' },
    confidence: {
      ...exactly(),
      notes: [
        'Measuring took 0.9 % of one CPU on average on node-a: 0.6 % in the kernel, 0.3 % in the agent\u2019s own processes.',
      ],
    },
    problems: [],
    axis,
    total: {
      waitSeconds,
      wantedSeconds: waitSeconds + 1.9 * seconds,
      crowdedSeconds: sumOf(crowded),
    },
    layers: isCrowded
      ? layers.filter(({ relation }) => relation === 'neighbour')
      : [],
    layersApart: isCrowded
      ? layers.filter(({ relation }) => relation !== 'neighbour')
      : [],
    victims: isCrowded
      ? VICTIMS.map(({ party, cpu }, victim) => ({
          party,
          wanted: axis.startsMs.map((_, window) =>
            cells
              .filter(cell => cell.victim === victim)
              .reduce((sum, { values }) => sum + values[window], cpu * step),
          ),
        }))
      : [],
    culprits: isCrowded
      ? CULPRITS.map(({ party, relation, ...usage }) => ({
          key: party?.key ?? relation,
          relation,
          label: party?.name ?? WORDS[relation],
          party,
          ...usage,
        }))
      : [],
    cells,
    residents: VICTIMS.map(({ party, cpu }, index): Resident => {
      const own = sumOf(cells.filter(({ victim }) => victim === index));
      const culprit = CULPRITS.findIndex(item => item.party?.key === party.key);
      return {
        party,
        pods: party.redacted ? 2 : 1,
        containers: 2,
        waitSeconds: own,
        waitShare: own / (own + cpu * seconds),
        causedSeconds: sumOf(cells.filter(cell => cell.culprit === culprit)),
        cpuMean: cpu,
        ...(culprit >= 0
          ? { cpuRequest: CULPRITS[culprit].cpuRequest, cpuLimit: 2 }
          : {}),
        entitlement: culprit >= 0 ? CULPRITS[culprit].entitlement : 'unknown',
      };
    }),
    capacity: {
      cpuCount: 2,
      cpuMean: 1.9,
      cpuRequested: 2.5,
      cpuLimited: 6,
      pods: 14,
      containers: 23,
      withoutRequest: 5,
      withoutLimit: 11,
    },
    agent: {
      state: stateOf(place.node),
      version: '0.1.0',
      firstSeen: nowMs - 90 * HOUR_MS,
      lastSeen,
      intervalSeconds: 10,
      kernelCpus: 0.006,
      processCpus: 0.003,
    },
  };
}
