/**
 * A judgement of packets in words. *Stood behind* is what is measured: whose packets left the queue while others stood in it.
 * What goes on is told in the present tense with its start, what is over in the past tense with both ends. Pure.
 */
import {
  quantilesSeconds,
  type Verdict,
} from 'backstage-plugin-contention-common';
import { mergedHistogram } from '../distribution';
import type { Facts } from '../facts';
import type { PartyFacts } from '../parties';
import type { Presenter } from '../present';
import { SentenceBuilder } from '../sentence';
import { stretchEndMs, stretchStartMs, type HeldStretch } from '../stretches';
import { UNKNOWN_SHARE } from '../thresholds';
import { sayBursts, sayRange, saySpan, sinceWord } from '../verdict';
import { bandwidth, duration, percent } from '../words';
import type { NetworkJudgement, QueueFacts } from './judge';
import { LEAST_DELAY_SECONDS, TOLD_P99 } from './thresholds';

export type NetworkVerdictFacts = Pick<
  Facts,
  'entity' | 'range' | 'nowMs' | 'bandwidth'
>;

export function networkVerdict(
  facts: NetworkVerdictFacts,
  judgement: NetworkJudgement,
  presenter: Presenter,
): Verdict {
  const { cause, severity, stretch, timeline } = judgement;
  const sentence = new SentenceBuilder(facts.nowMs);
  if (stretch) sayStretch(sentence, facts, judgement, presenter);
  else if (cause === 'quiet') sayQuiet(sentence, facts, judgement);
  else if (cause === 'no-data') {
    sentence.text('There is no data of ').name(facts.entity.title);
    sentence.text(' in this range.');
  } else {
    sentence.text(
      `Not enough data: ${duration(judgement.coveredSeconds)} in this range.`,
    );
  }
  return {
    cause,
    severity,
    ...(stretch ? { resource: 'network' as const } : {}),
    sentence: sentence.build(),
    ...(stretch?.held.ongoing
      ? { since: stretchStartMs(timeline.axis, stretch.held) }
      : {}),
  };
}

function sayQuiet(
  sentence: SentenceBuilder,
  facts: NetworkVerdictFacts,
  { packets, range }: NetworkJudgement,
): void {
  if (packets === 0) {
    sentence.text('Packets of ').name(facts.entity.title);
    sentence.text(' stood in no queue of a device ');
    sayRange(sentence, facts);
    sentence.text('.');
    return;
  }
  const mean = range.waitSeconds / packets;
  if (mean >= LEAST_DELAY_SECONDS) {
    // Now and then, or few of them: nothing that could be told as going on, and not the same as nothing.
    sentence.text('Packets of ').name(facts.entity.title);
    sentence.text(` stood ${duration(mean)} on average in queues of devices `);
    sayRange(sentence, facts);
    const all = Math.round(packets);
    sentence.text(
      `. That is of ${all.toLocaleString('en')} ${all === 1 ? 'packet' : 'packets'}, too few at a time to say what held them up.`,
    );
    return;
  }
  sentence.text('No queue held packets of ').name(facts.entity.title);
  sentence.text(' back ');
  sayRange(sentence, facts);
  sentence.text(`. They stood ${duration(mean)} on average.`);
}

/** `14 ms at the median, 180 ms at p99`; the mean where most packets did not stand at all. */
function sayHowLong(
  sentence: SentenceBuilder,
  { meanSeconds, series }: QueueFacts,
  held: HeldStretch,
): void {
  const [medianSeconds = 0, p99Seconds = 0] = quantilesSeconds(
    mergedHistogram(series, held),
    [0.5, 0.99],
  );
  const isMost = medianSeconds >= LEAST_DELAY_SECONDS;
  const seconds = isMost ? medianSeconds : meanSeconds;
  sentence.text(' ').strong(duration(seconds));
  sentence.text(isMost ? ' at the median' : ' on average');
  if (p99Seconds >= TOLD_P99 * seconds) {
    sentence.text(`, ${duration(p99Seconds)} at p99,`);
  }
}

function sayStretch(
  sentence: SentenceBuilder,
  facts: NetworkVerdictFacts,
  judgement: NetworkJudgement,
  presenter: Presenter,
): void {
  const { cause, place, timeline } = judgement;
  const stretch = judgement.stretch!;
  const queue = judgement.queue!;
  const { held, top, reasonShare, unknownShare } = stretch;
  const { ongoing } = held;
  const startMs = stretchStartMs(timeline.axis, held);
  if (ongoing) sentence.text(sinceWord(held)).time(startMs).text(' ');
  else saySpan(sentence, startMs, stretchEndMs(timeline.axis, held));
  sentence.text('packets of ').name(facts.entity.title);
  sentence.text(ongoing ? ' stand' : ' stood');
  sayHowLong(sentence, queue, held);
  sentence.text(
    queue.interfaceName === undefined
      ? ' in queues of devices'
      : ` in the queue of ${queue.interfaceName}`,
  );
  if (place) sentence.text(` on ${place.node.node}`);
  sentence.text('; ');
  const ofIt = ongoing ? 'of that' : 'of it';
  switch (cause) {
    case 'neighbour':
      if (top?.alone) {
        sentence.strong(percent(top.share)).text(` ${ofIt} behind `);
        presenter.say(sentence, top.part.party);
        sayBursts(sentence, stretch);
      } else {
        sentence
          .strong(percent(reasonShare))
          .text(` ${ofIt} behind neighbours`);
        if (top) {
          sentence.text(', the largest ');
          presenter.say(sentence, top.part.party);
          sentence.text(` with ${percent(top.share)}`);
        }
      }
      sentence.text('.');
      sayBandwidth(sentence, facts, top?.part.party, presenter);
      break;
    case 'sidecar':
      sentence
        .strong(percent(reasonShare))
        .text(` ${ofIt} behind its own sidecar`);
      if (top) {
        sentence.text(' ');
        presenter.say(sentence, top.part.party);
      }
      sentence.text('.');
      break;
    case 'self':
      sentence
        .strong(percent(reasonShare))
        .text(
          ` ${ofIt} behind its own packets: it ${
            ongoing ? 'sends' : 'sent'
          } more than the queue ${ongoing ? 'lets' : 'let'} through.`,
        );
      break;
    case 'host':
      sentence
        .strong(percent(reasonShare))
        .text(` ${ofIt} behind the host's packets`);
      if (top) {
        sentence.text(', most of them of ');
        presenter.say(sentence, top.part.party);
      }
      sentence.text('.');
      break;
    default:
      sentence
        .strong(percent(unknownShare))
        .text(` ${ofIt} could not be attributed, so nobody is named.`);
      return;
  }
  if (unknownShare >= UNKNOWN_SHARE) {
    sentence.text(
      ` ${percent(unknownShare)} of the time could not be attributed.`,
    );
  }
}

/** Averages hide bursts: beside what it did to others, what it sent on average. */
function sayBandwidth(
  sentence: SentenceBuilder,
  { bandwidth: known }: NetworkVerdictFacts,
  party: PartyFacts | undefined,
  presenter: Presenter,
): void {
  const mean = party && known.get(party.key);
  if (mean === undefined) return;
  const words = ` It sent ${bandwidth(mean)} on average in this range.`;
  presenter.sayOwn(sentence, party!, words);
}
