/**
 * What the slow requests were made of, whether that is slow at all, and since when: numbers only, no words (those are in
 * verdict.ts). Pure.
 */
import {
  quantileSeconds,
  type AnatomySum,
  type Cause,
  type Comparison,
  type DurationHistogram,
  type Resource,
} from 'backstage-plugin-contention-common';
import type { Facts } from '../facts';
import type { HistogramWindows } from '../heatmap';
import type { PartyFacts } from '../parties';
import { BRIDGED_WINDOWS } from '../thresholds';
import type { AnatomyFacts, PartSums } from './anatomy';
import { isSlower, referenceOf, type Reference } from './comparison';
import type { Group } from './parts';
import {
  HELD_PART,
  LEAST_REQUESTS,
  LEAST_REQUESTS_IN_WINDOW,
  LEAST_SLOWER_SECONDS,
  REQUESTS_FOR_A_HUNDREDTH,
  SERIOUS_PART,
  SPREAD,
} from './thresholds';

export interface GroupShare {
  group: Group;
  share: number;
  /** Who holds most of it, where it is somebody in particular. */
  top?: { party: PartyFacts; share: number };
}

export interface Slowest {
  of: Exclude<AnatomySum['of'], 'all'>;
  thresholdSeconds: number;
  /** Largest first. */
  groups: GroupShare[];
}

export interface RequestJudgement {
  cause: Cause;
  /** Absent: the CPU, or nothing. */
  resource?: Resource;
  severity: 'none' | 'notice' | 'serious';
  requestCount: number;
  p50Seconds?: number;
  p99Seconds?: number;
  /** The slow ones that the rest is about; absent where there are too few. */
  slow?: Slowest;
  /** Slower than it is measured against. */
  slower: boolean;
  reference?: Reference;
  /** The unbroken stretch of slow windows that goes on at the end; only where it is slower. */
  since?: { window: number };
}

/** What holds requests up from outside of the service's own code. */
const HELD: ReadonlySet<Group> = new Set([
  'neighbour',
  'limit',
  'sidecar',
  'self',
  'host',
  'unread',
  'retransmission',
  'queue:neighbour',
  'queue:sidecar',
  'queue:self',
  'queue:host',
]);

const CAUSE: Record<Group, Cause> = {
  neighbour: 'neighbour',
  limit: 'limit',
  sidecar: 'sidecar',
  self: 'self',
  host: 'host',
  unread: 'unread',
  retransmission: 'retransmission',
  'queue:neighbour': 'neighbour',
  'queue:limit': 'unsure',
  'queue:sidecar': 'sidecar',
  'queue:self': 'self',
  'queue:host': 'host',
  'queue:other': 'unsure',
  'queue:idle': 'unsure',
  'queue:unknown': 'unsure',
  work: 'work',
  upstream: 'upstream',
  other: 'unsure',
  idle: 'unsure',
  unknown: 'unsure',
};

export interface JudgeRequestsInput {
  anatomy: AnatomyFacts;
  comparison: Omit<Comparison, 'sentence'>;
  /** Of the whole range, window by window. */
  perWindow: HistogramWindows;
  all: DurationHistogram;
  /** The range reaches now and its data is fresh: only then anything goes on. */
  live: boolean;
}

export function judgeRequests(
  facts: Pick<Facts, 'coveredSeconds'>,
  { anatomy, comparison, perWindow, all, live }: JudgeRequestsInput,
): RequestJudgement {
  const reference = referenceOf(comparison);
  const p50Seconds = quantileSeconds(all, 0.5);
  const p99Seconds = quantileSeconds(all, 0.99);
  const base = { requestCount: all.count, p50Seconds, p99Seconds, reference };
  if (all.count < LEAST_REQUESTS) {
    return { ...base, cause: 'unsure', severity: 'none', slower: false };
  }
  const slower = isSlower(p99Seconds, reference);
  const since =
    slower && live ? sinceOf(facts, perWindow, reference!) : undefined;
  const slow = slowestOf(anatomy);
  if (!slow) {
    return {
      ...base,
      cause: slower ? 'unsure' : 'quiet',
      severity: slower ? 'notice' : 'none',
      slower,
      since,
    };
  }
  return {
    ...base,
    slow,
    slower,
    since,
    ...causeOf(slow, p50Seconds ?? 0, slower, reference !== undefined),
  };
}

function causeOf(
  { groups, thresholdSeconds }: Slowest,
  p50Seconds: number,
  slower: boolean,
  isCompared: boolean,
): Pick<RequestJudgement, 'cause' | 'severity' | 'resource'> {
  const main = mainOf(groups);
  const spread =
    thresholdSeconds >= SPREAD * p50Seconds &&
    thresholdSeconds - p50Seconds >= LEAST_SLOWER_SECONDS;
  const isHeld = HELD.has(main.group) && main.share >= HELD_PART;
  // What holds requests of a fraction of a millisecond up, nobody feels.
  const isFelt = thresholdSeconds >= LEAST_SLOWER_SECONDS;
  const isSlow = slower || (spread && !isCompared);
  if (!isSlow && !(isHeld && isFelt))
    return { cause: 'quiet', severity: 'none' };
  const severe = isHeld && main.share >= SERIOUS_PART && (slower || spread);
  return {
    cause: CAUSE[main.group],
    severity: severe || slower ? 'serious' : 'notice',
    ...(isOfNetwork(main.group) ? { resource: 'network' } : {}),
  };
}

function isOfNetwork(group: Group): boolean {
  return group === 'retransmission' || group.startsWith('queue:');
}

/** The largest group; or the largest of those that hold requests up, where these are most of it together. */
function mainOf(groups: readonly GroupShare[]): GroupShare {
  const held = groups.filter(({ group }) => HELD.has(group));
  const share = held.reduce((sum, group) => sum + group.share, 0);
  return share >= SERIOUS_PART ? held[0] : groups[0];
}

/** The slow ones of a selection and what they were made of; undefined where there are too few. */
export function slowestOf({ sums }: AnatomyFacts): Slowest | undefined {
  const { requestCount } = sums.all;
  if (requestCount < LEAST_REQUESTS) return undefined;
  const of =
    requestCount >= REQUESTS_FOR_A_HUNDREDTH ? 'slowest-1' : 'slowest-10';
  const { thresholdSeconds } = sums[of];
  const groups = groupsOf(sums[of]);
  return groups.length === 0 || thresholdSeconds === undefined
    ? undefined
    : { of, thresholdSeconds, groups };
}

/** Parts that mean the same to a person, added up; largest first. */
export function groupsOf({ parts, seconds }: PartSums): GroupShare[] {
  const groups = new Map<Group, GroupShare>();
  for (const { facts, seconds: partSeconds } of parts) {
    const share = partSeconds / seconds;
    const known = groups.get(facts.group);
    if (known) known.share += share;
    else {
      // Parts come largest first: the first of a group is its largest.
      groups.set(facts.group, {
        group: facts.group,
        share,
        top: facts.party && { party: facts.party, share },
      });
    }
  }
  return [...groups.values()].sort((a, b) => b.share - a.share);
}

/** Slow windows without a break to the end; windows with hardly a request break nothing. */
function sinceOf(
  { coveredSeconds }: Pick<Facts, 'coveredSeconds'>,
  perWindow: HistogramWindows,
  reference: Reference,
): { window: number } | undefined {
  let first: number | undefined;
  let fast = 0;
  for (
    let window = coveredSeconds.findLastIndex(covered => covered > 0);
    window >= 0;
    window--
  ) {
    const histogram = perWindow[window];
    if (!histogram || histogram.count < LEAST_REQUESTS_IN_WINDOW) continue;
    if (isSlower(quantileSeconds(histogram, 0.99), reference)) {
      first = window;
      fast = 0;
    } else {
      // What stopped has stopped: at the end nothing is bridged.
      if (first === undefined) return undefined;
      fast++;
      if (fast > BRIDGED_WINDOWS) break;
    }
  }
  return first === undefined ? undefined : { window: first };
}
