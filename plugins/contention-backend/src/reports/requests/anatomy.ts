/** What open requests were made of, by latency band and in sum. Pure. */
import {
  ATTRIBUTE,
  quantileSeconds,
  type Anatomy,
  type AnatomySum,
  type DurationHistogram,
} from 'backstage-plugin-contention-common';
import { startOf, type Facts } from '../facts';
import type { PartyFacts } from '../parties';
import type { Presenter } from '../present';
import {
  bandLowerSeconds,
  bandOfBound,
  bandUpperSeconds,
  countsByBand,
  histogramOfBands,
  isSelected,
  secondsByBand,
  sharesBeyond,
} from './bands';
import { isEstimated, type AnatomySeries, type Selection } from './facts';
import {
  NOT_LOOKED_AT,
  partOfSeries,
  presentPart,
  type PartFacts,
} from './parts';
import { LEAST_MISSING_PART } from './thresholds';

/** Neighbours that a stack of bars can tell apart; the smaller ones are folded into one. */
const MAX_NEIGHBOURS = 8;

/** Parts of some requests, largest first. */
export interface PartSums {
  requestCount: number;
  seconds: number;
  estimatedSeconds: number;
  parts: { facts: PartFacts; seconds: number }[];
}

/** Before it is presented to a reader. */
export interface AnatomyFacts {
  /** Requests of the selected time, of all durations. */
  histogram: DurationHistogram;
  selection: Selection;
  /** By band number, those without requests and parts absent. */
  bands: ReadonlyMap<number, PartSums>;
  sums: Record<AnatomySum['of'], PartSums & { thresholdSeconds?: number }>;
}

class SumsBuilder {
  private readonly parts = new Map<
    string,
    { facts: PartFacts; seconds: number }
  >();
  private estimatedSeconds = 0;
  /** Of all parts so far. */
  seconds = 0;

  constructor(private readonly requestCount: number) {}

  add(facts: PartFacts, seconds: number): void {
    const known = this.parts.get(facts.key) ?? { facts, seconds: 0 };
    known.seconds += seconds;
    this.seconds += seconds;
    this.parts.set(facts.key, known);
  }

  /** Of the seconds that were added. */
  addEstimated(seconds: number): void {
    this.estimatedSeconds += seconds;
  }

  build(): PartSums {
    const parts = [...this.parts.values()].sort(
      (a, b) => b.seconds - a.seconds || (a.facts.key < b.facts.key ? -1 : 1),
    );
    return {
      requestCount: this.requestCount,
      seconds: this.seconds,
      estimatedSeconds: this.estimatedSeconds,
      parts,
    };
  }
}

/** @param histogram - of the requests of the selected time */
export function anatomyOf(
  facts: Pick<Facts, 'resources' | 'perspective'>,
  anatomy: readonly AnatomySeries[],
  selection: Selection,
  histogram: DurationHistogram,
): AnatomyFacts {
  const counts = countsByBand(histogram);
  const builders = new Map(
    [...counts].map(([band, count]) => [band, new SumsBuilder(count)]),
  );
  const fold = folding(
    anatomy.map(({ series, seconds }) => ({
      series,
      seconds,
      part: partOfSeries(series, facts.resources, facts.perspective),
    })),
  );
  for (const { series, seconds, part } of fold) {
    if (seconds <= 0) continue;
    const band = bandOfBound(Number(series.attributes[ATTRIBUTE.band]));
    const builder = builders.get(band) ?? new SumsBuilder(0);
    builders.set(band, builder);
    builder.add(part, seconds);
    if (isEstimated(series)) builder.addEstimated(seconds);
  }
  if (fold.length > 0) addMissing(builders, histogram);
  const bands = new Map(
    [...builders].map(([band, builder]) => [band, builder.build()]),
  );
  const selected = histogramOfBands(histogram, selection);
  const sumOver = (q: number) => {
    const thresholdSeconds = quantileSeconds(selected, q);
    const shares =
      thresholdSeconds === undefined
        ? undefined
        : sharesBeyond(selected, thresholdSeconds);
    return {
      ...added(
        bands,
        band =>
          // Without a count for it, a band lies wholly on one side.
          shares?.get(band) ??
          Number(
            isSelected(selection, band) &&
              bandLowerSeconds(band) >= (thresholdSeconds ?? 0),
          ),
        (1 - q) * selected.count,
      ),
      thresholdSeconds,
    };
  };
  return {
    histogram,
    selection,
    bands,
    sums: {
      'slowest-1': sumOver(0.99),
      'slowest-10': sumOver(0.9),
      all: added(
        bands,
        band => Number(isSelected(selection, band)),
        selected.count,
      ),
    },
  };
}

/**
 * Requests of which nobody looked at what they were made of, as while an agent has that switched off: their time is a part of
 * its own, so that the others are not taken for all there was.
 */
function addMissing(
  builders: ReadonlyMap<number, SumsBuilder>,
  histogram: DurationHistogram,
): void {
  for (const [band, seconds] of secondsByBand(histogram)) {
    const builder = builders.get(band)!;
    const missing = seconds - builder.seconds;
    if (missing >= LEAST_MISSING_PART * seconds) {
      builder.add(NOT_LOOKED_AT, missing);
    }
  }
}

function added(
  bands: ReadonlyMap<number, PartSums>,
  shareOf: (band: number) => number,
  requestCount: number,
): PartSums {
  const builder = new SumsBuilder(Math.round(requestCount));
  for (const [band, sums] of bands) {
    const share = shareOf(band);
    if (share <= 0) continue;
    for (const { facts, seconds } of sums.parts) {
      builder.add(facts, share * seconds);
    }
    builder.addEstimated(share * sums.estimatedSeconds);
  }
  return builder.build();
}

/** Groups of many parties, and the part of requests that each is of. */
const FOLDED = [
  { group: 'neighbour', part: 'wait', before: '' },
  { group: 'queue:neighbour', part: 'queue', before: 'queue:' },
] as const;

/** All neighbours beyond the largest few as one part, those of a CPU and those of a queue each for themselves. */
function folding<Item extends { part: PartFacts; seconds: number }>(
  items: readonly Item[],
): Item[] {
  return FOLDED.reduce<Item[]>(foldedIn, [...items]);
}

function foldedIn<Item extends { part: PartFacts; seconds: number }>(
  items: readonly Item[],
  { group, part: name, before }: (typeof FOLDED)[number],
): Item[] {
  const totals = new Map<string, number>();
  for (const { part, seconds } of items) {
    if (part.group !== group) continue;
    totals.set(part.key, (totals.get(part.key) ?? 0) + seconds);
  }
  if (totals.size <= MAX_NEIGHBOURS) return [...items];
  const shown = new Set(
    [...totals]
      .sort(([, a], [, b]) => b - a)
      .slice(0, MAX_NEIGHBOURS - 1)
      .map(([key]) => key),
  );
  const party: PartyFacts = {
    key: 'smaller-neighbours',
    relation: 'neighbour',
    kind: 'container',
    name: `${totals.size - shown.size} smaller neighbours`,
    entityRefs: [],
  };
  const folded: PartFacts = {
    key: `${before}${party.key}`,
    part: name,
    group,
    party,
  };
  return items.map(item =>
    item.part.group === group && !shown.has(item.part.key)
      ? { ...item, part: folded }
      : item,
  );
}

export function presentAnatomy(
  { axis }: Pick<Facts, 'axis'>,
  { bands, sums, selection }: AnatomyFacts,
  presenter: Presenter,
): Omit<Anatomy, 'sentence'> {
  const numbers = [...bands.keys()];
  const lowest = Math.min(...numbers);
  const highest = Math.max(...numbers);
  const { lowestBand, highestBand } = selection;
  return {
    range: {
      from: startOf(axis, selection.first),
      to: startOf(axis, selection.last + 1),
    },
    ...(lowestBand === undefined && highestBand === undefined
      ? {}
      : {
          durations: {
            fromSeconds:
              lowestBand === undefined ? 0 : bandLowerSeconds(lowestBand),
            ...(highestBand === undefined
              ? {}
              : { toSeconds: bandUpperSeconds(highestBand) }),
          },
        }),
    bands: Array.from(
      { length: numbers.length === 0 ? 0 : highest - lowest + 1 },
      (_, index) => ({
        fromSeconds: bandLowerSeconds(lowest + index),
        toSeconds: bandUpperSeconds(lowest + index),
        ...presentSums(bands.get(lowest + index), presenter),
      }),
    ),
    sums: (['slowest-1', 'slowest-10', 'all'] as const).map(of => ({
      of,
      thresholdSeconds: sums[of].thresholdSeconds,
      ...presentSums(sums[of], presenter),
    })),
  };
}

function presentSums(sums: PartSums | undefined, presenter: Presenter) {
  const { requestCount, seconds, estimatedSeconds, parts } =
    sums ?? new SumsBuilder(0).build();
  return {
    requestCount,
    seconds,
    estimatedShare: seconds > 0 ? Math.min(1, estimatedSeconds / seconds) : 0,
    parts: parts.map(part =>
      presentPart(part.facts, part.seconds, seconds, presenter),
    ),
  };
}
