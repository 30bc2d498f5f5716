/**
 * A judgement in words. *Ran while* is what is measured; *stopped by* is said of a quota only. What goes on is told in
 * the present tense with its start, what is over in the past tense with both ends. Pure.
 */
import type {
  Bursts,
  QuotaLevel,
  Sentence,
  Verdict,
} from 'backstage-plugin-contention-common';
import { isPartly } from './coverage';
import { sayEntitlement } from './entitlement';
import type { Facts } from './facts';
import type { Judgement, LimitFacts } from './judge';
import type { Presenter } from './present';
import { SentenceBuilder } from './sentence';
import { stretchEndMs, stretchStartMs, type HeldStretch } from './stretches';
import { HELD_SHARE, HIDING_MEAN, UNKNOWN_SHARE } from './thresholds';
import { burstWords, duration, lastPhrase, percent } from './words';

export type VerdictFacts = Pick<
  Facts,
  'entity' | 'range' | 'nowMs' | 'coverage' | 'blameWasOff' | 'usage'
>;

export function verdictOf(
  facts: VerdictFacts,
  judgement: Judgement,
  presenter: Presenter,
): Verdict {
  const { cause, severity, stretch, timeline } = judgement;
  return {
    cause,
    severity,
    sentence: sentenceOf(facts, judgement, presenter),
    ...(stretch?.held.ongoing
      ? { since: stretchStartMs(timeline.axis, stretch.held) }
      : {}),
  };
}

function sentenceOf(
  facts: VerdictFacts,
  judgement: Judgement,
  presenter: Presenter,
): Sentence {
  const sentence = new SentenceBuilder(facts.nowMs);
  const { cause, stretch, limit } = judgement;
  if (cause === 'no-data') {
    sentence
      .text('There is no data of ')
      .name(facts.entity.title)
      .text(' in this range.');
  } else if (cause === 'unsure' && !stretch) {
    sentence.text(
      `Not enough data: ${duration(judgement.coveredSeconds)} in this range.`,
    );
  } else if (cause === 'quiet') {
    sayQuiet(sentence, facts, judgement);
  } else if (!stretch) {
    // Stops that cost little time in all, and are felt one by one.
    sayRange(sentence, facts, ['In ', 'From ']);
    sentence.text(', ').name(facts.entity.title).text(' was ');
    if (limit) sayLimit(sentence, limit);
  } else {
    sayStretch(sentence, facts, judgement, presenter);
  }
  return sentence.build();
}

function sayQuiet(
  sentence: SentenceBuilder,
  facts: VerdictFacts,
  { range, unknownShare }: Judgement,
): void {
  const { coverage } = facts;
  if (isPartly(coverage)) {
    sentence.text(`In the ${duration(coverage.seconds)} that were measured `);
    const { fromMs, toMs } = facts.range;
    if (lastPhrase(fromMs, toMs, facts.nowMs)) sentence.text('of ');
    sayRange(sentence, facts, ['', 'from ']);
    sentence.text(', nothing held ').name(facts.entity.title).text(' up');
  } else {
    sentence.text('Nothing held ').name(facts.entity.title).text(' up ');
    sayRange(sentence, facts);
  }
  sentence.text('.');
  if (range.wantedSeconds > 0) {
    const share = range.waitSeconds / range.wantedSeconds;
    // A large share of very little: said the other way round, so that it does not sound like trouble.
    sentence.text(
      share >= HELD_SHARE
        ? ` It waited ${duration(range.waitSeconds)} in all, and wanted to run for only ${duration(range.wantedSeconds)}.`
        : ` It waited ${percent(share)} of the time it wanted to run` +
            `${share >= 0.01 ? `, ${duration(range.waitSeconds)} in all` : ''}.`,
    );
  }
  if (unknownShare >= UNKNOWN_SHARE && range.waitSeconds >= 1) {
    sayUnknown(sentence, unknownShare);
  }
}

/** `in the last hour`, or `from 10:00 to 11:00` for a range that does not reach now. */
export function sayRange(
  sentence: SentenceBuilder,
  facts: Pick<VerdictFacts, 'range' | 'nowMs'>,
  [inWord, fromWord] = ['in ', 'from '],
): void {
  const { fromMs, toMs } = facts.range;
  const phrase = lastPhrase(fromMs, toMs, facts.nowMs);
  if (phrase) sentence.text(`${inWord}${phrase}`);
  else sentence.text(fromWord).time(fromMs).text(' to ').time(toMs);
}

/** `10:02 to 10:09: `; both ends only where the clock shows two. */
export function saySpan(
  sentence: SentenceBuilder,
  startMs: number,
  endMs: number,
): void {
  const minuteOf = (ms: number) => Math.floor(ms / 60_000);
  if (minuteOf(startMs) === minuteOf(endMs)) {
    sentence.text('At ').time(startMs).text(': ');
  } else {
    sentence.time(startMs).text(' to ').time(endMs).text(': ');
  }
}

/** `, in bursts of 10 s or less, about every 20 s`: what a mean over the range hides. */
export function sayBursts(
  sentence: SentenceBuilder,
  { top }: { top?: { bursts?: Bursts } },
): void {
  if (top?.bursts) sentence.text(`, ${burstWords(top.bursts)}`);
}

/** What began before the range began at a time that is not known here. */
export function sinceWord({ first }: HeldStretch): string {
  return first === 0 ? 'Since before ' : 'Since ';
}

function sayStretch(
  sentence: SentenceBuilder,
  facts: VerdictFacts,
  judgement: Judgement,
  presenter: Presenter,
): void {
  const { cause, limit, timeline } = judgement;
  const stretch = judgement.stretch!;
  const { held, top, reasonShare } = stretch;
  const { ongoing } = held;
  const startMs = stretchStartMs(timeline.axis, held);
  if (ongoing) sentence.text(sinceWord(held)).time(startMs).text(' ');
  else saySpan(sentence, startMs, stretchEndMs(timeline.axis, held));
  sentence.name(facts.entity.title);
  const { place } = judgement;
  if (cause === 'limit' && limit) {
    // A limit is a pod's own: where there is one node only, it says nothing.
    if (place && !place.only) sentence.text(` on ${place.node.node}`);
    sentence.text(ongoing ? ' is ' : ' was ');
    sayLimit(sentence, limit);
    return;
  }
  const waited = percent(stretch.waitSeconds / stretch.wantedSeconds);
  if (ongoing) sentence.text(' waits ');
  else {
    sentence.text(` waited ${duration(stretch.waitSeconds)} for a CPU, `);
  }
  sentence
    .strong(waited)
    .text(` of the time it ${ongoing ? 'wants' : 'wanted'} to run`);
  // What a service does to itself needs a place only where it does so at one of several.
  if (place && (cause === 'neighbour' || !place.only)) {
    sentence.text(` on ${place.node.node}`);
  }
  sentence.text('; ');
  const ofIt = ongoing ? 'of that' : 'of it';
  const run = ongoing ? 'runs' : 'ran';
  switch (cause) {
    case 'neighbour':
      if (top?.alone) {
        sentence.strong(percent(top.share)).text(` ${ofIt} while `);
        presenter.say(sentence, top.part.party);
        sentence.text(` ${run}`);
        sayBursts(sentence, stretch);
        sentence.text('.');
      } else {
        sentence
          .strong(percent(reasonShare))
          .text(` ${ofIt} while neighbours ${ongoing ? 'run' : 'ran'}`);
        if (top) {
          sentence.text(', the largest ');
          presenter.say(sentence, top.part.party);
          sentence.text(` with ${percent(top.share)}`);
        }
        sentence.text('.');
      }
      if (top) {
        const { party, byNode } = top.part;
        const usage = facts.usage.get(party.key);
        const nodes = byNode.size;
        sayEntitlement(sentence, { party, usage, presenter, nodes });
      }
      sayAverages(sentence, judgement);
      break;
    case 'sidecar':
      sentence
        .strong(percent(reasonShare))
        .text(` ${ofIt} while its own sidecar `);
      if (top) presenter.say(sentence, top.part.party);
      sentence.text(` ${run}.`);
      break;
    case 'self':
      sentence
        .strong(percent(reasonShare))
        .text(
          ` ${ofIt} while its own other threads ${ongoing ? 'run' : 'ran'}: it ${ongoing ? 'is' : 'was'} crowded by itself.`,
        );
      break;
    case 'host':
      sentence.strong(percent(reasonShare)).text(` ${ofIt} taken by the host`);
      if (top) {
        sentence.text(', most of it ');
        presenter.say(sentence, top.part.party);
      }
      sentence.text('.');
      break;
    case 'limit':
      sentence
        .strong(percent(reasonShare))
        .text(` ${ofIt} stopped by a CPU limit.`);
      break;
    default:
      sentence
        .strong(percent(stretch.unknownShare))
        .text(
          ` ${ofIt} could not be attributed (${
            facts.blameWasOff
              ? 'the agent had switched blame off to stay within its budget'
              : 'lost events'
          }), so nobody is named.`,
        );
      return;
  }
  if (stretch.unknownShare >= UNKNOWN_SHARE) {
    sayUnknown(sentence, stretch.unknownShare);
  }
}

function sayUnknown(sentence: SentenceBuilder, unknownShare: number): void {
  sentence.text(
    ` ${percent(unknownShare)} of the wait could not be attributed.`,
  );
}

export const LIMIT_OWNER: Record<QuotaLevel, string> = {
  container: "its container's CPU limit",
  pod: "its pod's CPU limit",
  slice: 'the CPU limit of its slice',
};

/**
 * `stopped by its pod's CPU limit in 62 % of periods, 43 ms each time at the median. mesh-proxy uses 71 % of that budget.`
 * The budget is what was used in throttled periods: where that was not measured, it is not told of.
 */
export function sayLimit(sentence: SentenceBuilder, limit: LimitFacts): void {
  const { quota, throttledShare, stallMedianSeconds, burner } = limit;
  sentence.text(`stopped by ${LIMIT_OWNER[quota.level]} in `);
  sentence.strong(percent(throttledShare)).text(' of periods');
  if (stallMedianSeconds !== undefined) {
    sentence.text(', ').strong(duration(stallMedianSeconds));
    sentence.text(' each time at the median');
  }
  sentence.text('.');
  if (burner) {
    sentence.text(' ').name(burner.container);
    sentence.text(
      burner.source === 'throttled-periods'
        ? ` uses ${percent(burner.share)} of that budget.`
        : ` uses ${percent(burner.share)} of the CPU time under that limit, in all periods.`,
    );
  }
}

/** A node that looks idle on a dashboard while a service waits on it. */
function sayAverages(sentence: SentenceBuilder, { place }: Judgement): void {
  const node = place?.node;
  if (!node?.cpuMean || !node.cpuCount) return;
  const mean = node.cpuMean / node.cpuCount;
  if (mean < HIDING_MEAN) {
    sentence.text(
      ` Averages hide it: mean CPU of the node is ${percent(mean)}.`,
    );
  }
}
