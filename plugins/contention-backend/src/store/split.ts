/**
 * Points into windows. A point that crosses the edge of a window is shared out by time; the shares of all windows
 * together are the point again, exactly for counts and to rounding for seconds. Pure.
 */
import type { DurationHistogram } from 'backstage-plugin-contention-common';
import type { Axis, Point } from './Store';

/** Points are stored at most this long; longer ones are cut before, so that a reader knows how far to look. */
export const MAX_SPAN_MS = 900_000;

/** Number of the window that holds an edge which closes an interval: a window owns its end, not its start. */
export function windowOfEnd(axis: Axis, endMs: number): number {
  return Math.ceil((endMs - axis.startMs) / axis.stepMs) - 1;
}

/**
 * The share of a point that falls into [fromMs, toMs).
 * Counts are cut at whole numbers: the share of the first t of a span of c is floor(c * t / span), so neighbouring
 * shares always add up.
 */
export function share(point: Point, fromMs: number, toMs: number): Point {
  const startMs = Math.max(point.startMs, fromMs);
  const endMs = Math.min(point.endMs, toMs);
  const span = point.endMs - point.startMs;
  if (startMs === point.startMs && endMs === point.endMs) return point;
  const before = startMs - point.startMs;
  const until = endMs - point.startMs;
  const value = (point.value * (until - before)) / span;
  if (!point.histogram) return { startMs, endMs, value };
  const cut = (count: number) =>
    Math.floor((count * until) / span) - Math.floor((count * before) / span);
  const histogram: DurationHistogram = {
    count: 0,
    sumSeconds: value,
    zeroCount: cut(point.histogram.zeroCount),
    buckets: new Map(),
  };
  histogram.count = histogram.zeroCount;
  for (const [index, count] of point.histogram.buckets) {
    const part = cut(count);
    if (part === 0) continue;
    histogram.buckets.set(index, part);
    histogram.count += part;
  }
  return { startMs, endMs, value, histogram };
}

/** Cuts a point that is longer than `MAX_SPAN_MS` into equal pieces; the same point is always cut the same way. */
export function pieces(point: Point): Point[] {
  const span = point.endMs - point.startMs;
  if (span <= MAX_SPAN_MS) return [point];
  const count = Math.ceil(span / MAX_SPAN_MS);
  const edge = (index: number) =>
    point.startMs + Math.round((span * index) / count);
  return Array.from({ length: count }, (_, index) =>
    share(point, edge(index), edge(index + 1)),
  );
}

/** Calls `visit` with every window of the axis that a point reaches into, and its share there. */
export function eachShare(
  axis: Axis,
  point: Point,
  visit: (window: number, share: Point) => void,
): void {
  if (point.startMs === point.endMs) {
    const window = windowOfEnd(axis, point.endMs);
    if (window >= 0 && window < axis.count) visit(window, point);
    return;
  }
  const first = Math.max(
    0,
    Math.floor((point.startMs - axis.startMs) / axis.stepMs),
  );
  const last = Math.min(axis.count - 1, windowOfEnd(axis, point.endMs));
  for (let window = first; window <= last; window++) {
    const fromMs = axis.startMs + window * axis.stepMs;
    visit(window, share(point, fromMs, fromMs + axis.stepMs));
  }
}
