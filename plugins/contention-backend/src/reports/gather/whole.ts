/** Reads what a report of what an entity caused tells of the entity itself: sums only, so no windows of each series. */
import {
  METRIC,
  type MetricName,
  type Resource,
} from 'backstage-plugin-contention-common';
import type { Store } from '../../store';
import { sumOf, wholeAxis, type Facts } from '../facts';

/** How much it did, and how much it waited. */
const METRICS: Record<Resource, MetricName[]> = {
  cpu: [METRIC.cpuTime, METRIC.cpuWaitBlame],
  network: [METRIC.netQueue, METRIC.netQueueBlame],
};

/** The range in one window: of as few rows as the widest levels have. */
export async function wholeOf(
  store: Store,
  facts: Facts,
  resource: Resource,
): Promise<Facts> {
  const axis = wholeAxis(facts.axis);
  const byId = new Map(facts.own.map(own => [own.id, own]));
  const series = await store.series({
    resourceIds: [...byId.keys()],
    metrics: METRICS[resource],
  });
  const windows = await store.read(series, axis);
  return {
    ...facts,
    axis,
    coveredSeconds: [sumOf(facts.coveredSeconds)],
    nodes: facts.nodes.map(node => ({
      ...node,
      coveredSeconds: [sumOf(node.coveredSeconds)],
    })),
    series: series.map((item, index) => ({
      series: item,
      resource: byId.get(item.resourceId)!,
      windows: windows[index],
    })),
    caused: [],
  };
}
