/** Who used up the budget of the quotas that ran out: containers of the stopped pods, by CPU. Pure. */
import {
  ATTRIBUTE,
  METRIC,
  type Workload,
} from 'backstage-plugin-contention-common';
import type { StoredResource } from '../store';
import {
  seriesOf,
  sumIn,
  sumOf,
  type Facts,
  type SeriesFacts,
  type WindowStretch,
} from './facts';
import { quotaLevelOf, workloadOf } from './parties';
import { isUnder, isUnderAny, type QuotaFacts } from './quotas';

export interface Burner {
  container: string;
  pod?: string;
  cpuSeconds: number;
  share: number;
  resource: StoredResource;
  workload: Workload;
}

/** Where the numbers come from: CPU time in the periods that were throttled, or, where that is not measured, all of it. */
export type BurnSource = 'throttled-periods' | 'cpu-time';

/**
 * Largest first. Only quotas that stopped somebody have burners, and a slice's none: others use it, too, and what they use
 * is not known here. What was measured is of one quota each: of those on one level, the worst, so that time under a
 * container's quota and its pod's is not counted twice. With a stretch, of its windows only.
 * @param quotas - worst first
 */
export function burnersOf(
  facts: Facts,
  quotas: readonly QuotaFacts[],
  stretch?: WindowStretch,
): { burners: Burner[]; source: BurnSource } {
  const stopped = quotas.filter(
    ({ level, throttledPeriods }) =>
      level !== 'slice' && sumOf(throttledPeriods) > 0,
  );
  const measured = burnedOf(facts, stopped);
  const used =
    measured ??
    seriesOf(facts, METRIC.cpuTime).filter(({ resource }) =>
      stopped.some(quota => isUnderAny(resource, quota.resources)),
    );
  const burners = new Map<string, Omit<Burner, 'share'>>();
  for (const { series, resource: holder, windows } of used) {
    const name = series.attributes[ATTRIBUTE.containerName];
    const resource =
      name === undefined
        ? holder
        : (containerIn(facts, holder, name) ?? holder);
    const workload = workloadOf(resource);
    const container = name ?? workload.container;
    if (container === undefined) continue;
    const key = JSON.stringify([workload.pod, container]);
    const burner = burners.get(key) ?? {
      container: String(container),
      pod: workload.pod,
      cpuSeconds: 0,
      resource,
      workload,
    };
    burner.cpuSeconds += stretch
      ? sumIn(windows.values, stretch)
      : sumOf(windows.values);
    burners.set(key, burner);
  }
  const list = [...burners.values()].filter(({ cpuSeconds }) => cpuSeconds > 0);
  const all = sumOf(list.map(({ cpuSeconds }) => cpuSeconds));
  return {
    source: measured ? 'throttled-periods' : 'cpu-time',
    burners: list
      .map(burner => ({ ...burner, share: burner.cpuSeconds / all }))
      .sort((a, b) => b.cpuSeconds - a.cpuSeconds),
  };
}

/** What was measured in the throttled periods of these quotas, of the worst that has any and of those on its level. */
function burnedOf(
  facts: Facts,
  stopped: readonly QuotaFacts[],
): SeriesFacts[] | undefined {
  const burn = seriesOf(facts, METRIC.cpuQuotaBurn);
  const ofQuota = ({ resources, level }: QuotaFacts) =>
    burn.filter(
      one =>
        resources.some(({ id }) => id === one.resource.id) &&
        (quotaLevelOf(one.series.attributes) ?? level) === level,
    );
  const worst = stopped.find(quota => ofQuota(quota).length > 0);
  return (
    worst &&
    stopped.filter(({ level }) => level === worst.level).flatMap(ofQuota)
  );
}

/** The container's own resource, which says who it is better than its pod's does. */
function containerIn(
  facts: Facts,
  pod: StoredResource,
  name: unknown,
): StoredResource | undefined {
  return seriesOf(facts, METRIC.cpuTime).find(
    ({ resource }) =>
      resource.attributes[ATTRIBUTE.containerName] === name &&
      isUnder(resource, pod),
  )?.resource;
}
