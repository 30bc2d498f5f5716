/**
 * A histogram as a short text for a column: `zeroCount;index:count;...`, indices ascending. The sum stands in the value
 * column beside it. Text, so that it reads the same in every database and in a shell.
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
