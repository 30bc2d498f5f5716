/** Scales and ticks that the charts share. Pixels and epoch milliseconds. Pure. */
import { scaleLinear, scaleTime } from 'd3-scale';
import { formatClock, formatDay } from '../../format';

/** Room around a plot, pixels. */
export const MARGIN = { top: 22, right: 12, bottom: 24, left: 56 };

export interface Plot {
  /** Of the plot without its margins, pixels. */
  width: number;
  height: number;
}

export function plotOf(width: number, height: number): Plot {
  return {
    width: Math.max(width - MARGIN.left - MARGIN.right, 1),
    height: Math.max(height - MARGIN.top - MARGIN.bottom, 1),
  };
}

export function timeScale(range: { from: number; to: number }, width: number) {
  return scaleTime().domain([range.from, range.to]).range([0, width]);
}
export type TimeScale = ReturnType<typeof timeScale>;

/** From `bottom` (at the lower edge) to `top`, rounded to pleasant numbers. */
export function valueScale(bottom: number, top: number, height: number) {
  return scaleLinear().domain([bottom, top]).range([height, 0]).nice(4);
}
export type ValueScale = ReturnType<typeof valueScale>;

export interface Tick {
  at: number;
  text: string;
}

/** About one tick every 96 pixels; midnight carries the day. */
export function timeTicks(x: TimeScale): Tick[] {
  const [left, right] = x.range();
  const [from, to] = x.domain().map(Number);
  const ticks = x.ticks(Math.max(2, Math.floor((right - left) / 96)));
  const withSeconds = ticks.some(tick => Number(tick) % 60_000 !== 0);
  const days = to - from > 36 * 3_600_000;
  return ticks.map(tick => {
    const ms = Number(tick);
    const midnight = tick.getHours() === 0 && tick.getMinutes() === 0;
    const text =
      midnight && days ? formatDay(ms) : formatClock(ms, withSeconds);
    return { at: x(tick), text };
  });
}
