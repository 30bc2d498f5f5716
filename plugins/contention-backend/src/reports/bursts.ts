/**
 * Whether a wait comes in bursts, and how often: of windows of equal length, each as its agent sent it. Knows numbers only;
 * refuses to know who waits, and for what. What is shorter than a window is not seen in one: of bursts only the longest that
 * they can be is told. Pure.
 */
import type { Bursts } from 'backstage-plugin-contention-common';

/** Fewer windows than this show no pattern. */
const LEAST_WINDOWS = 12;

/** One or two of them are episodes, and have a start and an end of their own. */
const LEAST_BURSTS = 3;

/** Bursts hold this much of all waiting, in no more than half of the windows. What is steady holds as much in four of five. */
const BURSTS_HOLD = 0.8;

/** A window is of a burst from this share of the mean on: what is steady is in none by that, but in one throughout. */
const SHARE_OF_MEAN = 0.5;

/**
 * Distances between beginnings of bursts that a rhythm is told by, and the share of them that must be the same: as long as
 * one number of windows or as the next, which is what a rhythm of any length looks like in windows. Of windows that are of a
 * burst by the toss of a coin, whichever its odds, under one in a hundred looks like that (bursts.test.ts).
 */
const LEAST_DISTANCES = 8;
const SAME_DISTANCES = 0.9;

/** Windows of one burst: `length` of them, after a `pause` of so many. */
interface Burst {
  first: number;
  length: number;
  /** Absent where what was before is not known. */
  pause?: number;
}

/**
 * @param values - seconds of waiting in each window; null is a gap
 * @param windowSeconds - length of a window
 * @returns undefined where it is steady, or cannot be told
 */
export function burstsIn(
  values: readonly (number | null)[],
  windowSeconds: number,
): Bursts | undefined {
  const known = values.filter(value => value !== null);
  if (known.length < LEAST_WINDOWS) return undefined;
  const all = sum(known);
  const least = (SHARE_OF_MEAN * all) / known.length;
  const isIn = (value: number | null) =>
    value !== null && value > 0 && value >= least;
  const held = known.filter(isIn);
  const bursts = burstsOf(values, isIn);
  const isSparse = 2 * held.length <= known.length + 1;
  if (!isSparse || sum(held) < BURSTS_HOLD * all) return undefined;
  if (bursts.length < LEAST_BURSTS) return undefined;
  const every = rhythmOf(bursts);
  return {
    share: sum(held) / all,
    windows: held.length,
    ofWindows: known.length,
    windowSeconds,
    longestSeconds:
      Math.max(...bursts.map(({ length }) => length)) * windowSeconds,
    ...(every === undefined ? {} : { everySeconds: every * windowSeconds }),
  };
}

function burstsOf(
  values: readonly (number | null)[],
  isIn: (value: number | null) => boolean,
): Burst[] {
  const bursts: Burst[] = [];
  // Windows since the last one.
  let pause: number | undefined;
  values.forEach((value, window) => {
    const last = bursts[bursts.length - 1];
    if (isIn(value)) {
      if (pause === 0) last.length += 1;
      else bursts.push({ first: window, length: 1, pause });
      pause = 0;
    } else if (value === null) pause = undefined;
    else if (pause !== undefined) pause += 1;
  });
  return bursts;
}

/**
 * Windows from one beginning to the next; undefined: there is no rhythm, or one that windows of this length cannot show. Bursts
 * of several windows with a pause of a single one could as well be more bursts than that, closer together than a window is long.
 */
function rhythmOf(bursts: readonly Burst[]): number | undefined {
  const next = bursts.flatMap((burst, index) => {
    const before = bursts[index - 1];
    return before && burst.pause !== undefined ? [{ before, burst }] : [];
  });
  if (next.length < LEAST_DISTANCES) return undefined;
  const clear = next.filter(
    ({ before, burst }) => before.length === 1 || burst.pause! > 1,
  );
  const distances = clear.map(
    ({ before, burst }) => burst.first - before.first,
  );
  const about = (windows: number) =>
    distances.filter(
      distance => distance === windows || distance === windows + 1,
    );
  const same = [...new Set(distances)]
    .map(about)
    .reduce((a, b) => (b.length > a.length ? b : a), []);
  return same.length >= SAME_DISTANCES * next.length
    ? sum(same) / same.length
    : undefined;
}

function sum(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0);
}
