/** Who used up the budget of the quotas that ran out: containers of the stopped pods, by CPU. Pure. */
import {
  ATTRIBUTE,
  METRIC,
  type Workload,
} from 'backstage-plugin-contention-common';
import type { StoredResource } from '../store';
import { seriesOf, sumOf, type Facts } from './facts';
import { workloadOf } from './parties';
import { isUnder, type QuotaFacts } from './quotas';

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
 * is not known here. With a stretch, of its windows only (`first` to `last`).
 */
export function burnersOf(
  facts: Facts,
  quotas: readonly QuotaFacts[],
  stretch?: { first: number; last: number },
): { burners: Burner[]; source: BurnSource } {
  const stopped = quotas.filter(
    ({ level, throttledPeriods }) =>
      level !== 'slice' && sumOf(throttledPeriods) > 0,
  );
  const concerned = (resource: StoredResource) =>
    stopped.some(quota => isUnder(resource, quota.resource));
  const measured = seriesOf(facts, METRIC.cpuQuotaBurn).filter(({ resource }) =>
    concerned(resource),
  );
  const source: BurnSource =
    measured.length > 0 ? 'throttled-periods' : 'cpu-time';
  const used =
    source === 'throttled-periods'
      ? measured
      : seriesOf(facts, METRIC.cpuTime).filter(({ resource }) =>
          concerned(resource),
        );
  const burners = new Map<string, Omit<Burner, 'share'>>();
  for (const { series, resource, windows } of used) {
    const workload = workloadOf(resource);
    const container =
      series.attributes[ATTRIBUTE.containerName] ?? workload.container;
    if (container === undefined) continue;
    const key = JSON.stringify([workload.pod, container]);
    const burner = burners.get(key) ?? {
      container: String(container),
      pod: workload.pod,
      cpuSeconds: 0,
      resource,
      workload,
    };
    burner.cpuSeconds += sumOf(
      stretch
        ? windows.values.slice(stretch.first, stretch.last + 1)
        : windows.values,
    );
    burners.set(key, burner);
  }
  const list = [...burners.values()].filter(({ cpuSeconds }) => cpuSeconds > 0);
  const all = sumOf(list.map(({ cpuSeconds }) => cpuSeconds));
  return {
    source,
    burners: list
      .map(burner => ({ ...burner, share: burner.cpuSeconds / all }))
      .sort((a, b) => b.cpuSeconds - a.cpuSeconds),
  };
}
