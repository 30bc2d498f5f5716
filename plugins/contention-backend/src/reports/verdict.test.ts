import { METRIC } from 'backstage-plugin-contention-common';
import { FactsBuilder } from '../__testUtils__/facts';
import { container } from '../__testUtils__/otlp';
import { CHECKOUT, HOUR, judged, story } from '../__testUtils__/verdicts';

describe('quiet', () => {
  it('is said with the number', () => {
    const { facts, victim, culprit, build } = story();
    facts.waits(victim, 0.008, 'container', { culprit });
    const { verdict, text } = judged(build());
    expect(text).toBe(
      'Nothing held `checkout` up in the last hour. It waited 0.2 % of the time it wanted to run.',
    );
    expect(verdict).toMatchObject({ cause: 'quiet', severity: 'none' });
  });

  it('includes a service that hardly runs and waits for a large share of very little', () => {
    const facts = new FactsBuilder(HOUR);
    const victim = facts.resource(container('checkout'), [CHECKOUT.entityRef]);
    facts.add(victim, METRIC.cpuTime, 0.02);
    facts.waits(victim, 0.01, 'kernel');
    expect(judged(facts.build(CHECKOUT, [victim])).verdict.cause).toBe('quiet');
  });

  it('includes a bad start that is long over', () => {
    const { facts, victim, build } = story();
    facts.waits(victim, window => (window < 4 ? 4 : 0.01), 'kernel');
    expect(judged(build()).verdict.cause).toBe('quiet');
  });

  it('does not include a short stretch that weighs in a short range', () => {
    const { facts, victim, build } = story(12);
    facts.waits(victim, window => (window === 3 ? 10 : 0.01), 'kernel');
    const { verdict, text } = judged(build());
    expect(verdict.cause).toBe('host');
    expect(text).toMatch(/^At 10:00 UTC: `checkout` waited 10 s for a CPU/);
  });

  it('includes a single bad window in an hour', () => {
    const { facts, victim, culprit, build } = story();
    facts.waits(victim, window => (window === 100 ? 1 : 0), 'container', {
      culprit,
    });
    expect(judged(build()).verdict.cause).toBe('quiet');
  });

  it('holds for a range of two windows, as soon as a culprit stopped', () => {
    const { facts, build } = story(2);
    facts.gap(5, 5);
    expect(judged(build()).verdict.cause).toBe('quiet');
  });

  it('is said of what was measured, where that is little', () => {
    const { facts, build } = story();
    facts.gap(1, HOUR - 1);
    expect(judged(build()).text).toBe(
      'In the 20 s that were measured of the last hour, nothing held `checkout` up. It waited 0 % of the time it wanted to run.',
    );
  });

  it('is not said where there is no data', () => {
    const { facts, build } = story();
    facts.gap(0, HOUR);
    const { verdict, text } = judged(build());
    expect(verdict.cause).toBe('no-data');
    expect(text).toBe('There is no data of `checkout` in this range.');
  });
});

describe('own causes', () => {
  it.each([
    [
      'sidecar',
      'container',
      true,
      /100 % of that while its own sidecar `mesh-proxy` runs\./,
    ],
    ['self', 'self', undefined, /it is crowded by itself\./],
    [
      'host',
      'interrupt',
      undefined,
      /taken by the host, most of it `interrupts`\./,
    ],
  ] as const)('%s', (cause, kind, samePod, sentence) => {
    const { facts, victim, build } = story();
    const sidecar = facts.resource(
      container('checkout', { container: 'mesh-proxy' }),
      [CHECKOUT.entityRef],
    );
    facts.waits(victim, 1, kind, {
      culprit: kind === 'container' ? sidecar : undefined,
      samePod,
    });
    const { verdict, text } = judged(build());
    expect(verdict.cause).toBe(cause);
    expect(text).toMatch(sentence);
  });
});

describe('what is not known', () => {
  it('is said from 5 % on, beside the verdict', () => {
    const { facts, victim, culprit, build } = story();
    facts.waits(victim, 0.9, 'container', { culprit });
    facts.waits(victim, 0.1, 'unattributed');
    const { verdict, text } = judged(build());
    expect(verdict.cause).toBe('neighbour');
    expect(text).toContain('10 % of the wait could not be attributed.');
  });

  it('keeps from naming anybody when it could turn the verdict around', () => {
    const { facts, victim, culprit, build } = story();
    facts.waits(victim, 0.4, 'container', { culprit });
    facts.waits(victim, 0.3, 'self');
    facts.waits(victim, 0.3, 'unattributed');
    const { verdict, text } = judged(build());
    expect(verdict.cause).toBe('unsure');
    expect(text).not.toContain('batch-report');
    expect(text).toContain(
      '30 % of that could not be attributed (lost events)',
    );
    expect(judged({ ...build(), blameWasOff: true }).text).toContain(
      'could not be attributed (the agent had switched blame off to stay within its budget), so nobody is named.',
    );
  });
});
