/** Whose packets stood before this entity's, and behind them. Pure. */
import {
  ATTRIBUTE,
  METRIC,
  type NeighboursReport,
  type NetworkQueue,
} from 'backstage-plugin-contention-common';
import {
  distributionOf,
  histogramPerWindow,
  mergedHistogram,
} from '../distribution';
import {
  addInto,
  isAt,
  perSecond,
  seriesOf,
  sumOf,
  zeros,
  type Facts,
  type SeriesFacts,
} from '../facts';
import { quantilesOverTime } from '../heatmap';
import {
  neighbourSecondsOn,
  neighbourTotals,
  ranked,
  topOn,
  victimOf,
  victimParts,
  type Body,
} from '../neighbours';
import { culpritOfSeries } from '../parties';
import type { Presenter } from '../present';
import type { PartTimeline } from '../timeline';
import { BEHIND_WORD } from '../words';
import { dropsOf } from './drops';
import type { NetworkFacts } from './facts';
import { queuesOf, windowsByQueue, type QueueWindows } from './queues';
import { presentReceive } from './receive';
import { packetsOf, type NetworkTimeline } from './timeline';
import { NEVER_SEEN, presenceOf } from './visible';

/** Rows of the list of drops. */
const MAX_DROPS = 20;

type NetworkBody = Body & Pick<NeighboursReport, 'network'>;

export function queueSuffered(
  facts: Facts,
  network: NetworkFacts,
  timeline: NetworkTimeline,
  presenter: Presenter,
): NetworkBody {
  const waits = seriesOf(facts, METRIC.netQueue);
  const packets = sumOf(timeline.packets);
  const interfaces = interfacesOf(
    seriesOf(facts, METRIC.netQueueBlame),
    ({ series }) =>
      culpritOfSeries(series, facts.resources, facts.perspective).key,
  );
  return {
    direction: 'suffered',
    resource: 'network',
    ...ranked(facts, timeline.parts, presenter, {
      words: BEHIND_WORD,
      more: ({ total, party }) => ({
        entitlement: 'unknown',
        delaySeconds: packets > 0 ? total / packets : undefined,
        ...presenter.own(party, {
          transmitMean: facts.bandwidth.get(party.key),
        }),
        interfaces: interfaces.get(party.key) ?? [],
      }),
    }),
    total: {
      waitSeconds: sumOf(timeline.wait),
      cpuSeconds: 0,
      ...neighbourTotals(timeline.parts),
    },
    nodes: nodesOf(facts, waits, timeline.parts, presenter),
    network: {
      presence: presenceOf(facts, network, packets),
      ...queueOf(facts, windowsByQueue(facts.axis, waits)),
      ...aroundOf(facts, network, presenter),
    },
  };
}

/**
 * The same with the sides changed: whose packets stood behind this entity's.
 * @param whole - the range in one window
 */
export function queueCaused(
  facts: Facts,
  whole: Facts,
  network: NetworkFacts,
  presenter: Presenter,
): NetworkBody {
  const parts = victimParts(facts);
  const behind = packetsByVictim(facts, network);
  const interfaces = interfacesOf(
    facts.caused,
    item => victimOf(facts, item).key,
  );
  const own = sumOf(packetsOf(whole, seriesOf(whole, METRIC.netQueue)));
  return {
    direction: 'caused',
    resource: 'network',
    ...ranked(facts, parts, presenter, {
      words: BEHIND_WORD,
      more: ({ total, party }) => {
        const packets = behind.get(party.key) ?? 0;
        return {
          entitlement: 'unknown',
          delaySeconds: packets > 0 ? total / packets : undefined,
          interfaces: interfaces.get(party.key) ?? [],
        };
      },
    }),
    total: {
      waitSeconds: sumOf(parts.map(({ total }) => total)),
      cpuSeconds: 0,
      ...neighbourTotals(parts),
    },
    nodes: nodesOf(facts, facts.caused, parts, presenter),
    network: {
      presence: presenceOf(facts, network, own),
      ...queueOf(facts, network.behindByQueue),
      ...aroundOf(facts, network, presenter),
    },
  };
}

/** Packets that passed queues in the range, by whose they were, of those who stood behind the entity's. */
export function packetsByVictim(
  facts: Facts,
  { behind }: Pick<NetworkFacts, 'behind'>,
): Map<string, number> {
  const keyOf = new Map(
    facts.caused.map(item => [item.resource.id, victimOf(facts, item).key]),
  );
  const packets = new Map<string, number>();
  for (const item of behind) {
    const key = keyOf.get(item.resource.id)!;
    const count = sumOf(packetsOf(facts, [item]));
    packets.set(key, (packets.get(key) ?? 0) + count);
  }
  return packets;
}

function nodesOf(
  facts: Facts,
  items: readonly SeriesFacts[],
  parts: readonly PartTimeline[],
  presenter: Presenter,
): Body['nodes'] {
  return facts.nodes.map(node => {
    const values = zeros(facts.axis);
    items
      .filter(({ resource }) => isAt(node)(resource))
      .forEach(({ windows }) => addInto(values, windows.values));
    return {
      cluster: node.cluster,
      node: node.node,
      waitSeconds: sumOf(values),
      neighbourSeconds: neighbourSecondsOn(parts, node),
      values: perSecond(values, node.coveredSeconds),
      topCulprit: topOn(parts, node, presenter),
    };
  });
}

/** Devices at which the waiting was, by party, most first. */
function interfacesOf(
  blame: readonly SeriesFacts[],
  keyOf: (item: SeriesFacts) => string,
): Map<string, string[]> {
  const found = new Map<string, Map<string, number>>();
  for (const item of blame) {
    const name = item.series.attributes[ATTRIBUTE.interfaceName];
    const seconds = sumOf(item.windows.values);
    if (name === undefined || seconds <= 0) continue;
    const key = keyOf(item);
    const known = found.get(key) ?? new Map<string, number>();
    known.set(String(name), (known.get(String(name)) ?? 0) + seconds);
    found.set(key, known);
  }
  return new Map(
    [...found].map(([key, names]) => [
      key,
      [...names].sort(([, a], [, b]) => b - a).map(([name]) => name),
    ]),
  );
}

type Queue = Pick<
  NetworkQueue,
  'distribution' | 'p50Values' | 'p99Values' | 'queues'
>;

function queueOf(facts: Facts, queues: readonly QueueWindows[]): Queue {
  const { p50Values, p99Values } = quantilesOverTime(
    facts,
    histogramPerWindow(queues, facts.axis.count),
  );
  return {
    distribution: distributionOf(mergedHistogram(queues)),
    p50Values,
    p99Values,
    queues: queuesOf(queues),
  };
}

function aroundOf(
  facts: Facts,
  network: NetworkFacts,
  presenter: Presenter,
): Pick<
  NetworkQueue,
  'transmitMean' | 'receiveMean' | 'notMeasured' | 'drops' | 'receive'
> {
  const { transmitBytes, receiveBytes, receive } = network;
  const covered = sumOf(facts.coveredSeconds);
  const isMeasured = transmitBytes + receiveBytes > 0 && covered > 0;
  return {
    ...(isMeasured
      ? {
          transmitMean: transmitBytes / covered,
          receiveMean: receiveBytes / covered,
        }
      : {}),
    notMeasured: NEVER_SEEN,
    drops: dropsOf(network).slice(0, MAX_DROPS),
    receive: receive.map(one => presentReceive(one, presenter)),
  };
}
