/**
 * A histogram as a short text for a column: `zeroCount;index:count;...`, indices ascending. The sum stands in the value
 * column beside it. Text, so that it reads the same in every database and in a shell. Texts with a `;` between them are the
 * text of what they are together, with indices in any order and more than once.
 */
import {
  emptyHistogram,
  mergeInto,
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

export function histogramFromText(
  text: string,
  sumSeconds: number,
): DurationHistogram {
  const histogram = emptyHistogram();
  addHistogramText(histogram, text, sumSeconds);
  return histogram;
}

/** Between texts that are put together. */
export const BESIDE = ';';

const SEMICOLON = 59;
const COLON = 58;
const MINUS = 45;
const ZERO = 48;

/** The text that is being read, and a semicolon: bytes are read several times as fast as characters. */
let bytes = Buffer.alloc(1 << 16);

/** Indices of a nanosecond to an hour lie within this of zero; others are as right, and slower. */
const HALF = 512;

/** Counts by index while a text is read, zero in between: additions in a map are most of what reading costs. */
const counts = new Float64Array(2 * HALF);

/** Adds a histogram to another without making it first: a report reads tens of thousands. */
export function addHistogramText(
  into: DurationHistogram,
  text: string,
  sumSeconds: number,
): void {
  const { buckets } = into;
  if (text.length >= bytes.length) bytes = Buffer.alloc(2 * text.length);
  const length = bytes.write(text, 'latin1');
  bytes[length] = SEMICOLON;
  let lowest = counts.length;
  let highest = -1;
  let zeroCount = 0;
  let count = 0;
  for (let at = 0; at < length; at++) {
    const isNegative = bytes[at] === MINUS;
    if (isNegative) at++;
    let number = 0;
    for (let byte = bytes[at]; byte < COLON; byte = bytes[++at]) {
      number = number * 10 + (byte - ZERO);
    }
    if (bytes[at] === SEMICOLON) {
      zeroCount += number;
      continue;
    }
    const index = isNegative ? -number : number;
    number = 0;
    for (let byte = bytes[++at]; byte < COLON; byte = bytes[++at]) {
      number = number * 10 + (byte - ZERO);
    }
    const near = index + HALF;
    if (near >= 0 && near < counts.length) {
      counts[near] += number;
      if (near < lowest) lowest = near;
      if (near > highest) highest = near;
    } else buckets.set(index, (buckets.get(index) ?? 0) + number);
    count += number;
  }
  for (let near = lowest; near <= highest; near++) {
    if (counts[near] === 0) continue;
    const known = buckets.get(near - HALF) ?? 0;
    buckets.set(near - HALF, known + counts[near]);
    counts[near] = 0;
  }
  into.zeroCount += zeroCount;
  into.count += zeroCount + count;
  into.sumSeconds += sumSeconds;
}

/**
 * A histogram that is still the text it was stored as. A report holds thousands, one for each window of each series, and most
 * of them are only added to a sum or counted: a map of its own for each would be most of what the report costs.
 */
export class StoredHistogram implements DurationHistogram {
  private whole: DurationHistogram | undefined;
  private counted: number | undefined;

  constructor(
    private readonly text: string,
    readonly sumSeconds: number,
  ) {}

  get count(): number {
    this.counted ??= countIn(this.text);
    return this.counted;
  }

  get zeroCount(): number {
    return this.read().zeroCount;
  }

  get buckets(): Map<number, number> {
    return this.read().buckets;
  }

  /** Of its own, to be added to. */
  copy(): DurationHistogram {
    return histogramFromText(this.text, this.sumSeconds);
  }

  /** Together with another one: nothing is read before somebody wants to know. */
  and(text: string, sumSeconds: number): StoredHistogram {
    return new StoredHistogram(
      this.text + BESIDE + text,
      this.sumSeconds + sumSeconds,
    );
  }

  addTo(into: DurationHistogram): void {
    const before = into.count;
    addHistogramText(into, this.text, this.sumSeconds);
    this.counted ??= into.count - before;
  }

  private read(): DurationHistogram {
    this.whole ??= this.copy();
    return this.whole;
  }
}

/** As `mergeInto`, without reading first what is stored. */
export function addHistogram(
  into: DurationHistogram,
  from: DurationHistogram,
): void {
  if (from instanceof StoredHistogram) from.addTo(into);
  else mergeInto(into, from);
}

/** Number of durations: all numbers but the indices, which stand before a colon. */
function countIn(text: string): number {
  let count = 0;
  let number = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === SEMICOLON) {
      count += number;
      number = 0;
    } else if (code === COLON || code === MINUS) number = 0;
    else number = number * 10 + (code - ZERO);
  }
  return count + number;
}
