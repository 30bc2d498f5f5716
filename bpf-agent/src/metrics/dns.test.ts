import { PodDirectory } from '../identity/podDirectory';
import { Subjects } from '../identity/subject';
import type { FrameDns } from '../sensor/frame';
import { parseFrame } from '../sensor/parseFrame';
import { emptyFrame, histogram, id64, UID_A } from '../__testUtils__/frames';
import { pod } from '../__testUtils__/pods';
import { windowBetween } from '../window/window';
import { windowMetrics } from './windowMetrics';

const CGROUPS = [
  { id: '1', path: '/' },
  { id: '3', path: `/kubepods/pod${UID_A}/${id64('app')}` },
];

/** The container's points of a metric, as attributes and value or count. */
function pointsOf(before: FrameDns[], after: FrameDns[], name: string) {
  const [first, then] = [before, after].map((dns, index) =>
    emptyFrame(index + 1, { cgroups: CGROUPS, dns }),
  );
  const pods = new PodDirectory({ labels: [], rememberMs: 1000 });
  const containers = { app: id64('app') };
  pods.update([pod({ name: 'checkout-0', uid: UID_A, containers })], 0);
  const subjects = new Subjects(then.cgroups, pods, {
    node: 'node-1',
    kubernetes: true,
    extra: {},
  });
  const agent = { cpuNs: 0n, lost: new Map() };
  const window = windowBetween(first, then);
  return windowMetrics(window, subjects, [], agent)
    .resources.filter(one => one.attributes['k8s.container.name'] === 'app')
    .flatMap(one => one.metrics)
    .filter(metric => metric.name === name)
    .flatMap(metric => metric.points as object[]);
}

const DURATION = 'contention.dns.duration';
const FAILURES = 'contention.dns.failures';

const row = (
  buckets: [number, bigint][],
  more: Partial<FrameDns>,
): FrameDns => ({
  ...histogram('3', 7n * BigInt(buckets.length), buckets),
  transport: 'udp',
  failures: {},
  ...more,
});

describe('queries of DNS on the wire', () => {
  const before = [
    row([[-80, 2n]], { server: '10.96.0.10', failures: { timeout: '1' } }),
  ];
  const after = [
    row([[-80, 5n]], {
      server: '10.96.0.10',
      sumNs: '100',
      failures: { timeout: '1', name_error: '4' },
    }),
    row([[-40, 1n]], { server: 'fd00::a', transport: 'tcp' }),
    row([], { failures: { timeout: '6' } }),
  ];

  it('are a histogram by name server and transport, what was before taken off', () => {
    expect(pointsOf(before, after, DURATION)).toMatchObject([
      {
        attributes: {
          'network.peer.address': '10.96.0.10',
          'network.transport': 'udp',
        },
        count: 3n,
        sumNs: 93n,
        buckets: new Map([[-80, 3n]]),
      },
      {
        attributes: {
          'network.peer.address': 'fd00::a',
          'network.transport': 'tcp',
        },
        count: 1n,
      },
    ]);
  });

  it('are failures by why, without an address where there was no room for one', () => {
    expect(pointsOf(before, after, FAILURES)).toMatchObject([
      {
        attributes: {
          'network.peer.address': '10.96.0.10',
          'network.transport': 'udp',
          'error.type': 'name_error',
        },
        value: { integer: 4n },
      },
      {
        attributes: { 'network.transport': 'udp', 'error.type': 'timeout' },
        value: { integer: 6n },
      },
    ]);
    const [, folded] = pointsOf(before, after, FAILURES) as {
      attributes: object;
    }[];
    expect(folded.attributes).not.toHaveProperty(['network.peer.address']);
  });

  it('are none where a sensor of an earlier release measures none', () => {
    const { dns, ...earlier } = emptyFrame(1);
    expect(dns).toEqual([]);
    expect(parseFrame(JSON.stringify(earlier)).dns).toEqual([]);
  });
});
