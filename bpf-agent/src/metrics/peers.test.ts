import type { Metric } from '../otlp/model';
import { emptyFrame, histogram, NODE_CGROUPS } from '../__testUtils__/frames';
import { PodDirectory } from '../identity/podDirectory';
import { Subjects } from '../identity/subject';
import type { Frame, FramePeer } from '../sensor/frame';
import { windowBetween } from '../window/window';
import { windowMetrics } from './windowMetrics';

/** Index of `/kubepods/pod…/batch` in NODE_CGROUPS. */
const CONTAINER = NODE_CGROUPS[8].id;

const durations = (sumNs: bigint, buckets: [number, bigint][]) => {
  const { cgroup: _, ...rest } = histogram('', sumNs, buckets);
  return rest;
};

const upstream = (more: Partial<FramePeer>): FramePeer => ({
  cgroup: CONTAINER,
  role: 'client',
  address: '10.0.0.7',
  port: 8080,
  ...more,
});

function metricsOf(before: Partial<Frame>, after: Partial<Frame>): Metric[] {
  const cgroups = NODE_CGROUPS;
  const frames = [
    emptyFrame(1, { cgroups, ...before }),
    emptyFrame(2, { cgroups, ...after }),
  ] as const;
  const subjects = new Subjects(
    cgroups,
    new PodDirectory({ labels: [], rememberMs: 1000 }),
    { node: 'node-1', kubernetes: true, extra: {} },
  );
  const agent = { cpuNs: 0n, lost: new Map() };
  const { resources } = windowMetrics(
    windowBetween(...frames),
    subjects,
    [],
    agent,
  );
  return resources.flatMap(resource => resource.metrics);
}

const pointsOf = (metrics: Metric[], name: string) =>
  metrics.filter(one => one.name === name).flatMap(one => [...one.points]);

const CLIENT = {
  'contention.role': 'client',
  'network.peer.address': '10.0.0.7',
  'network.peer.port': 8080,
};

it('what happened with a peer is told by its address, port and role', () => {
  const metrics = metricsOf(
    {
      peers: [
        upstream({
          segments: { transmit: '10', receive: '4' },
          retransmits: { fast: '1' },
        }),
      ],
    },
    {
      peers: [
        upstream({
          rtt: durations(20_000_000n, [[-46, 1n]]),
          connect: durations(1_000_000n, [[-80, 1n]]),
          requests: durations(5_000_000n, [[-62, 1n]]),
          connectFailures: { refused: '2' },
          segments: { transmit: '15', receive: '4' },
          retransmits: { fast: '3', timeout: '1' },
          resets: { receive: '1' },
          zeroWindows: { transmit: '6' },
        }),
      ],
    },
  );
  for (const [name, sumNs] of [
    ['contention.tcp.rtt', 20_000_000n],
    ['contention.tcp.connect', 1_000_000n],
    ['contention.peer.request.duration', 5_000_000n],
  ] as const) {
    expect(pointsOf(metrics, name)).toMatchObject([
      { attributes: CLIENT, count: 1n, sumNs },
    ]);
  }
  for (const [name, attribute, value, integer] of [
    ['contention.tcp.connect.failures', 'error.type', 'refused', 2n],
    ['contention.tcp.segments', 'network.io.direction', 'transmit', 5n],
    ['contention.tcp.resets', 'network.io.direction', 'receive', 1n],
    ['contention.tcp.zero_windows', 'network.io.direction', 'transmit', 6n],
  ] as const) {
    expect(pointsOf(metrics, name)).toMatchObject([
      { attributes: { ...CLIENT, [attribute]: value }, value: { integer } },
    ]);
  }
  expect(
    pointsOf(metrics, 'contention.tcp.retransmits').map(point => [
      point.attributes['contention.tcp.retransmit.cause'],
      'value' in point && point.value,
    ]),
  ).toEqual([
    ['fast', { integer: 2n }],
    ['timeout', { integer: 1n }],
  ]);
});

it('peers without a row of their own have no address, and those of a server no port', () => {
  const segments = { transmit: '1' };
  const metrics = metricsOf(
    {},
    {
      peers: [
        upstream({ segments, address: undefined, port: undefined }),
        upstream({ segments, role: 'server', port: undefined }),
      ],
    },
  );
  expect(
    pointsOf(metrics, 'contention.tcp.segments').map(one => one.attributes),
  ).toEqual([
    { 'contention.role': 'client', 'network.io.direction': 'transmit' },
    {
      'contention.role': 'server',
      'network.peer.address': '10.0.0.7',
      'network.io.direction': 'transmit',
    },
  ]);
});

it('a peer at rest says nothing, and one that was forgotten begins anew', () => {
  const before = { peers: [upstream({ segments: { transmit: '9' } })] };
  expect(
    pointsOf(metricsOf(before, before), 'contention.tcp.segments'),
  ).toEqual([]);
  expect(
    pointsOf(
      metricsOf(before, {
        peers: [upstream({ segments: { transmit: '2' } })],
      }),
      'contention.tcp.segments',
    ),
  ).toMatchObject([{ value: { integer: 2n } }]);
});

it('a full queue of a listener is told by its port', () => {
  const listeners = (overflows: string) => ({
    listeners: [{ cgroup: CONTAINER, port: 8080, overflows }],
  });
  const name = 'contention.tcp.listen.overflows';
  expect(pointsOf(metricsOf(listeners('3'), listeners('7')), name)).toEqual([
    expect.objectContaining({
      attributes: { 'server.port': 8080 },
      value: { integer: 4n },
    }),
  ]);
  expect(pointsOf(metricsOf(listeners('3'), listeners('3')), name)).toEqual([]);
});
