/** Stretches of time: union of intervals that touch. Pure. */
export interface Interval {
  startMs: number;
  endMs: number;
}

/** Clocks are read a little apart: gaps up to this long are none. */
export const TOUCH_MS = 1_000;

/** The union of intervals, ascending, with those that touch made one. */
export function union(intervals: readonly Interval[]): Interval[] {
  const sorted = [...intervals].sort((a, b) => a.startMs - b.startMs);
  const result: Interval[] = [];
  for (const { startMs, endMs } of sorted) {
    const last = result[result.length - 1];
    if (last && startMs <= last.endMs + TOUCH_MS) {
      last.endMs = Math.max(last.endMs, endMs);
    } else {
      result.push({ startMs, endMs });
    }
  }
  return result;
}

/** How much of [fromMs, toMs) the stretches cover, ms; they must not overlap. */
export function coveredMs(
  stretches: readonly Interval[],
  fromMs: number,
  toMs: number,
): number {
  let covered = 0;
  for (const { startMs, endMs } of stretches) {
    covered += Math.max(0, Math.min(endMs, toMs) - Math.max(startMs, fromMs));
  }
  return covered;
}
