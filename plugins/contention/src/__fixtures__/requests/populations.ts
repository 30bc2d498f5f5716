/**
 * Invented requests as functions of time: populations of a rate, a log-normal duration and what they are made of. Counts
 * are whole, and the same for the same moment. No randomness.
 */
import type {
  AnatomyPart,
  Heatmap,
  Party,
} from 'backstage-plugin-contention-common';
import { WORDS } from '../../theme/colours';
import { noise } from '../series';

/** Rows of a heat map an octave. */
const ROWS_PER_OCTAVE = 4;
const LOWEST_POWER = -11;
const HIGHEST_POWER = 3;

/** 0.5 ms to 8 s. */
export const BOUNDS_SECONDS = Array.from(
  { length: (HIGHEST_POWER - LOWEST_POWER) * ROWS_PER_OCTAVE + 1 },
  (_, row) => 2 ** (LOWEST_POWER + row / ROWS_PER_OCTAVE),
);
const ROWS = BOUNDS_SECONDS.length - 1;

/** A part of a request, as a share of its duration. */
export type Ingredient = Omit<AnatomyPart, 'seconds'>;

export interface Population {
  /** Requests per second at a moment. */
  rate(ms: number): number;
  medianSeconds: number;
  /** How far durations scatter, octaves. */
  octaves: number;
  /** Shares add up to 1. */
  parts: Ingredient[];
}

export function own(share: number): Ingredient {
  return { key: 'work', part: 'work', label: 'working', share };
}

export function upstream(share: number): Ingredient {
  const label = 'waiting for an upstream';
  return { key: 'upstream', part: 'upstream', label, share };
}

export function unread(share: number): Ingredient {
  const label = 'arrived, and no thread had read it';
  return { key: 'unread', part: 'unread', label, share };
}

export function lost(share: number): Ingredient {
  const label = 'network: lost';
  return { key: 'retransmission', part: 'retransmission', label, share };
}

export function queued(share: number, party: Party): Ingredient {
  const label = 'network: queued behind neighbours';
  return { key: `queue:${party.key}`, part: 'queue', label, party, share };
}

export function notKnown(share: number): Ingredient {
  const label = 'not known';
  return { key: 'unattributed', part: 'unattributed', label, share };
}

export function waiting(share: number, party: Party): Ingredient {
  const label = WORDS[party.relation];
  return { key: party.key, part: 'wait', label, party, share };
}

export function stopped(share: number, party: Party): Ingredient {
  const label = WORDS[party.relation];
  return { key: party.key, part: 'throttled', label, party, share };
}

/** Requests by window and row, one matrix a population. */
export type Counts = number[][][];

export function countsOf(
  populations: readonly Population[],
  startsMs: readonly number[],
  stepSeconds: number,
): Counts {
  return populations.map((population, seed) => {
    const shares = rowShares(population);
    return startsMs.map(ms => {
      const requests = population.rate(ms) * stepSeconds;
      return shares.map((share, row) =>
        Math.floor(requests * share + noise(ms, row + 1 + seed * ROWS)),
      );
    });
  });
}

/** Which share of a population's requests falls into each row. */
function rowShares({ medianSeconds, octaves }: Population): number[] {
  const weights = Array.from({ length: ROWS }, (_, row) => {
    const middle = LOWEST_POWER + (row + 0.5) / ROWS_PER_OCTAVE;
    const distance = (middle - Math.log2(medianSeconds)) / octaves;
    const weight = Math.exp(-(distance ** 2) / 2);
    // A tail that ends: a single request in a million is no story.
    return weight > 0.004 ? weight : 0;
  });
  const sum = weights.reduce((a, b) => a + b, 0);
  return weights.map(weight => weight / sum);
}

/** All populations together, by window; rows that nobody fills are left out. */
export function heatmapOf(counts: Counts): Heatmap {
  const windows = counts[0]?.length ?? 0;
  const columns = Array.from({ length: windows }, (_, window) =>
    rowsIn(counts, window),
  );
  const isFilled = (row: number) => columns.some(column => column[row] > 0);
  const filled = Array.from({ length: ROWS }, (_, row) => row).filter(isFilled);
  if (filled.length === 0) {
    return { boundsSeconds: [], counts: columns.map(() => []) };
  }
  const [first, last] = [filled[0], filled[filled.length - 1]];
  return {
    boundsSeconds: BOUNDS_SECONDS.slice(first, last + 2),
    counts: columns.map(column => column.slice(first, last + 1)),
  };
}

function rowsIn(counts: Counts, window: number): number[] {
  return Array.from({ length: ROWS }, (_, row) =>
    counts.reduce((sum, matrix) => sum + matrix[window][row], 0),
  );
}

/** The sum of all windows, by row. */
export function rowSums(counts: Counts): number[] {
  return Array.from({ length: ROWS }, (_, row) =>
    counts.reduce(
      (sum, matrix) =>
        sum + matrix.reduce((all, column) => all + column[row], 0),
      0,
    ),
  );
}

export function rowsAt(counts: Counts, window: number): number[] {
  return rowsIn(counts, window);
}

/** The middle of a row, seconds. */
export function middleOf(row: number): number {
  return Math.sqrt(BOUNDS_SECONDS[row] * BOUNDS_SECONDS[row + 1]);
}

/** Seconds; undefined without requests. */
export function quantile(rows: readonly number[], q: number) {
  const count = rows.reduce((sum, n) => sum + n, 0);
  if (count === 0) return undefined;
  let left = q * count;
  for (let row = 0; row < rows.length; row++) {
    if (rows[row] > 0 && left <= rows[row]) {
      const inside = left / rows[row];
      return BOUNDS_SECONDS[row] * 2 ** (inside / ROWS_PER_OCTAVE);
    }
    left -= rows[row];
  }
  return BOUNDS_SECONDS[rows.length];
}

/** The number of the octave that a row is in, from the lowest. */
export function octaveOf(row: number): number {
  return Math.floor(row / ROWS_PER_OCTAVE);
}

export function octaveBounds(octave: number) {
  return {
    fromSeconds: 2 ** (LOWEST_POWER + octave),
    toSeconds: 2 ** (LOWEST_POWER + octave + 1),
  };
}
