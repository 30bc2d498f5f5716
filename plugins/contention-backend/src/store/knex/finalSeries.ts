/** What is in memory of the packs of one series. Knows where they are; refuses to know when a pack is final. */
import {
  BYTES_OF_VALUE,
  copyValues,
  emptyValues,
  windowsOfPack,
  type Pack,
  type PackedLevel,
  type PackHistograms,
} from './packs';

/** What is known of a pack. */
const UNKNOWN = 0;
const NO_HISTOGRAMS_READ = 1;
const ALL_READ = 2;

/** Of a series, beside its packs. */
const BYTES_OF_SERIES = 500;

/** Of a histogram that was read, for each byte of its text. */
const BYTES_OF_READ_BYTE = 4;

/**
 * Packs have numbers here, those of their level since the epoch. The values of all lie together, in their order: a page asks
 * for a day of hundreds of series, and what lies apart has to be fetched from memory apart.
 */
export class FinalSeries {
  /** Number of the reading that asked for it last. */
  asked = 0;
  /** About as much memory as it takes. */
  bytes = BYTES_OF_SERIES;
  /** The first pack that there is room for. */
  private first = 0;
  private states = new Uint8Array(0);
  private values = new DataView(new ArrayBuffer(0));
  private readonly histograms = new Map<number, PackHistograms>();
  private readonly windows: number;

  constructor(
    private readonly id: number,
    private readonly level: PackedLevel,
  ) {
    this.windows = windowsOfPack(level);
  }

  private isKnown(number: number, isWithHistograms: boolean): boolean {
    const known = this.states[number - this.first] ?? UNKNOWN;
    return known === ALL_READ || (known !== UNKNOWN && !isWithHistograms);
  }

  /** The first number of packs that is not known; undefined where all are. */
  firstUnknown(
    first: number,
    end: number,
    isWithHistograms: boolean,
  ): number | undefined {
    for (let number = first; number < end; number++) {
      if (!this.isKnown(number, isWithHistograms)) return number;
    }
    return undefined;
  }

  /** From now on packs are known; those that are not put have no values. */
  know(first: number, end: number, isWithHistograms: boolean): void {
    this.makeRoom(first, end);
    for (let at = first - this.first; at < end - this.first; at++) {
      const state = isWithHistograms ? ALL_READ : NO_HISTOGRAMS_READ;
      this.states[at] = Math.max(this.states[at], state);
    }
  }

  /** To be called for packs that are known. */
  put(pack: Pack): void {
    const number = pack.startMs / this.level.packs.lengthMs;
    copyValues(pack, this.values, (number - this.first) * this.windows);
  }

  /** @param length - of the text, bytes */
  putHistograms(
    number: number,
    histograms: PackHistograms,
    length: number,
  ): void {
    // What was read of those that are known already is not thrown away.
    if (this.histograms.has(number)) return;
    this.histograms.set(number, histograms);
    this.bytes += length * BYTES_OF_READ_BYTE;
  }

  /** Calls `visit` with packs that are known: as one, or each with its histograms. */
  visit(
    first: number,
    end: number,
    isWithHistograms: boolean,
    visit: (pack: Pack, histograms: PackHistograms | undefined) => void,
  ): void {
    if (!isWithHistograms) {
      visit(this.pack(first, end - first), undefined);
      return;
    }
    for (let number = first; number < end; number++) {
      visit(this.pack(number, 1), this.histograms.get(number));
    }
  }

  private pack(number: number, packs: number): Pack {
    return {
      seriesId: this.id,
      startMs: number * this.level.packs.lengthMs,
      count: packs * this.windows,
      values: this.values,
      offset: (number - this.first) * this.windows * BYTES_OF_VALUE,
    };
  }

  /** For packs between those that there is room for and these ones, too. */
  private makeRoom(first: number, end: number): void {
    const { states, values } = this;
    const before = { first: this.first, end: this.first + states.length };
    const isEmpty = states.length === 0;
    const room = {
      first: isEmpty ? first : Math.min(first, before.first),
      end: isEmpty ? end : Math.max(end, before.end),
    };
    const packs = room.end - room.first;
    if (packs === states.length) return;
    const at = before.first - room.first;
    this.first = room.first;
    this.states = new Uint8Array(packs);
    this.values = emptyValues(packs * this.windows);
    this.bytes +=
      (packs - states.length) *
      (this.windows * BYTES_OF_VALUE + this.states.BYTES_PER_ELEMENT);
    if (isEmpty) return;
    this.states.set(states, at);
    copyValues(
      { values, offset: 0, count: states.length * this.windows },
      this.values,
      at * this.windows,
    );
  }
}
