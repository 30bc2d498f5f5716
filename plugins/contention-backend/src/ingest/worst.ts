/** Exemplars as worst cases: which metrics keep them, and how many. Pure. */
import { METRIC, type MetricName } from 'backstage-plugin-contention-common';
import {
  MalformedError,
  type Attributes,
  type OtlpExponentialPoint,
} from '../otlp';
import type { WorstCase } from '../store';
import { culpritOf, isIdentity } from './culprit';
import { printableAttributes } from './printable';
import { checkVocabulary } from './vocabulary';

/** Metrics whose exemplars are kept; those of others are dropped, as the standard allows. */
export const KEPT_EXEMPLARS: ReadonlySet<MetricName> = new Set([
  METRIC.requestDuration,
  METRIC.cpuWait,
]);

/** Of the exemplars of one point the longest are kept: what a stream can make the store grow by is bounded. */
const KEPT_OF_POINT = 2;

const NS_PER_MS = 1e6;

/**
 * @returns the longest exemplars of a point; none that are too old or of the future
 * @throws MalformedError when an exemplar has no duration
 */
export function worstOf(
  point: OtlpExponentialPoint,
  at: string,
  limits: { nowMs: number; oldestMs: number; maxFutureMs: number },
): WorstCase[] {
  const latestMs = limits.nowMs + limits.maxFutureMs;
  return point.exemplars
    .map(({ attributes: sent, timeNs, value }, index): WorstCase => {
      const attributes = printableAttributes(sent);
      const where = `${at} exemplar ${index}`;
      if (value === undefined || !Number.isFinite(value) || value < 0) {
        throw new MalformedError(`${where} has no duration (${value})`);
      }
      checkVocabulary(METRIC.cpuWaitBlame, attributes, where);
      return {
        // One that does not say when it was is of the end of its interval.
        endMs: Math.round((timeNs || point.endNs) / NS_PER_MS),
        seconds: value,
        attributes: withoutIdentity(attributes),
        culprit: culpritOf(attributes),
      };
    })
    .filter(({ endMs }) => endMs >= limits.oldestMs && endMs <= latestMs)
    .sort((a, b) => b.seconds - a.seconds)
    .slice(0, KEPT_OF_POINT);
}

function withoutIdentity(attributes: Attributes): Attributes {
  return Object.fromEntries(
    Object.entries(attributes).filter(([key]) => !isIdentity(key)),
  );
}
