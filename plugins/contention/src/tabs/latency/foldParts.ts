/**
 * Parts of requests as a picture can hold them: what has the same word is one part, and neighbours beyond the largest are one
 * part. Adds up what a report says; pure.
 */
import type { AnatomyPart } from 'backstage-plugin-contention-common';
import { partWords } from '../../theme';

/** As many neighbours have a colour and a word of their own. */
const NAMED_NEIGHBOURS = 5;

/** The key that has its own look: see swatchOf. */
const SMALLER = 'smaller-neighbours';

/** Before the key of whoever is ahead in a queue. */
const QUEUE = 'queue:';

type Row = { parts: readonly AnatomyPart[] };

/** @param rows - the rows of a picture; the same neighbours are named in all of them */
export function foldParts<R extends Row>(rows: readonly R[]): R[] {
  const named = largestNeighbours(rows);
  return rows.map(row => {
    const folded = new Map<string, AnatomyPart>();
    for (const part of row.parts) {
      const one =
        isNeighbour(part) && !named.has(part.key)
          ? smaller(part)
          : { ...part, key: keyOf(part) };
      const known = folded.get(one.key);
      folded.set(
        one.key,
        known
          ? {
              ...known,
              seconds: known.seconds + one.seconds,
              share: Math.min(1, known.share + one.share),
            }
          : one,
      );
    }
    const parts = [...folded.values()].sort((a, b) => b.seconds - a.seconds);
    return { ...row, parts };
  });
}

function isNeighbour({ part, party }: AnatomyPart): boolean {
  return (
    (part === 'wait' || part === 'queue') && party?.relation === 'neighbour'
  );
}

/** Neighbours are told apart by who they are; everything else by what it is called. */
function keyOf(part: AnatomyPart): string {
  if (isNeighbour(part)) return part.key;
  return part.part === 'wait' || part.part === 'queue'
    ? partWords(part)
    : part.key;
}

function largestNeighbours(rows: readonly Row[]): Set<string> {
  const largest = new Map<string, number>();
  for (const { parts } of rows) {
    for (const { key, share } of parts.filter(isNeighbour)) {
      // Folded by the report already.
      if (key !== SMALLER && key !== `${QUEUE}${SMALLER}`) {
        largest.set(key, Math.max(share, largest.get(key) ?? 0));
      }
    }
  }
  return new Set(
    [...largest]
      .sort(([, a], [, b]) => b - a)
      .slice(0, NAMED_NEIGHBOURS)
      .map(([key]) => key),
  );
}

function smaller(part: AnatomyPart): AnatomyPart {
  const { party } = part;
  return {
    ...part,
    key: part.part === 'queue' ? `${QUEUE}${SMALLER}` : SMALLER,
    party: party && {
      ...party,
      key: SMALLER,
      name: 'smaller neighbours',
      entities: [],
      workload: undefined,
    },
  };
}
