import {
  ATTRIBUTE,
  bucketIndex,
  emptyHistogram,
  REQUEST_PARTS,
} from 'backstage-plugin-contention-common';
import fc from 'fast-check';
import type { Perspective } from '../parties';
import { Presenter } from '../present';
import { anatomyOf, presentAnatomy } from './anatomy';
import { bandOfBucket, selectedBands } from './bands';
import type { AnatomySeries } from './facts';
import { presentWorstRequests } from './worst';

const perspective: Perspective = {
  entityRef: 'component:default/own',
  entitiesOf: resource => [`component:default/c${resource.id}`],
};

function culpritResource(id: number) {
  return {
    id,
    cluster: 'demo',
    node: 'node-a',
    attributes: { 'k8s.container.name': `secret-${id}` },
    firstSeenMs: 0,
    lastSeenMs: 1,
  };
}

const resources = new Map(
  Array.from({ length: 30 }, (_, id) => [id, culpritResource(id)]),
);
const facts = { resources, perspective };
const axis = { startMs: 0, stepMs: 10_000, count: 4 };
const nobody = new Presenter(new Set(), () => undefined);

function series(
  band: number,
  part: string,
  seconds: number,
  more: { culpritId?: number; estimated?: boolean } = {},
): AnatomySeries {
  return {
    seconds,
    resource: culpritResource(99),
    series: {
      id: 1,
      resourceId: 99,
      metric: 'contention.request.anatomy',
      culpritId: more.culpritId,
      attributes: {
        [ATTRIBUTE.band]: 2 ** band,
        [ATTRIBUTE.part]: part,
        [ATTRIBUTE.estimated]: more.estimated ?? false,
        ...(part === 'wait'
          ? {
              [ATTRIBUTE.culpritKind]:
                more.culpritId === undefined ? 'self' : 'container',
            }
          : {}),
      },
    },
  };
}

function histogramOf(durations: readonly number[]) {
  const histogram = emptyHistogram();
  for (const seconds of durations) {
    const index = bucketIndex(seconds);
    histogram.buckets.set(index, (histogram.buckets.get(index) ?? 0) + 1);
    histogram.count++;
    histogram.sumSeconds += seconds;
  }
  return histogram;
}

const everything = { first: 0, last: 3 };

describe('an anatomy', () => {
  it('loses and invents nothing: bands add up to all, and the slowest are a part of it', () => {
    const duration = fc.integer({ min: 1, max: 4_000 }).map(ms => ms / 1000);
    fc.assert(
      fc.property(
        fc.array(duration, { minLength: 1, maxLength: 200 }),
        fc.array(
          fc.tuple(
            fc.integer({ min: -9, max: 2 }),
            fc.constantFrom(...REQUEST_PARTS),
            fc.integer({ min: 1, max: 1_000 }),
            fc.option(fc.integer({ min: 0, max: 29 }), { nil: undefined }),
            fc.boolean(),
          ),
          { maxLength: 60 },
        ),
        (durations, parts) => {
          const { bands, sums } = anatomyOf(
            facts,
            parts.map(([band, part, seconds, culpritId, estimated]) =>
              series(band, part, seconds, { culpritId, estimated }),
            ),
            everything,
            histogramOf(durations),
          );
          const inBands = [...bands.values()].reduce(
            (sum, { seconds }) => sum + seconds,
            0,
          );
          const requests = [...bands.values()].reduce(
            (sum, { requestCount }) => sum + requestCount,
            0,
          );
          expect(requests).toBe(durations.length);
          expect(sums.all.requestCount).toBe(durations.length);
          expect(sums.all.seconds).toBeCloseTo(inBands, 6);
          const given = parts.reduce((sum, [, , length]) => sum + length, 0);
          expect(sums.all.seconds).toBeGreaterThanOrEqual(given - 1e-6);
          const estimated = parts
            .filter(([, , , , isEstimated]) => isEstimated)
            .reduce((sum, [, , seconds]) => sum + seconds, 0);
          expect(sums.all.estimatedSeconds).toBeCloseTo(estimated, 6);
          const [one, ten] = [sums['slowest-1'], sums['slowest-10']];
          expect(one.seconds).toBeLessThanOrEqual(ten.seconds + 1e-6);
          expect(ten.seconds).toBeLessThanOrEqual(sums.all.seconds + 1e-6);
          for (const { parts: all, seconds } of Object.values(sums)) {
            const sum = all.reduce((a, b) => a + b.seconds, 0);
            expect(sum).toBeCloseTo(seconds, 6);
            const neighbours = all.filter(
              item => item.facts.group === 'neighbour',
            );
            expect(neighbours.length).toBeLessThanOrEqual(8);
          }
        },
      ),
    );
  });

  it('takes of the band that a threshold cuts what lies beyond it', () => {
    // 90 requests in one bucket, 10 in a slower one of the same band: the slowest tenth is the slower bucket.
    const durations = [
      ...new Array<number>(90).fill(0.14),
      ...new Array<number>(10).fill(0.24),
    ];
    const { sums } = anatomyOf(
      facts,
      [series(-2, 'work', 15)],
      everything,
      histogramOf(durations),
    );
    const slow = 10 * 0.24;
    const all = slow + 90 * 0.14;
    expect(sums['slowest-10'].requestCount).toBe(10);
    expect(sums['slowest-10'].seconds / 15).toBeCloseTo(slow / all, 1);
  });

  it('has a part for the time that no part is known of, in every band, and none where all is known', () => {
    const { bands, sums } = anatomyOf(
      facts,
      [series(0, 'work', 10), series(-3, 'upstream', 0.3)],
      everything,
      // Ten of a second, and ten of 0.1 s of which a third was looked into.
      histogramOf([
        ...new Array<number>(10).fill(1),
        ...new Array<number>(10).fill(0.1),
      ]),
    );
    expect(
      bands
        .get(0)!
        .parts.map(({ facts: { part }, seconds }) => [part, seconds]),
    ).toEqual([['work', 10]]);
    expect(bands.get(-3)!.parts[0].facts.part).toBe('unattributed');
    expect(bands.get(-3)!.parts[0].seconds).toBeCloseTo(0.7, 1);
    expect(bands.get(-3)!.seconds).toBeCloseTo(1, 1);
    expect(sums.all.seconds).toBeCloseTo(11, 1);
  });

  it('does not invent parts where no agent looked into requests at all', () => {
    const { sums } = anatomyOf(facts, [], everything, histogramOf([1, 1]));
    expect(sums.all).toMatchObject({ requestCount: 2, seconds: 0, parts: [] });
  });

  it('is of whole bands: one that reaches into the durations counts in full', () => {
    expect(selectedBands(0.25, 0.5)).toEqual({
      lowestBand: -1,
      highestBand: -1,
    });
    expect(selectedBands(0.26, 1.5)).toEqual({
      lowestBand: -1,
      highestBand: 1,
    });
    expect(selectedBands(0, undefined)).toEqual({});
    expect(bandOfBucket(bucketIndex(0.5))).toBe(-1);
    expect(bandOfBucket(bucketIndex(0.50001))).toBe(0);
  });

  it('does not tell a reader who a neighbour is that they may not see', () => {
    const anatomy = anatomyOf(
      facts,
      [series(0, 'wait', 3, { culpritId: 7 }), series(0, 'work', 1)],
      everything,
      histogramOf([1, 1, 1]),
    );
    const presented = presentAnatomy({ axis }, anatomy, nobody);
    const text = JSON.stringify(presented);
    expect(text).toContain('a workload you may not see');
    expect(text).not.toMatch(/default\/c7|secret/);
    expect(presented.bands[0].parts[0]).toMatchObject({
      part: 'wait',
      seconds: 3,
      share: 0.75,
      party: { relation: 'neighbour', redacted: true },
    });
    const worst = presentWorstRequests(
      facts,
      [
        {
          worst: {
            seriesId: 1,
            endMs: 5,
            seconds: 2,
            culpritId: 7,
            attributes: {
              [ATTRIBUTE.culpritKind]: 'container',
              'contention.part.wait.container': 1.5,
              'contention.part.work': 0.5,
            },
          },
          series: series(0, 'work', 1).series,
          resource: culpritResource(99),
        },
      ],
      new Map(),
      nobody,
    );
    expect(worst[0].culprit).toMatchObject({ redacted: true, entities: [] });
    expect(JSON.stringify(worst)).not.toMatch(/default\/c7|secret-7/);
  });
});
