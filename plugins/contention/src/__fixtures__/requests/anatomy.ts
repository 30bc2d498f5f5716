/** What invented requests were made of, by band and added up, as the backend would say it. */
import type {
  Anatomy,
  AnatomyPart,
  AnatomySum,
  LatencyOptions,
} from 'backstage-plugin-contention-common';
import type { Range } from '../base';
import {
  BOUNDS_SECONDS,
  middleOf,
  octaveBounds,
  octaveOf,
  quantile,
  rowSums,
  type Counts,
  type Population,
} from './populations';

type Options = Pick<LatencyOptions, 'bandFromSeconds' | 'bandToSeconds'>;

/** Requests and their parts in the rows that `counts` picks. */
function amounts(
  populations: readonly Population[],
  counts: Counts,
  picks: (row: number) => boolean,
  estimatedShare: number,
) {
  const parts = new Map<string, AnatomyPart>();
  let requestCount = 0;
  let seconds = 0;
  populations.forEach((population, index) => {
    const rows = rowSums([counts[index]]);
    rows.forEach((count, row) => {
      if (count === 0 || !picks(row)) return;
      requestCount += count;
      seconds += count * middleOf(row);
      for (const ingredient of population.parts) {
        const part = parts.get(ingredient.key) ?? { ...ingredient, seconds: 0 };
        part.seconds += count * middleOf(row) * ingredient.share;
        parts.set(ingredient.key, part);
      }
    });
  });
  return {
    requestCount,
    seconds,
    estimatedShare,
    parts: [...parts.values()]
      .map(part => ({ ...part, share: part.seconds / seconds }))
      .sort((a, b) => b.seconds - a.seconds),
  };
}

export function anatomyOf(
  populations: readonly Population[],
  counts: Counts,
  range: Range,
  estimatedShare: number,
  options: Options,
): Anatomy {
  const rows = rowSums(counts);
  const filled = rows.flatMap((count, row) => (count > 0 ? [row] : []));
  if (filled.length === 0) return { range, bands: [], sums: [] };
  const first = octaveOf(filled[0]);
  const last = octaveOf(filled[filled.length - 1]);
  const bands = Array.from({ length: last - first + 1 }, (_, n) => {
    const octave = first + n;
    return {
      ...octaveBounds(octave),
      ...amounts(
        populations,
        counts,
        row => octaveOf(row) === octave,
        estimatedShare,
      ),
    };
  });
  const { bandFromSeconds, bandToSeconds } = options;
  const isSelected = (row: number) =>
    BOUNDS_SECONDS[row] >= (bandFromSeconds ?? 0) &&
    BOUNDS_SECONDS[row + 1] <= (bandToSeconds ?? Infinity);
  const selectedRows = rows.map((count, row) => (isSelected(row) ? count : 0));
  const sum = (of: AnatomySum['of'], q: number): AnatomySum[] => {
    const thresholdSeconds = q > 0 ? quantile(selectedRows, q) : undefined;
    const found = amounts(
      populations,
      counts,
      row => isSelected(row) && middleOf(row) > (thresholdSeconds ?? 0),
      estimatedShare,
    );
    return found.requestCount > 0 ? [{ of, thresholdSeconds, ...found }] : [];
  };
  return {
    range,
    ...((bandFromSeconds !== undefined || bandToSeconds !== undefined) && {
      durations: {
        fromSeconds: bandFromSeconds ?? 0,
        toSeconds: bandToSeconds,
      },
    }),
    bands,
    sums: [
      ...sum('slowest-1', 0.99),
      ...sum('slowest-10', 0.9),
      ...sum('all', 0),
    ],
  };
}
