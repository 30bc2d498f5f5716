/** A range beside the one before it, and beside what is normal for this service at this time. Pure. */
import {
  quantileSeconds,
  type Comparison,
  type DurationHistogram,
  type RequestSummary,
} from 'backstage-plugin-contention-common';
import { sumOf, type Facts } from '../facts';
import type { EarlierFacts, RequestFacts } from './facts';
import { LEAST_REQUESTS, LEAST_SLOWER_SECONDS, SLOWER } from './thresholds';

export function summaryOf({
  fromMs,
  toMs,
  coveredSeconds,
  histogram,
}: EarlierFacts): RequestSummary {
  return {
    from: fromMs,
    to: toMs,
    requestCount: histogram.count,
    ratePerSecond:
      coveredSeconds > 0 ? histogram.count / coveredSeconds : undefined,
    p50Seconds: quantileSeconds(histogram, 0.5),
    p90Seconds: quantileSeconds(histogram, 0.9),
    p99Seconds: quantileSeconds(histogram, 0.99),
  };
}

/** @param histogram - of the counted requests of the whole range */
export function comparisonOf(
  { range, coveredSeconds }: Pick<Facts, 'range' | 'coveredSeconds'>,
  { preceding, days }: Pick<RequestFacts, 'preceding' | 'days'>,
  histogram: DurationHistogram,
): Omit<Comparison, 'sentence'> {
  // A day on which hardly anybody called says nothing about how long calls take.
  const known = days
    .map(summaryOf)
    .filter(({ requestCount }) => requestCount >= LEAST_REQUESTS);
  const usually = (key: Quantity) =>
    medianOf(known.flatMap(summary => summary[key] ?? []));
  return {
    now: summaryOf({
      ...range,
      coveredSeconds: sumOf(coveredSeconds),
      histogram,
    }),
    preceding: summaryOf(preceding),
    usual:
      known.length === 0
        ? undefined
        : {
            days: known,
            ratePerSecond: usually('ratePerSecond'),
            p50Seconds: usually('p50Seconds'),
            p90Seconds: usually('p90Seconds'),
            p99Seconds: usually('p99Seconds'),
          },
  };
}

type Quantity = 'ratePerSecond' | 'p50Seconds' | 'p90Seconds' | 'p99Seconds';

function medianOf(values: readonly number[]): number | undefined {
  if (values.length === 0) return undefined;
  const sorted = [...values].sort((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  return (sorted[Math.floor(middle)] + sorted[Math.ceil(middle)]) / 2;
}

/** What the range is measured against: what is usual, else what was before. */
export interface Reference {
  of: 'usual' | 'preceding';
  p99Seconds: number;
}

export function referenceOf({
  usual,
  preceding,
}: Omit<Comparison, 'sentence'>): Reference | undefined {
  if (usual?.p99Seconds !== undefined) {
    return { of: 'usual', p99Seconds: usual.p99Seconds };
  }
  if (
    preceding.p99Seconds !== undefined &&
    preceding.requestCount >= LEAST_REQUESTS
  ) {
    return { of: 'preceding', p99Seconds: preceding.p99Seconds };
  }
  return undefined;
}

export function isSlower(
  p99Seconds: number | undefined,
  reference: Reference | undefined,
): boolean {
  if (p99Seconds === undefined || !reference) return false;
  return (
    p99Seconds >= SLOWER * reference.p99Seconds &&
    p99Seconds - reference.p99Seconds >= LEAST_SLOWER_SECONDS
  );
}
