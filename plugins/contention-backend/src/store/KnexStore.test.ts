import type { DatabaseService } from '@backstage/backend-plugin-api';
import { TestDatabases } from '@backstage/backend-test-utils';
import {
  bucketIndex,
  emptyHistogram,
  mergeInto,
  METRIC,
  type DurationHistogram,
  type MetricName,
} from 'backstage-plugin-contention-common';
import fc from 'fast-check';
import type { Knex } from 'knex';
import { AGGREGATION } from './aggregation';
import { KnexStore } from './KnexStore';
import { MINUTE_MS, QUARTER_MS, type Retention } from './resolution';
import type { Axis, Batch, BatchSeries, Point, Store } from './Store';

jest.setTimeout(120_000);

const HOUR = 3_600_000;
const kept: Retention = {
  rawMs: 6 * HOUR,
  minuteMs: 72 * HOUR,
  quarterMs: 720 * HOUR,
};
/** The start of an hour, so that windows are easy to name. */
const BASE = Math.floor(1_763_700_000_000 / HOUR) * HOUR;

function seriesOf(
  metric: MetricName,
  points: Point[],
  more: Partial<BatchSeries> = {},
): BatchSeries {
  return {
    cluster: 'demo',
    node: 'node-a',
    resource: { 'k8s.pod.name': 'a', 'k8s.node.name': 'node-a' },
    metric,
    aggregation: AGGREGATION[metric],
    attributes: {},
    temporality:
      AGGREGATION[metric] === 'last' || AGGREGATION[metric] === 'max'
        ? 'gauge'
        : 'delta',
    points,
    ...more,
  };
}

/** Intervals of ten seconds from BASE on, one second of CPU each. */
function tens(count: number, from = 0): Point[] {
  return Array.from({ length: count }, (_, index) => ({
    startMs: BASE + (from + index) * 10_000,
    endMs: BASE + (from + index + 1) * 10_000,
    value: 1,
  }));
}

function waits(seconds: number[], startMs: number, endMs: number): Point {
  const buckets = new Map<number, number>();
  for (const wait of seconds) {
    const index = bucketIndex(wait);
    buckets.set(index, (buckets.get(index) ?? 0) + 1);
  }
  const value = seconds.reduce((a, b) => a + b, 0);
  return {
    startMs,
    endMs,
    value,
    histogram: {
      count: seconds.length,
      sumSeconds: value,
      zeroCount: 0,
      buckets,
    },
  };
}

/** How many durations there are in all, and in each bucket. */
function countsOf(histograms: readonly (DurationHistogram | undefined)[]) {
  const all = emptyHistogram();
  let count = 0;
  for (const histogram of histograms) {
    if (!histogram) continue;
    count += histogram.count;
    mergeInto(all, histogram);
  }
  return {
    count,
    buckets: new Map([...all.buckets].sort(([a], [b]) => a - b)),
  };
}

/** The engines that are promised. PostgreSQL takes part where a container runtime or a connection is there. */
const databases = TestDatabases.create({
  ids: ['SQLITE_3', 'POSTGRES_15', 'POSTGRES_18'],
});

describe.each(databases.eachSupportedId())('KnexStore on %s', id => {
  let knex: Knex;
  let store: KnexStore;

  const service = (): DatabaseService => ({ getClient: async () => knex });

  beforeEach(async () => {
    knex = await databases.init(id);
    store = await KnexStore.create(service(), kept);
  });

  const put = (batch: Batch, nowMs: number) => store.ingest(batch, nowMs);

  async function read(metric: MetricName, axis: Axis) {
    const resources = await store.resources({
      fromMs: 0,
      toMs: Number.MAX_SAFE_INTEGER,
    });
    const series = await store.series({
      resourceIds: resources.map(r => r.id),
      metrics: [metric],
    });
    return store.read(series, axis);
  }

  async function total(metric: MetricName, axis: Axis): Promise<number> {
    const windows = await read(metric, axis);
    return windows
      .flatMap(({ values }) => values)
      .reduce<number>((sum, value) => sum + (value ?? 0), 0);
  }

  const hourIn = (stepMs: number): Axis => ({
    startMs: BASE,
    stepMs,
    count: HOUR / stepMs,
  });

  it('counts a point once, however it is batched and however often it comes', async () => {
    const points = tens(60);
    const now = BASE + HOUR;
    await put({ series: [seriesOf(METRIC.cpuTime, points)] }, now);
    const again = await put(
      { series: [seriesOf(METRIC.cpuTime, points.slice(10, 30))] },
      now,
    );
    expect(again).toEqual({ stored: 0, duplicates: 20 });
    const mixed = await put(
      {
        series: [
          seriesOf(METRIC.cpuTime, [...points.slice(50), ...tens(5, 60)]),
        ],
      },
      now,
    );
    expect(mixed).toEqual({ stored: 5, duplicates: 10 });
    expect(await total(METRIC.cpuTime, hourIn(10_000))).toBe(65);
  });

  it('counts a point once when it comes several times at once', async () => {
    const batch = {
      series: [
        seriesOf(METRIC.cpuTime, tens(30)),
        seriesOf(METRIC.cpuThrottledTime, tens(30)),
      ],
    };
    await Promise.all(Array.from({ length: 8 }, () => put(batch, BASE + HOUR)));
    expect(await total(METRIC.cpuTime, hourIn(10_000))).toBe(30);
    expect(await total(METRIC.cpuThrottledTime, hourIn(10_000))).toBe(30);
  });

  it('counts a point once across a restart', async () => {
    const batch = { series: [seriesOf(METRIC.cpuTime, tens(6))] };
    await put(batch, BASE + HOUR);
    store = await KnexStore.create(service(), kept);
    await put(batch, BASE + HOUR);
    expect(await total(METRIC.cpuTime, hourIn(10_000))).toBe(6);
  });

  it('counts a point once that comes again after it was rolled up', async () => {
    const batch = { series: [seriesOf(METRIC.cpuTime, tens(60))] };
    const now = BASE + HOUR;
    await put(batch, now);
    await store.rollUp(now);
    await put(batch, now);
    await store.rollUp(now);
    for (const step of [10_000, MINUTE_MS, QUARTER_MS]) {
      expect(await total(METRIC.cpuTime, hourIn(step))).toBeCloseTo(60, 9);
    }
  });

  it('does not care about the order of attributes', async () => {
    const at = tens(1);
    await put(
      { series: [seriesOf(METRIC.cpuTime, at, { resource: { a: 1, b: 2 } })] },
      BASE + HOUR,
    );
    const { stored } = await put(
      { series: [seriesOf(METRIC.cpuTime, at, { resource: { b: 2, a: 1 } })] },
      BASE + HOUR,
    );
    expect(stored).toBe(0);
  });

  it('keeps nothing of a batch that fails', async () => {
    const broken = seriesOf(
      METRIC.cpuTime,
      [{ startMs: BASE, endMs: BASE + 1, value: null as never }],
      { resource: { other: 1 } },
    );
    await expect(
      put({ series: [seriesOf(METRIC.cpuTime, tens(3)), broken] }, BASE + HOUR),
    ).rejects.toThrow();
    expect(await store.health()).toMatchObject({
      resources: 0,
      series: 0,
      points: 0,
    });
    // And ids that were rolled back are not remembered.
    await put(
      {
        series: [seriesOf(METRIC.cpuTime, tens(3), { resource: { third: 1 } })],
      },
      BASE + HOUR,
    );
    await put({ series: [seriesOf(METRIC.cpuTime, tens(3))] }, BASE + HOUR);
    expect(await store.health()).toMatchObject({
      resources: 2,
      series: 2,
      points: 6,
    });
  });

  it('says the same of a range at every resolution, before and after a roll-up', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.tuple(
            fc.integer({ min: 1, max: 120 }),
            fc.array(fc.integer({ min: 1, max: 64 }), { maxLength: 5 }),
          ),
          { minLength: 1, maxLength: 20 },
        ),
        async shape => {
          // Each example is a stream of its own, of unaligned, contiguous intervals.
          const resource = { example: Math.random() };
          let at = BASE + 1_234;
          const points = shape.map(([seconds, eighths]) => {
            const point = waits(
              eighths.map(e => e / 8),
              at,
              at + seconds * 1000,
            );
            at += seconds * 1000;
            return point;
          });
          const now = BASE + 2 * HOUR;
          await put(
            { series: [seriesOf(METRIC.cpuWait, points, { resource })] },
            now,
          );
          const [own] = (
            await store.resources({ fromMs: 0, toMs: now })
          ).filter(r => r.attributes.example === resource.example);
          const series = await store.series({ resourceIds: [own.id] });
          const sums = async () =>
            Promise.all(
              [10_000, MINUTE_MS, QUARTER_MS, HOUR].map(async step => {
                const [windows] = await store.read(series, hourIn(step));
                return {
                  seconds: windows.values.reduce<number>(
                    (sum, value) => sum + (value ?? 0),
                    0,
                  ),
                  ...countsOf(windows.histograms!),
                };
              }),
            );
          const truth = {
            seconds: points.reduce((sum, point) => sum + point.value, 0),
            ...countsOf(points.map(point => point.histogram)),
          };
          const expected = {
            ...truth,
            seconds: expect.closeTo(truth.seconds, 6),
          };
          expect(await sums()).toEqual(Array(4).fill(expected));
          await store.rollUp(now);
          expect(await sums()).toEqual(Array(4).fill(expected));
        },
      ),
      { numRuns: 15 },
    );
  });

  it('says the same sum of a range before, in the middle of and after a roll-up', async () => {
    // Intervals that cross every edge of a minute, as those of an agent that is a little late.
    const points = tens(120).map(({ startMs, endMs }, index) => ({
      startMs: startMs + 4_000,
      endMs: endMs + 4_000,
      value: 1 + (index % 7),
    }));
    const axis = { startMs: BASE + 30_000, stepMs: 10_000, count: 90 };
    const sum = async () => {
      const { id: resourceId } = (
        await store.resources({ fromMs: 0, toMs: Number.MAX_SAFE_INTEGER })
      )[0];
      const series = await store.series({ resourceIds: [resourceId] });
      return (await store.totals(series, axis)).get(series[0].id);
    };
    const exact = points.reduce((all, { startMs, endMs, value }) => {
      const fromMs = Math.max(startMs, axis.startMs);
      const toMs = Math.min(endMs, axis.startMs + axis.count * axis.stepMs);
      return all + (value * Math.max(0, toMs - fromMs)) / 10_000;
    }, 0);
    await put(
      { series: [seriesOf(METRIC.cpuTime, points.slice(0, 60))] },
      BASE + HOUR,
    );
    await store.rollUp(BASE + HOUR);
    await put(
      { series: [seriesOf(METRIC.cpuTime, points.slice(60))] },
      BASE + HOUR,
    );
    expect(await sum()).toBeCloseTo(exact, 9);
    await store.rollUp(BASE + HOUR);
    expect(await sum()).toBeCloseTo(exact, 9);
  });

  it('takes late data into windows that were rolled up already', async () => {
    const now = BASE + HOUR;
    const points = tens(60);
    await put(
      {
        series: [
          seriesOf(
            METRIC.cpuTime,
            points.filter((_, index) => index % 3),
          ),
        ],
      },
      now,
    );
    await store.rollUp(now);
    await put({ series: [seriesOf(METRIC.cpuTime, points)] }, now + 1);
    expect(await total(METRIC.cpuTime, hourIn(MINUTE_MS))).toBeCloseTo(60, 9);
    await store.rollUp(now + 1);
    expect(await total(METRIC.cpuTime, hourIn(MINUTE_MS))).toBeCloseTo(60, 9);
    expect(await total(METRIC.cpuTime, hourIn(QUARTER_MS))).toBeCloseTo(60, 9);
  });

  it('remembers coarsely what it has forgotten finely', async () => {
    await put({ series: [seriesOf(METRIC.cpuTime, tens(60))] }, BASE + HOUR);
    const later = BASE + 10 * HOUR;
    await store.rollUp(later);
    await store.purge(later);
    expect(await store.health()).toMatchObject({ points: 0, series: 1 });
    expect(await total(METRIC.cpuTime, hourIn(MINUTE_MS))).toBeCloseTo(60, 9);
    const muchLater = BASE + 100 * HOUR;
    await store.purge(muchLater);
    expect(await total(METRIC.cpuTime, hourIn(QUARTER_MS))).toBeCloseTo(60, 9);
    await store.purge(BASE + 800 * HOUR);
    expect(await store.health()).toEqual({
      resources: 0,
      series: 0,
      points: 0,
    });
    expect(await store.nodes()).toEqual([]);
  });

  it('never forgets what it has not added up', async () => {
    await put({ series: [seriesOf(METRIC.cpuTime, tens(60))] }, BASE + HOUR);
    await store.purge(BASE + 10 * HOUR);
    await store.rollUp(BASE + 10 * HOUR);
    expect(await total(METRIC.cpuTime, hourIn(MINUTE_MS))).toBeCloseTo(60, 9);
  });

  it('counts cumulative streams by what they added, also when sent twice at once', async () => {
    const batch = (endMs: number, value: number, startMs = BASE) => ({
      series: [
        seriesOf(METRIC.cpuTime, [{ startMs, endMs, value }], {
          temporality: 'cumulative',
        }),
      ],
    });
    const now = BASE + HOUR;
    await Promise.all([
      put(batch(BASE + 10_000, 3), now),
      put(batch(BASE + 10_000, 3), now),
    ]);
    await Promise.all([
      put(batch(BASE + 20_000, 7), now),
      put(batch(BASE + 20_000, 7), now),
    ]);
    store = await KnexStore.create(service(), kept);
    await put(batch(BASE + 20_000, 7), now);
    await put(batch(BASE + 30_000, 2, BASE + 25_000), now);
    expect(await total(METRIC.cpuTime, hourIn(10_000))).toBeCloseTo(9, 9);
  });

  it('keeps the largest of a peak and the newest of a limit', async () => {
    const gauge = (values: number[]): Point[] =>
      values.map((value, index) => ({
        startMs: BASE + (index + 1) * 10_000,
        endMs: BASE + (index + 1) * 10_000,
        value,
      }));
    await put(
      {
        series: [
          seriesOf(METRIC.cpuWaitOpen, gauge([1, 9, 2])),
          seriesOf(METRIC.cpuLimit, gauge([1, 9, 2])),
        ],
      },
      BASE + HOUR,
    );
    const axis = { startMs: BASE, stepMs: MINUTE_MS, count: 2 };
    for (let round = 0; round < 2; round++) {
      expect((await read(METRIC.cpuWaitOpen, axis))[0].values).toEqual([
        9,
        undefined,
      ]);
      expect((await read(METRIC.cpuLimit, axis))[0].values).toEqual([
        2,
        undefined,
      ]);
      await store.rollUp(BASE + HOUR);
    }
  });

  it('knows when a node sent data, and when it did not', async () => {
    await put(
      { series: [seriesOf(METRIC.cpuTime, [...tens(6), ...tens(6, 12)])] },
      BASE + HOUR,
    );
    await put({ series: [seriesOf(METRIC.cpuTime, tens(2, 18))] }, BASE + HOUR);
    const node = { cluster: 'demo', node: 'node-a' };
    expect(await store.coverage({ fromMs: BASE, toMs: BASE + HOUR })).toEqual([
      { ...node, startMs: BASE, endMs: BASE + 60_000 },
      { ...node, startMs: BASE + 120_000, endMs: BASE + 200_000 },
    ]);
    await put({ series: [seriesOf(METRIC.cpuTime, tens(6, 6))] }, BASE + HOUR);
    expect(await store.coverage({ fromMs: BASE, toMs: BASE + HOUR })).toEqual([
      { ...node, startMs: BASE, endMs: BASE + 200_000 },
    ]);
    expect(await store.nodes()).toEqual([
      {
        ...node,
        firstSeenMs: BASE,
        lastSeenMs: BASE + 200_000,
        intervalMs: 10_000,
      },
    ]);
  });

  it('knows the version of the agent that sent the newest data, as long as nobody says another', async () => {
    const send = (points: Point[], agentVersion?: string) =>
      put(
        { series: [seriesOf(METRIC.cpuTime, points, { agentVersion })] },
        BASE + HOUR,
      );
    const version = async () => (await store.nodes())[0].agentVersion;
    await send(tens(2));
    expect(await version()).toBeUndefined();
    await send(tens(2, 2), '1.1.0');
    expect(await version()).toBe('1.1.0');
    await send(tens(2, 4), '1.2.0');
    await send(tens(1, 6));
    expect(await version()).toBe('1.2.0');
    // An old batch that comes late.
    await send([{ startMs: BASE - 10_000, endMs: BASE, value: 1 }], '1.0.0');
    expect(await version()).toBe('1.2.0');
  });

  it('finds the blame of a culprit by who it is', async () => {
    const culprit = { 'k8s.pod.name': 'b' };
    await put(
      {
        series: [
          seriesOf(METRIC.cpuWaitBlame, tens(1), {
            attributes: { kind: 'container' },
            culprit,
          }),
        ],
      },
      BASE + HOUR,
    );
    const resources = await store.resources({
      fromMs: BASE,
      toMs: BASE + HOUR,
    });
    const blamed = resources.find(r => r.attributes['k8s.pod.name'] === 'b')!;
    const [series] = await store.series({ culpritIds: [blamed.id] });
    expect(series).toMatchObject({
      metric: METRIC.cpuWaitBlame,
      culpritId: blamed.id,
    });
    expect(series.resourceId).not.toBe(blamed.id);
  });

  /** Worst cases of one stream: seconds from BASE, and how long. */
  const slowest = (
    cases: [atSeconds: number, seconds: number][],
    more: Partial<BatchSeries> = {},
  ) =>
    seriesOf(METRIC.requestDuration, [waits([0.01], BASE, BASE + 10_000)], {
      worst: cases.map(([atSeconds, seconds]) => ({
        endMs: BASE + atSeconds * 1000,
        seconds,
        attributes: { 'network.peer.address': `10.0.0.${atSeconds}` },
      })),
      ...more,
    });

  async function worst(more: Partial<Parameters<Store['worst']>[1]> = {}) {
    const resources = await store.resources({
      fromMs: 0,
      toMs: Number.MAX_SAFE_INTEGER,
    });
    const series = await store.series({
      resourceIds: resources.map(({ id: resourceId }) => resourceId),
    });
    const found = await store.worst(
      series.map(item => item.id),
      { fromMs: BASE, toMs: BASE + HOUR, limit: 10, ...more },
    );
    return found.map(({ endMs, seconds }) => [(endMs - BASE) / 1000, seconds]);
  }

  it('keeps each worst case once, and gives the longest first', async () => {
    const now = BASE + HOUR;
    const batch = {
      series: [
        slowest([
          [3, 0.5],
          [13, 2],
          [23, 1],
        ]),
      ],
    };
    await Promise.all([put(batch, now), put(batch, now)]);
    expect(await worst()).toEqual([
      [13, 2],
      [23, 1],
      [3, 0.5],
    ]);
    expect(await worst({ limit: 2 })).toEqual([
      [13, 2],
      [23, 1],
    ]);
    expect(await worst({ fromMs: BASE + 13_000 })).toEqual([[23, 1]]);
    expect(await worst({ toMs: BASE + 13_000 })).toEqual([
      [13, 2],
      [3, 0.5],
    ]);
    expect(await worst({ overSeconds: 0.5, upToSeconds: 1 })).toEqual([
      [23, 1],
    ]);
  });

  it('knows whom a worst case waited for', async () => {
    const culprit = { 'k8s.pod.name': 'batch' };
    const series = slowest([]);
    series.worst = [
      {
        endMs: BASE + 5_000,
        seconds: 1,
        attributes: { 'contention.part.wait.container': 0.75 },
        culprit,
      },
    ];
    await put({ series: [series] }, BASE + HOUR);
    const resources = await store.resources({
      fromMs: 0,
      toMs: Number.MAX_SAFE_INTEGER,
    });
    const own = await store.series({
      resourceIds: resources.map(({ id: resourceId }) => resourceId),
    });
    const [found] = await store.worst(
      own.map(item => item.id),
      { fromMs: BASE, toMs: BASE + HOUR, limit: 1 },
    );
    expect(found.attributes).toEqual({
      'contention.part.wait.container': 0.75,
    });
    expect(
      resources.find(({ id: resourceId }) => resourceId === found.culpritId)
        ?.attributes,
    ).toEqual(culprit);
  });

  it('keeps the longest of every minute, then of every quarter, then none', async () => {
    const cases = Array.from({ length: 180 }, (_, index): [number, number] => [
      index * 10 + 5,
      ((index * 7) % 13) + 1 + index / 1000,
    ]);
    const other = { resource: { 'k8s.pod.name': 'other' } };
    await put(
      { series: [slowest(cases), slowest([[8, 0.001]], other)] },
      BASE + HOUR,
    );
    const longestOf = (widthSeconds: number) => [
      ...Array.from({ length: 1800 / widthSeconds }, (_, window) =>
        cases
          .filter(([at]) => Math.floor(at / widthSeconds) === window)
          .reduce((a, b) => (b[1] > a[1] ? b : a)),
      ),
      [8, 0.001],
    ];
    const remembered = async () => (await worst({ limit: 1000 })).sort();
    const at = async (hours: number) => {
      await store.rollUp(BASE + hours * HOUR);
      await store.purge(BASE + hours * HOUR);
    };
    await at(2);
    expect(await remembered()).toEqual([...cases, [8, 0.001]].sort());
    for (let round = 0; round < 2; round++) {
      await at(10);
      expect(await remembered()).toEqual(longestOf(60).sort());
    }
    await at(100);
    expect(await remembered()).toEqual(longestOf(900).sort());
    await at(800);
    expect(await remembered()).toEqual([]);
  });

  it('migrates up and down', async () => {
    const tables = async () => (await store.health()).resources;
    expect(await tables()).toBe(0);
    const directory = `${__dirname}/../../migrations`;
    await knex.migrate.rollback({ directory }, true);
    expect(await knex.schema.hasTable('contention_points')).toBe(false);
    await knex.migrate.latest({ directory });
    expect(await tables()).toBe(0);
  });
});
