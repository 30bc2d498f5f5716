/**
 * Stacked layers over time: those above the line grow upwards, those below grow downwards, on one scale. Pure: layers
 * and sizes in, paths and scales out. Windows without data leave a gap; nothing is drawn there.
 */
import { max, range as indexes } from 'd3-array';
import type { Layer, TimeAxis } from 'backstage-plugin-contention-common';
import { areaPath } from './paths';
import {
  valueScale,
  type Plot,
  type TimeScale,
  type ValueScale,
} from './scales';
import { runsOf, windowOf, type Run } from './windows';

export interface StackInput {
  axis: TimeAxis;
  above: readonly Layer[];
  below: readonly Layer[];
  /** Clamped to the plot. */
  x: TimeScale;
  plot: Plot;
  /** The scale reaches at least this far up, so that next to nothing looks like next to nothing. */
  leastTop: number;
}

export interface StackLayout {
  y: ValueScale;
  /** One path a layer, from the line outwards. */
  layers: Array<{ layer: Layer; side: 'above' | 'below'; path: string }>;
}

interface Corner {
  at: number;
  inner: number;
  outer: number;
}

export function layoutStack(input: StackInput): StackLayout {
  const { axis, above, below, x, plot, leastTop } = input;
  const all = [...above, ...below];
  const runs = runsOf(axis, index =>
    all.some(layer => typeof layer.values[index] === 'number'),
  );
  const highest = Math.max(highestOf(above, axis), leastTop);
  const lowest = highestOf(below, axis);
  const y = valueScale(-lowest, highest, plot.height);

  const shape = (corners: readonly Corner[]) =>
    areaPath(
      corners.map(({ at, outer }) => [x(at), y(outer)]),
      corners.map(({ at, inner }) => [x(at), y(inner)]),
    );
  const pathsOf = (layers: readonly Layer[], sign: 1 | -1) => {
    const reached = axis.startsMs.map(() => 0);
    return layers.map(layer => {
      const path = runs
        .map(run => shape(cornersOf(axis, run, layer, reached, sign)))
        .join('');
      return {
        layer,
        side: sign === 1 ? ('above' as const) : ('below' as const),
        path,
      };
    });
  };
  return {
    y,
    layers: [...pathsOf(above, 1), ...pathsOf(below, -1)],
  };
}

/** Two corners a window: flat over the whole window, as it was measured. Adds the layer to `reached`. */
function cornersOf(
  axis: TimeAxis,
  run: Run,
  layer: Layer,
  reached: number[],
  sign: 1 | -1,
): Corner[] {
  return indexes(run.first, run.last + 1).flatMap(index => {
    const inner = reached[index];
    const outer = inner + sign * (layer.values[index] ?? 0);
    reached[index] = outer;
    const { from, to } = windowOf(axis, index);
    return [
      { at: from, inner, outer },
      { at: to, inner, outer },
    ];
  });
}

function highestOf(layers: readonly Layer[], axis: TimeAxis): number {
  const sums = axis.startsMs.map((_, index) =>
    layers.reduce((sum, layer) => sum + (layer.values[index] ?? 0), 0),
  );
  return max(sums) ?? 0;
}
