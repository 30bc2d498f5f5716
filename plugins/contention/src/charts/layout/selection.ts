/** A part of a heat map: a stretch of time, a stretch of durations, or both. Between pixels and units. Pure. */
import type { DurationScale } from './heatmap';
import type { Plot, TimeScale } from './scales';
import type { Stretch } from './windows';

/** What is absent is not narrowed. Times are epoch milliseconds. */
export interface Selection {
  time?: Stretch;
  durations?: Durations;
}

/** Whole octaves, as anatomies are kept: (fromSeconds, toSeconds]. Without an end: everything slower. */
export interface Durations {
  fromSeconds: number;
  toSeconds?: number;
}

/** Pixels of the plot. */
export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** The octaves that a stretch of pixels reaches into, widened to their bounds. */
export function durationsBetween(
  top: number,
  bottom: number,
  y: DurationScale,
): Durations {
  const power = (seconds: number) => Math.log2(seconds);
  const [, highest] = y.domain();
  const slowest = y.invert(top);
  return {
    fromSeconds: 2 ** Math.floor(power(y.invert(bottom)) + 1e-9),
    // The upper edge of the picture means: and whatever is slower.
    ...(slowest < highest && {
      toSeconds: 2 ** Math.ceil(power(slowest) - 1e-9),
    }),
  };
}

/** Where a selection lies; undefined where nothing is selected. */
export function boxOf(
  { time, durations }: Selection,
  x: TimeScale,
  y: DurationScale,
  plot: Plot,
): Box | undefined {
  if (!time && !durations) return undefined;
  const left = time ? x(time.from) : 0;
  const right = time ? x(time.to) : plot.width;
  const top = durations?.toSeconds ? y(durations.toSeconds) : 0;
  const bottom = durations?.fromSeconds
    ? y(durations.fromSeconds)
    : plot.height;
  return { x: left, y: top, width: right - left, height: bottom - top };
}
