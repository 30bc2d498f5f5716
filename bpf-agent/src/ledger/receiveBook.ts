/**
 * The kernel's books on packets that came in (/proc/net/softnet_stat): how many, how many there was no room for, and how often there
 * was no time for all. Knows the file's format; names nothing.
 */
import { readFileSync } from 'node:fs';
import { startUnixNsOf, type Instant } from '../instant';

/** Since boot, or since the last reading; of all CPUs. */
export interface ReceiveLedger {
  packets: bigint;
  /** Because the backlog of a CPU was full (net.core.netdev_max_backlog). */
  drops: bigint;
  /** Times that a round of receiving ended with packets left: its budget was used up (net.core.netdev_budget). */
  squeezed: bigint;
}

export interface ReceiveEntry extends ReceiveLedger {
  /** Edges of the two readings: not quite those of the frame. */
  startUnixNs: bigint;
  endUnixNs: bigint;
}

const SOFTNET_STAT = '/proc/net/softnet_stat';

/** A line a CPU, of hexadecimal numbers: processed, dropped, squeezed, and others. */
export function parseSoftnetStat(text: string): ReceiveLedger {
  const sum: ReceiveLedger = { packets: 0n, drops: 0n, squeezed: 0n };
  for (const line of text.split('\n')) {
    const [packets, drops, squeezed] = line.trim().split(/\s+/);
    if (squeezed === undefined) continue;
    sum.packets += BigInt(`0x${packets}`);
    sum.drops += BigInt(`0x${drops}`);
    sum.squeezed += BigInt(`0x${squeezed}`);
  }
  return sum;
}

/** @returns undefined where there is no such file: not on this kernel, or not in this sandbox */
export function readReceive(): ReceiveLedger | undefined {
  try {
    return parseSoftnetStat(readFileSync(SOFTNET_STAT, 'utf8'));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'EACCES') return undefined;
    throw error;
  }
}

/** Keeps the last reading and says what was added since. Counters that went back (they have 32 bits) begin anew. */
export class ReceiveBook {
  #last?: { ledger: ReceiveLedger; at: Instant };

  /** @returns undefined for the first reading, and where there is none */
  take(
    ledger: ReceiveLedger | undefined,
    at: Instant,
  ): ReceiveEntry | undefined {
    const last = this.#last;
    this.#last = ledger && { ledger, at };
    if (!last || !ledger) return undefined;
    const since = (name: keyof ReceiveLedger) => {
      const delta = ledger[name] - last.ledger[name];
      return delta < 0n ? 0n : delta;
    };
    return {
      packets: since('packets'),
      drops: since('drops'),
      squeezed: since('squeezed'),
      startUnixNs: startUnixNsOf(last.at, at),
      endUnixNs: at.unixNs,
    };
  }
}
