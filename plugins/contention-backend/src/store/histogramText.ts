/**
 * A histogram as a short text for a column: `zeroCount;index:count;...`, indices ascending. The sum stands in the value
 * column beside it. Text, so that it reads the same in every database and in a shell.
 */
import type { DurationHistogram } from 'backstage-plugin-contention-common';

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
  const [zero, ...parts] = text.split(';');
  const zeroCount = Number(zero);
  const buckets = new Map<number, number>();
  let count = zeroCount;
  for (const part of parts) {
    const colon = part.indexOf(':');
    const inBucket = Number(part.slice(colon + 1));
    buckets.set(Number(part.slice(0, colon)), inBucket);
    count += inBucket;
  }
  return { count, sumSeconds, zeroCount, buckets };
}
