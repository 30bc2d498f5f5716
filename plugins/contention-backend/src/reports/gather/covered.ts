/** Where there is data: coverage on an axis. Pure. */
import type { Axis, NodeSeen, Stretch } from '../../store';
import { coveredMs } from '../../store/stretches';
import { isAt, zeros } from '../facts';

/** Seconds of each window in which a node sent data. */
export function coveredPerWindow(
  axis: Axis,
  node: NodeSeen,
  stretches: readonly Stretch[],
): number[] {
  const own = stretches.filter(isAt(node));
  return Array.from({ length: axis.count }, (_, window) => {
    const startMs = axis.startMs + window * axis.stepMs;
    return coveredMs(own, startMs, startMs + axis.stepMs) / 1000;
  });
}

/** Seconds of each window in which at least one of the nodes sent data. */
export function mostOf(axis: Axis, coverage: readonly number[][]): number[] {
  return zeros(axis).map((_, window) =>
    Math.max(0, ...coverage.map(covered => covered[window])),
  );
}
