/** The network of the fixtures' nodes: on node-a packets of orders and search stand behind those of log-shipper, in bursts. */
import type {
  NodeCell,
  NodeReport,
  Party,
  Relation,
} from 'backstage-plugin-contention-common';
import { episodeStart } from './neighbours';
import { inBurst, NOT_MEASURED, RECEIVE } from './network';
import { neighbour, redacted } from './parties';
import { sentence } from './sentences';
import { around } from './series';

const VICTIMS: { party: Party; packetsPerSecond: number; sent: number }[] = [
  {
    party: neighbour('orders', 'shop'),
    packetsPerSecond: 60,
    sent: 84_000,
  },
  { party: neighbour('search', 'search'), packetsPerSecond: 22, sent: 41_000 },
  {
    party: { ...redacted(), name: '2 workloads you may not see' },
    packetsPerSecond: 9,
    sent: 12_000,
  },
  {
    party: neighbour('log-shipper', 'platform'),
    packetsPerSecond: 840,
    sent: 1_210_000,
  },
];

const CULPRITS: {
  party?: Party;
  relation: Relation;
  label?: string;
  sent?: number;
}[] = [
  {
    party: neighbour('log-shipper', 'platform'),
    relation: 'neighbour',
    sent: 1_210_000,
  },
  {
    party: neighbour('search', 'search'),
    relation: 'neighbour',
    sent: 41_000,
  },
  { relation: 'self', label: 'behind its own packets' },
  { relation: 'host', label: 'behind the host' },
];

/** Packets that stand at once, on average, while log-shipper is at it: by number of victim and culprit. */
const STANDING: [victim: number, culprit: number, level: number][] = [
  [0, 0, 1.3],
  [0, 1, 0.04],
  [0, 2, 0.16],
  [0, 3, 0.05],
  [1, 0, 0.42],
  [1, 2, 0.03],
  [2, 0, 0.11],
  [3, 2, 19],
  [3, 1, 0.05],
];

/** The report of the network of a node, from that of its CPUs. */
export function queuesOfNode(
  report: NodeReport,
  interfaceName: string | undefined,
  nowMs: number,
): NodeReport {
  const { axis, node, cluster } = report;
  const isCrowded = node === 'node-a' && interfaceName !== 'eth1';
  const startMs = episodeStart(nowMs);
  const step = axis.stepSeconds;
  const cells = (isCrowded ? STANDING : []).map(
    ([victim, culprit, level], seed): NodeCell => {
      const at = around(level, 0.3, 90 + seed);
      return {
        victim,
        culprit,
        values: axis.startsMs.map(ms =>
          ms >= startMs ? step * inBurst(ms) * at(ms) : step * level * 1e-4,
        ),
      };
    },
  );
  const sum = (list: readonly NodeCell[]) =>
    list.flatMap(({ values }) => values).reduce((a, b) => a + b, 0);
  const layers = (isCrowded ? CULPRITS : []).map(
    ({ party, relation, label }, culprit) => ({
      key: party?.key ?? relation,
      relation,
      label: party?.name ?? label!,
      values: axis.startsMs.map((_, window) =>
        cells
          .filter(cell => cell.culprit === culprit)
          .reduce((all, { values }) => all + values[window] / step, 0),
      ),
    }),
  );
  const isNeighbour = ({ relation }: { relation: Relation }) =>
    relation === 'neighbour';
  const packets = 931 * step * axis.startsMs.length;
  const isQuiet = !isCrowded;
  return {
    ...report,
    resource: 'network',
    ...(interfaceName ? { interfaceName } : {}),
    verdict: isQuiet
      ? {
          cause: 'quiet',
          severity: 'none',
          sentence: sentence(
            `No packet on ~${node}~ stood in a queue of a device in this range.`,
          ),
        }
      : {
          cause: 'neighbour',
          severity: 'serious',
          resource: 'network',
          since: startMs,
          sentence: sentence(
            `Since {${startMs}} packets of [component:default/orders|orders] (team Shop) stand *14 ms* on average in queues of devices; *84 %* of that behind [component:default/log-shipper|log-shipper] (team Platform). It sent 9.7 Mbit/s on average in this range. Packets of 2 others here stand behind neighbours, too.`,
          ),
        },
    confidence: {
      ...report.confidence,
      notes: NOT_MEASURED.map(({ what, why }) => `${what}: ${why}`),
    },
    total: {
      waitSeconds: sum(cells),
      wantedSeconds: 0,
      crowdedSeconds: sum(
        cells.filter(({ culprit }) => isNeighbour(CULPRITS[culprit])),
      ),
    },
    layers: layers.filter(isNeighbour),
    layersApart: layers.filter(layer => !isNeighbour(layer)),
    victims: (isCrowded ? VICTIMS : []).map(({ party, packetsPerSecond }) => ({
      party,
      wanted: axis.startsMs.map(() => 0),
      packets: axis.startsMs.map(() => packetsPerSecond * step),
    })),
    culprits: (isCrowded ? CULPRITS : []).map(
      ({ party, relation, label, sent }) => ({
        key: party?.key ?? relation,
        relation,
        label: party?.name ?? label!,
        party,
        transmitMean: sent,
        entitlement: 'unknown' as const,
      }),
    ),
    cells,
    residents: (isCrowded ? VICTIMS : []).map(
      ({ party, packetsPerSecond, sent }, index) => {
        const own = sum(cells.filter(({ victim }) => victim === index));
        const culprit = CULPRITS.findIndex(
          item => item.party?.key === party.key,
        );
        return {
          party,
          pods: party.redacted ? 2 : 1,
          containers: 1,
          waitSeconds: own,
          causedSeconds: sum(cells.filter(cell => cell.culprit === culprit)),
          delaySeconds: own / (packetsPerSecond * step * axis.startsMs.length),
          transmitMean: sent,
          receiveMean: sent * 2.5,
          entitlement: 'unknown' as const,
        };
      },
    ),
    network: {
      presence: isQuiet
        ? {
            state: 'no-queue',
            why: `No packet on ${node} passed a device with a queue that the kernel shows.`,
          }
        : { state: 'measured', packets },
      queues:
        node === 'node-a'
          ? [
              {
                cluster,
                node,
                interfaceName: 'eth0',
                packets: Math.round(packets),
                waitSeconds: sum(cells),
                p50Seconds: 0.0004,
                p99Seconds: 0.034,
              },
            ]
          : [],
      receive: RECEIVE.filter(place => place.node === node),
    },
  };
}
