/** CPU that a party used and asked for, on average over the windows in which it ran. Pure. */
import { sumOf, type Usage } from './facts';

/** One container: undefined where it sent nothing. */
export interface UsageOfOne {
  /** CPU seconds of each window. */
  cpu: readonly (number | undefined)[];
  /** CPUs asked for; a gauge. */
  request: readonly (number | undefined)[];
}

/**
 * Requests count only while their container lived, from its first to its last value: twenty-four jobs of one hour each
 * never asked for more than one of them does. What is idle in between sends nothing, and still asks.
 */
export function usageOfParty(
  containers: readonly UsageOfOne[],
  coveredSeconds: readonly number[],
): Usage {
  const count = coveredSeconds.length;
  const used = new Array<number>(count).fill(0);
  const asked = new Array<number | undefined>(count).fill(undefined);
  const isThere = new Array<boolean>(count).fill(false);
  for (const { cpu, request } of containers) {
    const hasValue = (_: unknown, window: number) =>
      cpu[window] !== undefined || request[window] !== undefined;
    const first = isThere.findIndex(hasValue);
    const last = isThere.findLastIndex(hasValue);
    if (first < 0) continue;
    let current = request.find(value => value !== undefined);
    for (let window = first; window <= last; window++) {
      current = request[window] ?? current;
      isThere[window] = true;
      used[window] += cpu[window] ?? 0;
      if (current !== undefined) {
        asked[window] = (asked[window] ?? 0) + current;
      }
    }
  }
  const seconds = coveredSeconds.map((value, window) =>
    isThere[window] ? value : 0,
  );
  const all = sumOf(seconds);
  if (all === 0) return {};
  const isAsked = asked.some(value => value !== undefined);
  return {
    cpuMean: sumOf(used) / all,
    cpuRequest: isAsked
      ? sumOf(asked.map((value, window) => (value ?? 0) * seconds[window])) /
        all
      : undefined,
  };
}
