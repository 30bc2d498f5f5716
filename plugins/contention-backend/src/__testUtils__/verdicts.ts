/** The stories that verdicts are tested with: `checkout`, who waits, `batch-report`, who may be blamed, and what is said of it. */
import {
  METRIC,
  verdictSchema,
  type EntityLink,
} from 'backstage-plugin-contention-common';
import type { Facts } from '../reports/facts';
import { judge } from '../reports/judge';
import { Presenter } from '../reports/present';
import { verdictOf } from '../reports/verdict';
import { FactsBuilder } from './facts';
import { container } from './otlp';

export const CHECKOUT: EntityLink = {
  entityRef: 'component:default/checkout',
  title: 'checkout',
};
export const LINKS: Record<string, EntityLink> = {
  'component:default/checkout': CHECKOUT,
  'component:default/batch-report': {
    entityRef: 'component:default/batch-report',
    title: 'batch-report',
    owner: { entityRef: 'group:default/data', title: 'Data' },
  },
  'component:default/other': {
    entityRef: 'component:default/other',
    title: 'other',
  },
};
export const ALL = new Set([...Object.keys(LINKS), 'group:default/data']);

export const MINUTES = (minutes: number) => minutes * 6;
export const HOUR = MINUTES(60);

export function story(windows = HOUR) {
  const facts = new FactsBuilder(windows);
  const victim = facts.resource(container('checkout'), [CHECKOUT.entityRef]);
  const culprit = facts.resource(container('batch-report'), [
    'component:default/batch-report',
  ]);
  facts.add(victim, METRIC.cpuTime, 4);
  return {
    facts,
    victim,
    culprit,
    build: () => facts.build(CHECKOUT, [victim]),
  };
}

export function judged(
  facts: Facts,
  live = true,
  visible: ReadonlySet<string> = ALL,
) {
  const presenter = new Presenter(visible, ref => LINKS[ref]);
  const judgement = judge(facts, { live });
  const verdict = verdictSchema.parse(verdictOf(facts, judgement, presenter));
  return { judgement, presenter, verdict, text: verdict.sentence.text };
}

/** Waits of `seconds` a window from one minute to another. */
export const during =
  (from: number, to: number, seconds: number) => (window: number) =>
    window >= MINUTES(from) && window < MINUTES(to) ? seconds : 0;
