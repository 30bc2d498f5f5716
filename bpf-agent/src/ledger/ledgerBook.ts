/**
 * Keeps the last reading of each cgroup and says what was added since. Pure but for the reader and clock it is given.
 */
import { startUnixNsOf, type Instant } from '../instant';
import type { ModeLedger, QuotaLedger } from './cgroupFiles';
import type { LedgerReader, LedgerReading } from './reader';

/** What the books of one cgroup say about the time between two readings. */
export interface LedgerEntry {
  path: string;
  /** Edges of the two readings: not quite those of the frame. */
  startUnixNs: bigint;
  endUnixNs: bigint;
  quota?: QuotaLedger;
  /** For the share of user and system only: since the last reading, or ever where nothing was added since. */
  mode?: ModeLedger;
  /** CPU time since the last reading. */
  used?: ModeLedger;
  limitCpus?: number;
  weightCpus?: number;
}

const NO_TIME: ModeLedger = { userNs: 0n, systemNs: 0n };

const NO_QUOTA: QuotaLedger = {
  periods: 0n,
  throttledPeriods: 0n,
  throttledNs: 0n,
};

/** Counters that went backwards belong to a new cgroup of the same path: all they say is new. */
export function quotaSince(
  before: QuotaLedger,
  after: QuotaLedger,
): QuotaLedger {
  const delta = {
    periods: after.periods - before.periods,
    throttledPeriods: after.throttledPeriods - before.throttledPeriods,
    throttledNs: after.throttledNs - before.throttledNs,
  };
  return delta.periods < 0n ||
    delta.throttledPeriods < 0n ||
    delta.throttledNs < 0n
    ? after
    : delta;
}

function modeSince(
  before: ModeLedger | undefined,
  after: ModeLedger,
): ModeLedger {
  if (!before) return after;
  const userNs = after.userNs - before.userNs;
  const systemNs = after.systemNs - before.systemNs;
  const usable = userNs >= 0n && systemNs >= 0n && userNs + systemNs > 0n;
  return usable ? { userNs, systemNs } : after;
}

/** As `quotaSince`: counters that went backwards are those of a new cgroup. */
function usedSince(before: ModeLedger, after: ModeLedger): ModeLedger {
  const userNs = after.userNs - before.userNs;
  const systemNs = after.systemNs - before.systemNs;
  return userNs < 0n || systemNs < 0n ? after : { userNs, systemNs };
}

export class LedgerBook {
  #last = new Map<string, LedgerReading>();
  #lastInstant?: Instant;

  /**
   * Reads each cgroup once. The first time there is nothing to compare with and no quota to report; a cgroup that was
   * not there at the last reading was made since, and its counters started at zero.
   * @param paths - of all cgroups that are alive
   * @param now - of both clocks: the wall clock may have been set since the last reading
   */
  read(
    reader: LedgerReader,
    paths: Iterable<string>,
    now: Instant,
  ): LedgerEntry[] {
    const last = this.#last;
    const lastInstant = this.#lastInstant;
    const endUnixNs = now.unixNs;
    const startUnixNs = startUnixNsOf(lastInstant ?? now, now);
    const next = new Map<string, LedgerReading>();
    const entries: LedgerEntry[] = [];
    for (const path of paths) {
      const reading = reader.read(path);
      if (!reading) continue;
      next.set(path, reading);
      const before = last.get(path);
      entries.push({
        path,
        startUnixNs,
        endUnixNs,
        quota:
          reading.quota && lastInstant !== undefined
            ? quotaSince(before?.quota ?? NO_QUOTA, reading.quota)
            : undefined,
        mode: reading.mode && modeSince(before?.mode, reading.mode),
        used:
          reading.mode && lastInstant !== undefined
            ? usedSince(before?.mode ?? NO_TIME, reading.mode)
            : undefined,
        limitCpus: reading.limitCpus,
        weightCpus: reading.weightCpus,
      });
    }
    this.#last = next;
    this.#lastInstant = now;
    return entries;
  }
}
