/** Windows of a time axis: where data is, where it is missing, and which window a moment falls into. Pure. */
import { bisectRight } from 'd3-array';
import type { TimeAxis } from 'backstage-plugin-contention-common';

/** Windows `first` to `last`, both included, that follow each other without a hole. */
export interface Run {
  first: number;
  last: number;
}

/** A stretch of time, epoch milliseconds. */
export interface Stretch {
  from: number;
  to: number;
}

export function windowOf(axis: TimeAxis, index: number): Stretch {
  const from = axis.startsMs[index];
  return { from, to: from + axis.stepSeconds * 1000 };
}

/** Unbroken stretches of windows for which `hasData` holds. */
export function runsOf(
  axis: TimeAxis,
  hasData: (index: number) => boolean,
): Run[] {
  const stepMs = axis.stepSeconds * 1000;
  const runs: Run[] = [];
  axis.startsMs.forEach((start, index) => {
    if (!hasData(index)) return;
    const run = runs[runs.length - 1];
    const follows =
      run?.last === index - 1 && axis.startsMs[index - 1] + stepMs === start;
    if (follows) run.last = index;
    else runs.push({ first: index, last: index });
  });
  return runs;
}

/** What of the range no run covers: drawn as "no data", never as zero. */
export function gapsOf(axis: TimeAxis, runs: Run[], range: Stretch): Stretch[] {
  const gaps: Stretch[] = [];
  let at = range.from;
  for (const run of runs) {
    const from = windowOf(axis, run.first).from;
    if (from > at) gaps.push({ from: at, to: Math.min(from, range.to) });
    at = Math.max(at, windowOf(axis, run.last).to);
  }
  if (at < range.to) gaps.push({ from: at, to: range.to });
  // Windows begin on whole steps, and the newest two are on their way: at the ends, that little is no gap.
  const stepMs = axis.stepSeconds * 1000;
  return gaps.filter(gap => {
    const length = gap.to - gap.from;
    if (gap.from === range.from && length < stepMs) return false;
    return gap.to < range.to || length > 2 * stepMs;
  });
}

/** The window that a moment falls into; the nearest one where it falls into none. -1 without windows. */
export function windowAt(axis: TimeAxis, ms: number): number {
  const { startsMs } = axis;
  if (startsMs.length === 0) return -1;
  const index = bisectRight(startsMs, ms) - 1;
  if (index < 0) return 0;
  const next = startsMs[index + 1];
  const { to } = windowOf(axis, index);
  return ms > to && next !== undefined && next - ms < ms - to
    ? index + 1
    : index;
}

/** `a` to `b` in either order, widened to whole windows and cut to the range. */
export function snapToWindows(
  axis: TimeAxis,
  a: number,
  b: number,
  range: Stretch,
): Stretch {
  const stepMs = axis.stepSeconds * 1000;
  const origin = axis.startsMs[0] ?? 0;
  const down = (ms: number) =>
    origin + Math.floor((ms - origin) / stepMs) * stepMs;
  const up = (ms: number) =>
    origin + Math.ceil((ms - origin) / stepMs) * stepMs;
  const from = Math.max(down(Math.min(a, b)), range.from);
  const to = Math.min(up(Math.max(a, b)), range.to);
  return { from, to: Math.max(to, from + stepMs) };
}
