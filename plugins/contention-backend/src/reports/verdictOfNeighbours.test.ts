import { createHash } from 'node:crypto';
import { METRIC } from 'backstage-plugin-contention-common';
import { FactsBuilder, START_MS, STEP_MS } from '../__testUtils__/facts';
import { container } from '../__testUtils__/otlp';
import {
  CHECKOUT,
  during,
  HOUR,
  judged,
  MINUTES,
  story,
} from '../__testUtils__/verdicts';
import { judge } from './judge';
import { neighboursSuffered } from './neighbours';

describe('a neighbour', () => {
  it('that goes on is told in the present tense, with its start, owner, node and what averages hide', () => {
    const { facts, victim, culprit, build } = story();
    facts.waits(victim, during(2, 60, 0.8), 'container', { culprit });
    facts.waits(victim, during(2, 60, 0.2), 'kernel');
    const { verdict, text } = judged(build());
    expect(text).toBe(
      'Since 10:02 UTC `checkout` waits 20 % of the time it wants to run on node-a; 80 % of that while ' +
        '`batch-report` (team Data) runs. Averages hide it: mean CPU of the node is 41 %.',
    );
    expect(verdict).toMatchObject({
      cause: 'neighbour',
      severity: 'serious',
      since: START_MS + MINUTES(2) * STEP_MS,
    });
    expect(verdict.sentence.parts).toContainEqual({
      type: 'entity',
      entityRef: 'component:default/batch-report',
      text: 'batch-report',
      of: ['component:default/batch-report'],
    });
  });

  it('that has stopped is told in the past tense, with both ends', () => {
    const { facts, victim, culprit, build } = story();
    facts.waits(victim, during(2, 9, 1), 'container', { culprit });
    const { verdict, text } = judged(build());
    expect(text).toMatch(
      /^10:02 UTC to 10:09 UTC: `checkout` waited 42 s for a CPU, 20 % of the time it wanted to run on node-a; 100 % of it while `batch-report` \(team Data\) ran\./,
    );
    expect(verdict.since).toBeUndefined();
  });

  it('is no longer accused in the present tense one window after it stopped', () => {
    const { facts, victim, culprit, build } = story();
    facts.waits(victim, window => (window < HOUR - 1 ? 1 : 0), 'container', {
      culprit,
    });
    const { verdict, text } = judged(build());
    expect(text).not.toMatch(/^Since/);
    expect(verdict.since).toBeUndefined();
  });

  it('that has just stopped is not accused because a coarse window still holds it', () => {
    const { facts, victim, culprit, build } = story();
    facts.waits(victim, 1, 'container', { culprit });
    const newest = story(6);
    newest.facts.waits(
      newest.victim,
      window => (window < 5 ? 1 : 0),
      'container',
      { culprit: newest.culprit },
    );
    const judgement = judge(build(), { live: true, tail: newest.build() });
    expect(judgement.stretch?.held.ongoing).toBe(false);
    const goesOn = story(6);
    goesOn.facts.waits(goesOn.victim, 1, 'container', {
      culprit: goesOn.culprit,
    });
    expect(
      judge(build(), { live: true, tail: goesOn.build() }).stretch?.held
        .ongoing,
    ).toBe(true);
  });

  it('is not accused of what another one does after it stopped', () => {
    const { facts, victim, culprit, build } = story();
    const other = facts.resource(container('other'), [
      'component:default/other',
    ]);
    facts.waits(victim, during(2, 50, 2), 'container', { culprit });
    facts.waits(victim, during(40, 60, 0.6), 'container', { culprit: other });
    const { text } = judged(build());
    expect(text).toMatch(
      /^Since 10:50 UTC `checkout` waits 13 % .* 100 % of that while `other` runs\./,
    );
    expect(text).not.toContain('batch-report');
  });

  it('does not begin with what something else held up before', () => {
    const { facts, victim, culprit, build } = story();
    facts.waits(victim, during(2, 40, 3), 'kernel');
    facts.waits(victim, during(2, 60, 0.6), 'container', { culprit });
    expect(judged(build()).text).toMatch(
      /^Since 10:40 UTC `checkout` waits 13 % .* 100 % of that while `batch-report`/,
    );
  });

  it('is told in the past tense where the range ended in the past or data is stale', () => {
    const { facts, victim, culprit, build } = story();
    facts.waits(victim, 1, 'container', { culprit });
    expect(judged(build(), false).text).toMatch(/^10:00 UTC to 11:00 UTC: /);
  });

  it('that pauses for a moment has one stretch, not many', () => {
    const { facts, victim, culprit, build } = story();
    facts.waits(victim, window => (window % 3 === 1 ? 0 : 1), 'container', {
      culprit,
    });
    expect(judged(build()).verdict.since).toBe(START_MS);
  });

  it('is not blamed alone when no one holds half of it', () => {
    const { facts, victim, build } = story();
    for (const name of ['a', 'b', 'c']) {
      const one = facts.resource(container(name, { labels: {} }));
      facts.waits(victim, name === 'a' ? 0.5 : 0.4, 'container', {
        culprit: one,
      });
    }
    expect(judged(build()).text).toContain(
      '; 100 % of that while neighbours run, the largest `shop/a` with 38 %.',
    );
  });

  it('that several entities claim is named by all of them', () => {
    const { facts, victim, build } = story();
    const shared = facts.resource(container('shared'), [
      'component:default/batch-report',
      'component:default/other',
    ]);
    facts.waits(victim, 1, 'container', { culprit: shared });
    expect(judged(build()).text).toContain(
      'while `batch-report` (team Data) or `other` runs',
    );
  });

  it('that the reader may not see stays unnamed, everywhere', () => {
    const { facts, victim, culprit, build } = story();
    facts.waits(victim, 1, 'container', { culprit });
    const built = build();
    const { presenter, text, verdict } = judged(
      built,
      true,
      new Set([CHECKOUT.entityRef]),
    );
    expect(text).toContain('while a workload you may not see runs');
    const report = neighboursSuffered(built, presenter);
    expect(JSON.stringify([report, verdict])).not.toMatch(/batch|shop/);
    expect(report.culprits[0].party).toMatchObject({
      redacted: true,
      entities: [],
    });
  });

  it('that the reader sees in part gives nothing of the rest away, nor lets it be guessed', () => {
    const { facts, victim, culprit, build } = story();
    const shared = facts.resource(container('shared', { labels: {} }), [
      'component:default/batch-report',
      'component:default/other',
    ]);
    facts.waits(victim, 1, 'container', { culprit: shared });
    facts.waits(victim, 0.5, 'container', { culprit });
    const visible = new Set([CHECKOUT.entityRef, 'component:default/other']);
    const built = build();
    const { presenter, verdict } = judged(built, true, visible);
    const report = neighboursSuffered(built, presenter);
    expect(JSON.stringify([report, verdict])).not.toContain('batch-report');
    const guesses = [
      'entity:component:default/batch-report',
      'entity:component:default/batch-report,component:default/other',
    ].map(guess =>
      createHash('sha256').update(guess).digest('hex').slice(0, 12),
    );
    const keys = report.layers.map(({ key }) => key);
    expect(new Set(keys).size).toBe(2);
    expect(keys).toEqual(report.culprits.map(({ party }) => party.key));
    for (const guess of guesses) expect(keys.join()).not.toContain(guess);
  });

  it('whose owner the reader may not see is named without', () => {
    const { facts, victim, culprit, build } = story();
    facts.waits(victim, 1, 'container', { culprit });
    const visible = new Set([
      CHECKOUT.entityRef,
      'component:default/batch-report',
    ]);
    expect(judged(build(), true, visible).text).toContain(
      'while `batch-report` runs',
    );
  });

  it('that is another pod of the same service is no neighbour', () => {
    const { facts, victim, build } = story();
    const replica = facts.resource(
      container('checkout', { pod: 'checkout-1' }),
      [CHECKOUT.entityRef],
    );
    facts.waits(victim, 1, 'container', { culprit: replica });
    const { verdict, presenter } = judged(build());
    expect(verdict.cause).toBe('self');
    const report = neighboursSuffered(build(), presenter);
    expect(report.culprits).toEqual([]);
    expect(report.apart[0].party.name).toBe('its own other pods');
  });

  it('is never said to cause anything', () => {
    const { facts, victim, culprit, build } = story();
    facts.waits(victim, 1, 'container', { culprit });
    expect(judged(build()).text).not.toMatch(/caus/i);
  });
});

describe('one node of several', () => {
  /** `count` replicas on a node each, that run 4 s in every 10. */
  function replicas(count: number) {
    const facts = new FactsBuilder(HOUR);
    const pods = Array.from({ length: count }, (_, index) => {
      const node = `node-${'abcdefghijklmnopqrstuvwxyz'[index]}`;
      facts.node(node);
      const pod = facts.resource(
        container('checkout', { node, pod: `checkout-${index}` }),
        [CHECKOUT.entityRef],
      );
      facts.add(pod, METRIC.cpuTime, 4);
      return pod;
    });
    const culprit = (node: string) =>
      facts.resource(container('batch-report', { node }), [
        'component:default/batch-report',
      ]);
    return { facts, pods, culprit, build: () => facts.build(CHECKOUT, pods) };
  }

  it('that waits for most of its time is told, however many replicas do well', () => {
    const { facts, pods, culprit, build } = replicas(20);
    facts.waits(pods[2], 6, 'container', { culprit: culprit('node-c') });
    const { verdict, text } = judged(build());
    expect(verdict).toMatchObject({ cause: 'neighbour', severity: 'serious' });
    expect(text).toMatch(
      /^Since before 10:00 UTC `checkout` waits 60 % of the time it wants to run on node-c; 100 % of that while `batch-report` \(team Data\) runs\./,
    );
  });

  it('is named with its own numbers, not with those of all nodes', () => {
    const { facts, pods, culprit, build } = replicas(3);
    facts.waits(pods[0], 4, 'container', { culprit: culprit('node-a') });
    facts.waits(pods[1], 0.4, 'self');
    expect(judged(build()).text).toContain(
      'waits 50 % of the time it wants to run on node-a; 100 % of that while',
    );
  });

  it('is not named where it is no worse than the others', () => {
    const { facts, pods, culprit, build } = replicas(2);
    facts.waits(pods[0], 1, 'container', { culprit: culprit('node-a') });
    facts.waits(pods[1], 1, 'container', { culprit: culprit('node-b') });
    const { text } = judged(build());
    expect(text).toContain('waits 20 % of the time it wants to run; 100 %');
    expect(text).not.toMatch(/ on |Averages/);
  });

  it('is the one of the stretch that is told, not of the whole range', () => {
    const { facts, pods, culprit, build } = replicas(2);
    facts.waits(pods[0], during(0, 30, 5), 'container', {
      culprit: culprit('node-a'),
    });
    facts.waits(pods[1], during(40, 60, 1), 'container', {
      culprit: culprit('node-b'),
    });
    expect(judged(build()).text).toMatch(
      /^Since 10:40 UTC `checkout` waits 20 % of the time it wants to run on node-b; 100 %/,
    );
  });

  it('that went silent is not told in the present tense', () => {
    const { facts, pods, culprit, build } = replicas(4);
    facts.node('node-b', window => window < MINUTES(30));
    facts.waits(pods[1], during(2, 30, 6), 'container', {
      culprit: culprit('node-b'),
    });
    expect(judged(build()).text).toMatch(
      /^10:02 UTC to 10:30 UTC: `checkout` waited 17 min for a CPU, 60 % of the time it wanted to run on node-b;/,
    );
  });

  it('whose limit stops it is told with its node', () => {
    const { facts, pods, build } = replicas(20);
    facts.waits(pods[1], 6, 'throttled', { level: 'container' });
    const attributes = { 'contention.quota.level': 'container' };
    facts.add(pods[1], METRIC.cpuThrottledPeriods, 100, { attributes });
    facts.add(pods[1], METRIC.cpuThrottledPeriodsThrottled, 60, { attributes });
    expect(judged(build()).text).toMatch(
      /^Since before 10:00 UTC `checkout` on node-b is stopped by its container's CPU limit in 60 % of periods/,
    );
  });
});
