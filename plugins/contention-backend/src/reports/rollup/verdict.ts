/**
 * A roll-up in one sentence: how long the members waited for neighbours, who ran most of that time, where, and whether it
 * stayed within what it asked for. Of the whole range; *ran while* is what is measured. Pure.
 */
import type {
  Cause,
  Direction,
  Member,
  Relation,
  Verdict,
} from 'backstage-plugin-contention-common';
import { sayEntitlement } from '../entitlement';
import { sumOf, type Usage } from '../facts';
import type { Presenter } from '../present';
import { SentenceBuilder } from '../sentence';
import { HELD_SECONDS_PER_SECOND, NAMED_SHARE } from '../thresholds';
import { sayRange } from '../verdict';
import { duration, percent, RELATION_WORD } from '../words';
import type { RollupFacts } from './facts';
import { byCulpritOnNode, byVictim, sidesOf, type PairFacts } from './pairs';

export interface RollupVerdictInput {
  facts: RollupFacts;
  direction: Direction;
  pairs: readonly PairFacts[];
  /** Those with figures, worst first. */
  members: readonly Member[];
  wantedSeconds: number;
  /** Of the members: all waiting; of the network also their packets that passed a queue. */
  waitSeconds: number;
  packets: number;
  presenter: Presenter;
  /** Of the culprit of a pair, on its node. */
  usageOf(pair: PairFacts): PairUsage | undefined;
}

/** Of the network only bytes per second. */
export interface PairUsage extends Usage {
  transmitMean?: number;
}

export function rollupVerdict(input: RollupVerdictInput): Verdict {
  return input.direction === 'suffered' ? suffered(input) : caused(input);
}

/** `storefront's 3 services` */
export function sayServices(
  sentence: SentenceBuilder,
  { facts, members }: Pick<RollupVerdictInput, 'facts' | 'members'>,
): void {
  sentence.name(facts.entity.title);
  sentence.text(members.length === 1 ? "'s service" : "'s services");
}

function suffered(input: RollupVerdictInput): Verdict {
  const { facts, pairs, members, wantedSeconds } = input;
  const seconds = sumOf(pairs.map(pair => pair.seconds));
  const share = wantedSeconds > 0 ? seconds / wantedSeconds : 0;
  const held = members.filter(({ severity }) => severity !== 'none');
  const byNeighbours = held.filter(({ main }) => main === 'neighbour');
  const sentence = new SentenceBuilder(facts.nowMs);
  if (byNeighbours.length > 0) {
    sayServices(sentence, input);
    sentence.text(' waited ').strong(duration(seconds));
    sentence.text(' for neighbours ');
    sayRange(sentence, facts);
    sayLargest(sentence, input, seconds);
    sayVictim(sentence, input, seconds);
    return {
      cause: 'neighbour',
      severity: byNeighbours.some(({ severity }) => severity === 'serious')
        ? 'serious'
        : 'notice',
      sentence: sentence.build(),
    };
  }
  const amount = `${duration(seconds)}, ${percent(share)} of the time they wanted to run.`;
  const [worst] = held;
  if (worst?.main) {
    sentence.text('Neighbours are not what holds ');
    sayServices(sentence, input);
    sentence.text(` up: ${amount} `);
    sentence.entity(worst.entity.entityRef, worst.entity.title);
    sentence.text(
      ` waited ${duration(worst.waitSeconds)}, most of it ${RELATION_WORD[worst.main]}.`,
    );
    return {
      cause: causeOf(worst.main),
      severity: worst.severity,
      sentence: sentence.build(),
    };
  }
  sentence.text('Nothing held ');
  sayServices(sentence, input);
  sentence.text(' up noticeably ');
  sayRange(sentence, facts);
  sentence.text(`. They waited for neighbours for ${amount}`);
  return { cause: 'quiet', severity: 'none', sentence: sentence.build() };
}

function caused(input: RollupVerdictInput): Verdict {
  const { facts, pairs } = input;
  const seconds = sumOf(pairs.map(pair => pair.seconds));
  const sentence = new SentenceBuilder(facts.nowMs);
  const covered = sumOf(facts.coveredSeconds);
  if (seconds < HELD_SECONDS_PER_SECOND * covered) {
    sentence.text('Nobody waited noticeably while ');
    sayServices(sentence, input);
    sentence.text(' ran ');
    sayRange(sentence, facts);
    sentence.text(`: ${duration(seconds)} in all.`);
    return { cause: 'quiet', severity: 'none', sentence: sentence.build() };
  }
  sentence.text('Others waited ').strong(duration(seconds));
  sentence.text(' for a CPU while ');
  sayServices(sentence, input);
  sentence.text(' ran ');
  sayRange(sentence, facts);
  sayLargest(sentence, input, seconds);
  sayVictim(sentence, input, seconds);
  return { cause: 'neighbour', severity: 'notice', sentence: sentence.build() };
}

/** `; 78 % of that while batch-report (team Data) ran on node-a. It stayed within ...` */
function sayLargest(
  sentence: SentenceBuilder,
  { pairs, presenter, usageOf }: RollupVerdictInput,
  seconds: number,
): void {
  const [top] = sidesOf(pairs, byCulpritOnNode);
  if (!top) {
    sentence.text('.');
    return;
  }
  const [{ node }] = top.pairs;
  const share = top.seconds / seconds;
  const isMost = share >= NAMED_SHARE;
  sentence.text(isMost ? '; ' : ', the largest part of it, ');
  sentence.strong(percent(share)).text(isMost ? ' of that while ' : ', while ');
  presenter.say(sentence, top.party);
  sentence.text(` ran on ${node}.`);
  const usage = usageOf(top.pairs[0]);
  sayEntitlement(sentence, { party: top.party, usage, presenter });
}

/** ` 91 % of the waiting was checkout's.` Only where one stands out among several. */
function sayVictim(
  sentence: SentenceBuilder,
  { pairs, presenter }: RollupVerdictInput,
  seconds: number,
): void {
  const victims = sidesOf(pairs, byVictim);
  const [most] = victims;
  if (victims.length < 2 || most.seconds < NAMED_SHARE * seconds) return;
  sentence.text(
    ` ${percent(most.seconds / seconds)} of the waiting was that of `,
  );
  presenter.say(sentence, most.party);
  sentence.text('.');
}

export function causeOf(relation: Relation): Cause {
  switch (relation) {
    case 'neighbour':
    case 'limit':
    case 'sidecar':
    case 'self':
    case 'host':
      return relation;
    default:
      return 'unsure';
  }
}
