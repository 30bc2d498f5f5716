/** Whose packets stood on a node, and behind whose, in a sentence; or that nobody's did, or that nobody looked. Pure. */
import type {
  NetworkPresence,
  NodeNetwork,
  Verdict,
} from 'backstage-plugin-contention-common';
import { sumIn, sumOf, zeros, addInto } from '../facts';
import {
  LEAST_DELAY_SECONDS,
  LEAST_PACKETS,
  SERIOUS_DELAY_SECONDS,
} from '../network/thresholds';
import { presentReceive } from '../network/receive';
import { heldAgainst } from '../network/timeline';
import { SentenceBuilder } from '../sentence';
import {
  heldStretches,
  stretchEndMs,
  stretchStartMs,
  type HeldStretch,
} from '../stretches';
import { NAMED_SHARE, UNKNOWN_SHARE } from '../thresholds';
import { bandwidth, duration, lastPhrase, percent } from '../words';
import {
  crowdedOf,
  type NodeNetworkFacts,
  type OneNode,
  type VictimFacts,
  type WhoWaited,
} from './facts';
import type { NodePresenter } from './present';
import type { NodeUsage } from './residents';

export function networkOf(
  { home }: Pick<OneNode, 'home'>,
  { queues, receive, ...network }: NodeNetworkFacts,
  who: WhoWaited,
  { culprits }: NodePresenter,
): NodeNetwork {
  return {
    presence: presenceOf(home.node, network, who),
    queues,
    receive: receive.map(one => presentReceive(one, culprits)),
  };
}

function presenceOf(
  node: string,
  {
    isMeasured,
    queuesWereOff,
    interfaceName,
  }: Omit<NodeNetworkFacts, 'queues' | 'receive'>,
  { victims }: WhoWaited,
): NetworkPresence {
  const packets = sumOf(victims.map(victim => sumOf(victim.packets)));
  if (packets > 0) return { state: 'measured', packets };
  if (queuesWereOff) {
    return {
      state: 'not-measured',
      why: `The agent of ${node} had switched off looking at queues for some of the time, to stay within its budget; in the rest no packet stood in one.`,
    };
  }
  return isMeasured
    ? {
        state: 'no-queue',
        why:
          interfaceName === undefined
            ? `No packet on ${node} passed a device with a queue that the kernel shows.`
            : `No packet on ${node} passed a queue of ${interfaceName}.`,
      }
    : {
        state: 'not-measured',
        why: `The agent of ${node} did not measure the network in this range: it is older than this view, or its kernel lacks what that needs.`,
      };
}

interface Held {
  victim: VictimFacts;
  stretch: HeldStretch;
}

/** @param live - the range reaches now and its data is fresh: only then anything goes on */
export function queueVerdict(
  facts: OneNode,
  who: WhoWaited,
  usage: ReadonlyMap<string, NodeUsage>,
  presenter: NodePresenter,
  live: boolean,
): Verdict {
  const newest = facts.coveredSeconds.findLastIndex(seconds => seconds > 0);
  const held = who.victims
    .filter(({ party }) => party.relation === 'neighbour')
    .flatMap((victim): Held[] => {
      const [stretch] = heldStretches({
        axis: facts.axis,
        coveredSeconds: facts.coveredSeconds,
        part: crowdedOf(victim, who.culprits),
        wanted: heldAgainst(victim.packets),
        newest,
        comesInBursts: true,
      })
        .map(item => ({ ...item, ongoing: item.ongoing && live }))
        .filter(item => sumIn(victim.packets, item) >= LEAST_PACKETS)
        .sort(worstFirst);
      return stretch ? [{ victim, stretch }] : [];
    })
    .sort((a, b) => worstFirst(a.stretch, b.stretch));
  const [worst] = held;
  return worst
    ? crowded(facts, who, usage, presenter, worst, held.length - 1)
    : quiet(facts, who);
}

function worstFirst(a: HeldStretch, b: HeldStretch): number {
  return Number(b.ongoing) - Number(a.ongoing) || b.seconds - a.seconds;
}

function crowded(
  facts: OneNode,
  who: WhoWaited,
  usage: ReadonlyMap<string, NodeUsage>,
  presenter: NodePresenter,
  { victim, stretch }: Held,
  others: number,
): Verdict {
  const { axis, nowMs, network } = facts;
  const stood = sumIn(victim.wait, stretch);
  const packets = sumIn(victim.packets, stretch);
  const ahead = [...victim.by]
    .flatMap(([key, values]) => {
      const culprit = who.culprits.get(key);
      return culprit?.relation === 'neighbour' && culprit.party
        ? [{ party: culprit.party, seconds: sumIn(values, stretch) }]
        : [];
    })
    .filter(({ seconds }) => seconds > 0)
    .sort((a, b) => b.seconds - a.seconds);
  const all = sumOf(ahead.map(({ seconds }) => seconds));
  const [top] = ahead;
  const isAlone = top.seconds >= NAMED_SHARE * all;
  const { ongoing } = stretch;
  const startMs = stretchStartMs(axis, stretch);
  const sentence = new SentenceBuilder(nowMs);
  if (ongoing) sentence.text('Since ').time(startMs);
  else {
    sentence.text('From ').time(startMs).text(' to ');
    sentence.time(stretchEndMs(axis, stretch));
  }
  sentence.text(' packets of ');
  presenter.victims.say(sentence, victim.party);
  sentence.text(ongoing ? ' stand ' : ' stood ');
  sentence.strong(duration(stood / packets)).text(' on average in ');
  sentence.text(
    network?.interfaceName === undefined
      ? 'queues of devices'
      : `the queue of ${network.interfaceName}`,
  );
  sentence.text('; ');
  const share = (isAlone ? top.seconds : all) / stood;
  sentence.strong(percent(Math.min(1, share))).text(' of that behind ');
  if (!isAlone) sentence.text(`${ahead.length} neighbours, most of all `);
  presenter.culprits.say(sentence, top.party);
  sentence.text('.');
  const mean = usage.get(top.party.key)?.transmitMean;
  if (isAlone && mean !== undefined) {
    const words = ` It sent ${bandwidth(mean)} on average in this range.`;
    presenter.culprits.sayOwn(sentence, top.party, words);
  }
  if (others > 0) {
    sentence.text(
      others === 1
        ? ' Packets of somebody else here stand behind neighbours, too.'
        : ` Packets of ${others} others here stand behind neighbours, too.`,
    );
  }
  const isSerious = all >= SERIOUS_DELAY_SECONDS * packets;
  return {
    cause: 'neighbour',
    severity: isSerious ? 'serious' : 'notice',
    resource: 'network',
    sentence: sentence.build(),
    ...(ongoing ? { since: startMs } : {}),
  };
}

function quiet(facts: OneNode, who: WhoWaited): Verdict {
  const { home, range, nowMs, network } = facts;
  const sentence = new SentenceBuilder(nowMs);
  const last = lastPhrase(range.fromMs, range.toMs, nowMs);
  const when = last ? `in ${last}` : 'in this range';
  const { state } = presenceOf(home.node, network!, who);
  if (state === 'not-measured') {
    sentence.text('How long packets stood in queues on ').name(home.node);
    sentence.text(` is not known: its agent did not measure it ${when}.`);
    return { cause: 'no-data', severity: 'none', sentence: sentence.build() };
  }
  if (state === 'no-queue') {
    sentence.text('No packet on ').name(home.node).text(' stood in ');
    const device = network?.interfaceName;
    sentence.text(
      device === undefined ? 'a queue of a device ' : `the queue of ${device} `,
    );
    sentence.text(`${when}.`);
    return { cause: 'quiet', severity: 'none', sentence: sentence.build() };
  }
  const pods = who.victims.filter(
    ({ party }) => party.relation === 'neighbour',
  );
  const stood = zeros(facts.axis);
  const packets = zeros(facts.axis);
  for (const { wait, packets: own } of pods) {
    addInto(stood, wait);
    addInto(packets, own);
  }
  const all = sumOf(stood);
  const unknown = sumOf(pods.map(({ by }) => sumOf(by.get('unknown') ?? [])));
  const mean = sumOf(packets) > 0 ? all / sumOf(packets) : 0;
  const isUnsure =
    all > 0 &&
    unknown / all >= UNKNOWN_SHARE &&
    unknown >= LEAST_DELAY_SECONDS * sumOf(packets);
  if (isUnsure) {
    sentence.text('It is not known for sure whether packets on ');
    sentence.name(home.node);
    sentence.text(` stood behind those of neighbours ${when}: `);
    sentence.strong(percent(unknown / all));
    sentence.text(' of the time could not be attributed.');
    return { cause: 'unsure', severity: 'none', sentence: sentence.build() };
  }
  sentence.text("Nobody's packets on ").name(home.node);
  sentence.text(` stood noticeably behind those of neighbours ${when}.`);
  if (sumOf(packets) > 0) {
    sentence.text(' They stood ').strong(duration(mean)).text(' on average.');
  }
  return { cause: 'quiet', severity: 'none', sentence: sentence.build() };
}
