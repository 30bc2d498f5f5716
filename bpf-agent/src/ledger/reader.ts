/**
 * Reads the kernel's own books on a cgroup: quota enforcement, user and system time, limit and weight. File system
 * only; nothing here is subtracted or named.
 */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { cpusOfShares, cpusOfWeight } from '../identity/cpuQuantity';
import type { Frame } from '../sensor/frame';
import {
  cpusOfMax,
  cpusOfQuota,
  modeLedger,
  parseFlatKeyed,
  quotaLedger,
  type ModeLedger,
  type QuotaLedger,
} from './cgroupFiles';

/** One reading of one cgroup; what its hierarchy does not have is absent. */
export interface LedgerReading {
  quota?: QuotaLedger;
  mode?: ModeLedger;
  limitCpus?: number;
  /** What its weight was made from, if the kubelet made it. */
  weightCpus?: number;
}

export interface LedgerReader {
  /** @returns undefined for a cgroup that is gone */
  read(path: string): LedgerReading | undefined;
}

/** A cgroup may vanish between two files; that is not worth a word. Anything else is. */
function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENODEV') return undefined;
    throw error;
  }
}

class UnifiedLedger implements LedgerReader {
  constructor(private readonly mount: string) {}

  read(path: string): LedgerReading | undefined {
    const directory = join(this.mount, path);
    const stat = readIfThere(join(directory, 'cpu.stat'));
    if (stat === undefined) return undefined;
    const values = parseFlatKeyed(stat);
    const max = readIfThere(join(directory, 'cpu.max'));
    const weight = readIfThere(join(directory, 'cpu.weight'));
    return {
      quota: quotaLedger(values),
      mode: modeLedger(values),
      limitCpus: max === undefined ? undefined : cpusOfMax(max),
      weightCpus:
        weight === undefined ? undefined : cpusOfWeight(Number(weight)),
    };
  }
}

class VersionOneLedger implements LedgerReader {
  constructor(
    private readonly cpuMount: string,
    /** Mount of the `cpuacct` controller, if there is one. */
    private readonly accountMount: string | undefined,
  ) {}

  read(path: string): LedgerReading | undefined {
    const directory = join(this.cpuMount, path);
    const stat = readIfThere(join(directory, 'cpu.stat'));
    if (stat === undefined) return undefined;
    const quota = readIfThere(join(directory, 'cpu.cfs_quota_us'));
    const period =
      Number(quota) > 0
        ? readIfThere(join(directory, 'cpu.cfs_period_us'))
        : undefined;
    const shares = readIfThere(join(directory, 'cpu.shares'));
    return {
      quota: quotaLedger(parseFlatKeyed(stat)),
      mode: this.#mode(path),
      limitCpus: cpusOfQuota(Number(quota ?? -1), Number(period ?? 0)),
      weightCpus:
        shares === undefined ? undefined : cpusOfShares(Number(shares)),
    };
  }

  #mode(path: string): ModeLedger | undefined {
    if (this.accountMount === undefined) return undefined;
    const directory = join(this.accountMount, path);
    const user = readIfThere(join(directory, 'cpuacct.usage_user'));
    const system = readIfThere(join(directory, 'cpuacct.usage_sys'));
    return user === undefined || system === undefined
      ? undefined
      : { userNs: BigInt(user.trim()), systemNs: BigInt(system.trim()) };
  }
}

/**
 * @param hostRoot - where the host's file system is seen from here: `/`, or e.g. `/host` in a container
 */
export function openLedger(
  hierarchy: Frame['hierarchy'],
  hostRoot: string,
): LedgerReader {
  const mount = join(hostRoot, hierarchy.mount);
  if (hierarchy.version === 2) return new UnifiedLedger(mount);
  // `cpu` and `cpuacct` are usually one mount, and side by side otherwise.
  const account = [mount, join(dirname(mount), 'cpuacct')].find(candidate =>
    existsSync(join(candidate, 'cpuacct.usage_user')),
  );
  return new VersionOneLedger(mount, account);
}
