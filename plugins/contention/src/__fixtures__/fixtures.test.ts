import {
  coverageReportSchema,
  diagnosisReportSchema,
  latencyReportSchema,
  neighboursReportSchema,
  pairsReportSchema,
  peersReportSchema,
  throttlingReportSchema,
} from 'backstage-plugin-contention-common';
import { entities } from './entities';
import { FixtureContentionApi } from './FixtureContentionApi';
import { FixtureResponseError } from './FixtureResponseError';

const NOW = Date.parse('2026-11-21T10:00:00Z');
const DAY = 86_400_000;

const answering = entities
  .filter(({ kind }) => kind === 'Component')
  .map(({ metadata }) => metadata.name)
  .filter(
    name => !['payments', 'recommendations', 'slow', 'flaky'].includes(name),
  );

describe('fixtures', () => {
  const api = new FixtureContentionApi({ clock: () => NOW });

  it.each(answering)('are what the backend may answer: %s', async name => {
    const ref = `component:default/${name}`;
    for (const from of [NOW - 900_000, NOW - 3_600_000, NOW - 3 * DAY]) {
      const range = { from, to: NOW };
      const answers = [
        [neighboursReportSchema, await api.neighbours(ref, range)],
        [
          neighboursReportSchema,
          await api.neighbours(ref, range, { direction: 'caused' }),
        ],
        [
          neighboursReportSchema,
          await api.neighbours(ref, range, { resource: 'network' }),
        ],
        [
          neighboursReportSchema,
          await api.neighbours(ref, range, {
            resource: 'network',
            direction: 'caused',
          }),
        ],
        [throttlingReportSchema, await api.throttling(ref, range)],
        [latencyReportSchema, await api.latency(ref, range)],
        [diagnosisReportSchema, await api.diagnosis(ref, range)],
        ...(name === 'newcomer'
          ? []
          : [[peersReportSchema, await api.peers(ref, range)] as const]),
      ] as const;
      for (const [schema, answer] of answers) {
        expect(schema.safeParse(answer).error).toBeUndefined();
      }
    }
  });

  it('are what the backend may answer: roll-ups and coverage', async () => {
    for (const ref of ['system:default/storefront', 'group:default/data']) {
      for (const direction of ['suffered', 'caused'] as const) {
        const answer = await api.pairs(ref, {}, { direction });
        expect(pairsReportSchema.safeParse(answer).error).toBeUndefined();
      }
    }
    const answer = await api.coverage();
    expect(coverageReportSchema.safeParse(answer).error).toBeUndefined();
  });

  it('tell the same story at every zoom', async () => {
    const ref = 'component:default/checkout';
    const whole = await api.neighbours(ref, { from: NOW - 3_600_000, to: NOW });
    const part = await api.neighbours(ref, { from: NOW - 600_000, to: NOW });
    const at = whole.axis.startsMs.indexOf(part.axis.startsMs[0]);
    expect(at).toBeGreaterThan(0);
    expect(whole.layers[0].values.slice(at)).toEqual(part.layers[0].values);
  });

  it('fail as a backend fails', async () => {
    await expect(api.latency('component:default/payments')).rejects.toThrow(
      FixtureResponseError,
    );
  });
});
