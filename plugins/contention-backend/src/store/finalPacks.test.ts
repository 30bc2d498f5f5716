/** What a store answers from memory of days that are over. */
import type { DatabaseService } from '@backstage/backend-plugin-api';
import { TestDatabases } from '@backstage/backend-test-utils';
import { METRIC, type MetricName } from 'backstage-plugin-contention-common';
import type { Knex } from 'knex';
import { AGGREGATION } from './aggregation';
import { FinalPacks } from './knex/finalPacks';
import { isPacked } from './knex/packs';
import { readTotals } from './knex/totals';
import { readWindows } from './knex/windows';
import { KnexStore } from './KnexStore';
import { LEVELS, tablesOf } from './levels';
import type { Axis, Batch, StoredSeries } from './Store';

jest.setTimeout(120_000);

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** The start of a day. */
const BASE = Date.UTC(2026, 10, 21);
const kept = { rawMs: 6 * HOUR, minuteMs: 72 * HOUR, quarterMs: 720 * HOUR };
const databases = TestDatabases.create({
  ids: ['SQLITE_3', 'POSTGRES_15', 'POSTGRES_18'],
});

/** Waits of a second each in one minute, and as many seconds of CPU time. */
function waited(startMs: number, seconds = 1): Batch {
  const series = (metric: MetricName) => ({
    cluster: 'demo',
    node: 'node-a',
    resource: { 'k8s.pod.name': 'a' },
    metric,
    aggregation: AGGREGATION[metric],
    attributes: {},
    temporality: 'delta' as const,
  });
  const interval = { startMs, endMs: startMs + MINUTE, value: seconds };
  return {
    series: [
      {
        ...series(METRIC.cpuWait),
        points: [
          {
            ...interval,
            histogram: {
              count: seconds,
              sumSeconds: seconds,
              zeroCount: 0,
              buckets: new Map([[-1, seconds]]),
            },
          },
        ],
      },
      { ...series(METRIC.cpuTime), points: [interval] },
    ],
  };
}

describe.each(databases.eachSupportedId())('days that are over on %s', id => {
  let knex: Knex;
  let store: KnexStore;
  let nowMs: number;

  beforeEach(async () => {
    knex = await databases.init(id);
    const service = { getClient: async () => knex } as DatabaseService;
    await KnexStore.create(service, kept);
    store = new KnexStore(knex, kept, undefined, () => nowMs);
    // A wait in each hour of a day, taken as it came.
    for (let hour = 0; hour < 24; hour++) {
      nowMs = BASE + hour * HOUR + 10 * MINUTE;
      await store.ingest(waited(BASE + hour * HOUR), nowMs);
    }
    nowMs = BASE + 24 * HOUR + 10 * MINUTE;
    await store.rollUp(nowMs);
  });

  const axis: Axis = { startMs: BASE, stepMs: HOUR / 2, count: 48 };

  async function seriesOf(metric: MetricName): Promise<StoredSeries[]> {
    const resources = await store.resources({ fromMs: BASE, toMs: nowMs });
    return store.series({
      resourceIds: resources.map(resource => resource.id),
      metrics: [metric],
    });
  }

  /** Waits in each half of an hour, and their sum as totals have it. */
  async function read() {
    const waits = await seriesOf(METRIC.cpuWait);
    const [{ values, histograms }] = await store.read(waits, axis);
    const totals = await store.totals(await seriesOf(METRIC.cpuTime), axis);
    const counts = histograms!.map(histogram => histogram?.count ?? 0);
    return {
      values: Array.from(values, value => value ?? 0),
      counts,
      total: [...totals.values()].reduce((a, b) => a + b, 0),
    };
  }

  const eachHour = (seconds: (hour: number) => number) =>
    Array.from({ length: 48 }, (_, half) =>
      half % 2 === 0 ? seconds(half / 2) : 0,
    );

  const forgetAll = async () => {
    for (const table of LEVELS.flatMap(tablesOf)) await knex(table).delete();
  };

  it('are read once, and of the day that goes on what can still change each time', async () => {
    const all = { values: eachHour(() => 1), counts: eachHour(() => 1) };
    expect(await read()).toEqual({ ...all, total: 24 });
    await forgetAll();
    const after = await read();
    // 6 h, and half an hour to be sure: up to 17:40, and of that whole packs of quarters, of which each has four hours.
    expect(after.values).toEqual(eachHour(hour => (hour < 16 ? 1 : 0)));
    expect(after.counts).toEqual(after.values);
  });

  it('are told alike from memory and anew, whatever was asked before', async () => {
    const series = [
      ...(await seriesOf(METRIC.cpuWait)),
      ...(await seriesOf(METRIC.cpuTime)),
    ];
    const ids = series.map(item => item.id);
    const axes: Axis[] = [
      // Two that nothing is known between, the later one first.
      { startMs: BASE + 11 * HOUR, stepMs: 300_000, count: 20 },
      { startMs: BASE + HOUR, stepMs: 300_000, count: 20 },
      { startMs: BASE + 5 * HOUR, stepMs: 300_000, count: 100 },
      { startMs: BASE - HOUR, stepMs: 300_000, count: 150 },
      { startMs: BASE + 90 * MINUTE, stepMs: 900_000, count: 30 },
      { startMs: BASE - 24 * HOUR, stepMs: HOUR, count: 48 },
      { startMs: BASE + 7 * MINUTE, stepMs: 20 * HOUR, count: 1 },
      axis,
    ];
    const plain = (
      windows: Awaited<ReturnType<typeof readWindows>>,
      totals: Map<number, number>,
    ) => ({
      windows: windows.map(({ values, histograms }) => ({
        values: Array.from(values),
        histograms: histograms?.map(histogram => histogram?.buckets),
      })),
      totals,
    });
    const everything = new FinalPacks(kept.rawMs, () => nowMs);
    const aLittle = new FinalPacks(kept.rawMs, () => nowMs, 1_000);
    const ask = async (final: FinalPacks, asked: Axis) =>
      plain(
        await readWindows(knex, final, series, asked),
        // Whoever asks for one twice gets it once.
        await readTotals(knex, final, [...ids, ...ids], asked),
      );
    for (const asked of [...axes, ...axes]) {
      // Nothing is final before anything was taken.
      const anew = await ask(new FinalPacks(kept.rawMs, () => 0), asked);
      expect(await ask(everything, asked)).toEqual(anew);
      expect(await ask(aLittle, asked)).toEqual(anew);
    }
  });

  it('are kept without what the database sent with them', async () => {
    const level = LEVELS.find(isPacked)!;
    const bytes = ((8 * HOUR) / level.widthMs) * 8;
    const [{ id: seriesId }] = await seriesOf(METRIC.cpuWait);
    const final = new FinalPacks(kept.rawMs, () => nowMs);
    const range = { fromMs: BASE, toMs: BASE + 8 * HOUR };
    for (const having of [new Set<number>(), new Set([seriesId])]) {
      const sizes = new Set<number>();
      await final.visit(knex, level, [seriesId], range, having, pack =>
        sizes.add(pack.values.buffer.byteLength),
      );
      expect(sizes).toEqual(new Set([bytes]));
    }
  });

  it('are read anew where they were made anew after all', async () => {
    await read();
    // By a clock that was a day late.
    const lateMs = BASE + HOUR + 5 * MINUTE;
    await store.ingest(waited(lateMs, 4), lateMs + MINUTE);
    await store.rollUp(nowMs);
    expect(await read()).toMatchObject({
      values: eachHour(hour => (hour === 1 ? 5 : 1)),
      counts: eachHour(hour => (hour === 1 ? 5 : 1)),
      total: 28,
    });
  });

  it('are not remembered while something of them waits to be rolled up', async () => {
    // It came in time, and nobody rolled it up.
    await knex('contention_dirty').insert({ width_ms: MINUTE, start_ms: BASE });
    await read();
    await forgetAll();
    await knex('contention_dirty').delete();
    expect((await read()).values).toEqual(eachHour(() => 0));
  });

  it('are forgotten with what is purged', async () => {
    await read();
    nowMs = BASE + 90 * 24 * HOUR;
    await store.purge(nowMs);
    expect(await store.read([{ id: 1, metric: METRIC.cpuWait }], axis)).toEqual(
      [expect.objectContaining({ values: new Array(48) })],
    );
  });
});
