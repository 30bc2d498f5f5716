/**
 * The receive side of a node: what it took up, what found no room, and whose packets came while more came than its CPUs could take.
 * Pure.
 */
import {
  ATTRIBUTE,
  METRIC,
  type MetricName,
  type NetworkQueue,
  type Party,
} from 'backstage-plugin-contention-common';
import type { NodePlace, StoredResource, StoredSeries } from '../../store';
import { sumOf } from '../facts';
import { hiddenParty } from '../nodes/present';
import { culpritOfSeries, type PartyFacts, type Perspective } from '../parties';
import type { Presenter } from '../present';

/** Senders in an answer. */
const MAX_SENDERS = 20;

/** What `receiveOf` reads, all of the node itself. */
export const RECEIVE_METRICS: readonly MetricName[] = [
  METRIC.netReceivePackets,
  METRIC.netReceiveDrops,
  METRIC.netReceiveSqueezed,
  METRIC.netReceivePressure,
  METRIC.netReceiveWatched,
  METRIC.netReceiveBlame,
];

type Receive = NetworkQueue['receive'][number];

export interface Sender {
  party: PartyFacts;
  packets: number;
}

export interface ReceiveFacts extends Omit<Receive, 'pressure'> {
  /** Undefined where the agent does not look for such times. */
  pressure?: {
    pressedSeconds: number;
    watchedSeconds: number;
    /** Who sent what came while it was watched, one row a party. */
    senders: readonly Sender[];
  };
}

/**
 * @param series - of RECEIVE_METRICS, of everything on the node
 * @param totals - their sums in the range, by id
 * @returns undefined where receiving is not measured
 */
export function receiveOf(
  { cluster, node }: NodePlace,
  series: readonly StoredSeries[],
  totals: ReadonlyMap<number, number>,
  resources: ReadonlyMap<number, StoredResource>,
  perspective: Perspective,
): ReceiveFacts | undefined {
  const has = (name: MetricName) =>
    series.some(({ id, metric }) => metric === name && totals.has(id));
  const amount = (name: MetricName) =>
    sumOf(
      series
        .filter(({ metric }) => metric === name)
        .map(({ id }) => totals.get(id)),
    );
  if (!has(METRIC.netReceivePackets)) return undefined;
  return {
    cluster,
    node,
    packets: amount(METRIC.netReceivePackets),
    drops: amount(METRIC.netReceiveDrops),
    squeezed: amount(METRIC.netReceiveSqueezed),
    ...(has(METRIC.netReceivePressure)
      ? {
          pressure: {
            pressedSeconds: amount(METRIC.netReceivePressure),
            watchedSeconds: amount(METRIC.netReceiveWatched),
            senders: sendersOf(series, totals, resources, perspective),
          },
        }
      : {}),
  };
}

function sendersOf(
  series: readonly StoredSeries[],
  totals: ReadonlyMap<number, number>,
  resources: ReadonlyMap<number, StoredResource>,
  perspective: Perspective,
): Sender[] {
  const senders = new Map<string, Sender>();
  for (const item of series) {
    const packets = totals.get(item.id) ?? 0;
    if (item.metric !== METRIC.netReceiveBlame || packets <= 0) continue;
    const party = culpritOfSeries(item, resources, perspective);
    const known = senders.get(party.key);
    senders.set(party.key, {
      party,
      packets: packets + (known?.packets ?? 0),
    });
  }
  return [...senders.values()];
}

/** Everybody whom the receive side of these nodes could name. */
export function sendersIn(receive: readonly ReceiveFacts[]): PartyFacts[] {
  return receive.flatMap(
    ({ pressure }) => pressure?.senders.map(({ party }) => party) ?? [],
  );
}

/** Packets of these that found no room in a CPU's backlog. */
export function backlogDropsOf(
  drops: readonly StoredSeries[],
  totals: ReadonlyMap<number, number>,
): number {
  return sumOf(
    drops
      .filter(({ attributes }) => attributes[ATTRIBUTE.dropPlace] === 'backlog')
      .map(({ id }) => totals.get(id)),
  );
}

/** As the reader may see it: all who may not be named are one row, so that no figure tells who they are. */
export function presentReceive(
  { pressure, ...receive }: ReceiveFacts,
  presenter: Presenter,
): Receive {
  if (!pressure) return receive;
  const { senders, ...times } = pressure;
  const all = sumOf(senders.map(({ packets }) => packets));
  const shown: { party: Party; packets: number }[] = [];
  let hidden = 0;
  let hiddenPackets = 0;
  for (const { party: facts, packets } of senders) {
    const party = presenter.party(facts);
    if (!party.redacted) {
      shown.push({ party, packets });
      continue;
    }
    hidden++;
    hiddenPackets += packets;
  }
  if (hidden > 0) {
    shown.push({ party: hiddenParty(hidden), packets: hiddenPackets });
  }
  return {
    ...receive,
    pressure: {
      ...times,
      packets: all,
      senders: shown
        .sort((a, b) => b.packets - a.packets)
        .slice(0, MAX_SENDERS)
        .map(sender => ({ ...sender, share: sender.packets / all })),
    },
  };
}
