/**
 * Who waited while this entity ran, since when: the numbers, and the same in words. Never says that it was at fault: it ran,
 * they waited. Pure.
 */
import type { Bursts, Verdict } from 'backstage-plugin-contention-common';
import { sayOwnEntitlement } from './entitlement';
import { addInto, nodeKey, sumIn, sumOf, zeros, type Facts } from './facts';
import { victimParts } from './neighbours';
import type { Presenter } from './present';
import { SentenceBuilder } from './sentence';
import {
  heldStretches,
  stretchEndMs,
  stretchStartMs,
  type HeldStretch,
} from './stretches';
import { NAMED_SHARE, SERIOUS_SHARE } from './thresholds';
import { newestWindow, type PartTimeline } from './timeline';
import { sayBursts, sayRange, saySpan, sinceWord } from './verdict';
import { duration, percent } from './words';

export interface CausedJudgement {
  /** Neighbours who waited in the range, longest first. */
  victims: readonly PartTimeline[];
  waitSeconds: number;
  /** Absent where nobody waited noticeably. */
  stretch?: CausedStretch;
}

/** The stretch that a verdict is about. */
export interface CausedStretch {
  held: HeldStretch;
  waitSeconds: number;
  /** Who waited most of it. */
  top: {
    part: PartTimeline;
    share: number;
    alone: boolean;
    /** Absent where it comes steadily, or nobody looked: see gather/bursts.ts. */
    bursts?: Bursts;
  };
}

export function judgeCaused(facts: Facts, live: boolean): CausedJudgement {
  return judgeVictims(facts, live, {
    // Victims differ in what they wanted; what counts here is that somebody waited at all.
    wanted: facts.coveredSeconds.map(value => value * SERIOUS_SHARE),
  });
}

/**
 * What CPU and network have in common.
 * @param isTold - whether a stretch is worth telling, beside its length
 */
export function judgeVictims(
  facts: Facts,
  live: boolean,
  {
    isTold = () => true,
    ...input
  }: {
    wanted: readonly number[];
    comesInBursts?: boolean;
    isTold?(held: HeldStretch): boolean;
  },
): CausedJudgement {
  const victims = victimParts(facts).filter(
    ({ party }) => party.relation === 'neighbour',
  );
  const seconds = zeros(facts.axis);
  for (const part of victims) addInto(seconds, part.seconds);
  const [held] = heldStretches({
    axis: facts.axis,
    coveredSeconds: facts.coveredSeconds,
    part: seconds,
    newest: newestWindow(facts),
    ...input,
  })
    .map(stretch => ({ ...stretch, ongoing: stretch.ongoing && live }))
    .filter(isTold)
    .sort(
      (a, b) => Number(b.ongoing) - Number(a.ongoing) || b.seconds - a.seconds,
    );
  const whole = { victims, waitSeconds: sumOf(seconds) };
  if (!held) return whole;
  const waitSeconds = sumIn(seconds, held);
  const [top] = victims
    .map(part => ({ part, seconds: sumIn(part.seconds, held) }))
    .sort((a, b) => b.seconds - a.seconds);
  const share = top.seconds / waitSeconds;
  const alone = share >= NAMED_SHARE;
  return {
    ...whole,
    stretch: { held, waitSeconds, top: { part: top.part, share, alone } },
  };
}

export function verdictForCaused(
  facts: Facts,
  { victims, waitSeconds, stretch }: CausedJudgement,
  presenter: Presenter,
): Verdict {
  const sentence = new SentenceBuilder(facts.nowMs);
  if (sumOf(facts.coveredSeconds) === 0) {
    sentence.text('There is no data of ').name(facts.entity.title);
    sentence.text(' in this range.');
    return { cause: 'no-data', severity: 'none', sentence: sentence.build() };
  }
  if (!stretch) {
    sentence.text('Nobody else waited noticeably while ');
    sentence.name(facts.entity.title).text(' ran ');
    sayRange(sentence, facts);
    sentence.text(`: ${duration(waitSeconds)} in all.`);
    return { cause: 'quiet', severity: 'none', sentence: sentence.build() };
  }
  const { held, top } = stretch;
  const since = sayWhen(sentence, facts, held);
  const waited = held.ongoing ? 'have waited' : 'waited';
  sentence.text(`others ${waited} `).strong(duration(stretch.waitSeconds));
  sentence.text(' for a CPU while ');
  sentence.name(facts.entity.title);
  sentence.text(' ran; ').strong(percent(top.share));
  sentence.text(' of that was the waiting of ');
  presenter.say(sentence, top.part.party);
  sayBursts(sentence, stretch);
  sentence.text('.');
  sayOwnEntitlement(sentence, facts.entity.title, nodesOf(facts, victims));
  return {
    cause: 'neighbour',
    severity: 'notice',
    sentence: sentence.build(),
    ...since,
  };
}

/** `Since 10:02 ` of what goes on, else both ends. */
export function sayWhen(
  sentence: SentenceBuilder,
  { axis }: Pick<Facts, 'axis'>,
  held: HeldStretch,
): { since?: number } {
  const startMs = stretchStartMs(axis, held);
  if (!held.ongoing) {
    saySpan(sentence, startMs, stretchEndMs(axis, held));
    return {};
  }
  sentence.text(sinceWord(held)).time(startMs).text(' ');
  return { since: startMs };
}

/** Where others waited while the entity ran, most first. */
function nodesOf(facts: Facts, victims: readonly PartTimeline[]) {
  const seconds = new Map<string, { node: string; seconds: number }>();
  for (const { byNode } of victims) {
    for (const place of byNode.values()) {
      const key = nodeKey(place);
      const known = seconds.get(key)?.seconds ?? 0;
      seconds.set(key, { node: place.node, seconds: known + place.seconds });
    }
  }
  return [...seconds]
    .filter(([, place]) => place.seconds > 0)
    .sort(([, a], [, b]) => b.seconds - a.seconds)
    .map(([key, { node }]) => ({ node, usage: facts.ownUsage.get(key) }));
}
