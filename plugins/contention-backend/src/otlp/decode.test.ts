import { gzipSync } from 'node:zlib';
import { METRIC } from 'backstage-plugin-contention-common';
import fc from 'fast-check';
import { Writer } from 'protobufjs/light';
import {
  blamed,
  container,
  gauge,
  histogram,
  interval,
  request,
  resource,
  sum,
} from '../__testUtils__/otlp';
import { decodeJson, decodeProtobuf } from './decode';
import { requestType } from './descriptor';
import { LimitExceededError, MalformedError, type DecodeLimits } from './model';

const limits: DecodeLimits = {
  maxPoints: 1_000,
  maxAttributes: 30,
  maxAttributeLength: 200,
  maxBuckets: 500,
};

const span = { startMs: 1_700_000_000_000, endMs: 1_700_000_010_000 };
const checkout = container('checkout');
const body = request(
  interval(checkout, span, {
    cpuSeconds: 0,
    waits: [
      { seconds: 0.5, by: blamed(container('batch'), { samePod: false }) },
      { seconds: 0, by: { 'contention.culprit.kind': 'self' } },
    ],
  }),
  resource(checkout, [
    gauge(METRIC.cpuRequest, [{ endMs: span.endMs, value: 0 }]),
    histogram(METRIC.requestDuration, [
      {
        ...span,
        seconds: [0.25, 2],
        attributes: {
          'contention.role': 'server',
          'contention.estimated': false,
        },
        exemplars: [
          {
            endMs: span.startMs + 4_000,
            seconds: 2,
            attributes: {
              'network.peer.address': '10.0.0.7',
              'contention.part.work': 0,
              'contention.part.wait.container': 1.5,
            },
          },
        ],
      },
    ]),
  ]),
);

const asJson = (value: unknown) => Buffer.from(JSON.stringify(value));

function asProtobuf(value: object): Buffer {
  return Buffer.from(
    requestType.encode(requestType.fromObject(value)).finish(),
  );
}

/** A length-delimited field. */
function wrapped(field: number, bytes: Uint8Array): Uint8Array {
  return Writer.create()
    .uint32(field * 8 + 2)
    .bytes(bytes)
    .finish();
}

/** Decoding either works or says what is wrong; anything else is a bug. */
function outcome(decode: () => unknown): 'decoded' | 'refused' {
  try {
    decode();
    return 'decoded';
  } catch (error) {
    if (
      error instanceof MalformedError ||
      error instanceof LimitExceededError
    ) {
      return 'refused';
    }
    throw error;
  }
}

describe('decoding', () => {
  it('reads the same from protobuf and from JSON, zeros and false included', () => {
    const fromJson = decodeJson(asJson(body), limits);
    expect(decodeProtobuf(asProtobuf(body), limits)).toEqual(fromJson);
    const [first] = fromJson.resources;
    expect(first.attributes['k8s.pod.name']).toBe('checkout-0');
    const blame = first.metrics.find(
      ({ name }) => name === METRIC.cpuWaitBlame,
    )!;
    expect(blame).toMatchObject({
      type: 'sum',
      temporality: 'delta',
      monotonic: true,
      points: [
        {
          startNs: 1_700_000_000_000_000_000,
          endNs: 1_700_000_010_000_000_000,
          value: 0.5,
          attributes: { 'contention.culprit.same_pod': false },
        },
        { value: 0 },
      ],
    });
  });

  it('knows who measured, by name and version', () => {
    const told = request(
      resource(checkout, [], { name: 'an-agent', version: '1.2.3' }),
      resource(checkout, [], { name: 'nameless' }),
      { scopeMetrics: [{ metrics: [] }] },
    );
    for (const decoded of [
      decodeJson(asJson(told), limits),
      decodeProtobuf(asProtobuf(told), limits),
    ]) {
      expect(decoded.resources.map(({ scopes }) => scopes)).toEqual([
        [{ name: 'an-agent', version: '1.2.3' }],
        [{ name: 'nameless', version: '' }],
        [{ name: '', version: '' }],
      ]);
    }
    const long = resource(checkout, [], {
      name: 'an-agent',
      version: '1'.repeat(201),
    });
    expect(() => decodeJson(asJson(request(long)), limits)).toThrow(
      LimitExceededError,
    );
  });

  it('keeps the exemplars of a histogram, their attributes and their time', () => {
    for (const decoded of [
      decodeJson(asJson(body), limits),
      decodeProtobuf(asProtobuf(body), limits),
    ]) {
      const durations = decoded.resources[1].metrics.find(
        ({ name }) => name === METRIC.requestDuration,
      )!;
      expect(durations).toMatchObject({
        points: [
          {
            count: 2,
            exemplars: [
              {
                timeNs: 1_700_000_004_000_000_000,
                value: 2,
                attributes: {
                  'network.peer.address': '10.0.0.7',
                  'contention.part.work': 0,
                  'contention.part.wait.container': 1.5,
                },
              },
            ],
          },
        ],
      });
    }
  });

  it('takes 64-bit integers as numbers and as text', () => {
    const point = { timeUnixNano: '1', asInt: '-9007199254740993' };
    const metric = {
      name: 'm',
      gauge: { dataPoints: [point, { ...point, asInt: 7 }] },
    };
    const decoded = decodeJson(asJson(request(resource({}, [metric]))), limits);
    expect(decoded.resources[0].metrics[0]).toMatchObject({
      points: [{ value: -9007199254740992 }, { value: 7 }],
    });
  });

  it('skips fields that it does not know', () => {
    const known = asProtobuf(body);
    // Field 99, a string; and field 2 of the wrong wire type, which is as unknown.
    const unknown = Buffer.concat([
      known,
      Buffer.from([0x9a, 0x06, 1, 65]),
      Buffer.from([0x10, 5]),
    ]);
    expect(decodeProtobuf(unknown, limits)).toEqual(
      decodeProtobuf(known, limits),
    );
    const more = { ...body, extra: [1, { deep: null }] };
    expect(decodeJson(asJson(more), limits)).toEqual(
      decodeJson(asJson(body), limits),
    );
  });

  it.each([
    ['no JSON', 'hello', /no JSON/],
    ['a list', '[]', /the body is no object/],
    ['a number', '5', /the body is no object/],
    [
      'resourceMetrics of the wrong type',
      '{"resourceMetrics":{}}',
      /resourceMetrics is no list/,
    ],
    [
      'a resource that is text',
      '{"resourceMetrics":["x"]}',
      /resourceMetrics\[0\] is no object/,
    ],
    [
      'a metric without a name',
      JSON.stringify(request(resource({}, [{ gauge: {} }]))),
      /name is missing/,
    ],
    [
      'a name that is a number',
      JSON.stringify(request(resource({}, [{ name: 4 }]))),
      /name is no text/,
    ],
    [
      'a value that is text',
      JSON.stringify(
        request(
          resource({}, [
            { name: 'm', gauge: { dataPoints: [{ asDouble: 'many' }] } },
          ]),
        ),
      ),
      /asDouble is no number/,
    ],
    [
      'half a count',
      JSON.stringify(
        request(
          resource({}, [
            {
              name: 'm',
              exponentialHistogram: { dataPoints: [{ count: 1.5 }] },
            },
          ]),
        ),
      ),
      /count is no whole number/,
    ],
    [
      'a negative count',
      JSON.stringify(
        request(
          resource({}, [
            {
              name: 'm',
              exponentialHistogram: { dataPoints: [{ count: '-1' }] },
            },
          ]),
        ),
      ),
      /count is negative/,
    ],
    [
      'an unknown temporality',
      JSON.stringify(
        request(
          resource({}, [{ name: 'm', sum: { aggregationTemporality: 7 } }]),
        ),
      ),
      /neither delta nor cumulative/,
    ],
  ])('refuses %s and names it', (_, text, message) => {
    expect(() => decodeJson(Buffer.from(text), limits)).toThrow(message);
    expect(() => decodeJson(Buffer.from(text), limits)).toThrow(MalformedError);
  });

  it.each([
    [
      'points',
      request(
        resource({}, [
          sum(
            'm',
            Array.from({ length: 1_001 }, () => ({ ...span, value: 1 })),
          ),
        ]),
      ),
      /more than 1000 data points/,
    ],
    [
      'attributes',
      request(
        resource(
          Object.fromEntries(
            Array.from({ length: 31 }, (_, i) => [`k${i}`, 1]),
          ),
          [],
        ),
      ),
      /31 attributes/,
    ],
    [
      'points and exemplars',
      request(
        resource({}, [
          histogram('m', [
            {
              ...span,
              seconds: [],
              exemplars: Array.from({ length: 1_000 }, () => ({ seconds: 1 })),
            },
          ]),
        ]),
      ),
      /more than 1000 data points/,
    ],
    [
      'attributes of an exemplar',
      request(
        resource({}, [
          histogram('m', [
            {
              ...span,
              seconds: [],
              exemplars: [
                {
                  seconds: 1,
                  attributes: Object.fromEntries(
                    Array.from({ length: 31 }, (_, i) => [`k${i}`, 1]),
                  ),
                },
              ],
            },
          ]),
        ]),
      ),
      /31 attributes/,
    ],
    [
      'characters of a value',
      request(resource({ key: 'x'.repeat(201) }, [])),
      /201 characters/,
    ],
    [
      'characters of a key',
      request(resource({ ['x'.repeat(201)]: 'y' }, [])),
      /201 characters/,
    ],
    [
      'buckets',
      request(
        resource({}, [
          {
            name: 'm',
            exponentialHistogram: {
              dataPoints: [
                { positive: { bucketCounts: new Array(501).fill(0) } },
              ],
            },
          },
        ]),
      ),
      /501 buckets/,
    ],
  ])('stops at too many %s', (_, value, message) => {
    for (const decode of [
      () => decodeJson(asJson(value), limits),
      () => decodeProtobuf(asProtobuf(value), limits),
    ]) {
      expect(decode).toThrow(LimitExceededError);
      expect(decode).toThrow(message);
    }
  });

  it('refuses NUL in a name, which not every database stores', () => {
    const value = request(resource({ 'k8s.node.name': 'a\0b' }, []));
    for (const decode of [
      () => decodeJson(asJson(value), limits),
      () => decodeProtobuf(asProtobuf(value), limits),
    ]) {
      expect(decode).toThrow(MalformedError);
      expect(decode).toThrow(/NUL/);
    }
  });

  it('survives every truncation', () => {
    const bytes = asProtobuf(body);
    for (let length = 0; length < bytes.length; length++) {
      outcome(() => decodeProtobuf(bytes.subarray(0, length), limits));
    }
    const text = asJson(body);
    for (let length = 0; length < text.length; length += 7) {
      expect(outcome(() => decodeJson(text.subarray(0, length), limits))).toBe(
        'refused',
      );
    }
  });

  it('survives bytes that were changed on the way', () => {
    for (const [bytes, decode] of [
      [asProtobuf(body), decodeProtobuf],
      [asJson(body), decodeJson],
    ] as const) {
      fc.assert(
        fc.property(
          fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.nat(255)), {
            minLength: 1,
            maxLength: 8,
          }),
          changes => {
            const changed = Buffer.from(bytes);
            for (const [at, value] of changes) changed[at] = value;
            outcome(() => decode(changed, limits));
          },
        ),
        { numRuns: 3_000 },
      );
    }
  });

  it('survives bytes that mean nothing', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), bytes => {
        outcome(() => decodeProtobuf(bytes, limits));
        outcome(() => decodeJson(bytes, limits));
      }),
      { numRuns: 2_000 },
    );
    expect(
      outcome(() => decodeProtobuf(gzipSync(asProtobuf(body)), limits)),
    ).toBe('refused');
  });

  it('does not let an attribute name reach the prototype of objects', () => {
    const decoded = decodeJson(
      asJson(
        request({
          resource: {
            attributes: [{ key: '__proto__', value: { stringValue: 'x' } }],
          },
        }),
      ),
      limits,
    );
    expect(Object.keys(decoded.resources[0].attributes)).toEqual(['__proto__']);
    expect(({} as Record<string, unknown>).x).toBeUndefined();
  });

  it('survives values nested without end', () => {
    let value: object = { stringValue: 'x' };
    // AnyValue, as bytes: field 5 (array_value) of field 1 (values), again and again.
    let bytes: Uint8Array = Buffer.from([0x0a, 1, 0x78]);
    for (let depth = 0; depth < 400; depth++) {
      value = { arrayValue: { values: [value] } };
      bytes = wrapped(5, wrapped(1, bytes));
    }
    const nested = request({ resource: { attributes: [{ key: 'k', value }] } });
    expect(() => decodeJson(asJson(nested), limits)).toThrow(
      /nested too deeply/,
    );
    const message = wrapped(1, wrapped(1, wrapped(1, wrapped(2, bytes))));
    expect(outcome(() => decodeProtobuf(message, limits))).toBe('refused');
  });

  it('reads histograms bucket by bucket', () => {
    const metric = histogram('m', [{ ...span, seconds: [0, 1, 1, 3] }]);
    const decoded = decodeProtobuf(
      asProtobuf(request(resource({}, [metric]))),
      limits,
    );
    expect(decoded.resources[0].metrics[0]).toMatchObject({
      points: [
        {
          count: 4,
          sum: 5,
          scale: 3,
          zeroCount: 1,
          positive: { offset: -1, counts: [2, ...new Array(12).fill(0), 1] },
        },
      ],
    });
  });
});
