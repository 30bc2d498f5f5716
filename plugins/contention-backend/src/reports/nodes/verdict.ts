/** What is crowded on a node, and by whom, in a sentence; or that nothing is. Pure. */
import type { Verdict } from 'backstage-plugin-contention-common';
import {
  addInto,
  sumIn,
  sumOf,
  zeros,
  type Usage,
  type Windows,
} from '../facts';
import { sayEntitlement } from '../entitlement';
import { SentenceBuilder } from '../sentence';
import {
  heldStretches,
  stretchEndMs,
  stretchStartMs,
  type HeldStretch,
} from '../stretches';
import {
  HELD_SECONDS_PER_SECOND,
  HELD_SHARE,
  NAMED_SHARE,
  SERIOUS_SHARE,
  UNKNOWN_SHARE,
} from '../thresholds';
import { lastPhrase, percent } from '../words';
import {
  crowdedOf,
  type CulpritFacts,
  type OneNode,
  type VictimFacts,
  type WhoWaited,
} from './facts';
import type { NodePresenter } from './present';

/** A victim in the stretch in which it was held up most. */
interface Held {
  victim: VictimFacts;
  stretch: HeldStretch;
}

export function nodeVerdict(
  facts: OneNode,
  who: WhoWaited,
  usage: ReadonlyMap<string, Usage>,
  presenter: NodePresenter,
): Verdict {
  const newest = facts.coveredSeconds.findLastIndex(seconds => seconds > 0);
  const held = who.victims
    .filter(({ party }) => party.relation === 'neighbour')
    .flatMap((victim): Held[] => {
      const stretches = heldStretches({
        axis: facts.axis,
        coveredSeconds: facts.coveredSeconds,
        part: crowdedOf(victim, who.culprits),
        wanted: wantedOf(victim),
        newest,
      });
      const worst = stretches.reduce<HeldStretch | undefined>(
        (a, b) => (a && a.seconds >= b.seconds ? a : b),
        undefined,
      );
      const chosen = stretches.find(({ ongoing }) => ongoing) ?? worst;
      return chosen ? [{ victim, stretch: chosen }] : [];
    })
    .sort(
      (a, b) =>
        Number(b.stretch.ongoing) - Number(a.stretch.ongoing) ||
        b.stretch.seconds - a.stretch.seconds,
    );
  const [worst] = held;
  return worst
    ? crowded(facts, who, usage, presenter, worst, held.length - 1)
    : quiet(facts, who);
}

function wantedOf({ wait, cpu }: VictimFacts): Windows {
  return wait.map((seconds, window) => seconds + cpu[window]);
}

function crowded(
  facts: OneNode,
  who: WhoWaited,
  usage: ReadonlyMap<string, Usage>,
  presenter: NodePresenter,
  { victim, stretch }: Held,
  others: number,
): Verdict {
  const { axis, nowMs } = facts;
  const waited = sumIn(victim.wait, stretch);
  const wanted = sumIn(wantedOf(victim), stretch);
  const ran = neighboursOf(who, victim).map(culprit => ({
    culprit,
    seconds: sumIn(victim.by.get(culprit.key)!, stretch),
  }));
  ran.sort((a, b) => b.seconds - a.seconds);
  const allSeconds = sumOf(ran.map(({ seconds }) => seconds));
  const [top] = ran;
  // Many who each ran for little of it: none of them is accused for all.
  const isNamed =
    ran.length === 1 ||
    (top.seconds >= HELD_SHARE * wanted &&
      top.seconds >=
        HELD_SECONDS_PER_SECOND * sumIn(facts.coveredSeconds, stretch));
  const isAlone = isNamed && top.seconds >= NAMED_SHARE * allSeconds;
  const { ongoing } = stretch;
  const startMs = stretchStartMs(axis, stretch);
  const sentence = new SentenceBuilder(nowMs);
  if (ongoing) sentence.text('Since ').time(startMs).text(' ');
  else {
    sentence.text('From ').time(startMs).text(' to ');
    sentence.time(stretchEndMs(axis, stretch)).text(' ');
  }
  presenter.victims.say(sentence, victim.party);
  sentence.text(ongoing ? ' waits ' : ' waited ');
  sentence.strong(percent(Math.min(1, waited / wanted)));
  sentence.text(
    ongoing
      ? ' of the time it wants to run; '
      : ' of the time it wanted to run; ',
  );
  sentence.strong(
    percent(Math.min(1, (isAlone ? top.seconds : allSeconds) / waited)),
  );
  sentence.text(' of that while ');
  const run = ongoing ? 'run' : 'ran';
  if (isAlone) {
    presenter.culprits.say(sentence, top.culprit.party!);
    sentence.text(ongoing ? ' runs.' : ' ran.');
  } else {
    sentence.text(`${ran.length} neighbours ${run}, `);
    if (isNamed) {
      sentence.text('most of all ');
      presenter.culprits.say(sentence, top.culprit.party!);
      sentence.text('.');
    } else {
      sentence.text('each of them for little of it.');
    }
  }
  if (isAlone) {
    sayEntitlement(sentence, {
      party: top.culprit.party!,
      usage: usage.get(top.culprit.key),
      presenter: presenter.culprits,
    });
  }
  if (others > 0) {
    sentence.text(
      others === 1
        ? ' Somebody else here is held up by neighbours, too.'
        : ` ${others} others here are held up by neighbours, too.`,
    );
  }
  return {
    cause: 'neighbour',
    severity: allSeconds >= SERIOUS_SHARE * wanted ? 'serious' : 'notice',
    sentence: sentence.build(),
    ...(ongoing ? { since: startMs } : {}),
  };
}

function neighboursOf(
  { culprits }: WhoWaited,
  { by }: VictimFacts,
): CulpritFacts[] {
  return [...by.keys()].flatMap(key => {
    const culprit = culprits.get(key);
    return culprit?.relation === 'neighbour' ? [culprit] : [];
  });
}

function quiet(facts: OneNode, who: WhoWaited): Verdict {
  const { home, range, nowMs } = facts;
  const sentence = new SentenceBuilder(nowMs);
  const last = lastPhrase(range.fromMs, range.toMs, nowMs);
  const when = last ? `in ${last}` : 'in this range';
  const pods = who.victims.filter(
    ({ party }) => party.relation === 'neighbour',
  );
  const wanted = zeros(facts.axis);
  const waited = zeros(facts.axis);
  const unknown = sumOf(pods.map(({ by }) => sumOf(by.get('unknown') ?? [])));
  for (const victim of pods) {
    addInto(wanted, wantedOf(victim));
    addInto(waited, crowdedOf(victim, who.culprits));
  }
  const allWait = sumOf(pods.map(({ wait }) => sumOf(wait)));
  const isUnsure =
    facts.blameWasOff || (allWait > 0 && unknown / allWait >= UNKNOWN_SHARE);
  const all = sumOf(wanted);
  if (isUnsure) {
    sentence.text('It is not known for sure whether anybody on ');
    sentence.name(home.node).text(` was held up by neighbours ${when}: `);
    if (facts.blameWasOff) {
      sentence.text('the agent did not look at who ran for some of the time.');
    } else {
      sentence.strong(percent(unknown / allWait));
      sentence.text(' of the waiting could not be attributed.');
    }
    return { cause: 'unsure', severity: 'none', sentence: sentence.build() };
  }
  sentence.text('Nobody on ').name(home.node);
  sentence.text(` was held up by neighbours ${when}.`);
  if (all > 0) {
    sentence.text(' The pods there waited for each other ');
    sentence.strong(percent(Math.min(1, sumOf(waited) / all)));
    sentence.text(' of the time they wanted to run.');
  }
  return { cause: 'quiet', severity: 'none', sentence: sentence.build() };
}
