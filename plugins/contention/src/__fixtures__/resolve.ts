/** Answers to links in tickets: one page, a choice, something that nobody claims, nothing. */
import type {
  ResolveAnswer,
  ResolvedPage,
  ResolveKey,
  ResolveQuestion,
  SeenWorkload,
} from 'backstage-plugin-contention-common';
import { entityLink } from './parties';
import { sentence } from './sentences';

const MINUTE_MS = 60_000;

export function resolveAnswer(
  question: ResolveQuestion,
  nowMs: number,
): ResolveAnswer {
  const at = question.at ? Date.parse(question.at) : nowMs - 30 * MINUTE_MS;
  const range = { from: at - 30 * MINUTE_MS, to: at + 15 * MINUTE_MS };
  const { at: _at, from: _from, to: _to, ...who } = question;
  const answer: ResolveAnswer = {
    state: 'none',
    lookedFor: Object.entries(who).map(([key, value]) => ({
      key: key as ResolveKey,
      value,
    })),
    range,
    notes: [],
    pages: [],
    morePages: 0,
    unclaimed: [],
    nearest: [],
  };
  const checkout = page('checkout', 'payments', 'neighbours', range, {
    text: 'Since 10:02 ~checkout~ waits *18 %* of the time it wants to run on node-a; 78 % of that while ~batch-report~ (team Data) runs.',
  });
  if (question.pod?.startsWith('checkout')) {
    return { ...answer, state: 'one', pages: [checkout] };
  }
  if (question.node === 'node-a') {
    return {
      ...answer,
      state: 'several',
      morePages: 3,
      pages: [
        checkout,
        page('inventory', 'shop', 'throttling', range, {
          text: "~inventory~ is stopped by its pod's CPU limit in *62 %* of periods.",
        }),
        page('search', 'search', 'latency', range, {
          text: 'Nothing held ~search~ up in this range.',
        }),
      ],
    };
  }
  if (question.pod === 'stray-0') {
    return {
      ...answer,
      state: 'unclaimed',
      unclaimed: [seen('stray', range)],
    };
  }
  if (question.pod?.startsWith('chekout')) {
    const { entity, tab, permalink } = checkout;
    return {
      ...answer,
      notes: ["'2026-11-21 10:00:00' names no time zone: read as UTC."],
      nearest: [
        {
          by: 'time',
          what: 'the pod shop/checkout-0',
          entity,
          tab,
          range,
          permalink,
          seen: seen('checkout', range),
        },
        {
          by: 'name',
          what: 'search',
          entity: entityLink('search', 'search'),
          tab: 'latency',
          range,
        },
      ],
    };
  }
  return answer;
}

function page(
  name: string,
  team: string,
  tab: ResolvedPage['tab'],
  range: { from: number; to: number },
  { text }: { text: string },
): ResolvedPage {
  return {
    entity: entityLink(name, team),
    tab,
    range,
    permalink: `/catalog/default/component/${name}/${tab}`,
    sentence: sentence(text),
    hasData: true,
    seen: [seen(name, range)],
  };
}

function seen(name: string, range: { from: number; to: number }): SeenWorkload {
  return {
    cluster: 'demo',
    node: 'node-a',
    namespace: 'shop',
    pod: `${name}-0`,
    kind: 'Deployment',
    workload: name,
    ip: '10.0.0.5',
    firstSeen: range.from - 86_400_000,
    lastSeen: range.to,
  };
}
