/** Reads how much CPU the larger culprits used, and how much they asked for. */
import { ATTRIBUTE, METRIC } from 'backstage-plugin-contention-common';
import {
  MINUTE_MS,
  type Axis,
  type NodeSeen,
  type Store,
  type StoredResource,
  type Stretch,
} from '../../store';
import { isAt, nodeKey, sumOf, type Facts, type Usage } from '../facts';
import { culpritOfSeries } from '../parties';
import { usageOfParty, type UsageOfOne } from '../usage';
import { coveredPerWindow, mostOf } from './covered';
import { pathOf, placeKey } from './places';

/** More values than this are read in coarser windows. */
export const MAX_VALUES = 250_000;

/** Culprits whose CPU use is looked up. */
const MAX_USAGES = 12;

/**
 * CPU use and request of the larger culprits, on the nodes where they meet.
 * @param only - party keys, where not all are wanted
 */
export async function usageOf(
  store: Store,
  facts: Facts,
  seen: readonly StoredResource[],
  stretches: readonly Stretch[],
  homes: readonly NodeSeen[],
  only?: ReadonlySet<string>,
): Promise<Map<string, Usage>> {
  const seconds = new Map<string, number>();
  const places = new Map<string, Set<string>>();
  for (const { series, windows } of facts.series) {
    if (series.metric !== METRIC.cpuWaitBlame) continue;
    const culprit =
      series.culpritId === undefined
        ? undefined
        : facts.resources.get(series.culpritId);
    if (!culprit) continue;
    const { key } = culpritOfSeries(series, facts.resources, facts.perspective);
    if (only && !only.has(key)) continue;
    seconds.set(key, (seconds.get(key) ?? 0) + sumOf(windows.values));
    const where = places.get(key) ?? new Set();
    where.add(placeKey(culprit, pathOf(culprit)));
    places.set(key, where);
  }
  const largest = [...seconds]
    .sort(([, a], [, b]) => b - a)
    .slice(0, MAX_USAGES)
    .map(([key]) => key);
  const resourcesOf = resourcesAt(
    seen,
    new Map(largest.map(key => [key, places.get(key)!])),
  );
  return usageOfGroups(store, facts, resourcesOf, stretches, homes);
}

/** Everything that was seen at the places of each key: a culprit and the container itself are two resources of one place. */
export function resourcesAt<Key>(
  seen: readonly StoredResource[],
  places: ReadonlyMap<Key, Iterable<string>>,
): Map<Key, StoredResource[]> {
  const byPlace = new Map<string, StoredResource[]>();
  for (const resource of seen) {
    const key = placeKey(resource, pathOf(resource));
    const there = byPlace.get(key);
    if (there) there.push(resource);
    else byPlace.set(key, [resource]);
  }
  return new Map(
    [...places].map(([key, own]) => [
      key,
      [...own].flatMap(place => byPlace.get(place) ?? []),
    ]),
  );
}

/** The same of any groups of containers, by their keys. */
export async function usageOfGroups<Key>(
  store: Store,
  facts: Pick<Facts, 'axis' | 'range' | 'nowMs'>,
  resourcesOf: ReadonlyMap<Key, readonly StoredResource[]>,
  stretches: readonly Stretch[],
  homes: readonly NodeSeen[],
): Promise<Map<Key, Usage>> {
  const all = [...resourcesOf.values()].flat();
  const series = await store.series({
    resourceIds: [...new Set(all.map(({ id }) => id))],
    metrics: [METRIC.cpuTime, METRIC.cpuRequest],
  });
  const axis = bearable(store, facts, series.length);
  const windows = await store.read(series, axis);
  const coveredAt = homes.map(node => coveredPerWindow(axis, node, stretches));
  const valuesOf = new Map<number, UsageOfOne>();
  const none = new Array<undefined>(axis.count).fill(undefined);
  series.forEach(({ resourceId, metric }, index) => {
    const one = valuesOf.get(resourceId) ?? { cpu: none, request: none };
    const { values } = windows[index];
    valuesOf.set(
      resourceId,
      metric === METRIC.cpuTime
        ? { ...one, cpu: summed(one.cpu, values) }
        : { ...one, request: values },
    );
  });
  return new Map(
    [...resourcesOf].map(([key, resources]) => [
      key,
      usageOfParty(
        [...new Set(resources)].flatMap(({ id }) => valuesOf.get(id) ?? []),
        mostOf(
          axis,
          coveredAt.filter((_, index) => resources.some(isAt(homes[index]))),
        ),
      ),
    ]),
  );
}

/** Sums where either has a value. */
function summed(
  a: readonly (number | undefined)[],
  b: readonly (number | undefined)[],
): (number | undefined)[] {
  return a.map((value, window) =>
    value === undefined && b[window] === undefined
      ? undefined
      : (value ?? 0) + (b[window] ?? 0),
  );
}

/** The axis of the report, or a coarser one where that many series have too many values on it. */
function bearable(
  store: Store,
  facts: Pick<Facts, 'axis' | 'range' | 'nowMs'>,
  seriesCount: number,
): Axis {
  const { axis, range, nowMs } = facts;
  if (seriesCount * axis.count <= MAX_VALUES) return axis;
  const stepMs = Math.max(MINUTE_MS, axis.stepMs);
  return store.axis({ ...range, stepMs }, nowMs);
}

/** CPU use and request of the entity itself, node by node. Of its containers: what a pod asks for is theirs together. */
export async function ownUsageOf(
  store: Store,
  facts: Pick<Facts, 'axis' | 'range' | 'nowMs' | 'own'>,
  stretches: readonly Stretch[],
  homes: readonly NodeSeen[],
): Promise<Map<string, Usage>> {
  const isPod = ({ attributes }: StoredResource) =>
    attributes[ATTRIBUTE.podUid] !== undefined &&
    attributes[ATTRIBUTE.containerName] === undefined;
  const containers = facts.own.filter(resource => !isPod(resource));
  return usageOfGroups(
    store,
    facts,
    new Map(homes.map(home => [nodeKey(home), containers.filter(isAt(home))])),
    stretches,
    homes,
  );
}
