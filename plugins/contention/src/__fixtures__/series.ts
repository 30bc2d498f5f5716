/** Invented measurements as functions of time, so that zooming in shows the same story in finer windows. No randomness. */
import type { TimeAxis } from 'backstage-plugin-contention-common';

/** At most this many windows, as a store would answer. */
const MOST_WINDOWS = 360;
const STEPS_SECONDS = [10, 60, 900, 3600, 7200];

export function axisOf(
  range: { from: number; to: number },
  most = MOST_WINDOWS,
): TimeAxis {
  const seconds = (range.to - range.from) / 1000;
  const stepSeconds =
    STEPS_SECONDS.find(step => seconds / step <= most) ?? 7200;
  const stepMs = stepSeconds * 1000;
  const startsMs: number[] = [];
  for (
    let start = Math.ceil(range.from / stepMs) * stepMs;
    start + stepMs <= range.to;
    start += stepMs
  ) {
    startsMs.push(start);
  }
  return { startsMs, stepSeconds };
}

/** 0 to 1, the same for the same moment and seed: both mixed as MurmurHash3 ends. Fixtures ask for it millions of times. */
export function noise(ms: number, seed: number): number {
  let mixed =
    ms ^ Math.imul(ms / 2 ** 32, 0x9e3779b1) ^ Math.imul(seed, 0xc2b2ae35);
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return ((mixed ^ (mixed >>> 16)) >>> 0) / 2 ** 32;
}

/** Values around `level`, `jitter` of it up and down. */
export function around(
  level: number,
  jitter: number,
  seed: number,
): (ms: number) => number {
  return ms => level * (1 + jitter * (2 * noise(ms, seed) - 1));
}

export function sampled(
  axis: TimeAxis,
  value: (ms: number) => number | null,
): Array<number | null> {
  return axis.startsMs.map(value);
}

/** Seconds, from a series of seconds per second. */
export function total(
  axis: TimeAxis,
  values: ReadonlyArray<number | null>,
): number {
  return (
    values.reduce<number>((sum, value) => sum + (value ?? 0), 0) *
    axis.stepSeconds
  );
}

export function mean(values: ReadonlyArray<number | null>): number {
  const known = values.filter((value): value is number => value !== null);
  return known.reduce((sum, value) => sum + value, 0) / (known.length || 1);
}
