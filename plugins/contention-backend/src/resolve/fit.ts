/** Which of the identities that carry a name are meant at a time. Pure. */
import {
  ATTRIBUTE,
  WORKLOAD_ATTRIBUTE,
} from 'backstage-plugin-contention-common';
import { LAST_SEEN_LAG_MS, type StoredResource } from '../store';
import type { Look, Question } from './question';

/** An idle container sends nothing: it is still there for this long after it last did. */
const STILL_THERE_MS = 15 * 60_000;

export interface Range {
  fromMs: number;
  toMs: number;
}

/** Whether namespace, cluster and kind are those asked for. */
export function isInPlace(
  { cluster, attributes }: StoredResource,
  question: Question,
  look: Look,
): boolean {
  const kind = 'kind' in look ? look.kind : undefined;
  return (
    (question.cluster === undefined || cluster === question.cluster) &&
    (question.namespace === undefined ||
      attributes[ATTRIBUTE.namespace] === question.namespace) &&
    (kind === undefined ||
      attributes[
        WORKLOAD_ATTRIBUTE[kind as keyof typeof WORKLOAD_ATTRIBUTE]
      ] !== undefined)
  );
}

/** How far a lifetime is from a range; 0: it was there. */
export function distanceMs(
  { firstSeenMs, lastSeenMs }: StoredResource,
  { fromMs, toMs }: Range,
): number {
  const before = fromMs - (lastSeenMs + STILL_THERE_MS);
  const after = firstSeenMs - LAST_SEEN_LAG_MS - toMs;
  return Math.max(0, before, after);
}

/** Times are written down with a lag, and a pod takes a moment from one interval to the next. */
const ADDRESS_SLACK_MS = 2 * LAST_SEEN_LAG_MS;

/**
 * Who had an address at a moment. Addresses are given out again, so another time of the same range does not count; several
 * on the network of their node share one. Decides over each alone: whom the caller may not see must not change the answer.
 */
export function hadAddressAt(
  { firstSeenMs, lastSeenMs }: StoredResource,
  atMs: number,
): boolean {
  return (
    firstSeenMs - ADDRESS_SLACK_MS <= atMs &&
    atMs <= lastSeenMs + ADDRESS_SLACK_MS
  );
}

/** Without those that were only nearly there, where somebody was there exactly. */
export function exactHolders<
  T extends Pick<StoredResource, 'firstSeenMs' | 'lastSeenMs'>,
>(holders: readonly T[], atMs: number): readonly T[] {
  const exact = holders.filter(
    ({ firstSeenMs, lastSeenMs }) =>
      firstSeenMs <= atMs && atMs <= lastSeenMs + LAST_SEEN_LAG_MS / 2,
  );
  return exact.length > 0 ? exact : holders;
}

/** Those of a container of that name, where there are any. */
export function preferContainer(
  found: readonly StoredResource[],
  name: string | undefined,
): readonly StoredResource[] {
  if (name === undefined) return found;
  const named = found.filter(
    ({ attributes }) => attributes[ATTRIBUTE.containerName] === name,
  );
  return named.length > 0 ? named : found;
}
