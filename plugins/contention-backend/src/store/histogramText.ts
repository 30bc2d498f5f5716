/**
 * A histogram as a short text for a column: `zeroCount;index:count;...`, indices ascending. The sum stands in the value
 * column beside it. Text, so that it reads the same in every database and in a shell. Texts with a `;` or a bar between them
 * are the text of what they are together, with indices in any order and more than once.
 */
import {
  emptyHistogram,
  type DurationHistogram,
} from 'backstage-plugin-contention-common';

export function histogramToText(histogram: DurationHistogram): string {
  const parts = [String(histogram.zeroCount)];
  const entries = [...histogram.buckets].sort(([a], [b]) => a - b);
  for (const [index, count] of entries) {
    if (count !== 0) parts.push(`${index}:${count}`);
  }
  return parts.join(';');
}

/** A text as it came: by itself, or among the bytes of others. */
export type StoredText = string | TextBytes;

/** Where a text stands among bytes. */
export interface TextBytes {
  bytes: Uint8Array;
  from: number;
  to: number;
}

/** A text that is being read, where it came as characters: bytes are read several times as fast. */
let reading = Buffer.alloc(1 << 16);

function bytesOf(text: StoredText): TextBytes {
  if (typeof text !== 'string') return text;
  if (text.length > reading.length) reading = Buffer.alloc(2 * text.length);
  return { bytes: reading, from: 0, to: reading.write(text, 'latin1') };
}

const COLON = 58;
const MINUS = 45;
const ZERO = 48;

/** Indices of a nanosecond to an hour lie within this of zero; others are as right, and slower. */
const HALF = 512;

/**
 * Counts by index while histograms are added up, zero in between: additions in a map are most of what that costs, and a report
 * adds up tens of thousands.
 */
const counts = new Float64Array(2 * HALF);
let lowest = counts.length;
let highest = -1;

/**
 * What texts that lie together say, read when one of them is first asked for: a report asks for most of them, and for each
 * several times. All their buckets are in one array: one of its own for each text would be most of the garbage of a report.
 */
export class HistogramTexts {
  private known: readonly ReadText[] | undefined;

  constructor(private readonly texts: readonly StoredText[]) {}

  read(index: number): ReadText {
    this.known ??= readTexts(this.texts);
    return this.known[index];
  }
}

interface ReadText {
  count: number;
  zeroCount: number;
  /** Index and count of each bucket in turns stand here, and those of other texts. */
  buckets: Float64Array;
  /** Where its own begin and end. */
  from: number;
  to: number;
  /** Of the indices; infinite where there is none. */
  lowest: number;
  highest: number;
}

/**
 * A histogram that is still the text it was stored as. A report holds thousands, one for each window of each series, and most
 * of them are only added to a sum or counted: a map of its own for each would be most of what the report costs.
 */
export class StoredHistogram implements DurationHistogram {
  private whole: DurationHistogram | undefined;
  private counted: number | undefined;

  /**
   * @param index - of its own text among those that it lies with
   * @param sumSeconds - with those of `others`
   * @param others - that it is together with
   */
  constructor(
    private readonly texts: HistogramTexts,
    private readonly index: number,
    readonly sumSeconds: number,
    private readonly others?: StoredHistogram,
  ) {}

  get count(): number {
    if (this.counted !== undefined) return this.counted;
    // Without recursion: there may be thousands.
    let { count } = this.own();
    for (let { others } = this; others; { others } = others) {
      count += others.own().count;
    }
    this.counted = count;
    return count;
  }

  get zeroCount(): number {
    return this.read().zeroCount;
  }

  get buckets(): Map<number, number> {
    return this.read().buckets;
  }

  /** Together with another one: nothing is read before somebody wants to know. */
  and({ texts, index, sumSeconds }: StoredHistogram): StoredHistogram {
    return new StoredHistogram(
      texts,
      index,
      this.sumSeconds + sumSeconds,
      this,
    );
  }

  /** For `sumOfHistograms`: without a map of its own. */
  addTo(sum: DurationHistogram): void {
    addText(sum, this.own());
    for (let { others } = this; others; { others } = others) {
      addText(sum, others.own());
    }
    sum.sumSeconds += this.sumSeconds;
  }

  private own(): ReadText {
    return this.texts.read(this.index);
  }

  private read(): DurationHistogram {
    this.whole ??= sumOfHistograms([this]);
    return this.whole;
  }
}

/** The histogram of a text by itself. */
export function storedHistogram(
  text: StoredText,
  sumSeconds: number,
): StoredHistogram {
  return new StoredHistogram(new HistogramTexts([text]), 0, sumSeconds);
}

export function histogramFromText(
  text: string,
  sumSeconds: number,
): DurationHistogram {
  return sumOfHistograms([storedHistogram(text, sumSeconds)]);
}

/**
 * All durations of several histograms in one of its own.
 * @param histograms - holes are passed over
 */
export function sumOfHistograms(
  histograms: readonly (DurationHistogram | undefined)[],
): DurationHistogram {
  const sum = emptyHistogram();
  for (const histogram of histograms) {
    if (histogram instanceof StoredHistogram) histogram.addTo(sum);
    else if (histogram) {
      sum.zeroCount += histogram.zeroCount;
      sum.count += histogram.count;
      sum.sumSeconds += histogram.sumSeconds;
      for (const [index, count] of histogram.buckets) {
        addCount(sum, index, count);
      }
    }
  }
  for (let near = lowest; near <= highest; near++) {
    if (counts[near] === 0) continue;
    sum.buckets.set(near - HALF, counts[near]);
    counts[near] = 0;
  }
  lowest = counts.length;
  highest = -1;
  return sum;
}

function addCount(
  { buckets }: DurationHistogram,
  index: number,
  count: number,
): void {
  const near = index + HALF;
  if (near >= 0 && near < counts.length) {
    counts[near] += count;
    if (near < lowest) lowest = near;
    if (near > highest) highest = near;
  } else buckets.set(index, (buckets.get(index) ?? 0) + count);
}

/** Adds the durations of a text, of which those in buckets are not in `sum.buckets` before `sumOfHistograms` ends. */
function addText(sum: DurationHistogram, read: ReadText): void {
  const { buckets, from, to, lowest: first, highest: last } = read;
  sum.count += read.count;
  sum.zeroCount += read.zeroCount;
  if (first >= -HALF && last < HALF) {
    for (let at = from; at < to; at += 2) {
      counts[buckets[at] + HALF] += buckets[at + 1];
    }
    lowest = Math.min(lowest, first + HALF);
    highest = Math.max(highest, last + HALF);
    return;
  }
  for (let at = from; at < to; at += 2) {
    addCount(sum, buckets[at], buckets[at + 1]);
  }
}

/** Where buckets are written while texts are read, until it is known how many they are. */
let written = new Float64Array(1 << 14);

function readTexts(texts: readonly StoredText[]): ReadText[] {
  const read: ReadText[] = [];
  let from = 0;
  for (const text of texts) {
    const one = readText(text, from);
    read.push(one);
    from = one.to;
  }
  const buckets = written.slice(0, from);
  for (const one of read) one.buckets = buckets;
  return read;
}

/** Writes the buckets of a text to `written`. */
function readText(text: StoredText, begin: number): ReadText {
  const { bytes, from, to } = bytesOf(text);
  // Two numbers take three bytes at least, and one between them and the next.
  const enough = begin + (to - from) / 2 + 1;
  if (enough > written.length) {
    const larger = new Float64Array(2 * enough);
    larger.set(written.subarray(0, begin));
    written = larger;
  }
  let end = begin;
  let count = 0;
  let zeroCount = 0;
  let lowestIndex = Infinity;
  let highestIndex = -Infinity;
  for (let at = from; at < to; at++) {
    const isNegative = bytes[at] === MINUS;
    if (isNegative) at++;
    let number = 0;
    for (; at < to && bytes[at] < COLON; at++) {
      number = number * 10 + (bytes[at] - ZERO);
    }
    if (at === to || bytes[at] !== COLON) {
      zeroCount += number;
      count += number;
      continue;
    }
    const index = isNegative ? -number : number;
    number = 0;
    for (at++; at < to && bytes[at] < COLON; at++) {
      number = number * 10 + (bytes[at] - ZERO);
    }
    written[end++] = index;
    written[end++] = number;
    if (index < lowestIndex) lowestIndex = index;
    if (index > highestIndex) highestIndex = index;
    count += number;
  }
  return {
    count,
    zeroCount,
    buckets: written,
    from: begin,
    to: end,
    lowest: lowestIndex,
    highest: highestIndex,
  };
}
