/**
 * What kept threads from running, since when, and who: numbers only, no words (those are in verdict.ts). What held it up is
 * found as of any other waiting (held.ts); here is what only a CPU has, its limits. Pure.
 */
import { METRIC, quantileSeconds } from 'backstage-plugin-contention-common';
import { burnersOf, type BurnSource } from './burners';
import { mergedHistogram } from './distribution';
import { seriesOf, sumOf, type Facts, type Windows } from './facts';
import {
  heldBase,
  judgeHeld,
  ofWorstNode,
  tooLittle,
  type HeldBase,
  type HeldVerdict,
  type Place,
  type Reason,
} from './held';
import { quotaLevelOf } from './parties';
import {
  quotasOf,
  throttledShareOf,
  worstFirst,
  type QuotaFacts,
} from './quotas';
import type { HeldStretch } from './stretches';
import {
  SERIOUS_SHARE,
  SERIOUS_THROTTLED_SHARE,
  THROTTLED_PERIODS,
  THROTTLED_SHARE,
} from './thresholds';
import { timelineOf } from './timeline';

export interface Judgement extends HeldVerdict, HeldBase {
  /** The node that cause, severity, stretch and limit are of; absent when they are of several nodes together. */
  place?: Place;
  limit?: LimitFacts;
}

export interface LimitFacts {
  quota: QuotaFacts;
  throttledShare: number;
  throttledPeriods: number;
  stallMedianSeconds?: number;
  /** The container that used most of the budget, if it is not the only one. */
  burner?: { container: string; share: number; source: BurnSource };
}

export interface JudgeOptions {
  /** The range reaches now and its data is fresh: only then anything goes on. */
  live: boolean;
  /** The newest minute in fine windows, where the axis of the facts is coarse. */
  tail?: Facts;
  /** Only these reasons; all when absent. */
  reasons?: readonly Reason[];
}

/** Of the whole service or, where that says more, of its worst node. */
export function judge(facts: Facts, options: JudgeOptions): Judgement {
  return ofWorstNode(
    facts,
    options,
    judgeAll,
    ({ cause, severity, stretch, limit }) => ({
      cause,
      severity,
      stretch,
      limit,
    }),
  );
}

function judgeAll(facts: Facts, options: JudgeOptions): Judgement {
  const timeline = timelineOf(facts);
  const base = heldBase(timeline);
  const nothing = tooLittle(base);
  if (nothing) return { ...base, ...nothing };
  const held = judgeHeld(timeline, {
    ...options,
    tail: options.tail && timelineOf(options.tail),
    seriousShare: SERIOUS_SHARE,
  });
  if (!held) {
    const limit = limitFacts(facts);
    return { ...base, ...quietOrLimit(limit, options), limit };
  }
  const { reason, ...verdict } = held;
  return {
    ...base,
    ...verdict,
    limit:
      reason === 'limit' ? limitFacts(facts, verdict.stretch.held) : undefined,
  };
}

/** Ledgers speak even where threads stood still for little of the time. */
function quietOrLimit(
  limit: LimitFacts | undefined,
  { reasons }: JudgeOptions,
): Pick<Judgement, 'cause' | 'severity'> {
  const isFelt =
    limit !== undefined &&
    limit.throttledShare >= THROTTLED_SHARE &&
    limit.throttledPeriods >= THROTTLED_PERIODS &&
    (!reasons || reasons.includes('limit'));
  if (!isFelt) return { cause: 'quiet', severity: 'none' };
  return {
    cause: 'limit',
    severity:
      limit.throttledShare >= SERIOUS_THROTTLED_SHARE ? 'serious' : 'notice',
  };
}

/** The worst quota of a stretch (or of the whole range), in the numbers that a sentence needs. */
function limitFacts(facts: Facts, held?: HeldStretch): LimitFacts | undefined {
  const inStretch = (values: Windows) =>
    held ? values.slice(held.first, held.last + 1) : values;
  const [quota] = quotasOf(facts)
    .map(item => ({
      ...item,
      periods: inStretch(item.periods),
      throttledPeriods: inStretch(item.throttledPeriods),
      throttledSeconds: inStretch(item.throttledSeconds),
    }))
    .sort(worstFirst);
  if (!quota || sumOf(quota.throttledPeriods) === 0) return undefined;
  const stalls = mergedHistogram(
    seriesOf(facts, METRIC.cpuThrottledStall).filter(
      ({ series }) =>
        (quotaLevelOf(series.attributes) ?? 'container') === quota.level,
    ),
    held,
  );
  const { burners, source } = burnersOf(facts, [quota], held);
  const [burner] = burners;
  return {
    quota,
    throttledShare: throttledShareOf(quota),
    throttledPeriods: sumOf(quota.throttledPeriods),
    stallMedianSeconds: quantileSeconds(stalls, 0.5),
    burner: burner && burner.share < 1 ? { ...burner, source } : undefined,
  };
}
