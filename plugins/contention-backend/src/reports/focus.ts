/**
 * The verdict as one tab says it: the tab's own question is answered first, then what is the matter overall, so that no tab
 * looks like good news while another has bad news. Cause and severity are the same on every tab. Pure.
 */
import {
  METRIC,
  type NetworkPresence,
  type RolePresence,
  type Sentence,
  type Verdict,
} from 'backstage-plugin-contention-common';
import { seriesOf, sumOf, type Facts } from './facts';
import type { Judgement } from './judge';
import { quotasOf, throttledShareOf } from './quotas';
import { SentenceBuilder } from './sentence';
import { LIMIT_OWNER, sayRange } from './verdict';
import { percent } from './words';

function prefixed(head: Sentence, verdict: Verdict): Verdict {
  return {
    ...verdict,
    sentence: {
      parts: [
        ...head.parts,
        { type: 'text', text: ' ' },
        ...verdict.sentence.parts,
      ],
      text: `${head.text} ${verdict.sentence.text}`,
    },
  };
}

export function verdictForThrottling(facts: Facts, verdict: Verdict): Verdict {
  if (verdict.cause === 'limit' || verdict.cause === 'no-data') return verdict;
  const first = new SentenceBuilder(facts.nowMs);
  const quotas = quotasOf(facts);
  const [worst] = quotas;
  const share = worst ? throttledShareOf(worst) : 0;
  const isMeasured = seriesOf(facts, METRIC.cpuThrottledPeriods).some(
    ({ windows }) => windows.values.some(value => value !== undefined),
  );
  if (quotas.length === 0) {
    first.name(facts.entity.title).text(' has no CPU limit that was measured ');
    sayRange(first, facts);
    first.text('.');
  } else if (!isMeasured) {
    first.text('Whether a CPU limit stopped ').name(facts.entity.title);
    first.text(' is not known: there is no throttling data ');
    sayRange(first, facts);
    first.text('.');
  } else if (share === 0) {
    first.text('No CPU limit stopped ').name(facts.entity.title).text(' ');
    sayRange(first, facts);
    first.text('.');
  } else {
    first.name(facts.entity.title).text(' was stopped by ');
    first.text(`${LIMIT_OWNER[worst.level]} in ${percent(share)} of periods.`);
  }
  return prefixed(first.build(), verdict);
}

/**
 * @param verdict - of the CPU
 * @param overall - of CPU and network
 */
export function verdictForNeighbours(
  facts: Facts,
  judgement: Judgement,
  verdict: Verdict,
  overall: Verdict,
): Verdict {
  if (overall.resource === 'network')
    return prefixed(verdict.sentence, overall);
  const isOther = ['limit', 'sidecar', 'self', 'host'].includes(verdict.cause);
  if (!isOther) return verdict;
  const { parts } = judgement.timeline;
  const all = sumOf(parts.map(({ total }) => total));
  const neighbours = sumOf(
    parts
      .filter(({ party }) => party.relation === 'neighbour')
      .map(({ total }) => total),
  );
  const share = all > 0 ? neighbours / all : 0;
  const first = new SentenceBuilder(facts.nowMs);
  first.text('Neighbours are not what holds ').name(facts.entity.title);
  first.text(` up: ${percent(share)} of its waiting.`);
  return prefixed(first.build(), verdict);
}

/**
 * Of whose packets were ahead: what is the matter overall follows, where that is something else.
 * @param verdict - of the network
 * @param overall - of CPU and network
 */
export function verdictForQueues(
  facts: Facts,
  presence: NetworkPresence,
  verdict: Verdict,
  overall: Verdict,
): Verdict {
  const isOther =
    overall.resource !== 'network' &&
    !['quiet', 'no-data', 'unsure'].includes(overall.cause);
  if (presence.state !== 'not-measured') {
    return isOther ? prefixed(verdict.sentence, overall) : verdict;
  }
  const first = new SentenceBuilder(facts.nowMs);
  first.text('How long packets of ').name(facts.entity.title);
  first.text(' stood in queues is not known: no agent there measured it ');
  sayRange(first, facts);
  first.text('.');
  const sentence = first.build();
  return isOther
    ? prefixed(sentence, overall)
    : { cause: 'no-data', severity: 'none', sentence };
}

/**
 * What slow requests were made of decides, where there are requests and something was slow; else what is the matter
 * overall, after what there is to say of requests.
 */
export function verdictForLatency(
  requests: Verdict,
  presence: RolePresence['state'],
  verdict: Verdict,
): Verdict {
  if (presence === 'not-measured' || verdict.cause === 'no-data') {
    return verdict;
  }
  const isSaid = !['quiet', 'unsure', 'no-data'].includes(requests.cause);
  if (presence === 'measured' && (isSaid || requests.severity !== 'none')) {
    return requests;
  }
  if (verdict.cause !== 'quiet') return prefixed(requests.sentence, verdict);
  // Both have nothing to say: the page is about requests. Without any, silence of the rest is still good news.
  return presence === 'measured'
    ? requests
    : prefixed(requests.sentence, verdict);
}
