/** Exponential histograms of one scale are merged by adding their buckets: nothing is lost by it. */
import type { Exemplar, HistogramPoint } from '../otlp/model';

type Contents = Pick<
  HistogramPoint,
  'count' | 'sumNs' | 'zeroCount' | 'buckets'
>;

/** Adds `from` into `into`. */
export function addHistogram(into: Contents, from: Contents): void {
  into.count += from.count;
  into.sumNs += from.sumNs;
  into.zeroCount += from.zeroCount;
  for (const [index, count] of from.buckets) {
    into.buckets.set(index, (into.buckets.get(index) ?? 0n) + count);
  }
}

/** Keeps the longer of two exemplars. */
export function addExemplar(
  into: { exemplar?: Exemplar },
  exemplar: Exemplar | undefined,
): void {
  if (!exemplar || (into.exemplar && into.exemplar.ns >= exemplar.ns)) return;
  into.exemplar = exemplar;
}
