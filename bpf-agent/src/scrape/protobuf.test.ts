import fc from 'fast-check';
import { parse, Reader, type Type } from 'protobufjs';
import { familiesAsProtobuf } from './protobuf';
import type { Family } from './families';

/** What is used of io/prometheus/client/metrics.proto. */
const { root } = parse(`
  syntax = "proto3";
  package io.prometheus.client;
  message LabelPair { string name = 1; string value = 2; }
  message Gauge { double value = 1; }
  message Counter { double value = 1; }
  message Bucket { uint64 cumulative_count = 1; double upper_bound = 2; }
  message BucketSpan { sint32 offset = 1; uint32 length = 2; }
  message Histogram {
    uint64 sample_count = 1;
    double sample_sum = 2;
    repeated Bucket bucket = 3;
    sint32 schema = 5;
    double zero_threshold = 6;
    uint64 zero_count = 7;
    repeated BucketSpan positive_span = 12;
    repeated sint64 positive_delta = 13;
  }
  message Metric {
    repeated LabelPair label = 1;
    Gauge gauge = 2;
    Counter counter = 3;
    Histogram histogram = 7;
  }
  enum MetricType { COUNTER = 0; GAUGE = 1; SUMMARY = 2; UNTYPED = 3; HISTOGRAM = 4; }
  message MetricFamily {
    string name = 1;
    string help = 2;
    MetricType type = 3;
    repeated Metric metric = 4;
  }
`);

interface Decoded {
  name: string;
  help: string;
  type: string;
  metric: {
    label: { name: string; value: string }[];
    gauge?: { value: number };
    counter?: { value: number };
    histogram?: {
      sampleCount: string;
      sampleSum: number;
      bucket: { cumulativeCount: string; upperBound: number }[];
      schema: number;
      zeroThreshold: number;
      zeroCount: string;
      positiveSpan: { offset: number; length: number }[];
      positiveDelta: string[];
    };
  }[];
}

function decode(messages: Iterable<Uint8Array>): Decoded[] {
  const type: Type = root.lookupType('io.prometheus.client.MetricFamily');
  const families: Decoded[] = [];
  const reader = Reader.create(Buffer.concat([...messages]));
  while (reader.pos < reader.len) {
    families.push(
      type.toObject(type.decodeDelimited(reader), {
        longs: String,
        enums: String,
        defaults: true,
      }) as Decoded,
    );
  }
  return families;
}

/** Buckets by OpenTelemetry's index, as a scraper reads them. */
function nativeBuckets({
  positiveSpan,
  positiveDelta,
}: NonNullable<Decoded['metric'][0]['histogram']>): Map<number, bigint> {
  const buckets = new Map<number, bigint>();
  let at = 0;
  let next = 0;
  let count = 0n;
  for (const { offset, length } of positiveSpan) {
    at += offset;
    for (let i = 0; i < length; i++) {
      count += BigInt(positiveDelta[next]);
      buckets.set(at - 1, count);
      at += 1;
      next += 1;
    }
  }
  expect(next).toBe(positiveDelta.length);
  return buckets;
}

const familyOf = (
  buckets: Map<number, bigint>,
  zeroCount: bigint,
  classic = false,
): Family => ({
  name: 'h',
  help: 'H',
  kind: 'histogram',
  classic,
  samples: [
    {
      labels: [['a', 'b']],
      point: {
        attributes: {},
        startUnixNs: 1n,
        endUnixNs: 2n,
        count: [...buckets.values()].reduce((x, y) => x + y, zeroCount),
        sumNs: 2_500_000_000n,
        zeroCount,
        buckets,
      },
    },
  ],
});

it('numbers have their kind and labels, families follow each other', () => {
  const decoded = decode(
    familiesAsProtobuf([
      {
        name: 'x_total',
        kind: 'counter',
        help: 'X',
        samples: [{ labels: [['a', 'ü']], value: 0.5 }],
      },
      {
        name: 'y',
        kind: 'gauge',
        help: 'Y',
        samples: [
          { labels: [], value: 0 },
          { labels: [['c', 'd']], value: 7 },
        ],
      },
    ]),
  );
  expect(decoded).toMatchObject([
    {
      name: 'x_total',
      help: 'X',
      type: 'COUNTER',
      metric: [{ label: [{ name: 'a', value: 'ü' }], counter: { value: 0.5 } }],
    },
    {
      name: 'y',
      type: 'GAUGE',
      metric: [
        { label: [], gauge: { value: 0 } },
        { label: [{ name: 'c', value: 'd' }], gauge: { value: 7 } },
      ],
    },
  ]);
});

it('native histograms have every bucket: their index is one more than that of OpenTelemetry', () => {
  fc.assert(
    fc.property(
      fc.array(
        fc.tuple(fc.integer({ min: -300, max: 100 }), fc.bigInt(0n, 2n ** 40n)),
        { maxLength: 20 },
      ),
      fc.bigInt(0n, 1000n),
      (entries, zeroCount) => {
        const family = familyOf(new Map(entries), zeroCount);
        const [{ metric }] = decode(familiesAsProtobuf([family]));
        const histogram = metric[0].histogram!;
        expect(histogram).toMatchObject({
          schema: 3,
          zeroThreshold: 0,
          zeroCount: String(zeroCount),
          sampleSum: 2.5,
          bucket: [],
        });
        expect(nativeBuckets(histogram)).toEqual(
          new Map([...new Map(entries)].filter(([, count]) => count > 0n)),
        );
      },
    ),
  );
});

it('an empty histogram is still told from one without native buckets', () => {
  const [{ metric }] = decode(familiesAsProtobuf([familyOf(new Map(), 0n)]));
  expect(metric[0].histogram).toMatchObject({
    positiveSpan: [{ offset: 0, length: 0 }],
    positiveDelta: [],
  });
});

it('classic buckets are there for scrapers that take no others', () => {
  const family = familyOf(new Map([[-1, 4n]]), 1n, true);
  const [{ metric }] = decode(familiesAsProtobuf([family]));
  expect(metric[0].histogram!.bucket).toContainEqual({
    cumulativeCount: '5',
    upperBound: 1,
  });
  expect(metric[0].histogram!.bucket).toContainEqual({
    cumulativeCount: '1',
    upperBound: 0.5,
  });
});
