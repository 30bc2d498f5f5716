/**
 * Packs that nothing changes any more, kept in memory: a page that is left open, and every other one of the same service, asks
 * for the same day again and again, of which only the newest hours are news. Points are not taken any more once they are older
 * than what is kept as it was sent; so a pack that is older, and of which nothing waits to be rolled up, is final, whichever
 * process wrote it. Knows which packs those are; refuses to know what stands in them.
 */
import type { Knex } from 'knex';
import { LEVELS } from '../levels';
import { MARGIN_MS, type Range } from '../resolution';
import { FinalSeries } from './finalSeries';
import {
  PackHistograms,
  readHistograms,
  readPacks,
  textAlone,
  type Pack,
  type PackedLevel,
} from './packs';

/** About as much memory as is used at most, as far as sizes can be estimated. A day of one service takes some four, two weeks of it as many. */
const MAX_BYTES = 64 * 2 ** 20;

/** What is left of it once it was used up. */
const LEFT = 0.75;

/** A series that is asked for. */
interface Wanted {
  id: number;
  final: FinalSeries;
  isWithHistograms: boolean;
}

export class FinalPacks {
  /** By series and level. */
  private readonly known = new Map<number, FinalSeries>();
  private readings = 0;

  /**
   * @param rawMs - for how long points are taken
   * @param maxBytes - see `MAX_BYTES`
   */
  constructor(
    private readonly rawMs: number,
    private readonly now: () => number = Date.now,
    private readonly maxBytes = MAX_BYTES,
  ) {}

  /** To be called when packs were purged, or made anew though they were final. */
  clear(): void {
    this.known.clear();
  }

  /** Before this, points are not taken any more. */
  finalUntilMs(): number {
    return this.now() - this.rawMs - MARGIN_MS;
  }

  /**
   * Calls `visit` with what is stored of series in the packs that reach into a range, those of each series in the order of
   * their starts; where it has no histograms, as one.
   * @param range - up to an edge of packs, all of them final
   * @param havingHistograms - of the series, those that have some
   */
  async visit(
    knex: Knex,
    level: PackedLevel,
    ids: readonly number[],
    range: Range,
    havingHistograms: ReadonlySet<number>,
    visit: (pack: Pack, histograms: PackHistograms | undefined) => void,
  ): Promise<void> {
    const { lengthMs } = level.packs;
    const first = Math.floor(range.fromMs / lengthMs);
    const end = Math.ceil(range.toMs / lengthMs);
    this.readings++;
    const series = [...new Set(ids)].map(id => ({
      id,
      final: this.of(level, id),
      isWithHistograms: havingHistograms.has(id),
    }));
    const unknown: Wanted[] = [];
    let firstUnknown = end;
    for (const item of series) {
      const { final, isWithHistograms } = item;
      const number = final.firstUnknown(first, end, isWithHistograms);
      if (number === undefined) continue;
      unknown.push(item);
      firstUnknown = Math.min(firstUnknown, number);
    }
    if (unknown.length > 0) {
      await this.read(knex, level, unknown, firstUnknown, end);
    }
    for (const { final, isWithHistograms } of series) {
      final.visit(first, end, isWithHistograms, visit);
    }
  }

  /** Adds the packs from `first` to before `end` to what is known of series. */
  private async read(
    knex: Knex,
    level: PackedLevel,
    series: readonly Wanted[],
    first: number,
    end: number,
  ): Promise<void> {
    const { lengthMs } = level.packs;
    const range = { fromMs: first * lengthMs, toMs: end * lengthMs };
    const texts = await readHistograms(
      knex,
      level,
      series.flatMap(item => (item.isWithHistograms ? item.id : [])),
      range,
    );
    const packs: Pack[] = [];
    await readPacks(
      knex,
      level,
      series.map(({ id }) => id),
      range,
      () => false,
      pack => packs.push(pack),
    );
    // From here on nobody else runs: what is known is known with its values.
    const byId = new Map(series.map(({ id, final }) => [id, final]));
    for (const { final, isWithHistograms } of series) {
      final.know(first, end, isWithHistograms);
    }
    for (const pack of packs) byId.get(pack.seriesId)!.put(pack);
    for (const [id, ofSeries] of texts) {
      for (const [startMs, text] of ofSeries) {
        const histograms = new PackHistograms(textAlone(text));
        const length = text.to - text.from;
        byId.get(id)!.putHistograms(startMs / lengthMs, histograms, length);
      }
    }
    this.forgetOldest();
  }

  private of(level: PackedLevel, id: number): FinalSeries {
    const key = keyOf(level, id);
    let final = this.known.get(key);
    if (!final) {
      final = new FinalSeries(id, level);
      this.known.set(key, final);
    }
    final.asked = this.readings;
    return final;
  }

  private forgetOldest(): void {
    let left = 0;
    for (const { bytes } of this.known.values()) left += bytes;
    if (left <= this.maxBytes) return;
    const oldestFirst = [...this.known].sort(
      ([, a], [, b]) => a.asked - b.asked,
    );
    for (const [key, { bytes }] of oldestFirst) {
      // Room for the next ones, or each of them would have all sorted anew.
      if (left <= LEFT * this.maxBytes) return;
      this.known.delete(key);
      left -= bytes;
    }
  }
}

function keyOf(level: PackedLevel, id: number): number {
  return id * LEVELS.length + LEVELS.indexOf(level);
}
