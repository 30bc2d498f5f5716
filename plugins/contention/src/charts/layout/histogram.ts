/** Bars of a distribution on a log scale of durations, with marks for median and worst. Pure. */
import { max } from 'd3-array';
import { scaleLog } from 'd3-scale';
import type { Distribution } from 'backstage-plugin-contention-common';
import type { Plot } from './scales';

export interface HistogramLayout {
  x(seconds: number): number;
  bars: Array<{
    x: number;
    width: number;
    y: number;
    height: number;
    bucket: Distribution['buckets'][number];
  }>;
  fullest: number;
  /** Seconds: the ends of the scale. */
  domain: [number, number];
}

export function layoutHistogram(
  distribution: Distribution,
  plot: Plot,
): HistogramLayout | undefined {
  const filled = distribution.buckets.filter(bucket => bucket.count > 0);
  if (filled.length === 0) return undefined;
  const first = filled[0];
  const last = filled[filled.length - 1];
  const low = first.fromSeconds > 0 ? first.fromSeconds : first.toSeconds / 2;
  // One factor of two of air on both sides.
  const domain: [number, number] = [low / 1.5, last.toSeconds * 1.5];
  const x = scaleLog().domain(domain).range([0, plot.width]).clamp(true);
  const fullest = max(filled, bucket => bucket.count) ?? 0;
  return {
    x,
    domain,
    fullest,
    bars: filled.map(bucket => {
      const left = x(Math.max(bucket.fromSeconds, low));
      const height = (bucket.count / fullest) * plot.height;
      return {
        x: left,
        width: Math.max(x(bucket.toSeconds) - left - 1, 1),
        y: plot.height - height,
        height,
        bucket,
      };
    }),
  };
}

/** 1, 2 and 5 times the powers of ten between the ends; only the powers where that would crowd. */
export function logTicks(domain: [number, number], atMost: number): number[] {
  const [low, high] = domain;
  const collect = (steps: number[]) => {
    const ticks: number[] = [];
    for (
      let power = Math.floor(Math.log10(low));
      power <= Math.ceil(Math.log10(high));
      power++
    ) {
      for (const step of steps) ticks.push(step * 10 ** power);
    }
    return ticks.filter(tick => tick >= low && tick <= high);
  };
  const fine = collect([1, 2, 5]);
  return fine.length <= atMost ? fine : collect([1]);
}
