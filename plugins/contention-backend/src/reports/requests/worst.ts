/** The slowest requests and the longest waits, one by one. Pure. */
import {
  EXEMPLAR,
  type ContainerRole,
  type Party,
  type WorstRequest,
  type WorstWait,
} from 'backstage-plugin-contention-common';
import type { Attributes } from '../../otlp';
import type { Facts } from '../facts';
import { workloadOf, type PartyFacts } from '../parties';
import type { Presenter } from '../present';
import { isEstimated, roleOf, type WorstFacts } from './facts';
import { culpritOfWorst, partsOfWorst, presentPart } from './parts';
import { peersOf } from './peers';

type PartyContext = Pick<Facts, 'resources' | 'perspective'>;

/** Everybody whom worst cases name. */
export function partiesOfWorst(
  context: PartyContext,
  cases: readonly WorstFacts[],
): PartyFacts[] {
  const { resources, perspective } = context;
  const peerOf = peersOf(context, cases);
  return cases.flatMap(item =>
    [culpritOfWorst(item.worst, resources, perspective), peerOf(item)].filter(
      party => party !== undefined,
    ),
  );
}

export function presentWorstRequests(
  context: PartyContext,
  cases: readonly WorstFacts[],
  roles: ReadonlyMap<number, ContainerRole>,
  presenter: Presenter,
): WorstRequest[] {
  const { resources, perspective } = context;
  const peerOf = peersOf(context, cases);
  return cases.map(({ worst, series, resource }) => {
    const peer = peerOf({ worst, resource });
    const shownPeer = peer && presenter.party(peer);
    // What a request that it sent waits for is whom it asked; of one that it got, the upstream is somebody else.
    const upstream =
      roleOf(series) === 'client' && shownPeer
        ? { label: `waiting for ${shownPeer.name}`, party: shownPeer }
        : {};
    const parts = partsOfWorst(worst.attributes, resources, perspective);
    const all = parts.reduce((sum, { seconds }) => sum + seconds, 0);
    const culprit = culpritOfWorst(worst, resources, perspective);
    return {
      key: keyOf({ worst, series, resource }),
      at: worst.endMs,
      durationSeconds: worst.seconds,
      estimated: isEstimated(series),
      workload: workloadOf(resource),
      containerRole: roles.get(resource.id) ?? 'app',
      peer: presentPeer(worst.attributes, shownPeer),
      parts: parts
        .sort((a, b) => b.seconds - a.seconds)
        .map(({ facts, seconds }) => ({
          ...presentPart(facts, seconds, all, presenter),
          ...(facts.part === 'upstream' ? upstream : {}),
        })),
      culprit: culprit && presenter.party(culprit),
    };
  });
}

export function presentWorstWaits(
  { resources, perspective }: PartyContext,
  cases: readonly WorstFacts[],
  presenter: Presenter,
): WorstWait[] {
  return cases.map(item => {
    const { worst, resource } = item;
    const culprit = culpritOfWorst(worst, resources, perspective);
    return {
      key: keyOf(item),
      at: worst.endMs,
      durationSeconds: worst.seconds,
      workload: workloadOf(resource),
      culprit: culprit && presenter.party(culprit),
    };
  });
}

function keyOf({ worst }: WorstFacts): string {
  return `${worst.seriesId}:${worst.endMs}:${worst.seconds}`;
}

function presentPeer(
  attributes: Attributes,
  party: Party | undefined,
): WorstRequest['peer'] {
  const address = attributes[EXEMPLAR.peerAddress];
  if (address === undefined || address === '') return undefined;
  const port = Number(attributes[EXEMPLAR.peerPort]);
  return {
    address: String(address),
    port: Number.isInteger(port) && port > 0 ? port : undefined,
    party,
  };
}
