// What the kubelet writes into cgroups for a CPU request and limit. Pure arithmetic; the formulas are those of
// pkg/kubelet/cm/helpers_linux.go and, for v2, the conversion that runc and crun share.

const SHARES_PER_CPU = 1024;
const MIN_SHARES = 2;
const MAX_SHARES = 262_144;
const MIN_QUOTA_US = 1000;

/** Period over which quotas are handed out, us. */
export const PERIOD_US = 100_000;

/** `cpu.shares` (v1) of a request in thousandths of a CPU. */
export function milliCpuToShares(milliCpu) {
  if (milliCpu === 0) return MIN_SHARES;
  const shares = Math.floor((milliCpu * SHARES_PER_CPU) / 1000);
  return Math.min(MAX_SHARES, Math.max(MIN_SHARES, shares));
}

/** `cpu.weight` (v2) of v1 shares. */
export const sharesToWeight = shares =>
  Math.floor(1 + ((shares - MIN_SHARES) * 9999) / (MAX_SHARES - MIN_SHARES));

/** `cpu.cfs_quota_us` of a limit in thousandths of a CPU; undefined when there is no limit. */
export function milliCpuToQuota(milliCpu) {
  if (!milliCpu) return undefined;
  return Math.max(MIN_QUOTA_US, Math.floor((milliCpu * PERIOD_US) / 1000));
}

/**
 * Requests and limits of a pod and its containers, in thousandths of a CPU. The pod's are its own where it has some
 * (pod-level resources), otherwise the sum of its containers'; a pod has a limit only if all containers have one. A
 * container without a limit in a pod with one is given the pod's (kuberuntime's getCPULimit).
 */
export function podCpu(service) {
  const sum = field =>
    service.containers.reduce((total, each) => total + (each[field] ?? 0), 0);
  const allLimited = service.containers.every(each => each.cpuLimit);
  return {
    request: service.podCpuRequest ?? sum('cpuRequest'),
    limit: service.podCpuLimit ?? (allLimited ? sum('cpuLimit') : undefined),
    containers: service.containers.map(each => ({
      name: each.name,
      request: each.cpuRequest ?? 0,
      limit: each.cpuLimit ?? service.podCpuLimit,
    })),
  };
}
