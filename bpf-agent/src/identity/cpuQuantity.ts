/** CPU amounts as Kubernetes and cgroups write them, in CPUs. Pure arithmetic. */
import type { ContainerSpec, Pod } from './pod';

const SUFFIX: Record<string, number> = {
  n: 1e9,
  u: 1e6,
  m: 1e3,
  '': 1,
};

/**
 * A Kubernetes quantity of CPU: `250m`, `1`, `0.5`, `1e-1`.
 * @returns undefined for what is no such quantity
 */
export function cpusOfQuantity(
  quantity: string | number | undefined,
): number | undefined {
  if (quantity === undefined) return undefined;
  const match = /^([0-9.]+(?:[eE][+-]?\d+)?)([num]?)$/.exec(String(quantity));
  if (!match) return undefined;
  const value = Number(match[1]) / SUFFIX[match[2]];
  return Number.isFinite(value) ? value : undefined;
}

/** CPUs that `cpu.shares` was made from; the kubelet writes 1024 shares a CPU and 2 for no request. */
export function cpusOfShares(shares: number): number | undefined {
  return shares > 2 ? shares / 1024 : undefined;
}

/**
 * CPUs that `cpu.weight` was made from, by the conversion of KEP-2254 (weight = 1 + (shares - 2) * 9999 / 262142).
 * Exact to one weight, i.e. 26 shares.
 */
export function cpusOfWeight(weight: number): number | undefined {
  if (weight <= 1) return undefined;
  return cpusOfShares(2 + ((weight - 1) * 262142) / 9999);
}

function requested(spec: ContainerSpec): number {
  return cpusOfQuantity(spec.resources?.requests?.cpu) ?? 0;
}

/** What a container asks for, CPUs; undefined if nothing. */
export function containerRequestCpus(spec: ContainerSpec): number | undefined {
  return cpusOfQuantity(spec.resources?.requests?.cpu);
}

/**
 * What a pod asks for as the scheduler counts it, CPUs: pod-level resources if set; else its containers and sidecars
 * together, or the largest init container with the sidecars started before it, whichever is more; plus overhead.
 * @returns undefined if nothing is asked for
 */
export function podRequestCpus(pod: Pod): number | undefined {
  const overhead = cpusOfQuantity(pod.spec?.overhead?.cpu) ?? 0;
  const podLevel = cpusOfQuantity(pod.spec?.resources?.requests?.cpu);
  if (podLevel !== undefined) return podLevel + overhead;
  let sidecars = 0;
  let largestInit = 0;
  for (const init of pod.spec?.initContainers ?? []) {
    if (init.restartPolicy === 'Always') {
      sidecars += requested(init);
      largestInit = Math.max(largestInit, sidecars);
    } else {
      largestInit = Math.max(largestInit, sidecars + requested(init));
    }
  }
  const running = (pod.spec?.containers ?? []).reduce(
    (sum, spec) => sum + requested(spec),
    sidecars,
  );
  const total = Math.max(running, largestInit) + overhead;
  return total > 0 ? total : undefined;
}
