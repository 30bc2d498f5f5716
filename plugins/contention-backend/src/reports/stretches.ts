/** Stretches of windows in which a service was held up. Pure. */
import type { Axis } from '../store';
import { startOf, sumIn, sumOf, type WindowStretch } from './facts';
import {
  BRIDGED_WINDOWS,
  HELD_SECONDS_PER_SECOND,
  HELD_SHARE,
  SERIOUS_SHARE,
  TOLD_SECONDS,
} from './thresholds';

/** Windows in which a service was held up. */
export interface HeldStretch extends WindowStretch {
  /** Held up in the newest window with data. */
  ongoing: boolean;
  /** Of waiting for the reason in question. */
  seconds: number;
}

export interface HeldInput {
  axis: Axis;
  coveredSeconds: readonly number[];
  /** Seconds of waiting for one reason. */
  part: readonly number[];
  /** Seconds that the service wanted to run. */
  wanted: readonly number[];
  /** The newest window with data. */
  newest: number;
  /**
   * What comes in bursts goes on between them: a pause at the end is none while it is no longer than pauses before it. For
   * what is held so far apart that whole windows are empty in between.
   */
  comesInBursts?: boolean;
}

export function isHeld(
  { coveredSeconds, part, wanted }: HeldInput,
  window: number,
): boolean {
  const covered = coveredSeconds[window];
  return (
    covered > 0 &&
    part[window] >= HELD_SHARE * wanted[window] &&
    part[window] >= HELD_SECONDS_PER_SECOND * covered
  );
}

/** All stretches that are worth telling, oldest first. */
export function heldStretches(input: HeldInput): HeldStretch[] {
  const { part, newest, comesInBursts = false } = input;
  const found: HeldStretch[] = [];
  const pauses: number[] = [];
  for (let window = 0; window <= newest; window++) {
    if (!isHeld(input, window)) continue;
    const last = found[found.length - 1];
    if (last && window - last.last <= BRIDGED_WINDOWS + 1) {
      if (window - last.last > 1) pauses.push(window - last.last);
      last.last = window;
    } else {
      found.push({ first: window, last: window, ongoing: false, seconds: 0 });
      pauses.length = 0;
    }
  }
  if (found.length === 0) return found;
  // Of the newest stretch; twice, so that a single gap is no rhythm.
  const [, pause = 0] = pauses.sort((a, b) => b - a);
  for (const stretch of found) {
    const since = newest - stretch.last;
    stretch.ongoing = since === 0 || (comesInBursts && since < pause);
    stretch.seconds = sumIn(part, stretch);
  }
  const all = {
    wantedSeconds: sumOf(input.wanted),
    coveredSeconds: sumOf(input.coveredSeconds),
  };
  return found.filter(stretch => isTold(input, stretch, all));
}

/** @param all - of the whole range */
function isTold(
  { axis, part, wanted }: HeldInput,
  stretch: HeldStretch,
  all: { wantedSeconds: number; coveredSeconds: number },
): boolean {
  const windows = stretch.last - stretch.first + 1;
  if (stretch.ongoing) {
    // One window may be chance, unless it is a bad one.
    return (
      windows >= 2 || part[stretch.last] >= SERIOUS_SHARE * wanted[stretch.last]
    );
  }
  const lasted = (windows * axis.stepMs) / 1000;
  return (
    (windows >= 2 && lasted >= TOLD_SECONDS) ||
    (stretch.seconds >= HELD_SHARE * all.wantedSeconds &&
      stretch.seconds >= HELD_SECONDS_PER_SECOND * all.coveredSeconds)
  );
}

export function stretchStartMs(axis: Axis, stretch: HeldStretch): number {
  return startOf(axis, stretch.first);
}

export function stretchEndMs(axis: Axis, stretch: HeldStretch): number {
  return startOf(axis, stretch.last + 1);
}
