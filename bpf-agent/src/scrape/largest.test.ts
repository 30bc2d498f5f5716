import { METRIC } from 'backstage-plugin-contention-common/metrics';
import fc from 'fast-check';
import { Accumulator, type TimedRequest } from '../metrics/accumulator';
import { RequestBuilder } from '../metrics/requestBuilder';
import type { MetricsRequest, NumberPoint } from '../otlp/model';
import { Largest, NAMED, SERIES } from './largest';

const SECOND = 1_000_000_000n;
const IDLE = 900n * SECOND;
const VICTIM = { 'contention.cgroup.path': '/victim' };

const culprit = (name: string) => ({
  'contention.culprit.kind': 'container',
  'contention.culprit.same_pod': false,
  'contention.culprit.contention.cgroup.path': `/${name}`,
  'contention.culprit.k8s.pod.name': name,
});
const SELF = { 'contention.culprit.kind': 'self' };

/** Waits of one victim behind others, by their names. */
function windowOf(
  step: number,
  blame: Record<string, bigint>,
  more: (
    builder: RequestBuilder,
    span: { startUnixNs: bigint; endUnixNs: bigint },
  ) => void = () => {},
): TimedRequest {
  const builder = new RequestBuilder();
  const span = {
    startUnixNs: BigInt(step) * 10n * SECOND,
    endUnixNs: BigInt(step + 1) * 10n * SECOND,
  };
  for (const [name, ns] of Object.entries(blame)) {
    const attributes = name === 'self' ? SELF : culprit(name);
    builder.add(VICTIM, METRIC.cpuWaitBlame, attributes, { ns }, span);
  }
  more(builder, span);
  return { request: builder.build(), ...span };
}

function pointsOf(request: MetricsRequest): NumberPoint[] {
  return request.resources
    .flatMap(one => one.metrics)
    .flatMap(metric => metric.points as NumberPoint[]);
}

const nsOf = (point: NumberPoint) => (point.value as { ns: bigint }).ns;
const nameOf = ({ attributes }: NumberPoint) =>
  String(
    attributes['contention.culprit.k8s.pod.name'] ??
      attributes['contention.culprit.kind'],
  );
const totalOf = (request: MetricsRequest) =>
  pointsOf(request).reduce((sum, point) => sum + nsOf(point), 0n);

const many = (count: number, sizeOf: (i: number) => bigint) =>
  Object.fromEntries(
    Array.from({ length: count }, (_, i) => [`c${i}`, sizeOf(i)]),
  );

it('the largest culprits of a victim keep their names, the rest is one', () => {
  const largest = new Largest(IDLE);
  const window = windowOf(0, {
    self: 1n,
    ...many(NAMED + 10, i => BigInt(i + 1) * 1000n),
  });
  const { request } = largest.take(window);
  const names = new Set(pointsOf(request).map(nameOf));
  expect(names).toEqual(
    new Set([
      'self',
      'other',
      ...Array.from({ length: NAMED }, (_, i) => `c${i + 10}`),
    ]),
  );
  expect(totalOf(request)).toBe(totalOf(window.request));
});

it('what gives way is followed by what is more than twice as large, and not by its like', () => {
  const largest = new Largest(IDLE);
  const alike = many(NAMED, () => 1000n);
  largest.take(windowOf(0, alike));
  const namesIn = (window: TimedRequest) =>
    new Set(pointsOf(largest.take(window).request).map(nameOf));
  expect(namesIn(windowOf(1, { ...alike, late: 1200n }))).not.toContain('late');
  expect(namesIn(windowOf(2, { ...alike, late: 9000n }))).toContain('late');
});

it('peers that are folded have no address, as where the sensor had no room', () => {
  const largest = new Largest(IDLE);
  const { request } = largest.take(
    windowOf(0, {}, (builder, span) => {
      for (let i = 0; i <= NAMED; i++) {
        const attributes = {
          'contention.role': 'client',
          'network.peer.address': `10.0.0.${i}`,
          'network.peer.port': 80,
          'network.io.direction': 'transmit',
        };
        const integer = BigInt(100 - i);
        builder.add(VICTIM, METRIC.tcpSegments, attributes, { integer }, span);
      }
    }),
  );
  const folded = pointsOf(request).filter(
    ({ attributes }) => !('network.peer.address' in attributes),
  );
  expect(folded).toEqual([
    expect.objectContaining({
      attributes: {
        'contention.role': 'client',
        'network.io.direction': 'transmit',
      },
      value: { integer: BigInt(100 - NAMED) },
    }),
  ]);
});

it('a window that was given is not changed', () => {
  const window = windowOf(
    0,
    many(NAMED + 5, i => BigInt(i)),
  );
  const before = JSON.stringify(pointsOf(window.request), (_, value) =>
    typeof value === 'bigint' ? String(value) : value,
  );
  new Largest(IDLE).take(window);
  expect(
    JSON.stringify(pointsOf(window.request), (_, value) =>
      typeof value === 'bigint' ? String(value) : value,
    ),
  ).toBe(before);
});

it('added up, nothing is lost, no series shrinks, and there are never more than so many', () => {
  fc.assert(
    fc.property(
      fc.array(
        fc.dictionary(
          fc.integer({ min: 0, max: 80 }).map(i => `c${i}`),
          fc.bigInt(0n, 10n ** 10n),
          { maxKeys: 60, noNullPrototype: true },
        ),
        { maxLength: 30 },
      ),
      windows => {
        const largest = new Largest(IDLE);
        const series = new Accumulator({
          temporality: 'cumulative',
          idleNs: IDLE,
        });
        let total = 0n;
        let before = new Map<string, bigint>();
        windows.forEach((blame, step) => {
          const window = windowOf(step, blame);
          total += totalOf(window.request);
          series.add(largest.take(window));
          const points = pointsOf(series.request(window.endUnixNs));
          const now = new Map(points.map(p => [nameOf(p), nsOf(p)]));
          expect(points.length).toBeLessThanOrEqual(SERIES + 1);
          expect(now.size).toBe(points.length);
          for (const [name, ns] of before) {
            expect(now.get(name)).toBeGreaterThanOrEqual(ns);
          }
          expect(points.reduce((sum, p) => sum + nsOf(p), 0n)).toBe(total);
          before = now;
        });
      },
    ),
  );
});

it('who has been at rest for so long that its series is forgotten makes room', () => {
  const largest = new Largest(IDLE);
  // As many as there may be: a second generation takes the places of the first.
  largest.take(
    windowOf(
      0,
      many(NAMED, () => 1000n),
    ),
  );
  largest.take(
    windowOf(
      1,
      Object.fromEntries(
        Object.keys(many(NAMED, () => 0n)).map(n => [`x${n}`, 10n ** 9n]),
      ),
    ),
  );
  const third = Object.fromEntries(
    Object.keys(many(NAMED, () => 0n)).map(n => [`y${n}`, 10n ** 15n]),
  );
  const namesIn = (step: number) =>
    new Set(pointsOf(largest.take(windowOf(step, third)).request).map(nameOf));
  expect(namesIn(2)).toEqual(new Set(['other']));
  expect(namesIn(2 + Number(IDLE / (10n * SECOND))).size).toBe(NAMED);
});
