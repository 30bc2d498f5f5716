/**
 * What a cumulative point adds to what is known of its stream. Pure. Rules of the OpenTelemetry data model: a new start
 * time is a reset, a value that fell is a reset, and the first point of a stream counts from its start.
 */
import type { DurationHistogram } from 'backstage-plugin-contention-common';
import type { Point } from './Store';

/** The last point of a stream. */
export type CumulativeState = Point;

export interface CumulativeStep {
  /** What to remember; absent when the point is not newer than what is known. */
  state?: CumulativeState;
  /** What to count; absent when nothing can be said about an interval. */
  delta?: Point;
}

/**
 * @param oldestMs - counts from before are not taken: a stream that started earlier gives only a base to count from
 */
export function cumulativeStep(
  known: CumulativeState | undefined,
  point: Point,
  oldestMs: number,
): CumulativeStep {
  if (!known) {
    const countsFromStart = point.startMs > 0 && point.startMs >= oldestMs;
    return { state: point, delta: countsFromStart ? point : undefined };
  }
  if (point.endMs <= known.endMs) return {};
  if (point.startMs > known.startMs && known.startMs > 0) {
    // A new start: everything in the point came since. It cannot have begun before the last point ended.
    const startMs = Math.max(point.startMs, known.endMs);
    return { state: point, delta: { ...point, startMs } };
  }
  const histogram = subtractHistogram(point.histogram, known.histogram);
  const fell =
    point.value < known.value ||
    (point.histogram !== undefined && histogram === undefined);
  const interval = { startMs: known.endMs, endMs: point.endMs };
  if (fell) {
    // A reset that did not say so: what the point holds came since, at the latest from the last point on.
    return { state: point, delta: { ...point, ...interval } };
  }
  const value = point.value - known.value;
  return {
    state: point,
    delta: {
      ...interval,
      value,
      histogram: histogram && { ...histogram, sumSeconds: value },
    },
  };
}

/** `after - before`; undefined when a count fell, which is a reset. */
function subtractHistogram(
  after: DurationHistogram | undefined,
  before: DurationHistogram | undefined,
): DurationHistogram | undefined {
  if (!after || !before) return after;
  const zeroCount = after.zeroCount - before.zeroCount;
  if (zeroCount < 0) return undefined;
  const buckets = new Map(after.buckets);
  for (const [index, count] of before.buckets) {
    const left = (buckets.get(index) ?? 0) - count;
    if (left < 0) return undefined;
    if (left === 0) buckets.delete(index);
    else buckets.set(index, left);
  }
  return {
    count: after.count - before.count,
    sumSeconds: after.sumSeconds - before.sumSeconds,
    zeroCount,
    buckets,
  };
}
