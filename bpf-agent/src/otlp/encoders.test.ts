import fc from 'fast-check';
import { decodeJson, decodeProtobuf } from '../__testUtils__/official';
import { encodeJson } from './json';
import {
  denseBuckets,
  secondsOf,
  type Attributes,
  type Metric,
  type MetricsRequest,
} from './model';
import { encodeProtobuf } from './protobuf';
import { readPartialSuccess, readRefusal } from './response';

const SCOPE = { name: 'contention-bpf-agent', version: '1.2.3' };

const attributes: fc.Arbitrary<Attributes> = fc.dictionary(
  fc.string({ minLength: 1, unit: 'binary' }),
  fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.boolean(),
    fc.double({ noNaN: true }).map(value => value + 0),
  ),
  { maxKeys: 4, noNullPrototype: true },
);
// The judge reads fixed64 strings of JSON above 2^63 as negative; no node counts that far.
const uint64 = fc.bigInt(0n, 2n ** 63n - 1n);
const timeNs = fc.bigInt(1n, 2n ** 63n - 1n);
const value = fc.oneof(
  fc.record({ ns: fc.bigInt(0n, 2n ** 63n) }),
  fc.record({ integer: fc.bigInt(0n, 2n ** 63n - 1n) }),
  fc.record({ double: fc.double({ noNaN: true, min: 0, max: 1e6 }) }),
);
const numberPoint = fc.record({
  attributes,
  startUnixNs: timeNs,
  endUnixNs: timeNs,
  value,
});
const gaugePoint = fc.record({ attributes, endUnixNs: timeNs, value });
const histogramPoint = fc.record({
  exemplar: fc.option(
    fc.record({ attributes, unixNs: timeNs, ns: fc.bigInt(0n, 2n ** 63n) }),
    { nil: undefined },
  ),
  attributes,
  startUnixNs: timeNs,
  endUnixNs: timeNs,
  count: uint64,
  sumNs: fc.bigInt(0n, 2n ** 63n),
  zeroCount: uint64,
  buckets: fc
    .array(fc.tuple(fc.integer({ min: -300, max: 100 }), uint64), {
      maxLength: 8,
    })
    .map(entries => new Map(entries)),
});
const names = {
  name: fc.string({ minLength: 1 }),
  unit: fc.constantFrom('s', '1', '{cpu}'),
  description: fc.string(),
};
const temporality = fc.constantFrom('delta' as const, 'cumulative' as const);
const metric: fc.Arbitrary<Metric> = fc.oneof(
  fc.record({
    kind: fc.constant('sum' as const),
    ...names,
    temporality,
    points: fc.array(numberPoint, { maxLength: 3 }),
  }),
  fc.record({
    kind: fc.constant('gauge' as const),
    ...names,
    points: fc.array(gaugePoint, { maxLength: 3 }),
  }),
  fc.record({
    kind: fc.constant('exponentialHistogram' as const),
    ...names,
    temporality,
    points: fc.array(histogramPoint, { maxLength: 3 }),
  }),
);
const request: fc.Arbitrary<MetricsRequest> = fc.record({
  resources: fc.array(
    fc.record({ attributes, metrics: fc.array(metric, { maxLength: 3 }) }),
    { maxLength: 3 },
  ),
});

it('both encodings are the same request to the official decoder', () => {
  fc.assert(
    fc.property(request, sent => {
      const fromBytes = decodeProtobuf(encodeProtobuf(sent, SCOPE));
      const text = JSON.stringify(encodeJson(sent, SCOPE));
      expect(fromBytes).toEqual(decodeJson(JSON.parse(text)));
    }),
    // Once found: -0, which JSON does not tell from 0.
    {
      examples: [[{ resources: [{ attributes: { zero: -0 }, metrics: [] }] }]],
    },
  );
});

it('the official decoder finds what was sent', () => {
  fc.assert(
    fc.property(request, sent => {
      const received = decodeProtobuf(encodeProtobuf(sent, SCOPE));
      expect(received.resourceMetrics).toHaveLength(sent.resources.length);
      received.resourceMetrics.forEach((resource, index) => {
        const { attributes: keys, metrics } = sent.resources[index];
        expect(
          Object.fromEntries(
            resource.resource.attributes.map(({ key, value: one }) => [
              key,
              one.stringValue ?? one.boolValue ?? one.doubleValue,
            ]),
          ),
        ).toEqual(keys);
        expect(resource.scopeMetrics).toHaveLength(1);
        expect(resource.scopeMetrics[0].scope).toMatchObject(SCOPE);
        resource.scopeMetrics[0].metrics.forEach((got, position) => {
          const want = metrics[position];
          expect(got).toMatchObject({ name: want.name, unit: want.unit });
          const data = got.sum ?? got.gauge ?? got.exponentialHistogram!;
          expect(data.dataPoints).toHaveLength(want.points.length);
          data.dataPoints.forEach((point, place) => {
            const from = want.points[place];
            expect(point.timeUnixNano).toBe(String(from.endUnixNs));
            expect(point.startTimeUnixNano).toBe(
              String(from.startUnixNs ?? '0'),
            );
          });
        });
      });
    }),
  );
});

it('a histogram has scale 3, seconds, and dense buckets from its offset on', () => {
  const sent: MetricsRequest = {
    resources: [
      {
        attributes: {},
        metrics: [
          {
            kind: 'exponentialHistogram',
            name: 'contention.cpu.wait',
            unit: 's',
            description: '',
            temporality: 'delta',
            points: [
              {
                attributes: {},
                startUnixNs: 1n,
                endUnixNs: 2n,
                count: 6n,
                sumNs: 1_500_000_000n,
                zeroCount: 1n,
                buckets: new Map([
                  [-10, 2n],
                  [-13, 3n],
                ]),
              },
            ],
          },
        ],
      },
    ],
  };
  const [resource] = decodeProtobuf(
    encodeProtobuf(sent, SCOPE),
  ).resourceMetrics;
  expect(
    resource.scopeMetrics[0].metrics[0].exponentialHistogram,
  ).toMatchObject({
    aggregationTemporality: 1,
    dataPoints: [
      {
        count: '6',
        sum: 1.5,
        scale: 3,
        zeroCount: '1',
        positive: { offset: -13, bucketCounts: ['3', '0', '0', '2'] },
      },
    ],
  });
});

it('no bucket is lost or moved by making them dense', () => {
  fc.assert(
    fc.property(histogramPoint, ({ buckets }) => {
      const dense = denseBuckets(buckets);
      const back = new Map(
        dense.counts
          .map((count, place) => [dense.offset + place, count] as const)
          .filter(([, count]) => count !== 0n),
      );
      const filled = [...buckets].filter(([, count]) => count !== 0n);
      expect(back).toEqual(new Map(filled.sort(([a], [b]) => a - b)));
    }),
  );
});

it('seconds give their nanoseconds back, up to 104 days', () => {
  fc.assert(
    fc.property(fc.bigInt(0n, 2n ** 53n - 1n), ns => {
      const back = BigInt(Math.round(secondsOf(ns) * 1e9));
      const off = back > ns ? back - ns : ns - back;
      expect(off <= 1n).toBe(true);
    }),
  );
});

describe('what a receiver answers', () => {
  // ExportMetricsServiceResponse { partial_success { rejected_data_points: 7, error_message: "no" } }
  const partial = Uint8Array.from([10, 6, 8, 7, 18, 2, 110, 111]);

  it('is read in both encodings', () => {
    const expected = { rejectedPoints: 7, message: 'no' };
    expect(readPartialSuccess('application/x-protobuf', partial)).toEqual(
      expected,
    );
    const json = Buffer.from(
      '{"partialSuccess":{"rejectedDataPoints":"7","errorMessage":"no"}}',
    );
    expect(readPartialSuccess('application/json; charset=utf-8', json)).toEqual(
      expected,
    );
  });

  it('is plain success when there is nothing in it', () => {
    const nothing = { rejectedPoints: 0, message: '' };
    const empty = new Uint8Array();
    expect(readPartialSuccess('application/x-protobuf', empty)).toEqual(
      nothing,
    );
    expect(readPartialSuccess('application/json', Buffer.from('{}'))).toEqual(
      nothing,
    );
  });

  it('gives the reason of a refusal in its own words', () => {
    const status = Uint8Array.from([8, 3, 18, 3, 98, 97, 100]);
    expect(readRefusal('application/x-protobuf', status)).toBe('bad');
    const backstage = Buffer.from(
      '{"error":{"name":"InputError","message":"x"}}',
    );
    expect(readRefusal('application/json', backstage)).toBe('x');
    expect(readRefusal('text/plain', Buffer.from('go away'))).toBe('go away');
    expect(readRefusal('application/json', Buffer.from('<html>'))).toBe(
      '<html>',
    );
  });
});
