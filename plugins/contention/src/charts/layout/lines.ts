/** Lines and areas over time with gaps, flat over each window. Pure. */
import type { TimeAxis } from 'backstage-plugin-contention-common';
import { areaPath, linePath } from './paths';
import { runsOf, windowOf } from './windows';

type Values = ReadonlyArray<number | null>;

type Project = (value: number) => number;

function pointsOf(
  axis: TimeAxis,
  values: Values,
): Array<Array<[number, number]>> {
  const runs = runsOf(axis, index => typeof values[index] === 'number');
  return runs.map(({ first, last }) => {
    const points: Array<[number, number]> = [];
    for (let index = first; index <= last; index++) {
      const { from, to } = windowOf(axis, index);
      const value = values[index] ?? 0;
      points.push([from, value], [to, value]);
    }
    return points;
  });
}

/** A step line; `x` and `y` project milliseconds and values to pixels. */
export function stepLine(
  axis: TimeAxis,
  values: Values,
  x: Project,
  y: Project,
): string {
  return pointsOf(axis, values)
    .map(points => linePath(points.map(([at, value]) => [x(at), y(value)])))
    .join('');
}

/** The area between a step line and `floor` (a pixel). */
export function stepArea(
  axis: TimeAxis,
  values: Values,
  x: Project,
  y: Project,
  floor: number,
): string {
  return pointsOf(axis, values)
    .map(points =>
      areaPath(
        points.map(([at, value]) => [x(at), y(value)]),
        points.map(([at]) => [x(at), floor]),
      ),
    )
    .join('');
}

/**
 * Points, each above the one before it, that names can stand at: no two of them closer than `least` pixels in height. Who is too
 * close moves up.
 */
export function apart<P extends { y: number }>(
  points: readonly (P | undefined)[],
  least: number,
): Array<P | undefined> {
  let below = Infinity;
  return points.map(point => {
    if (!point) return undefined;
    below = Math.min(point.y, below - least);
    return { ...point, y: below };
  });
}
