/**
 * What changed at a service, from what agents saw of its containers: new templates, new containers in old pods, other
 * limits. What an agent does not see (a config map, a feature flag) is not here. Pure.
 */
import {
  ATTRIBUTE,
  METRIC,
  type Marker,
  type Workload,
} from 'backstage-plugin-contention-common';
import type { StoredResource } from '../../store';
import { seriesOf, startOf, type Facts } from '../facts';
import { workloadName, workloadOf } from '../parties';
import { cpus } from '../words';

/** More flags than this hide the line that they stand on. */
const MAX_MARKERS = 50;

/** Pods that come within this time come together: a rollout adds them one after the other. */
const TOGETHER_MS = 60_000;

type Change = Omit<Marker, 'key'>;

/** @param past - own containers of the range and of the time before it */
export function markersOf(
  facts: Pick<Facts, 'range' | 'axis' | 'series'>,
  past: readonly StoredResource[],
): Marker[] {
  const containers = past
    .map(resource => ({ resource, workload: workloadOf(resource) }))
    .filter(({ workload }) => workload.container !== undefined)
    .sort((a, b) => a.resource.firstSeenMs - b.resource.firstSeenMs);
  const changes = [
    ...[...grouped(containers, workloadKey).values()].flatMap(podChanges),
    ...[...grouped(containers, placeKey).values()].flatMap(restarts),
    ...[...grouped(containers, containerKey).values()].flatMap(imageChanges),
    ...cpuChanges(facts, METRIC.cpuLimit, 'limit', 'CPU limit'),
    ...cpuChanges(facts, METRIC.cpuRequest, 'request', 'CPU request'),
  ];
  const { fromMs, toMs } = facts.range;
  return changes
    .filter(({ at }) => at > fromMs && at <= toMs)
    .sort((a, b) => a.at - b.at)
    .slice(-MAX_MARKERS)
    .map((change, index) => ({
      key: `${change.kind}:${change.at}:${index}`,
      ...change,
    }));
}

interface Container {
  resource: StoredResource;
  workload: Workload;
}

function grouped(
  containers: readonly Container[],
  keyOf: (container: Container) => string,
): Map<string, Container[]> {
  const groups = new Map<string, Container[]>();
  for (const container of containers) {
    const key = keyOf(container);
    const group = groups.get(key);
    if (group) group.push(container);
    else groups.set(key, [container]);
  }
  return groups;
}

function workloadKey({ workload, resource }: Container): string {
  const { cluster, namespace, kind, name } = workload;
  return name === undefined
    ? `none:${resource.id}`
    : JSON.stringify([cluster, namespace, kind, name]);
}

/** The same container of the same pod. */
function placeKey({ workload, resource }: Container): string {
  const { cluster, namespace, pod, container } = workload;
  const uid = resource.attributes[ATTRIBUTE.podUid];
  return JSON.stringify([cluster, namespace, pod, uid, container]);
}

function containerKey(container: Container): string {
  return JSON.stringify([workloadKey(container), container.workload.container]);
}

/** What the pods of a workload have in common, without pod and node. */
function commonOf({ cluster, namespace, kind, name }: Workload): Workload {
  return { cluster, namespace, kind, name };
}

/**
 * The template of a Deployment's pod: its ReplicaSet names pods `<deployment>-<template hash>-<suffix>`. Undefined for
 * other kinds, whose pods do not tell.
 */
export function templateOf({ kind, name, pod }: Workload): string | undefined {
  if (kind !== 'Deployment' || name === undefined || pod === undefined) {
    return undefined;
  }
  if (!pod.startsWith(`${name}-`)) return undefined;
  const steps = pod.slice(name.length + 1).split('-');
  return steps.length === 2 ? steps[0] : undefined;
}

/** New pods of a workload, those of a new template as a rollout. The first that was ever seen is no change. */
function podChanges(containers: readonly Container[]): Change[] {
  const pods = new Map<string, Container>();
  for (const container of containers) {
    const uid = container.resource.attributes[ATTRIBUTE.podUid];
    const key = JSON.stringify([container.workload.pod, uid]);
    if (!pods.has(key)) pods.set(key, container);
  }
  const changes: (Change & { pods: number })[] = [];
  const [first, ...others] = pods.values();
  // Pods that were there when they were first looked at came at no known time.
  const startMs = first.resource.firstSeenMs + TOGETHER_MS;
  let template = templateOf(first.workload);
  let lastMs = first.resource.firstSeenMs;
  for (const { resource, workload } of others) {
    const at = resource.firstSeenMs;
    const own = templateOf(workload);
    const isRollout = own !== template;
    const last = changes[changes.length - 1];
    if (isRollout) {
      changes.push({
        at,
        kind: 'rollout',
        workload: commonOf(workload),
        text: `rollout of ${workloadName(commonOf(workload))} (${template} \u2192 ${own})`,
        pods: 1,
      });
    } else if (last && at - lastMs <= TOGETHER_MS) last.pods++;
    else if (at > startMs) {
      changes.push({
        at,
        kind: 'pods',
        workload: commonOf(workload),
        text: '',
        pods: 1,
      });
    }
    template = own;
    lastMs = at;
  }
  return changes.map(({ pods: count, ...change }) =>
    change.kind === 'pods'
      ? {
          ...change,
          text: `${count} new ${count === 1 ? 'pod' : 'pods'} of ${workloadName(change.workload)}`,
        }
      : change,
  );
}

/** Another container id under the same name in the same pod. */
function restarts(containers: readonly Container[]): Change[] {
  const seen = new Set<unknown>();
  return containers.flatMap(({ resource, workload }): Change[] => {
    const id = resource.attributes[ATTRIBUTE.containerId];
    if (id === undefined || seen.has(id)) return [];
    seen.add(id);
    if (seen.size === 1) return [];
    return [
      {
        at: resource.firstSeenMs,
        kind: 'restart',
        workload,
        text: `${workload.container} of ${workload.pod} restarted`,
      },
    ];
  });
}

/** Only where the sender knows what a container was started from. */
function imageChanges(containers: readonly Container[]): Change[] {
  let image: string | undefined;
  return containers.flatMap(({ resource, workload }): Change[] => {
    const { [ATTRIBUTE.imageName]: name, [ATTRIBUTE.imageTags]: tags } =
      resource.attributes;
    if (name === undefined) return [];
    const before = image;
    image = tags === undefined ? String(name) : `${name}:${tagOf(tags)}`;
    if (before === undefined || before === image) return [];
    return [
      {
        at: resource.firstSeenMs,
        kind: 'image',
        workload: { ...commonOf(workload), container: workload.container },
        text: `image of ${workload.container} ${before} \u2192 ${image}`,
      },
    ];
  });
}

/** Tags are a list, which comes as JSON text; or one tag. */
function tagOf(tags: string | number | boolean): string {
  return String(tags)
    .replace(/^\["?|"?\]$/g, '')
    .split('","')[0];
}

/** Of the newest pod of each window, so that a rollout with another limit shows as one change. */
function cpuChanges(
  facts: Pick<Facts, 'axis' | 'series'>,
  metric: typeof METRIC.cpuLimit | typeof METRIC.cpuRequest,
  kind: 'limit' | 'request',
  word: string,
): Change[] {
  const containers = seriesOf(facts, metric)
    .map(item => ({ ...item, workload: workloadOf(item.resource) }))
    .filter(({ workload }) => workload.container !== undefined)
    // The newest last: its value stands.
    .sort((a, b) => a.resource.firstSeenMs - b.resource.firstSeenMs);
  const byContainer = new Map<string, typeof containers>();
  for (const item of containers) {
    const key = containerKey(item);
    byContainer.set(key, [...(byContainer.get(key) ?? []), item]);
  }
  return [...byContainer.values()].flatMap(members => {
    const changes: { window: number; before: number; value: number }[] = [];
    const { workload } = members[0];
    let before: number | undefined;
    for (let window = 0; window < facts.axis.count; window++) {
      const value = members.findLast(
        ({ windows }) => windows.values[window] !== undefined,
      )?.windows.values[window];
      if (value === undefined) continue;
      if (before !== undefined && value !== before) {
        changes.push({ window, before, value });
      }
      before = value;
    }
    // Only the newest are told: nobody would read the words for all others.
    return changes.slice(-MAX_MARKERS).map((change): Change => ({
      at: startOf(facts.axis, change.window),
      kind,
      workload: { ...commonOf(workload), container: workload.container },
      text: `${word} of ${workload.container} ${cpus(change.before)} \u2192 ${cpus(change.value)}`,
    }));
  });
}
