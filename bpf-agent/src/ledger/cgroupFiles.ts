/** The text of a cgroup's CPU files, parsed. Pure; units are in the names. */

/** What `cpu.stat` counts of quota enforcement since the cgroup was made. */
export interface QuotaLedger {
  periods: bigint;
  throttledPeriods: bigint;
  /** Per CPU queue, added up. */
  throttledNs: bigint;
}

/** CPU time since the cgroup was made, descendants included. */
export interface ModeLedger {
  userNs: bigint;
  systemNs: bigint;
}

/** Flat keyed file: `key value` a line. */
export function parseFlatKeyed(text: string): Map<string, bigint> {
  const values = new Map<string, bigint>();
  for (const line of text.split('\n')) {
    const match = /^(\S+) (\d+)$/.exec(line);
    if (match) values.set(match[1], BigInt(match[2]));
  }
  return values;
}

/**
 * Quota enforcement from `cpu.stat` of either version.
 * @returns undefined where the file has no such lines (the root of the unified hierarchy)
 */
export function quotaLedger(
  stat: ReadonlyMap<string, bigint>,
): QuotaLedger | undefined {
  const periods = stat.get('nr_periods');
  const throttledPeriods = stat.get('nr_throttled');
  const v1Ns = stat.get('throttled_time');
  const v2Us = stat.get('throttled_usec');
  const throttledNs = v1Ns ?? (v2Us === undefined ? undefined : v2Us * 1000n);
  return periods === undefined ||
    throttledPeriods === undefined ||
    throttledNs === undefined
    ? undefined
    : { periods, throttledPeriods, throttledNs };
}

/** User and system time from the unified hierarchy's `cpu.stat`. */
export function modeLedger(
  stat: ReadonlyMap<string, bigint>,
): ModeLedger | undefined {
  const userUs = stat.get('user_usec');
  const systemUs = stat.get('system_usec');
  return userUs === undefined || systemUs === undefined
    ? undefined
    : { userNs: userUs * 1000n, systemNs: systemUs * 1000n };
}

/** `cpu.max` (`max 100000` or `20000 100000`): CPUs, undefined for no limit. */
export function cpusOfMax(text: string): number | undefined {
  const match = /^(\d+) (\d+)\s*$/.exec(text);
  return match ? cpusOfQuota(Number(match[1]), Number(match[2])) : undefined;
}

/** Quota and period, µs (v1 writes -1 for no quota): CPUs, undefined for no limit. */
export function cpusOfQuota(
  quotaUs: number,
  periodUs: number,
): number | undefined {
  return quotaUs > 0 && periodUs > 0 ? quotaUs / periodUs : undefined;
}
