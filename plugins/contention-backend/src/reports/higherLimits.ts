/** What would surely be gone of the time that a quota stopped somebody, had its limit been higher. Pure. */
import {
  bucketLowerBoundSeconds,
  longestSeconds,
  METRIC,
  NEARLY_ALL_GONE_SHARE,
  type DurationHistogram,
  type ThrottlingReport,
} from 'backstage-plugin-contention-common';
import { mergedHistogram } from './distribution';
import {
  isAt,
  seriesOf,
  startOf,
  sumIn,
  sumOf,
  type Facts,
  type NodeFacts,
  type SeriesFacts,
  type WindowStretch,
} from './facts';
import {
  leastGone,
  leastMoreFor,
  type Stalls,
  type Stopped,
} from './higherLimit';
import { quotaLevelOf } from './parties';
import { isUnderAny, type QuotaFacts } from './quotas';
import {
  isSameLimit,
  joined,
  raisedTogether,
  type RaisedQuota,
} from './raisedTogether';
import { THROTTLED_PERIODS } from './thresholds';

export type HigherLimits = NonNullable<
  ThrottlingReport['quotas'][number]['higherLimits']
>;

/** Of the limit as it is. */
const FACTORS = [1.1, 1.25, 1.5, 2];

/** Nobody raises a limit by more than this at once; what is sure only beyond is no advice. */
const MOST_TIMES = 4;

/**
 * The kernel's default, and what the kubelet and systemd set: agents do not tell how long a period is. A longer one would
 * only make more be gone; of a shorter one there are more in a second than of these.
 */
const USUAL_PERIOD_SECONDS = 0.1;

/** Ledgers are read a little earlier or later than windows end. */
const MORE_PERIODS_BY_CHANCE = 1.1;

/**
 * @param quotas - all of the entity: where one inside another ran out, too, it is not known which stalls were whose
 * @returns of each of them; undefined where it stopped nobody for more than a handful of periods, or its limit is not known, and of
 *   a pod's that is told with its container's
 */
export function higherLimitsOf(
  facts: Facts,
  quotas: readonly QuotaFacts[],
): (HigherLimits | undefined)[] {
  // Once for all: a service may have hundreds of pods.
  const stalls = seriesOf(facts, METRIC.cpuThrottledStall);
  const stopping = quotas.filter(
    ({ throttledPeriods }) => sumOf(throttledPeriods) > 0,
  );
  const pairs = raisedTogether(quotas, stopping);
  const podOf = new Map([...pairs].map(([pod, container]) => [container, pod]));
  return quotas.map(quota => {
    if (pairs.has(quota)) return undefined;
    const pod = podOf.get(quota);
    const raised = pod
      ? joined(quota, pod)
      : { ...quota, levels: [quota.level] };
    return higherThan(raised, facts, stopping, stalls);
  });
}

function higherThan(
  quota: RaisedQuota,
  facts: Facts,
  stopping: readonly QuotaFacts[],
  allStalls: readonly SeriesFacts[],
): HigherLimits | undefined {
  const { limitCpus, limitValues } = quota;
  const node = facts.nodes.find(isAt(quota.resource));
  if (limitCpus === undefined || !node) return undefined;
  const changed = limitValues.findLastIndex(
    value => value !== undefined && !isSameLimit(value, limitCpus),
  );
  const held = { first: changed + 1, last: facts.axis.count - 1 };
  const periods = sumIn(quota.throttledPeriods, held);
  const seconds = sumIn(quota.throttledSeconds, held);
  if (periods < THROTTLED_PERIODS || seconds <= 0) return undefined;
  const periodSeconds = periodOf(node, quota, held);
  const { cpuCount = Infinity } = node;
  // The two books contradict each other, as where a quota around this one stopped it in other periods.
  const mostSeconds = periods * cpuCount * periodSeconds;
  if (seconds > MORE_PERIODS_BY_CHANCE * mostSeconds) return undefined;
  const stalls = stallsOf(quota, stopping, allStalls, held);
  const stopped: Stopped = {
    periods,
    seconds,
    stalls: stalls ? atLeast(stalls) : [],
    mostSeconds: mostOf(
      cpuCount,
      limitCpus,
      periodSeconds,
      // Of two quotas, a thread may stand still for one after the other.
      quota.levels.length > 1 ? undefined : stalls,
    ),
  };
  const limits = candidates(stopped, limitCpus, periodSeconds, cpuCount);
  if (limits.length === 0) return undefined;
  return {
    ...(changed < 0 ? {} : { since: startOf(facts.axis, held.first) }),
    periodSeconds,
    stoppedSeconds: seconds,
    limits: limits.map(limit => {
      const gone = leastGone(stopped, (limit - limitCpus) * periodSeconds);
      return {
        limitCpus: limit,
        goneShareAtLeast: Math.min(1, gone / seconds),
        stoppedSecondsAtMost: Math.max(0, seconds - gone),
      };
    }),
  };
}

/**
 * The window with most periods tells best, as there are none while nothing runs. One more can end in a window than fit in it.
 */
function periodOf(
  { coveredSeconds }: NodeFacts,
  { periods }: QuotaFacts,
  { first, last }: WindowStretch,
): number {
  let shortest = Infinity;
  for (let window = first; window <= last; window++) {
    if (coveredSeconds[window] === 0 || periods[window] <= 1) continue;
    shortest = Math.min(
      shortest,
      coveredSeconds[window] / (periods[window] - 1),
    );
  }
  return shortest * MORE_PERIODS_BY_CHANCE < USUAL_PERIOD_SECONDS
    ? shortest
    : USUAL_PERIOD_SECONDS;
}

/**
 * How long threads stood still because of this quota and no other. Undefined where that is not known: of a slice, as others
 * stand still there, too, and where a quota inside ran out as well, as a stall counts for the innermost.
 */
function stallsOf(
  quota: RaisedQuota,
  stopping: readonly QuotaFacts[],
  allStalls: readonly SeriesFacts[],
  held: WindowStretch,
): DurationHistogram | undefined {
  const isShared =
    quota.level === 'slice' ||
    stopping.some(
      inner =>
        inner.key !== quota.key &&
        isUnderAny(inner.resource, quota.resources) &&
        sumIn(inner.throttledPeriods, held) > 0,
    );
  if (isShared) return undefined;
  const histogram = mergedHistogram(
    allStalls.filter(
      ({ series, resource }) =>
        quota.levels.includes(quotaLevelOf(series.attributes) ?? 'container') &&
        isUnderAny(resource, quota.resources),
    ),
    held,
  );
  return histogram.count > 0 ? histogram : undefined;
}

/** Each stall is as long as its bucket begins, or longer. */
function atLeast({ zeroCount, buckets }: DurationHistogram): Stalls[] {
  return [
    [0, zeroCount] as const,
    ...[...buckets]
      .sort(([a], [b]) => a - b)
      .map(([index, count]): Stalls => [bucketLowerBoundSeconds(index), count]),
  ].filter(([, count]) => count > 0);
}

/** All CPUs but what the budget lets run; and none for longer than any thread. */
function mostOf(
  cpuCount: number,
  limitCpus: number,
  periodSeconds: number,
  stalls: DurationHistogram | undefined,
): number {
  if (cpuCount === Infinity) return Infinity;
  const longest = (stalls && longestSeconds(stalls)) ?? Infinity;
  return Math.min(
    Math.max(0, cpuCount - limitCpus) * periodSeconds,
    cpuCount * longest,
  );
}

/**
 * Higher than the limit, `MOST_TIMES` as high at most, rounded up to two digits of the limit, ascending; a limit beyond all
 * CPUs of the node is none.
 * @param cpuCount - of the node; Infinity if not known
 */
function candidates(
  stopped: Stopped,
  limitCpus: number,
  periodSeconds: number,
  cpuCount: number,
): number[] {
  const more = leastMoreFor(stopped, NEARLY_ALL_GONE_SHARE);
  const wanted = FACTORS.map(factor => factor * limitCpus);
  if (more !== undefined && cpuCount < Infinity)
    wanted.push(limitCpus + more / periodSeconds);
  const step = 10 ** (Math.floor(Math.log10(limitCpus)) - 1);
  const rounded = wanted
    // What is a whole number of steps but for the last bit of a float is not one step more.
    .map(cpus => Math.ceil(cpus / step - 1e-6) * step)
    .map(cpus => Math.min(cpuCount, Number(cpus.toPrecision(3))))
    .filter(cpus => cpus > limitCpus && cpus <= MOST_TIMES * limitCpus);
  return [...new Set(rounded)].sort((a, b) => a - b);
}
