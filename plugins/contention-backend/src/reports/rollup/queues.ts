/**
 * A roll-up of packets in one sentence: how long those of the members stood, behind whose, and where. Of the whole range; *stood
 * behind* is what is measured. Pure.
 */
import type { Verdict } from 'backstage-plugin-contention-common';
import { sumOf } from '../facts';
import { LEAST_DELAY_SECONDS, LEAST_PACKETS } from '../network/thresholds';
import { SentenceBuilder } from '../sentence';
import { NAMED_SHARE } from '../thresholds';
import { sayRange } from '../verdict';
import { bandwidth, BEHIND_WORD, duration, percent } from '../words';
import { byCulpritOnNode, byVictim, sidesOf, type PairFacts } from './pairs';
import { causeOf, sayServices, type RollupVerdictInput } from './verdict';

export function queueVerdict(input: RollupVerdictInput): Verdict {
  if (input.facts.measured.length === 0) return notMeasured(input);
  return input.direction === 'suffered' ? suffered(input) : caused(input);
}

function notMeasured(input: RollupVerdictInput): Verdict {
  const sentence = new SentenceBuilder(input.facts.nowMs);
  sentence.text('Whether packets of ');
  sayServices(sentence, input);
  sentence.text(' stood in queues is not known: no agent there measured it ');
  sayRange(sentence, input.facts);
  sentence.text('.');
  return { cause: 'no-data', severity: 'none', sentence: sentence.build() };
}

function suffered(input: RollupVerdictInput): Verdict {
  const { facts, pairs, members, waitSeconds, packets } = input;
  const behind = sumOf(pairs.map(({ seconds }) => seconds));
  const held = members.filter(({ severity }) => severity !== 'none');
  const byNeighbours = held.filter(({ main }) => main === 'neighbour');
  const sentence = new SentenceBuilder(facts.nowMs);
  if (byNeighbours.length > 0) {
    sentence.text('Packets of ');
    sayServices(sentence, input);
    sentence.text(' stood ').strong(duration(waitSeconds / packets));
    sentence.text(' on average in queues of devices ');
    sayRange(sentence, facts);
    sentence.text('; ').strong(percent(behind / waitSeconds));
    sentence.text(' of that behind ');
    sayAhead(sentence, input, behind);
    sayVictim(sentence, input, behind);
    return {
      cause: 'neighbour',
      severity: byNeighbours.some(({ severity }) => severity === 'serious')
        ? 'serious'
        : 'notice',
      resource: 'network',
      sentence: sentence.build(),
    };
  }
  const [worst] = held;
  if (worst?.main) {
    sentence.text('Neighbours are not what holds packets of ');
    sayServices(sentence, input);
    sentence.text(' back: those of ');
    sentence.entity(worst.entity.entityRef, worst.entity.title);
    const mean = worst.waitSeconds / (worst.packets ?? 1);
    sentence.text(
      ` stood ${duration(mean)} on average, most of it ${BEHIND_WORD[worst.main]}.`,
    );
    return {
      cause: causeOf(worst.main),
      severity: worst.severity,
      resource: 'network',
      sentence: sentence.build(),
    };
  }
  sentence.text(
    packets > 0
      ? 'No queue held packets of '
      : 'No queue was seen that packets of ',
  );
  sayServices(sentence, input);
  sentence.text(packets > 0 ? ' back noticeably ' : ' stood in ');
  sayRange(sentence, facts);
  sentence.text(
    packets > 0
      ? `. They stood ${duration(waitSeconds / packets)} on average.`
      : '.',
  );
  return { cause: 'quiet', severity: 'none', sentence: sentence.build() };
}

function caused(input: RollupVerdictInput): Verdict {
  const { facts, pairs } = input;
  const behind = sumOf(pairs.map(({ seconds }) => seconds));
  const packets = packetsOf(pairs);
  const sentence = new SentenceBuilder(facts.nowMs);
  if (packets < LEAST_PACKETS || behind < LEAST_DELAY_SECONDS * packets) {
    sentence.text("Nobody else's packets stood noticeably behind those of ");
    sayServices(sentence, input);
    sentence.text(' ');
    sayRange(sentence, facts);
    sentence.text('.');
    return { cause: 'quiet', severity: 'none', sentence: sentence.build() };
  }
  sentence.text('Packets of others stood ').strong(duration(behind / packets));
  sentence.text(' on average behind those of ');
  sayServices(sentence, input);
  sentence.text(' ');
  sayRange(sentence, facts);
  const [top] = sidesOf(pairs, byCulpritOnNode);
  sentence.text('; ').strong(percent(top.seconds / behind));
  sentence.text(' of that behind ');
  sayOne(sentence, input, top.pairs[0]);
  sayVictim(sentence, input, behind);
  return {
    cause: 'neighbour',
    severity: 'notice',
    resource: 'network',
    sentence: sentence.build(),
  };
}

/** Of all victims, each on its node once, however many it stood behind. */
function packetsOf(pairs: readonly PairFacts[]): number {
  const packets = new Map(
    pairs.map(pair => [
      JSON.stringify([pair.victim.key, pair.cluster, pair.node]),
      pair.packets ?? 0,
    ]),
  );
  return sumOf([...packets.values()]);
}

/** `log-shipper (team Platform) on node-a. It sent ...`; or neighbours, and the largest of them. */
function sayAhead(
  sentence: SentenceBuilder,
  input: RollupVerdictInput,
  behind: number,
): void {
  const sides = sidesOf(input.pairs, byCulpritOnNode);
  const [top] = sides;
  const share = top.seconds / behind;
  if (sides.length > 1 && share < NAMED_SHARE) {
    sentence.text(`${sides.length} neighbours, `);
    sentence.text(`${percent(share)} of it behind `);
  } else if (sides.length > 1) {
    sentence.text(`neighbours, ${percent(share)} of it behind `);
  }
  sayOne(sentence, input, top.pairs[0]);
}

function sayOne(
  sentence: SentenceBuilder,
  { presenter, usageOf }: RollupVerdictInput,
  pair: PairFacts,
): void {
  presenter.say(sentence, pair.culprit);
  sentence.text(` on ${pair.node}.`);
  const mean = usageOf(pair)?.transmitMean;
  if (mean !== undefined) {
    const words = ` It sent ${bandwidth(mean)} there on average.`;
    presenter.sayOwn(sentence, pair.culprit, words);
  }
}

/** ` 91 % of the time was that of checkout.` Only where one stands out among several. */
function sayVictim(
  sentence: SentenceBuilder,
  { pairs, presenter }: RollupVerdictInput,
  behind: number,
): void {
  const victims = sidesOf(pairs, byVictim);
  const [most] = victims;
  if (victims.length < 2 || most.seconds < NAMED_SHARE * behind) return;
  sentence.text(` ${percent(most.seconds / behind)} of the time was that of `);
  presenter.say(sentence, most.party);
  sentence.text('.');
}
