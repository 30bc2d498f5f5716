/**
 * What of the time that a quota stopped somebody would surely be gone with a higher one: arithmetic of one quota. Knows
 * numbers only, and imports nothing, so that tests on a real kernel hold it against that. Pure.
 *
 * Let x be the CPU seconds for which run queues stood still in one period in which the quota ran out. With d more CPU seconds
 * a period, whoever is stopped goes on for d of CPU time first, and each of these is one for which a queue does not stand
 * still; so at most max(0, x - d) is left, and min(x, d) or more is gone. What was left over for later periods is less with
 * a higher quota, never more. The same work is taken to be asked for at the same times, on the same CPUs.
 *
 * The ledger has only the sum T of all x, and their number n. Between them lies any spread: min(x, d) is concave in x, so
 * least is gone where few periods hold most of it. How far that goes is bounded twice: in none can more than all CPUs
 * have stood still, and each x is at least as long as one thread stood still in that period; at worst, the n shortest.
 *
 * There is no such bound from above: queues that stood still for long may have had next to nothing left to do, and with the
 * least more of budget all could be gone. Work without end loses what is said here (higherLimit.test.ts).
 */

/** What is known of the periods in which a quota ran out. */
export interface Stopped {
  /** Number of such periods. */
  periods: number;
  /** CPU seconds for which run queues stood still, in all of them. */
  seconds: number;
  /** How long threads stood still, at least, seconds, and how many of them so long; shortest first, empty if not known. */
  stalls: readonly Stalls[];
  /** CPU seconds for which run queues can have stood still in one period at most; Infinity if not known. */
  mostSeconds: number;
}

export type Stalls = readonly [seconds: number, count: number];

/**
 * CPU seconds of the stopped time that are gone, at least, with a quota of more CPU seconds each period.
 * @param moreSeconds - CPU seconds by which each period's budget is larger; 0 or more
 * @returns 0 to `stopped.seconds`; never falls while `moreSeconds` rises
 */
export function leastGone(stopped: Stopped, moreSeconds: number): number {
  const { seconds } = stopped;
  const least = leastOfPeriods(stopped);
  const most = mostOfPeriod(stopped);
  if (moreSeconds >= most) return seconds;
  const surely = sum(least.map(([each, count]) => each * count));
  const gone = sum(
    least.map(([each, count]) => Math.min(each, moreSeconds) * count),
  );
  // What threads stood still is read from another book, and may be a little more than the ledger has.
  if (surely >= seconds) return gone * (seconds / surely);
  if (most === Infinity) return gone;
  // Whatever the shortest do not explain goes where least of it is gone: on top of the longest, up to the most.
  let rest = seconds - surely;
  let goneOfRest = 0;
  for (const [each, count] of least.toReversed()) {
    const here = Math.min(rest, count * (most - each));
    if (here <= 0) continue;
    rest -= here;
    goneOfRest += (here * Math.max(0, moreSeconds - each)) / (most - each);
  }
  return Math.min(seconds, gone + goneOfRest);
}

/** Enough for any budget, in halvings: a billionth of the range. */
const HALVINGS = 30;

/**
 * The least by which the budget of each period must be larger for a share of the stopped time to be surely gone.
 * @param share - of `stopped.seconds`, 0 to 1
 * @returns CPU seconds, too much by a billionth at most; undefined if no budget is known to be enough
 */
export function leastMoreFor(
  stopped: Stopped,
  share: number,
): number | undefined {
  const isEnough = (moreSeconds: number) =>
    leastGone(stopped, moreSeconds) >= share * stopped.seconds;
  const most = mostOfPeriod(stopped);
  let high = most === Infinity ? (stopped.stalls.at(-1)?.[0] ?? 0) : most;
  if (!isEnough(high)) return undefined;
  let low = 0;
  for (let halving = 0; halving < HALVINGS; halving++) {
    const middle = (low + high) / 2;
    if (isEnough(middle)) high = middle;
    else low = middle;
  }
  return high;
}

/**
 * The least for which queues stood still in each period, shortest first: one thread's stall each, the shortest there are; nothing
 * in those for which there is none.
 */
function leastOfPeriods({ periods, stalls }: Stopped): Stalls[] {
  const least: Stalls[] = [];
  let left = periods;
  for (const [each, count] of stalls) {
    const taken = Math.min(left, count);
    if (taken > 0) least.push([each, taken]);
    left -= taken;
  }
  return left > 0 ? [[0, left], ...least] : least;
}

/** Never less than the mean, whatever else is known. */
function mostOfPeriod({ mostSeconds, seconds, periods }: Stopped): number {
  return Math.max(mostSeconds, seconds / periods);
}

function sum(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0);
}
