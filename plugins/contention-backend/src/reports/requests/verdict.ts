/**
 * A judgement of requests in words: the one look that decides. What slow requests were made of is measured; that it made
 * them slow is what a reader concludes, so nothing here says *caused*. Pure.
 */
import type {
  Marker,
  RequestRole,
  Sentence,
  Verdict,
} from 'backstage-plugin-contention-common';
import { sayEntitlement } from '../entitlement';
import { startOf, type Facts } from '../facts';
import type { PartyFacts } from '../parties';
import type { Presenter } from '../present';
import { SentenceBuilder } from '../sentence';
import { sayRange } from '../verdict';
import { duration, percent } from '../words';
import type { GroupShare, RequestJudgement, Slowest } from './judge';
import type { Group } from './parts';
import { CHANGE_BEFORE_MS, MAX_NAMED_PARTS, NAMED_PART } from './thresholds';

type VerdictFacts = Pick<
  Facts,
  'entity' | 'range' | 'nowMs' | 'axis' | 'usage' | 'anatomyWasOff'
>;

export interface RequestVerdictInput {
  role: RequestRole;
  judgement: RequestJudgement;
  markers: readonly Marker[];
  presenter: Presenter;
}

export function requestVerdict(
  facts: VerdictFacts,
  { role, judgement, markers, presenter }: RequestVerdictInput,
): Verdict {
  const { cause, severity, resource, since } = judgement;
  const sentence = new SentenceBuilder(facts.nowMs);
  const speaker = { facts, role, judgement, presenter, sentence };
  if (judgement.requestCount === 0) sayNone(speaker);
  else if (cause === 'quiet') sayQuiet(speaker);
  else if (!judgement.slow) sayUnsure(speaker);
  else {
    if (since) {
      const at = startOf(facts.axis, since.window);
      sentence.text(since.window === 0 ? 'Since before ' : 'Since ');
      sentence.time(at).text(', ');
      saySlow(speaker, false);
    } else saySlow(speaker, true);
    sayNotLookedAt(speaker);
    sayNeighbourEntitlement(speaker);
    sayCompared(speaker);
    sayChange(speaker, markers);
  }
  return {
    cause,
    severity,
    ...(resource ? { resource } : {}),
    sentence: sentence.build(),
    ...(since ? { since: startOf(facts.axis, since.window) } : {}),
  };
}

/** What the slowest of a selection were made of; undefined where there are too few. */
export function anatomySentence(
  facts: VerdictFacts,
  role: RequestRole,
  slow: Slowest | undefined,
  presenter: Presenter,
): Sentence | undefined {
  if (!slow) return undefined;
  const sentence = new SentenceBuilder(facts.nowMs);
  saySlowest({ facts, role, presenter, sentence }, slow, 'The', 'were');
  return sentence.build();
}

/** `p99 is 180 ms; at this time of day it is usually 42 ms.` */
export function comparisonSentence(
  facts: VerdictFacts,
  judgement: RequestJudgement,
): Sentence | undefined {
  const { p99Seconds, reference } = judgement;
  if (p99Seconds === undefined || !reference) return undefined;
  const sentence = new SentenceBuilder(facts.nowMs);
  sentence.text(`p99 is ${duration(p99Seconds)}; `);
  sentence.text(`${referenceWords(reference)}.`);
  return sentence.build();
}

interface Voice {
  facts: VerdictFacts;
  role: RequestRole;
  presenter: Presenter;
  sentence: SentenceBuilder;
}

interface Speaker extends Voice {
  judgement: RequestJudgement;
}

function sayRequests({ facts, role, sentence }: Voice): void {
  if (role === 'server') {
    sentence.name(facts.entity.title).text("'s requests");
  } else {
    sentence.text('the requests that ').name(facts.entity.title);
    sentence.text(' sends');
  }
}

function sayNone({ facts, role, sentence }: Speaker): void {
  sentence.name(facts.entity.title);
  sentence.text(role === 'server' ? ' got' : ' sent').text(' no requests ');
  sayRange(sentence, facts);
  sentence.text('.');
}

function sayUnsure({ judgement, sentence }: Speaker): void {
  const { requestCount, slower, p99Seconds, reference } = judgement;
  if (!slower) {
    const requests = requestCount === 1 ? 'request' : 'requests';
    sentence.text(
      `Not enough data: ${requestCount} ${requests} in this range.`,
    );
    return;
  }
  sentence.text(
    `Slower, and it is not known why: p99 is ${duration(p99Seconds!)}, ` +
      `${referenceWords(reference!)}, and no agent has said what the requests were made of.`,
  );
}

function sayQuiet(speaker: Speaker): void {
  const { judgement, facts, sentence } = speaker;
  const { p50Seconds, p99Seconds, reference } = judgement;
  sentence.text('Nothing slowed ');
  sayRequests(speaker);
  sentence.text(' ');
  sayRange(sentence, facts);
  if (p99Seconds !== undefined) {
    sentence.text(`: p99 ${duration(p99Seconds)}`);
    sentence.text(
      reference
        ? `, ${referenceWords(reference)}`
        : `, half of them within ${duration(p50Seconds!)}`,
    );
  }
  sentence.text('.');
}

function referenceWords({
  of,
  p99Seconds,
}: NonNullable<RequestJudgement['reference']>): string {
  return of === 'usual'
    ? `at this time of day it is usually ${duration(p99Seconds)}`
    : `in as long before it was ${duration(p99Seconds)}`;
}

const SLOWEST = {
  'slowest-1': 'slowest 1 %',
  'slowest-10': 'slowest 10 %',
} as const;

/** The verdict of slow requests; of its own work in words of its own. */
function saySlow(speaker: Speaker, isStart: boolean): void {
  const { judgement, sentence, facts, role } = speaker;
  const { of, groups, thresholdSeconds } = judgement.slow!;
  if (judgement.cause !== 'work' || role !== 'server') {
    saySlowest(
      speaker,
      judgement.slow!,
      isStart ? 'The' : 'the',
      judgement.since ? 'are' : 'were',
    );
    return;
  }
  const work = groups.find(({ group }) => group === 'work')!;
  sentence.name(facts.entity.title);
  sentence.text(' is slow by its own work: ').strong(percent(work.share));
  sentence.text(
    ` of the time of its ${SLOWEST[of]} of requests ` +
      `(over ${duration(thresholdSeconds)}) is in its own code`,
  );
  const others = groups.filter(
    ({ group, share }) => group !== 'work' && share >= NAMED_PART,
  );
  if (others.length > 0) sentence.text(', ');
  sayGroups(speaker, others);
  sentence.text('.');
}

/** `The slowest 1 % of checkout's requests (over 180 ms) were 64 % waiting for neighbours, ...` */
function saySlowest(
  voice: Voice,
  { of, groups, thresholdSeconds }: Slowest,
  the: 'The' | 'the',
  were: 'were' | 'are',
): void {
  const { sentence } = voice;
  sentence.text(`${the} ${SLOWEST[of]} of `);
  sayRequests(voice);
  sentence.text(` (over ${duration(thresholdSeconds)}) ${were} `);
  sayGroups(
    voice,
    groups.filter(({ share }, index) => index === 0 || share >= NAMED_PART),
  );
  sentence.text('.');
}

const GROUP_WORD: Record<Group, string> = {
  neighbour: 'waiting for neighbours',
  limit: 'stopped by a CPU limit',
  sidecar: 'waiting for own sidecar',
  self: 'crowded by itself',
  host: 'taken by the host',
  unread: 'data that no thread had read yet',
  retransmission: 'lost by the network and sent again',
  'queue:neighbour': "queued in the network behind neighbours' packets",
  'queue:limit': 'queued in the network',
  'queue:sidecar': "queued in the network behind own sidecar's packets",
  'queue:self': 'queued in the network behind its own packets',
  'queue:host': "queued in the network behind the host's packets",
  'queue:other': "queued in the network behind others' packets",
  'queue:idle': 'queued in the network',
  'queue:unknown': 'queued in the network, not known behind whom',
  work: 'own work',
  upstream: 'waiting for an upstream',
  other: 'waiting for others',
  idle: 'between queues',
  unknown: 'not known',
};

/** Groups of which the largest member has a name that says more than the group's. */
const NAMED: ReadonlySet<Group> = new Set([
  'neighbour',
  'sidecar',
  'queue:neighbour',
  'queue:sidecar',
]);

function sayGroups(
  { sentence, presenter }: Voice,
  groups: readonly GroupShare[],
): void {
  groups.slice(0, MAX_NAMED_PARTS).forEach(({ group, share, top }, index) => {
    if (index > 0) sentence.text(', ');
    sentence.strong(percent(share)).text(` ${GROUP_WORD[group]}`);
    if (top && NAMED.has(group)) {
      sentence.text(
        top.share >= share / 2 ? ', most of it ' : ', the largest ',
      );
      presenter.say(sentence, top.party);
    }
  });
}

/** The neighbour that the verdict of slow requests names. */
export function namedNeighbour(
  judgement: Pick<RequestJudgement, 'slow'>,
): PartyFacts | undefined {
  return judgement.slow?.groups
    .filter(({ share }, index) => index === 0 || share >= NAMED_PART)
    .slice(0, MAX_NAMED_PARTS)
    .find(({ group }) => group === 'neighbour')?.top?.party;
}

function sayNeighbourEntitlement({
  judgement,
  facts,
  sentence,
  presenter,
}: Speaker): void {
  const party = namedNeighbour(judgement);
  if (!party) return;
  const usage = facts.usage.get(party.key);
  sayEntitlement(sentence, { party, usage, presenter, isNamed: true });
}

/** Why much of it is not known, where that is known. */
function sayNotLookedAt({ judgement, facts, sentence }: Speaker): void {
  const unknown = judgement.slow?.groups.find(
    ({ group }) => group === 'unknown',
  );
  if (!facts.anatomyWasOff || (unknown?.share ?? 0) < NAMED_PART) return;
  sentence.text(
    ' For some of the time the agent had switched off looking into requests, to stay within its budget.',
  );
}

function sayCompared({ judgement, sentence }: Speaker): void {
  const { p99Seconds, reference, slower } = judgement;
  if (p99Seconds === undefined || !reference) return;
  const words = referenceWords(reference);
  sentence.text(
    slower
      ? ` p99 is ${duration(p99Seconds)}; ${words}.`
      : ` That is no news: p99 is ${duration(p99Seconds)}, and ${words}.`,
  );
}

/** The last change before it began: "since when" meets "since what". */
function sayChange(
  { facts, judgement, sentence }: Speaker,
  markers: readonly Marker[],
): void {
  const { since } = judgement;
  if (!since || since.window === 0) return;
  const { axis } = facts;
  // A window is as exact as the start is known.
  const untilMs = startOf(axis, since.window + 1);
  const fromMs = startOf(axis, since.window) - CHANGE_BEFORE_MS;
  const last = markers.findLast(({ at }) => at >= fromMs && at <= untilMs);
  if (!last) return;
  sentence.text(' Before it, at ').time(last.at);
  sentence.text(`: ${last.text}.`);
}
