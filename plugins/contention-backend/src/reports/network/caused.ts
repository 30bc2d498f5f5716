/**
 * Whose packets stood behind this entity's, since when: the numbers, and the same in words. Never says that it was at fault:
 * its packets left, theirs stood. Pure.
 */
import type { Verdict } from 'backstage-plugin-contention-common';
import { judgeVictims, sayWhen, type CausedJudgement } from '../caused';
import { sumIn, sumOf, type Facts } from '../facts';
import type { Presenter } from '../present';
import { SentenceBuilder } from '../sentence';
import { sayBursts, sayRange } from '../verdict';
import { bandwidth, duration, percent } from '../words';
import type { NetworkFacts } from './facts';
import { LEAST_PACKETS } from './thresholds';
import { heldAgainst, packetsOf } from './timeline';

export function judgeQueuesCaused(
  facts: Facts,
  network: NetworkFacts,
  live: boolean,
): CausedJudgement {
  const packets = packetsOf(facts, network.behindByQueue);
  return judgeVictims(facts, live, {
    wanted: heldAgainst(packets),
    comesInBursts: true,
    isTold: held => sumIn(packets, held) >= LEAST_PACKETS,
  });
}

export function verdictForQueuesCaused(
  facts: Facts,
  network: NetworkFacts,
  { stretch }: CausedJudgement,
  presenter: Presenter,
): Verdict {
  const sentence = new SentenceBuilder(facts.nowMs);
  if (network.measured.length === 0) {
    sentence.text('Whose packets stood behind those of ');
    sentence.name(facts.entity.title);
    sentence.text(' is not known: no agent there measured it ');
    sayRange(sentence, facts);
    sentence.text('.');
    return { cause: 'no-data', severity: 'none', sentence: sentence.build() };
  }
  if (!stretch) {
    sentence.text("Nobody else's packets stood noticeably behind those of ");
    sentence.name(facts.entity.title).text(' ');
    sayRange(sentence, facts);
    sentence.text('.');
    return { cause: 'quiet', severity: 'none', sentence: sentence.build() };
  }
  const { held, top, waitSeconds } = stretch;
  const since = sayWhen(sentence, facts, held);
  const packets = sumIn(packetsOf(facts, network.behindByQueue), held);
  sentence.text(`packets of others ${held.ongoing ? 'stand' : 'stood'} `);
  sentence.strong(duration(waitSeconds / packets));
  sentence.text(' on average behind those of ');
  sentence.name(facts.entity.title);
  sentence.text('; ').strong(percent(top.share)).text(' of that time ');
  sentence.text(held.ongoing ? 'is that of ' : 'was that of ');
  presenter.say(sentence, top.part.party);
  sayBursts(sentence, stretch);
  sentence.text('.');
  const { transmitBytes } = network;
  const covered = sumOf(facts.coveredSeconds);
  if (transmitBytes > 0 && covered > 0) {
    sentence.text(' ').name(facts.entity.title);
    sentence.text(
      ` sent ${bandwidth(transmitBytes / covered)} on average in this range.`,
    );
  }
  return {
    cause: 'neighbour',
    severity: 'notice',
    resource: 'network',
    sentence: sentence.build(),
    ...since,
  };
}
