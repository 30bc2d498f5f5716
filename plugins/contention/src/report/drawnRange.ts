/**
 * Which part of a range is drawn. A portal that was installed ten minutes ago has ten minutes of data: in an hour they
 * would be a sliver at the edge. Pure.
 */
import type { TimeAxis } from 'backstage-plugin-contention-common';
import { windowOf, type Stretch } from '../charts/layout/windows';

/** Above this share of nothing at the beginning, charts begin where data begins. */
const MOST_NOTHING = 0.5;

/** Values by window; null where there is no data. */
export type KnownSeries = ReadonlyArray<unknown>;

/** The range without a long stretch of nothing at its beginning. The end stays: what is missing there is news. */
export function drawnRange(
  range: Stretch,
  axis: TimeAxis,
  series: readonly KnownSeries[],
): Stretch {
  const first = axis.startsMs.findIndex((_, index) =>
    series.some(
      values => values[index] !== null && values[index] !== undefined,
    ),
  );
  if (first < 0) return range;
  const { from } = windowOf(axis, first);
  const nothing = (from - range.from) / (range.to - range.from);
  return nothing > MOST_NOTHING ? { from, to: range.to } : range;
}
