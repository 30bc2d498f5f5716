/** The slowest requests and the longest waits, one by one. Pure. */
import {
  EXEMPLAR,
  type ContainerRole,
  type WorstRequest,
  type WorstWait,
} from 'backstage-plugin-contention-common';
import type { Attributes } from '../../otlp';
import type { Facts } from '../facts';
import { workloadOf, type PartyFacts } from '../parties';
import type { Presenter } from '../present';
import { isEstimated, type WorstFacts } from './facts';
import { culpritOfWorst, partsOfWorst, presentPart } from './parts';

type PartyContext = Pick<Facts, 'resources' | 'perspective'>;

/** Everybody whom worst cases name. */
export function partiesOfWorst(
  { resources, perspective }: PartyContext,
  cases: readonly WorstFacts[],
): PartyFacts[] {
  return cases.flatMap(
    ({ worst }) => culpritOfWorst(worst, resources, perspective) ?? [],
  );
}

export function presentWorstRequests(
  { resources, perspective }: PartyContext,
  cases: readonly WorstFacts[],
  roles: ReadonlyMap<number, ContainerRole>,
  presenter: Presenter,
): WorstRequest[] {
  return cases.map(({ worst, series, resource }) => {
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
      peer: peerOf(worst.attributes),
      parts: parts
        .sort((a, b) => b.seconds - a.seconds)
        .map(({ facts, seconds }) =>
          presentPart(facts, seconds, all, presenter),
        ),
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

function peerOf(attributes: Attributes): WorstRequest['peer'] {
  const address = attributes[EXEMPLAR.peerAddress];
  if (address === undefined || address === '') return undefined;
  const port = Number(attributes[EXEMPLAR.peerPort]);
  return {
    address: String(address),
    port: Number.isInteger(port) && port > 0 ? port : undefined,
  };
}
