// How much of this machine's CPU time the hypervisor gave to others, and waiting until it is little.
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/** From this share on, times that a test expects are no longer those of the kernel alone. */
const QUIET_SHARE = 0.05;

/** How long one look takes, and how long to wait for quiet at the most, ms. */
const LOOK_MS = 2_000;
const MOST_MS = 30_000;

/** CPU time so far, of all CPUs, in ticks: what was stolen, and all of it (proc_stat(5)). */
export function cpuTicks() {
  const [line] = readFileSync('/proc/stat', 'utf8').split('\n');
  const [, ...ticks] = line.split(/ +/).map(Number);
  // Guests' time is part of what user and nice say.
  const [all, stolen] = [ticks.slice(0, 8), ticks[7]];
  return { all: all.reduce((sum, part) => sum + part, 0), stolen };
}

/** Share of the CPU time since `before` that was stolen. */
export function stolenSince(before) {
  const now = cpuTicks();
  return (now.stolen - before.stolen) / Math.max(1, now.all - before.all);
}

/** Resolves when little is stolen; after half a minute, anyway. */
export async function untilQuiet() {
  const end = Date.now() + MOST_MS;
  let share = 1;
  while (share > QUIET_SHARE && Date.now() < end) {
    const before = cpuTicks();
    await sleep(LOOK_MS);
    share = stolenSince(before);
  }
}
