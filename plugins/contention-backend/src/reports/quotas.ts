/** The ledger of every quota above an entity's threads, and what was used of it. Pure. */
import {
  ATTRIBUTE,
  METRIC,
  type QuotaLevel,
  type Workload,
} from 'backstage-plugin-contention-common';
import type { StoredResource } from '../store';
import { containerKeys, newerOf } from './containers';
import {
  addInto,
  seriesOf,
  sumOf,
  zeros,
  type Facts,
  type SeriesFacts,
  type Windows,
} from './facts';
import { quotaLevelOf, workloadOf } from './parties';
import { THROTTLED_PERIODS } from './thresholds';

export interface QuotaFacts {
  key: string;
  level: QuotaLevel;
  /** Container, pod or slice name. */
  subject: string;
  workload: Workload;
  /** Whose quota it is; the newest of `resources`. */
  resource: StoredResource;
  /** All that it was called in the range: see containers.ts. */
  resources: readonly StoredResource[];
  /** As it was told last. */
  limitCpus?: number;
  /** The limit in each window, CPUs; undefined where nothing tells it. */
  limitValues: readonly (number | undefined)[];
  /** CPU seconds used under this quota; absent where not all users of it are known (slices). */
  used?: Windows;
  periods: Windows;
  throttledPeriods: Windows;
  /** The ledger's throttled time: CPU seconds for which run queues stood still. */
  throttledSeconds: Windows;
}

/** Quotas with a ledger or a limit, worst first. */
export function quotasOf(facts: Facts): QuotaFacts[] {
  const ledgers: [
    SeriesFacts[],
    'periods' | 'throttledPeriods' | 'throttledSeconds',
  ][] = [
    [seriesOf(facts, METRIC.cpuThrottledPeriods), 'periods'],
    [seriesOf(facts, METRIC.cpuThrottledPeriodsThrottled), 'throttledPeriods'],
    [seriesOf(facts, METRIC.cpuThrottledTime), 'throttledSeconds'],
  ];
  const limits = seriesOf(facts, METRIC.cpuLimit)
    .filter(({ resource }) => isQuotaHolder(resource))
    // The limit that was told last holds.
    .sort((a, b) => a.resource.lastSeenMs - b.resource.lastSeenMs);
  const holders = holdersOf([...ledgers.flatMap(([list]) => list), ...limits]);
  const quotas = new Map<string, QuotaFacts>();
  const quotaOf = (level: QuotaLevel, holder: Holder) => {
    const key = `${level}:${holder.newest.id}`;
    const quota = quotas.get(key) ?? emptyQuota(facts, key, level, holder);
    quotas.set(key, quota);
    return quota;
  };
  for (const [list, field] of ledgers) {
    for (const { series, resource, windows } of list) {
      const level = quotaLevelOf(series.attributes) ?? levelOf(resource);
      addInto(quotaOf(level, holders(resource))[field], windows.values);
    }
  }
  for (const { resource, windows } of limits) {
    const limit = windows.values.findLast(value => value !== undefined);
    if (limit === undefined) continue;
    const holder = holders(resource);
    const existing = [...quotas.values()].find(
      quota => quota.resource === holder.newest,
    );
    const quota = existing ?? quotaOf(levelOf(resource), holder);
    quota.limitCpus = limit;
    quota.limitValues = windows.values.map(
      (value, window) => value ?? quota.limitValues[window],
    );
  }
  return [...quotas.values()].sort(worstFirst);
}

/** Who has a quota, by all that it was called in the range. */
interface Holder {
  newest: StoredResource;
  all: StoredResource[];
}

function holdersOf(
  list: readonly SeriesFacts[],
): (resource: StoredResource) => Holder {
  const resources = new Set(list.map(({ resource }) => resource));
  const keyOf = containerKeys(resources);
  const holders = new Map<string, Holder>();
  for (const resource of resources) {
    const holder = holders.get(keyOf(resource)) ?? {
      newest: resource,
      all: [],
    };
    holder.newest = newerOf(holder.newest, resource);
    holder.all.push(resource);
    holders.set(keyOf(resource), holder);
  }
  return resource => holders.get(keyOf(resource))!;
}

/**
 * By time, once a quota stopped more than a handful of periods: a share says little of one that is mostly idle, as periods
 * are counted only while something runs.
 */
export function worstFirst(a: QuotaFacts, b: QuotaFacts): number {
  const isFelt = ({ throttledPeriods }: QuotaFacts) =>
    sumOf(throttledPeriods) >= THROTTLED_PERIODS;
  return (
    Number(isFelt(b)) - Number(isFelt(a)) ||
    sumOf(b.throttledSeconds) - sumOf(a.throttledSeconds) ||
    throttledShareOf(b) - throttledShareOf(a) ||
    (a.key < b.key ? -1 : 1)
  );
}

/** Of all periods; 0 without any. */
export function throttledShareOf({
  periods,
  throttledPeriods,
}: Pick<QuotaFacts, 'periods' | 'throttledPeriods'>): number {
  const all = sumOf(periods);
  return all > 0 ? Math.min(1, sumOf(throttledPeriods) / all) : 0;
}

/**
 * CPUs that would have been used without the quota: what was used, and for as long as a run queue was stopped the CPU
 * that it would have kept busy. An upper estimate: a stopped queue may have run dry before its time was up.
 */
export function needOf({
  used,
  throttledSeconds,
}: QuotaFacts): Windows | undefined {
  return used?.map((seconds, window) => seconds + throttledSeconds[window]);
}

/** The node's number of CPUs is sent as the root's limit: that is no quota. */
function isQuotaHolder({ attributes }: StoredResource): boolean {
  return attributes[ATTRIBUTE.cgroupPath] !== '/';
}

function levelOf({ attributes }: StoredResource): QuotaLevel {
  if (
    attributes[ATTRIBUTE.containerName] !== undefined ||
    attributes[ATTRIBUTE.containerId] !== undefined
  ) {
    return 'container';
  }
  return attributes[ATTRIBUTE.podUid] === undefined ? 'slice' : 'pod';
}

function emptyQuota(
  facts: Facts,
  key: string,
  level: QuotaLevel,
  { newest: resource, all: resources }: Holder,
): QuotaFacts {
  const workload = workloadOf(resource);
  const subject = {
    container: workload.container ?? workload.cgroupPath,
    pod: workload.pod ?? workload.cgroupPath,
    slice: workload.systemdUnit ?? workload.cgroupPath,
  }[level];
  return {
    key,
    level,
    subject: subject ?? 'unnamed',
    workload,
    resource,
    resources,
    limitValues: [],
    used: level === 'slice' ? undefined : usedUnder(facts, resources),
    periods: zeros(facts.axis),
    throttledPeriods: zeros(facts.axis),
    throttledSeconds: zeros(facts.axis),
  };
}

/** CPU time of a cgroup and everything below it. */
function usedUnder(facts: Facts, holders: readonly StoredResource[]): Windows {
  const used = zeros(facts.axis);
  for (const { resource, windows } of seriesOf(facts, METRIC.cpuTime)) {
    if (isUnderAny(resource, holders)) addInto(used, windows.values);
  }
  return used;
}

export function isUnderAny(
  resource: StoredResource,
  holders: readonly StoredResource[],
): boolean {
  return holders.some(holder => isUnder(resource, holder));
}

export function isUnder(
  resource: StoredResource,
  holder: StoredResource,
): boolean {
  if (resource.id === holder.id) return true;
  if (resource.cluster !== holder.cluster || resource.node !== holder.node) {
    return false;
  }
  const path = String(resource.attributes[ATTRIBUTE.cgroupPath] ?? '');
  const above = String(holder.attributes[ATTRIBUTE.cgroupPath] ?? '');
  return above !== '' && (path === above || path.startsWith(`${above}/`));
}
