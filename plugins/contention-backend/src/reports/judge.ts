/**
 * What was wrong, since when, and who: numbers only, no words (those are in verdict.ts). Pure.
 *
 * Every reason (limit, neighbour, sidecar, self, host) has its own stretches, so that a reason which has stopped is never
 * told in the present tense because of another that goes on. What goes on wins over what is over; among equals, the
 * larger part of the waiting wins.
 */
import {
  emptyHistogram,
  mergeInto,
  METRIC,
  quantileSeconds,
  type Cause,
  type Relation,
} from 'backstage-plugin-contention-common';
import { burnersOf, type BurnSource } from './burners';
import {
  isAt,
  onNode,
  seriesOf,
  sumOf,
  zeros,
  type Facts,
  type NodeFacts,
  type Windows,
} from './facts';
import { isStale } from './freshness';
import { quotaLevelOf } from './parties';
import {
  quotasOf,
  throttledShareOf,
  worstFirst,
  type QuotaFacts,
} from './quotas';
import {
  heldStretches,
  isHeld,
  type HeldInput,
  type HeldStretch,
} from './stretches';
import {
  LEAST_COVERED_SECONDS,
  NAMED_SHARE,
  SERIOUS_SHARE,
  SERIOUS_THROTTLED_SHARE,
  THROTTLED_PERIODS,
  THROTTLED_SHARE,
  UNKNOWN_SHARE,
  WORSE_NODE,
} from './thresholds';
import {
  newestWindow,
  secondsOf,
  timelineOf,
  wantedOf,
  type PartTimeline,
  type Timeline,
} from './timeline';

/** Reasons that can be a verdict, as the relation that they are measured by. */
const REASONS = ['limit', 'neighbour', 'sidecar', 'self', 'host'] as const;
type Reason = (typeof REASONS)[number];

export interface Judgement {
  /** The node that cause, severity, stretch and limit are of; absent when they are of several nodes together. */
  place?: Place;
  cause: Cause;
  severity: 'none' | 'notice' | 'serious';
  /** Of the whole range. */
  range: Amounts;
  /** Of the stretch that the verdict is about; absent when there is none. */
  stretch?: Amounts & {
    held: HeldStretch;
    /** Share of the waiting in the stretch that is for the reason. */
    reasonShare: number;
    /** Who is named: the one that holds most of the reason. */
    top?: { part: PartTimeline; share: number; alone: boolean };
    /** Other causes of the stretch, in one number each. */
    unknownShare: number;
  };
  limit?: LimitFacts;
  coveredSeconds: number;
  /** Share of all waiting in the range that could not be attributed. */
  unknownShare: number;
  timeline: Timeline;
}

export interface Place {
  node: NodeFacts;
  /** The service runs nowhere else. */
  only: boolean;
}

export interface Amounts {
  waitSeconds: number;
  wantedSeconds: number;
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

/**
 * Of the whole service or, where that says more, of its worst node: one replica that is badly hurt must not disappear
 * among many that do well.
 */
export function judge(facts: Facts, options: JudgeOptions): Judgement {
  const whole = judgeAll(facts, options);
  const [first, ...others] = facts.nodes;
  if (!first) return whole;
  if (others.length === 0)
    return { ...whole, place: { node: first, only: true } };
  const [worst] = facts.nodes
    .flatMap(node => {
      const { cause, severity, stretch, limit } = judgeAll(
        onNode(facts, node),
        {
          ...options,
          live: options.live && !isStale(node, facts.nowMs),
          tail: tailOn(options.tail, node),
        },
      );
      const place = { node, only: false };
      return stretch ? [{ place, cause, severity, stretch, limit }] : [];
    })
    .sort(
      (a, b) =>
        Number(b.stretch.held.ongoing) - Number(a.stretch.held.ongoing) ||
        reasonSeconds(b.stretch) - reasonSeconds(a.stretch),
    );
  return worst && saysMore(worst.stretch, whole.stretch)
    ? { ...whole, ...worst }
    : whole;
}

type Stretch = NonNullable<Judgement['stretch']>;

function reasonSeconds({ waitSeconds, reasonShare }: Stretch): number {
  return waitSeconds * reasonShare;
}

function saysMore(ofNode: Stretch, ofAll: Stretch | undefined): boolean {
  if (!ofAll) return true;
  if (ofNode.held.ongoing !== ofAll.held.ongoing) return ofNode.held.ongoing;
  const shareOf = (stretch: Stretch) =>
    reasonSeconds(stretch) / stretch.wantedSeconds;
  return shareOf(ofNode) >= WORSE_NODE * shareOf(ofAll);
}

function tailOn(tail: Facts | undefined, node: NodeFacts): Facts | undefined {
  const there = tail?.nodes.find(isAt(node));
  return tail && there && onNode(tail, there);
}

function judgeAll(facts: Facts, options: JudgeOptions): Judgement {
  const timeline = timelineOf(facts);
  const wanted = wantedOf(timeline);
  const coveredSeconds = sumOf(timeline.coveredSeconds);
  const range = {
    waitSeconds: sumOf(timeline.wait),
    wantedSeconds: sumOf(wanted),
  };
  const parts = sumOf(timeline.parts.map(({ total }) => total));
  const unknownSeconds = sumOf(secondsOf(timeline, 'unknown'));
  const base = {
    range,
    coveredSeconds,
    unknownShare: parts > 0 ? unknownSeconds / parts : 0,
    timeline,
  };
  if (coveredSeconds === 0) {
    return { ...base, cause: 'no-data', severity: 'none' };
  }
  if (coveredSeconds < LEAST_COVERED_SECONDS) {
    return { ...base, cause: 'unsure', severity: 'none' };
  }
  const input = (part: Windows): HeldInput => ({
    axis: timeline.axis,
    coveredSeconds: timeline.coveredSeconds,
    part,
    wanted,
    newest: newestWindow(timeline),
  });
  const tail = options.tail && timelineOf(options.tail);
  const found = REASONS.flatMap(reason =>
    heldStretches(input(secondsOf(timeline, reason))).map(held => ({
      reason,
      held: {
        ...held,
        ongoing:
          held.ongoing &&
          options.live &&
          (!tail || isHeldInTail(tail, t => secondsOf(t, reason))),
      },
    })),
  );
  const best = found.sort(
    (a, b) =>
      Number(b.held.ongoing) - Number(a.held.ongoing) ||
      b.held.seconds - a.held.seconds,
  )[0];
  if (!best || (options.reasons && !options.reasons.includes(best.reason))) {
    const limit = limitFacts(facts);
    return { ...base, ...quietOrLimit(limit, options), limit };
  }
  const { reason } = best;
  let { held } = best;
  let top = largestIn(timeline, held, [reason]);
  const ended = found
    .filter(other => other.reason !== reason && !other.held.ongoing)
    .map(other => other.held);
  if (reason === 'neighbour' && held.ongoing) {
    const named = nameOne(timeline, input, tail);
    top = named?.top;
    if (named) {
      held = named.held;
      ended.push(...named.ended);
    }
  }
  held = afterWhatEnded(
    timeline,
    held,
    top?.seconds ?? secondsOf(timeline, reason),
    ended,
  );
  return {
    ...base,
    ...verdictOn(timeline, wanted, reason, held, top),
    limit: reason === 'limit' ? limitFacts(facts, held) : undefined,
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

function isHeldInTail(
  tail: Timeline,
  part: (timeline: Timeline) => Windows,
): boolean {
  const newest = newestWindow(tail);
  return (
    newest >= 0 &&
    isHeld(
      {
        axis: tail.axis,
        coveredSeconds: tail.coveredSeconds,
        part: part(tail),
        wanted: wantedOf(tail),
        newest,
      },
      newest,
    )
  );
}

function between(values: readonly number[], held: HeldStretch): number {
  return sumOf(values.slice(held.first, held.last + 1));
}

function largestIn(
  timeline: Timeline,
  held: HeldStretch,
  relations: readonly Relation[],
): PartTimeline | undefined {
  return timeline.parts
    .filter(({ party }) => relations.includes(party.relation))
    .map(part => ({ part, seconds: between(part.seconds, held) }))
    .sort((a, b) => b.seconds - a.seconds)[0]?.part;
}

/**
 * The one neighbour to name of what goes on, and the stretch that is its own: a neighbour that has stopped is not accused
 * of what others do after it. Undefined when none goes on by itself.
 */
function nameOne(
  timeline: Timeline,
  input: (part: Windows) => HeldInput,
  tail: Timeline | undefined,
): { held: HeldStretch; top: PartTimeline; ended: HeldStretch[] } | undefined {
  const stretches = timeline.parts
    .filter(({ party }) => party.relation === 'neighbour')
    .flatMap(top =>
      heldStretches(input(top.seconds)).map(held => ({ top, held })),
    );
  const goesOn = ({ top, held }: (typeof stretches)[number]) =>
    held.ongoing &&
    (!tail || isHeldInTail(tail, t => secondsOfParty(t, top.party.key)));
  const [named] = stretches
    .filter(goesOn)
    .sort((a, b) => b.held.seconds - a.held.seconds);
  return (
    named && {
      ...named,
      ended: stretches.filter(item => !goesOn(item)).map(({ held }) => held),
    }
  );
}

/**
 * Where something that has ended holds most of a stretch that goes on, the story of what goes on begins after it: else the
 * sentence would start with a time and a sum that belong to something else.
 */
function afterWhatEnded(
  timeline: Timeline,
  held: HeldStretch,
  part: Windows,
  ended: readonly HeldStretch[],
): HeldStretch {
  const all = sumOf(
    timeline.parts.map(({ seconds }) => between(seconds, held)),
  );
  const isMost = between(part, held) >= NAMED_SHARE * all;
  if (!held.ongoing || isMost) return held;
  const ends = ended
    .filter(({ last }) => last >= held.first && last < held.last)
    .map(({ last }) => last + 1);
  return { ...held, first: Math.max(held.first, ...ends) };
}

function secondsOfParty({ parts, axis }: Timeline, key: string): Windows {
  return parts.find(({ party }) => party.key === key)?.seconds ?? zeros(axis);
}

function verdictOn(
  timeline: Timeline,
  wanted: Windows,
  reason: Reason,
  held: HeldStretch,
  top: PartTimeline | undefined,
): Pick<Judgement, 'cause' | 'severity' | 'stretch'> {
  const waitSeconds = between(timeline.wait, held);
  const wantedSeconds = between(wanted, held);
  const all = timeline.parts.reduce(
    (sum, part) => sum + between(part.seconds, held),
    0,
  );
  const shareOf = (relation: Relation) =>
    all > 0 ? between(secondsOf(timeline, relation), held) / all : 0;
  const reasonShare = shareOf(reason);
  const unknownShare = shareOf('unknown');
  const runnerUp = Math.max(
    ...REASONS.filter(other => other !== reason).map(shareOf),
  );
  // What is not known could turn the verdict around.
  const isUnsure =
    unknownShare >= UNKNOWN_SHARE && reasonShare - runnerUp < unknownShare;
  const topSeconds = top ? between(top.seconds, held) : 0;
  const severity =
    !isUnsure && (reasonShare * waitSeconds) / wantedSeconds >= SERIOUS_SHARE
      ? 'serious'
      : 'notice';
  return {
    cause: isUnsure ? 'unsure' : reason,
    severity,
    stretch: {
      held,
      waitSeconds,
      wantedSeconds,
      reasonShare,
      unknownShare,
      top: top && {
        part: top,
        share: all > 0 ? topSeconds / all : 0,
        alone: topSeconds >= NAMED_SHARE * reasonShare * all,
      },
    },
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
  const stalls = emptyHistogram();
  for (const { series, windows } of seriesOf(facts, METRIC.cpuThrottledStall)) {
    if ((quotaLevelOf(series.attributes) ?? 'container') !== quota.level) {
      continue;
    }
    const histograms = windows.histograms ?? [];
    const first = held?.first ?? 0;
    const last = held?.last ?? histograms.length - 1;
    for (let window = first; window <= last; window++) {
      const histogram = histograms[window];
      if (histogram) mergeInto(stalls, histogram);
    }
  }
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
