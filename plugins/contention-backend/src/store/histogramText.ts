/**
 * A histogram as a short text for a column: `zeroCount;index:count;...`, indices ascending. The sum stands in the value
 * column beside it. Text, so that it reads the same in every database and in a shell.
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

const SEMICOLON = 59;
const COLON = 58;
const MINUS = 45;
const ZERO = 48;

/** Adds a histogram to another without making it first: a report reads tens of thousands. */
export function addHistogramText(
  into: DurationHistogram,
  text: string,
  sumSeconds: number,
): void {
  const { buckets } = into;
  let index: number | undefined;
  let number = 0;
  let sign = 1;
  const close = () => {
    if (index === undefined) into.zeroCount += number;
    else buckets.set(index, (buckets.get(index) ?? 0) + number);
    into.count += number;
  };
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === SEMICOLON) {
      close();
      number = 0;
    } else if (code === COLON) {
      index = sign * number;
      number = 0;
      sign = 1;
    } else if (code === MINUS) sign = -1;
    else number = number * 10 + (code - ZERO);
  }
  close();
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

  addTo(into: DurationHistogram): void {
    addHistogramText(into, this.text, this.sumSeconds);
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
