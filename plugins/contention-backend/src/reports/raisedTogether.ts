/**
 * Limits that nobody raises one by one: the kubelet gives a pod the sum of its containers' limits, which is the same again where
 * there is one container. Both run out in the same periods, and which of the two stops it is chance. Pure.
 */
import type { QuotaLevel } from 'backstage-plugin-contention-common';
import { isUnderAny, type QuotaFacts } from './quotas';

/** One limit, or two that are raised together, with their books as if they were one. */
export interface RaisedQuota extends QuotaFacts {
  /** Whose stops these are. */
  levels: readonly QuotaLevel[];
}

/** Two limits are one up to rounding. */
const SAME_LIMIT = 0.001;

export function isSameLimit(aCpus: number, bCpus: number): boolean {
  return Math.abs(aCpus - bCpus) <= SAME_LIMIT * bCpus;
}

/**
 * @param quotas - all of the entity: a container that its limit never stopped is one of its pod's all the same
 * @param stopping - of these, the ones that stopped somebody
 * @returns by their pods' quotas, those of their only containers, where both stopped somebody and the limit is the same
 */
export function raisedTogether(
  quotas: readonly QuotaFacts[],
  stopping: readonly QuotaFacts[],
): Map<QuotaFacts, QuotaFacts> {
  const pairs = new Map<QuotaFacts, QuotaFacts>();
  const containers = quotas.filter(({ level }) => level === 'container');
  for (const pod of stopping) {
    if (pod.level !== 'pod' || pod.limitCpus === undefined) continue;
    const inside = containers.filter(({ resource }) =>
      isUnderAny(resource, pod.resources),
    );
    const [only] = inside;
    if (inside.length !== 1 || only.limitCpus === undefined) continue;
    if (stopping.includes(only) && isSameLimit(pod.limitCpus, only.limitCpus)) {
      pairs.set(pod, only);
    }
  }
  return pairs;
}

/** What a container's quota and its pod's stopped: never at once, but in the same periods. */
export function joined(container: QuotaFacts, pod: QuotaFacts): RaisedQuota {
  const limitCpus = container.limitCpus!;
  const perWindow = (
    of: (quota: QuotaFacts) => readonly number[],
    both: (a: number, b: number) => number,
  ) => of(container).map((value, window) => both(value, of(pod)[window]));
  return {
    ...container,
    levels: [container.level, pod.level],
    // Where they were not the same, the limit was another one.
    limitValues: pod.limitValues.map((value, window) =>
      value === undefined || isSameLimit(value, limitCpus)
        ? container.limitValues[window]
        : value,
    ),
    periods: perWindow(({ periods }) => periods, Math.max),
    throttledPeriods: perWindow(q => q.throttledPeriods, Math.max),
    throttledSeconds: perWindow(
      q => q.throttledSeconds,
      (a, b) => a + b,
    ),
  };
}
