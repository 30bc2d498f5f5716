/**
 * What held something up, since when, and who: of a time line of waiting, whatever it waited for. Numbers only, no words.
 * Knows parts and stretches; refuses to know what is waited for, and what a quota is. Pure.
 *
 * Every reason (limit, neighbour, sidecar, self, host) has its own stretches, so that a reason which has stopped is never
 * told in the present tense because of another that goes on. What goes on wins over what is over; among equals, the
 * larger part of the waiting wins.
 */
import type {
  Bursts,
  Cause,
  Relation,
} from 'backstage-plugin-contention-common';
import {
  isAt,
  onNode,
  sumIn,
  sumOf,
  zeros,
  type Facts,
  type NodeFacts,
} from './facts';
import { isStale } from './freshness';
import {
  heldStretches,
  isHeld,
  type HeldInput,
  type HeldStretch,
} from './stretches';
import {
  BRIDGED_WINDOWS,
  LEAST_COVERED_SECONDS,
  NAMED_SHARE,
  UNKNOWN_SHARE,
  WORSE_NODE,
} from './thresholds';
import {
  newestWindow,
  secondsOf,
  type PartTimeline,
  type Timeline,
} from './timeline';

/** Reasons that can be a verdict, as the relation that they are measured by. */
const REASONS = ['limit', 'neighbour', 'sidecar', 'self', 'host'] as const;
export type Reason = (typeof REASONS)[number];

export interface Place {
  node: NodeFacts;
  /** The service runs nowhere else. */
  only: boolean;
}

export interface Amounts {
  waitSeconds: number;
  /** What the waiting is held against: see `Timeline`. */
  wantedSeconds: number;
}

/** The stretch that a verdict is about. */
export interface Stretch extends Amounts {
  held: HeldStretch;
  /** Share of the waiting in the stretch that is for the reason. */
  reasonShare: number;
  /** Who is named: the one that holds most of the reason. */
  top?: {
    part: PartTimeline;
    share: number;
    alone: boolean;
    /** Absent where it comes steadily, or nobody looked: see gather/bursts.ts. */
    bursts?: Bursts;
  };
  /** Other causes of the stretch, in one number each. */
  unknownShare: number;
}

export interface HeldVerdict {
  cause: Cause;
  severity: 'none' | 'notice' | 'serious';
  /** Absent when nothing held it up, or there is too little data. */
  stretch?: Stretch;
}

/** What is the same of every judgement. */
export interface HeldBase {
  /** Of the whole range. */
  range: Amounts;
  coveredSeconds: number;
  /** Share of all waiting in the range that could not be attributed. */
  unknownShare: number;
  timeline: Timeline;
}

export interface HeldOptions {
  /** The range reaches now and its data is fresh: only then anything goes on. */
  live: boolean;
  /** The newest minute in fine windows, where the axis is coarse. */
  tail?: Timeline;
  /** Only these reasons; all when absent. */
  reasons?: readonly Reason[];
  /** See `HeldInput`. */
  comesInBursts?: boolean;
  /** From this share of what was wanted on, waiting for the reason is serious. */
  seriousShare: number;
}

export interface NodeOptions {
  live: boolean;
  tail?: Facts;
}

/**
 * Of the whole service or, where that says more, of its worst node: one replica that is badly hurt must not disappear
 * among many that do well.
 * @param judgeOne - judges all of some facts
 * @param ofPlace - what a judgement of the worst node replaces in that of the whole
 */
export function ofWorstNode<
  Options extends NodeOptions,
  One extends { stretch?: Stretch; place?: Place },
>(
  facts: Facts,
  options: Options,
  judgeOne: (facts: Facts, options: Options) => One,
  ofPlace: (one: One) => Partial<One>,
): One {
  const whole = judgeOne(facts, options);
  const [first, ...others] = facts.nodes;
  if (!first) return whole;
  if (others.length === 0)
    return { ...whole, place: { node: first, only: true } };
  const [worst] = facts.nodes
    .flatMap(node => {
      const one = judgeOne(onNode(facts, node), {
        ...options,
        live: options.live && !isStale(node, facts.nowMs),
        tail: tailOn(options.tail, node),
      });
      const place = { node, only: false };
      return one.stretch ? [{ one, place, stretch: one.stretch }] : [];
    })
    .sort(
      (a, b) =>
        Number(b.stretch.held.ongoing) - Number(a.stretch.held.ongoing) ||
        reasonSeconds(b.stretch) - reasonSeconds(a.stretch),
    );
  return worst && saysMore(worst.stretch, whole.stretch)
    ? { ...whole, ...ofPlace(worst.one), place: worst.place }
    : whole;
}

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

export function heldBase(timeline: Timeline): HeldBase {
  const parts = sumOf(timeline.parts.map(({ total }) => total));
  const unknownSeconds = sumOf(secondsOf(timeline, 'unknown'));
  return {
    range: {
      waitSeconds: sumOf(timeline.wait),
      wantedSeconds: sumOf(timeline.wanted),
    },
    coveredSeconds: sumOf(timeline.coveredSeconds),
    unknownShare: parts > 0 ? unknownSeconds / parts : 0,
    timeline,
  };
}

/** Too little data to judge by; undefined where there is enough. */
export function tooLittle({
  coveredSeconds,
}: Pick<HeldBase, 'coveredSeconds'>): HeldVerdict | undefined {
  if (coveredSeconds === 0) return { cause: 'no-data', severity: 'none' };
  return coveredSeconds < LEAST_COVERED_SECONDS
    ? { cause: 'unsure', severity: 'none' }
    : undefined;
}

/** Undefined where nothing held it up for long enough, or something that was not asked for did. */
export function judgeHeld(
  timeline: Timeline,
  { live, tail, reasons, comesInBursts, seriousShare }: HeldOptions,
): (HeldVerdict & { reason: Reason; stretch: Stretch }) | undefined {
  const input = (part: readonly number[]): HeldInput => ({
    axis: timeline.axis,
    coveredSeconds: timeline.coveredSeconds,
    part,
    wanted: timeline.wanted,
    newest: newestWindow(timeline),
    comesInBursts,
  });
  const isInTail = (part: (timeline: Timeline) => readonly number[]) =>
    !tail || isHeldInTail(tail, part, comesInBursts);
  const found = REASONS.flatMap(reason =>
    heldStretches(input(secondsOf(timeline, reason))).map(held => ({
      reason,
      held: {
        ...held,
        ongoing: held.ongoing && live && isInTail(t => secondsOf(t, reason)),
      },
    })),
  );
  const best = found.sort(
    (a, b) =>
      Number(b.held.ongoing) - Number(a.held.ongoing) ||
      b.held.seconds - a.held.seconds,
  )[0];
  if (!best || (reasons && !reasons.includes(best.reason))) return undefined;
  const { reason } = best;
  let { held } = best;
  let top = largestIn(timeline, held, [reason]);
  const ended = found
    .filter(other => other.reason !== reason && !other.held.ongoing)
    .map(other => other.held);
  if (reason === 'neighbour' && held.ongoing) {
    const named = nameOne(timeline, input, isInTail);
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
    reason,
    ...verdictOn(timeline, reason, held, top, seriousShare),
  };
}

function isHeldInTail(
  tail: Timeline,
  part: (timeline: Timeline) => readonly number[],
  comesInBursts = false,
): boolean {
  const newest = newestWindow(tail);
  const input = {
    axis: tail.axis,
    coveredSeconds: tail.coveredSeconds,
    part: part(tail),
    wanted: tail.wanted,
    newest,
  };
  // Of bursts, one of the newest windows is enough: in a minute there is no rhythm to be told.
  const first = comesInBursts ? Math.max(0, newest - BRIDGED_WINDOWS) : newest;
  for (let window = newest; window >= 0 && window >= first; window--) {
    if (isHeld(input, window)) return true;
  }
  return false;
}

function largestIn(
  timeline: Timeline,
  held: HeldStretch,
  relations: readonly Relation[],
): PartTimeline | undefined {
  return timeline.parts
    .filter(({ party }) => relations.includes(party.relation))
    .map(part => ({ part, seconds: sumIn(part.seconds, held) }))
    .sort((a, b) => b.seconds - a.seconds)[0]?.part;
}

/**
 * The one neighbour to name of what goes on, and the stretch that is its own: a neighbour that has stopped is not accused
 * of what others do after it. Undefined when none goes on by itself.
 */
function nameOne(
  timeline: Timeline,
  input: (part: readonly number[]) => HeldInput,
  isInTail: (part: (timeline: Timeline) => readonly number[]) => boolean,
): { held: HeldStretch; top: PartTimeline; ended: HeldStretch[] } | undefined {
  const stretches = timeline.parts
    .filter(({ party }) => party.relation === 'neighbour')
    .flatMap(top =>
      heldStretches(input(top.seconds)).map(held => ({ top, held })),
    );
  const goesOn = ({ top, held }: (typeof stretches)[number]) =>
    held.ongoing && isInTail(t => secondsOfParty(t, top.party.key));
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
  part: readonly number[],
  ended: readonly HeldStretch[],
): HeldStretch {
  const all = sumOf(timeline.parts.map(({ seconds }) => sumIn(seconds, held)));
  const isMost = sumIn(part, held) >= NAMED_SHARE * all;
  if (!held.ongoing || isMost) return held;
  const ends = ended
    .filter(({ last }) => last >= held.first && last < held.last)
    .map(({ last }) => last + 1);
  return { ...held, first: Math.max(held.first, ...ends) };
}

function secondsOfParty(
  { parts, axis }: Timeline,
  key: string,
): readonly number[] {
  return parts.find(({ party }) => party.key === key)?.seconds ?? zeros(axis);
}

function verdictOn(
  timeline: Timeline,
  reason: Reason,
  held: HeldStretch,
  top: PartTimeline | undefined,
  seriousShare: number,
): HeldVerdict & { stretch: Stretch } {
  const waitSeconds = sumIn(timeline.wait, held);
  const wantedSeconds = sumIn(timeline.wanted, held);
  const all = timeline.parts.reduce(
    (sum, part) => sum + sumIn(part.seconds, held),
    0,
  );
  const shareOf = (relation: Relation) =>
    all > 0 ? sumIn(secondsOf(timeline, relation), held) / all : 0;
  const reasonShare = shareOf(reason);
  const unknownShare = shareOf('unknown');
  const runnerUp = Math.max(
    ...REASONS.filter(other => other !== reason).map(shareOf),
  );
  // What is not known could turn the verdict around.
  const isUnsure =
    unknownShare >= UNKNOWN_SHARE && reasonShare - runnerUp < unknownShare;
  const topSeconds = top ? sumIn(top.seconds, held) : 0;
  const severity =
    !isUnsure && (reasonShare * waitSeconds) / wantedSeconds >= seriousShare
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
