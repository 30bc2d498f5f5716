/**
 * Packs that nothing changes any more, kept in memory: a page that is left open, and every other one of the same service, asks
 * for the same day again and again, of which only the newest hours are news. Points are not taken any more once they are older
 * than what is kept as it was sent; so a pack that is older, and of which nothing waits to be rolled up, is final, whichever
 * process wrote it. Knows which packs those are; refuses to know what stands in them.
 */
import type { Knex } from 'knex';
import { LEVELS } from '../levels';
import { MARGIN_MS, type Range } from '../resolution';
import {
  packAlone,
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

/** Of a pack, beside its values and histograms. */
const BYTES_OF_PACK = 200;

/** Of a histogram that was read, for each byte of its text. */
const BYTES_OF_READ_BYTE = 4;

interface FinalPack {
  /** Absent: there is no such pack. */
  pack?: Pack;
  /** Null: it has none; absent: nobody has asked for them yet. */
  histograms?: PackHistograms | null;
}

interface FinalSeries {
  byStart: Map<number, FinalPack>;
  bytes: number;
  /** Number of the reading that asked for it last. */
  asked: number;
}

/** A series that is asked for. */
interface Wanted {
  id: number;
  final: FinalSeries;
  isWithHistograms: boolean;
}

export class FinalPacks {
  /** By series and level. */
  private readonly known = new Map<number, FinalSeries>();
  private bytes = 0;
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
    this.bytes = 0;
  }

  /** Before this, points are not taken any more. */
  finalUntilMs(): number {
    return this.now() - this.rawMs - MARGIN_MS;
  }

  /**
   * Calls `visit` with the packs of series that reach into a range, those of each series in the order of their starts.
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
    const firstMs = Math.floor(range.fromMs / lengthMs) * lengthMs;
    this.readings++;
    const series = [...new Set(ids)].map(id => ({
      id,
      final: this.of(level, id),
      isWithHistograms: havingHistograms.has(id),
    }));
    const unknown: Wanted[] = [];
    let unknownMs = range.toMs;
    for (const item of series) {
      for (let startMs = firstMs; startMs < range.toMs; startMs += lengthMs) {
        if (isKnown(item, startMs)) continue;
        unknown.push(item);
        unknownMs = Math.min(unknownMs, startMs);
        break;
      }
    }
    if (unknown.length > 0) {
      const missing = { fromMs: unknownMs, toMs: range.toMs };
      await this.read(knex, level, unknown, missing);
    }
    for (const { final } of series) {
      for (let startMs = firstMs; startMs < range.toMs; startMs += lengthMs) {
        const { pack, histograms } = final.byStart.get(startMs)!;
        if (pack) visit(pack, histograms ?? undefined);
      }
    }
  }

  /** Adds what is not known of series yet. */
  private async read(
    knex: Knex,
    level: PackedLevel,
    series: readonly Wanted[],
    range: Range,
  ): Promise<void> {
    const { lengthMs } = level.packs;
    const texts = await readHistograms(
      knex,
      level,
      series.flatMap(item => (item.isWithHistograms ? item.id : [])),
      range,
    );
    const packs = new Map<number, Map<number, Pack>>(
      series.map(({ id }) => [id, new Map()]),
    );
    await readPacks(
      knex,
      level,
      series.map(({ id }) => id),
      range,
      pack =>
        packs.get(pack.seriesId)!.set(pack.startMs, packAlone(pack, level)),
    );
    for (const item of series) {
      const { id, final, isWithHistograms } = item;
      let bytes = 0;
      for (let atMs = range.fromMs; atMs < range.toMs; atMs += lengthMs) {
        if (isKnown(item, atMs)) continue;
        const text = texts.get(id)?.get(atMs);
        if (text) bytes += (text.to - text.from) * BYTES_OF_READ_BYTE;
        if (!final.byStart.has(atMs)) {
          bytes += BYTES_OF_PACK + (lengthMs / level.widthMs) * 8;
        }
        const histograms = text ? new PackHistograms(textAlone(text)) : null;
        final.byStart.set(atMs, {
          pack: packs.get(id)!.get(atMs),
          ...(isWithHistograms ? { histograms } : {}),
        });
      }
      final.bytes += bytes;
      // Unless it was forgotten meanwhile.
      if (this.known.get(keyOf(level, id)) === final) this.bytes += bytes;
    }
    this.forgetOldest();
  }

  private of(level: PackedLevel, id: number): FinalSeries {
    const key = keyOf(level, id);
    let final = this.known.get(key);
    if (!final) {
      final = { byStart: new Map(), bytes: 0, asked: 0 };
      this.known.set(key, final);
    }
    final.asked = this.readings;
    return final;
  }

  private forgetOldest(): void {
    if (this.bytes <= this.maxBytes) return;
    const oldestFirst = [...this.known].sort(
      ([, a], [, b]) => a.asked - b.asked,
    );
    for (const [key, { bytes }] of oldestFirst) {
      // Room for the next ones, or each of them would have all sorted anew.
      if (this.bytes <= LEFT * this.maxBytes) return;
      this.known.delete(key);
      this.bytes -= bytes;
    }
  }
}

function isKnown(
  { final, isWithHistograms }: Wanted,
  startMs: number,
): boolean {
  const known = final.byStart.get(startMs);
  return (
    known !== undefined && !(isWithHistograms && known.histograms === undefined)
  );
}

function keyOf(level: PackedLevel, id: number): number {
  return id * LEVELS.length + LEVELS.indexOf(level);
}
