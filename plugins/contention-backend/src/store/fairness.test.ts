import { TestDatabases } from '@backstage/backend-test-utils';
import { METRIC } from 'backstage-plugin-contention-common';
import { KnexStore } from './KnexStore';
import { MINUTE_MS, type Retention } from './resolution';
import type { BatchSeries } from './Store';

jest.setTimeout(120_000);

const HOUR = 3_600_000;
const kept: Retention = {
  rawMs: 6 * HOUR,
  minuteMs: 72 * HOUR,
  quarterMs: 720 * HOUR,
};
const BASE = Math.floor(1_763_700_000_000 / HOUR) * HOUR;
const PODS = 250;

/** Ten minutes of a pod. */
function podOf(index: number): BatchSeries {
  return {
    cluster: 'demo',
    node: 'node-a',
    resource: { 'k8s.pod.name': `pod-${index}`, 'k8s.node.name': 'node-a' },
    metric: METRIC.cpuTime,
    aggregation: 'sum',
    attributes: {},
    temporality: 'delta',
    points: Array.from({ length: 10 }, (_, minute) => ({
      startMs: BASE + minute * MINUTE_MS,
      endMs: BASE + (minute + 1) * MINUTE_MS,
      value: 1,
    })),
  };
}

/** How often others had a turn while something was done. */
async function turnsDuring(work: () => Promise<unknown>): Promise<number> {
  let turns = 0;
  let isDone = false;
  const count = () => {
    turns += 1;
    if (!isDone) setImmediate(count);
  };
  setImmediate(count);
  await work();
  isDone = true;
  return turns;
}

const databases = TestDatabases.create({
  ids: ['SQLITE_3', 'POSTGRES_15', 'POSTGRES_18'],
});

describe.each(databases.eachSupportedId())('a store on %s', id => {
  it('keeps nobody waiting until all is added up and forgotten', async () => {
    const knex = await databases.init(id);
    const store = await KnexStore.create({ getClient: async () => knex }, kept);
    await store.ingest(
      { series: Array.from({ length: PODS }, (_, index) => podOf(index)) },
      BASE + HOUR,
    );
    // 2,500 minutes are written, names of 250 pods noted, points of 250 series forgotten: each in more than one step.
    const laterMs = BASE + 8 * HOUR;
    expect(
      await turnsDuring(() => store.rollUp(laterMs)),
    ).toBeGreaterThanOrEqual(12);
    expect(
      await turnsDuring(() => store.purge(laterMs)),
    ).toBeGreaterThanOrEqual(3);
    expect((await store.health()).points).toBe(0);
  });
});
