/**
 * Whose packets stood behind this entity's, since when, in words. Never says that it was at fault: its packets left, theirs
 * stood. Pure.
 */
import type { Verdict } from 'backstage-plugin-contention-common';
import { sumOf, zeros, addInto, type Facts } from '../facts';
import { between } from '../held';
import { victimParts } from '../neighbours';
import type { Presenter } from '../present';
import { SentenceBuilder } from '../sentence';
import { heldStretches, stretchEndMs, stretchStartMs } from '../stretches';
import { newestWindow } from '../timeline';
import { sayRange, saySpan, sinceWord } from '../verdict';
import { bandwidth, duration, percent } from '../words';
import type { NetworkFacts } from './facts';
import { LEAST_PACKETS } from './thresholds';
import { heldAgainst, packetsOf } from './timeline';

export function verdictForQueuesCaused(
  facts: Facts,
  network: NetworkFacts,
  presenter: Presenter,
  live: boolean,
): Verdict {
  const sentence = new SentenceBuilder(facts.nowMs);
  const victims = victimParts(facts).filter(
    ({ party }) => party.relation === 'neighbour',
  );
  const seconds = zeros(facts.axis);
  victims.forEach(part => addInto(seconds, part.seconds));
  const packets = packetsOf(facts, network.behind);
  const held = heldStretches({
    axis: facts.axis,
    coveredSeconds: facts.coveredSeconds,
    part: seconds,
    wanted: heldAgainst(packets),
    newest: newestWindow(facts),
    comesInBursts: true,
  })
    .map(stretch => ({ ...stretch, ongoing: stretch.ongoing && live }))
    .filter(stretch => between(packets, stretch) >= LEAST_PACKETS)
    .sort(
      (a, b) => Number(b.ongoing) - Number(a.ongoing) || b.seconds - a.seconds,
    )[0];
  if (network.measured.length === 0) {
    sentence.text('Whose packets stood behind those of ');
    sentence.name(facts.entity.title);
    sentence.text(' is not known: no agent there measured it ');
    sayRange(sentence, facts);
    sentence.text('.');
    return { cause: 'no-data', severity: 'none', sentence: sentence.build() };
  }
  if (!held) {
    sentence.text("Nobody else's packets stood noticeably behind those of ");
    sentence.name(facts.entity.title).text(' ');
    sayRange(sentence, facts);
    sentence.text('.');
    return { cause: 'quiet', severity: 'none', sentence: sentence.build() };
  }
  const all = between(seconds, held);
  const [top] = victims
    .map(part => ({ part, seconds: between(part.seconds, held) }))
    .sort((a, b) => b.seconds - a.seconds);
  const start = stretchStartMs(facts.axis, held);
  if (held.ongoing) sentence.text(sinceWord(held)).time(start).text(' ');
  else saySpan(sentence, start, stretchEndMs(facts.axis, held));
  const mean = all / between(packets, held);
  sentence.text(
    `packets of others ${held.ongoing ? 'stand' : 'stood'} ${duration(mean)} on average behind those of `,
  );
  sentence.name(facts.entity.title);
  sentence.text(`; ${percent(top.seconds / all)} of that time `);
  sentence.text(held.ongoing ? 'is that of ' : 'was that of ');
  presenter.say(sentence, top.part.party);
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
    ...(held.ongoing ? { since: start } : {}),
  };
}
