import fc from 'fast-check';
import type { HistogramMetric, SumMetric } from '../otlp/model';
import { Accumulator } from './accumulator';
import { RequestBuilder } from './requestBuilder';

const RESOURCE = { 'contention.cgroup.path': '/a' };
const KIND = { 'contention.culprit.kind': 'self' };

function windowOf(step: number, ns: bigint) {
  const builder = new RequestBuilder();
  const span = {
    startUnixNs: BigInt(step) * 10n,
    endUnixNs: BigInt(step + 1) * 10n,
  };
  builder.add(RESOURCE, 'contention.cpu.wait.blame', KIND, { ns }, span);
  builder.record(
    RESOURCE,
    'contention.cpu.wait',
    {},
    {
      sumNs: ns,
      count: 2n,
      zeroCount: 1n,
      buckets: new Map([[-(step % 3), 1n]]),
    },
    span,
  );
  builder.gauge(
    RESOURCE,
    'contention.cpu.limit',
    { double: 2 },
    span.endUnixNs,
  );
  return { request: builder.build(), ...span };
}

const nothingIn = (startUnixNs: bigint, endUnixNs: bigint) => ({
  request: { resources: [] },
  startUnixNs,
  endUnixNs,
});

function metric<T>(accumulator: Accumulator, end: bigint, name: string): T {
  return accumulator
    .request(end)
    .resources[0].metrics.find(one => one.name === name) as T;
}

it('cumulative values are the sums of all deltas, from the first start on', () => {
  fc.assert(
    fc.property(
      fc.array(fc.bigInt(0n, 10n ** 15n), { minLength: 1, maxLength: 20 }),
      amounts => {
        const accumulator = new Accumulator({
          temporality: 'cumulative',
          idleNs: 1000n,
        });
        amounts.forEach((ns, step) => {
          accumulator.add(windowOf(step, ns));
        });
        const end = BigInt(amounts.length) * 10n;
        const total = amounts.reduce((sum, ns) => sum + ns, 0n);
        const sum = metric<SumMetric>(
          accumulator,
          end,
          'contention.cpu.wait.blame',
        );
        expect(sum).toMatchObject({ temporality: 'cumulative' });
        expect(sum.points).toEqual([
          {
            attributes: KIND,
            startUnixNs: 0n,
            endUnixNs: end,
            value: { ns: total },
          },
        ]);
        const waits = metric<HistogramMetric>(
          accumulator,
          end,
          'contention.cpu.wait',
        );
        expect(waits.points[0]).toMatchObject({
          startUnixNs: 0n,
          endUnixNs: end,
          sumNs: total,
          count: 2n * BigInt(amounts.length),
        });
      },
    ),
  );
});

it('a series that rests is still told, up to the present; one that rests for long is forgotten', () => {
  const accumulator = new Accumulator({
    temporality: 'cumulative',
    idleNs: 50n,
  });
  accumulator.add(windowOf(0, 7n));
  accumulator.add(nothingIn(10n, 60n));
  expect(
    metric<SumMetric>(accumulator, 60n, 'contention.cpu.wait.blame').points,
  ).toMatchObject([{ startUnixNs: 0n, endUnixNs: 60n, value: { ns: 7n } }]);
  expect(metric(accumulator, 60n, 'contention.cpu.limit')).toBeUndefined();
  accumulator.add(nothingIn(60n, 61n));
  expect(accumulator.request(61n).resources).toEqual([]);

  accumulator.add(windowOf(7, 5n));
  expect(
    metric<SumMetric>(accumulator, 80n, 'contention.cpu.wait.blame').points,
  ).toMatchObject([{ startUnixNs: 70n, endUnixNs: 80n, value: { ns: 5n } }]);
});

it('no cumulative series ends before it starts: they start anew when the wall clock is set back', () => {
  const accumulator = new Accumulator({
    temporality: 'cumulative',
    idleNs: 1000n,
  });
  for (const [step, ns] of [
    [100, 7n],
    [1, 5n],
    [2, 4n],
  ] as const) {
    accumulator.add(windowOf(step, ns));
  }
  for (const name of ['contention.cpu.wait.blame', 'contention.cpu.wait']) {
    expect(metric<SumMetric>(accumulator, 30n, name).points).toMatchObject([
      { startUnixNs: 10n, endUnixNs: 30n },
    ]);
  }
  expect(
    metric<SumMetric>(accumulator, 30n, 'contention.cpu.wait.blame').points,
  ).toMatchObject([{ value: { ns: 9n } }]);
});

it('a gap between windows is no time in which nothing happened: cumulative series start anew after it', () => {
  const accumulator = new Accumulator({
    temporality: 'cumulative',
    idleNs: 1000n,
  });
  for (const step of [0, 1, 5]) accumulator.add(windowOf(step, 7n));
  for (const name of ['contention.cpu.wait.blame', 'contention.cpu.wait']) {
    expect(metric<SumMetric>(accumulator, 60n, name).points).toMatchObject([
      { startUnixNs: 50n, endUnixNs: 60n },
    ]);
  }
  expect(
    metric<SumMetric>(accumulator, 60n, 'contention.cpu.wait.blame').points,
  ).toMatchObject([{ value: { ns: 7n } }]);
});

it('a snapshot is one window, whatever the wall clock did meanwhile', () => {
  const accumulator = new Accumulator({
    temporality: 'delta',
    idleNs: 1000n,
  });
  for (const step of [100, 1]) {
    accumulator.add(windowOf(step, 7n));
  }
  expect(
    accumulator
      .request(20n, 0n)
      .resources[0].metrics.find(
        one => one.name === 'contention.cpu.wait.blame',
      )?.points,
  ).toMatchObject([{ startUnixNs: 0n, endUnixNs: 20n, value: { ns: 14n } }]);
});

describe('the exemplar of a histogram', () => {
  const worst = (step: number, ns: bigint | undefined) => {
    const builder = new RequestBuilder();
    const span = {
      startUnixNs: BigInt(step) * 10n,
      endUnixNs: BigInt(step + 1) * 10n,
    };
    const none = { sumNs: 0n, count: 0n, zeroCount: 0n, buckets: new Map() };
    const exemplar =
      ns === undefined
        ? undefined
        : { attributes: {}, unixNs: span.endUnixNs, ns };
    builder.record(RESOURCE, 'contention.cpu.wait', {}, none, span, exemplar);
    return { request: builder.build(), ...span };
  };
  const shownAfter = (
    temporality: 'delta' | 'cumulative',
    ...amounts: (bigint | undefined)[]
  ) => {
    const accumulator = new Accumulator({ temporality, idleNs: 1000n });
    let end = 0n;
    amounts.forEach((ns, step) => {
      const timed = worst(step, ns);
      accumulator.add(timed);
      end = timed.endUnixNs;
    });
    return metric<HistogramMetric>(accumulator, end, 'contention.cpu.wait')
      .points[0].exemplar?.ns;
  };

  it('is the longest of the windows that are sent as one', () => {
    expect(shownAfter('delta', 5n, 9n, undefined, 7n)).toBe(9n);
  });

  it('is that of the newest window where values are cumulative', () => {
    expect(shownAfter('cumulative', 9n, 7n)).toBe(7n);
    expect(shownAfter('cumulative', 9n, undefined)).toBeUndefined();
  });
});
