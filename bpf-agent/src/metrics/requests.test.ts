import { PodDirectory } from '../identity/podDirectory';
import { Subjects } from '../identity/subject';
import type { MetricsRequest } from '../otlp/model';
import type { Frame, FrameAnatomy, FrameWorst } from '../sensor/frame';
import {
  emptyFrame,
  histogram,
  id64,
  START_MONOTONIC_NS,
  START_REALTIME_NS,
  UID_A,
} from '../__testUtils__/frames';
import { pod } from '../__testUtils__/pods';
import { windowBetween } from '../window/window';
import { windowMetrics } from './windowMetrics';

const POD = `/kubepods/pod${UID_A}`;
const CGROUPS = [
  { id: '1', path: '/' },
  { id: '2', path: POD },
  { id: '3', path: `${POD}/${id64('app')}` },
  { id: '4', path: `${POD}/${id64('proxy')}` },
];

function metricsOf(before: Partial<Frame>, after: Partial<Frame>) {
  const [first, then] = [before, after].map((more, index) =>
    emptyFrame(index + 1, { cgroups: CGROUPS, ...more }),
  );
  const pods = new PodDirectory({ labels: [], rememberMs: 1000 });
  pods.update(
    [
      pod({
        name: 'checkout-0',
        uid: UID_A,
        containers: { app: id64('app'), proxy: id64('proxy') },
      }),
    ],
    0,
  );
  const subjects = new Subjects(then.cgroups, pods, {
    node: 'node-1',
    kubernetes: true,
    extra: {},
  });
  return windowMetrics(windowBetween(first, then), subjects, [], {
    cpuNs: 0n,
    lost: new Map(),
  });
}

function pointsOf(request: MetricsRequest, container: string, name: string) {
  return request.resources
    .filter(one => one.attributes['k8s.container.name'] === container)
    .flatMap(one => one.metrics)
    .filter(metric => metric.name === name)
    .flatMap(metric => metric.points as { attributes: object }[]);
}

const DURATION = 'contention.request.duration';
const ANATOMY = 'contention.request.anatomy';

const server = { role: 'server', estimated: false } as const;

describe('data that nobody has read, on the wire', () => {
  it('is a histogram of the container that read it late, what was before taken off', () => {
    const request = metricsOf(
      { unread: [histogram('3', 5n, [[-80, 1n]])] },
      {
        unread: [
          histogram('3', 12n, [[-80, 3n]]),
          histogram('4', 1n, [[-90, 1n]]),
        ],
      },
    );
    expect(pointsOf(request, 'app', 'contention.net.unread')).toMatchObject([
      { attributes: {}, count: 2n, sumNs: 7n, buckets: new Map([[-80, 2n]]) },
    ]);
    expect(pointsOf(request, 'proxy', 'contention.net.unread')).toHaveLength(1);
  });
});

describe('requests on the wire', () => {
  it('are histograms by role and by how sure they are, what was before taken off', () => {
    const request = metricsOf(
      { requests: [{ ...histogram('3', 5n, [[-80, 1n]]), ...server }] },
      {
        requests: [
          { ...histogram('3', 12n, [[-80, 3n]]), ...server },
          {
            ...histogram('3', 4n, [[-70, 1n]]),
            role: 'client',
            estimated: true,
          },
        ],
      },
    );
    expect(pointsOf(request, 'app', DURATION)).toMatchObject([
      {
        attributes: {
          'contention.role': 'server',
          'contention.estimated': false,
        },
        count: 2n,
        sumNs: 7n,
      },
      {
        attributes: {
          'contention.role': 'client',
          'contention.estimated': true,
        },
        count: 1n,
        sumNs: 4n,
      },
    ]);
  });

  it('are said to be none where none came, and nothing is said where they are not timed', () => {
    expect(pointsOf(metricsOf({}, {}), 'proxy', DURATION)).toMatchObject([
      { attributes: { 'contention.role': 'server' }, count: 0n },
    ]);
    const { health } = emptyFrame(2);
    const untimed = { health: { ...health, missing: ['requests'] } };
    expect(pointsOf(metricsOf(untimed, untimed), 'proxy', DURATION)).toEqual(
      [],
    );
  });
});

describe('the anatomy on the wire', () => {
  const row = (more: Partial<FrameAnatomy>): FrameAnatomy => ({
    cgroup: '3',
    ...server,
    band: -3,
    part: 'work',
    ns: '100',
    ...more,
  });

  it('has a band with its upper bound in seconds, and the part', () => {
    const request = metricsOf(
      { anatomy: [row({})] },
      { anatomy: [row({ ns: '350' }), row({ band: 1, part: 'unread' })] },
    );
    expect(pointsOf(request, 'app', ANATOMY)).toMatchObject([
      {
        attributes: {
          'contention.role': 'server',
          'contention.estimated': false,
          'contention.band': 0.125,
          'contention.part': 'work',
        },
        value: { ns: 250n },
      },
      {
        attributes: { 'contention.band': 2, 'contention.part': 'unread' },
        value: { ns: 100n },
      },
    ]);
  });

  it('names whose packets left while those of a request stood in a queue, as for a wait', () => {
    const request = metricsOf(
      {},
      {
        anatomy: [
          {
            ...server,
            cgroup: '3',
            band: -3,
            part: 'queue',
            kind: 'cgroup',
            culprit: '4',
            ns: '100',
          },
          { ...server, cgroup: '3', band: -3, part: 'retransmission', ns: '7' },
        ],
      },
    );
    expect(pointsOf(request, 'app', ANATOMY)).toMatchObject([
      {
        attributes: {
          'contention.part': 'queue',
          'contention.culprit.kind': 'container',
          'contention.culprit.k8s.container.name': 'proxy',
        },
        value: { ns: 100n },
      },
      {
        attributes: { 'contention.part': 'retransmission' },
        value: { ns: 7n },
      },
    ]);
  });

  it('names the culprit of a wait as the waits themselves do, and the level of a stop', () => {
    const request = metricsOf(
      {},
      {
        anatomy: [
          row({ part: 'wait', kind: 'cgroup', culprit: '4' }),
          row({ part: 'wait', kind: 'cgroup', culprit: '3' }),
          row({ part: 'wait', kind: 'kernel' }),
          row({ part: 'throttled', culprit: '2' }),
          row({ part: 'throttled', culprit: '3' }),
        ],
      },
    );
    expect(
      pointsOf(request, 'app', ANATOMY).map(point => point.attributes),
    ).toMatchObject([
      {
        'contention.part': 'wait',
        'contention.culprit.kind': 'container',
        'contention.culprit.same_pod': true,
        'contention.culprit.k8s.container.name': 'proxy',
      },
      { 'contention.part': 'wait', 'contention.culprit.kind': 'self' },
      { 'contention.part': 'wait', 'contention.culprit.kind': 'kernel' },
      { 'contention.part': 'throttled', 'contention.quota.level': 'pod' },
      { 'contention.part': 'throttled', 'contention.quota.level': 'container' },
    ]);
  });
});

describe('worst cases on the wire', () => {
  const ended = 1_500_000_000n;
  const slowest: FrameWorst = {
    of: 'request',
    cgroup: '3',
    ...server,
    partsEstimated: false,
    durationNs: '900',
    endMonotonicNs: String(START_MONOTONIC_NS + ended),
    peer: { address: '10.0.0.7', port: 40123 },
    parts: [
      { part: 'throttled', culprit: '2', ns: '100' },
      { part: 'wait', kind: 'cgroup', culprit: '4', ns: '300' },
      { part: 'wait', kind: 'kernel', ns: '200' },
      { part: 'work', ns: '300' },
    ],
  };

  it('are exemplars with time, peer, parts in seconds and the main culprit', () => {
    const request = metricsOf(
      {},
      {
        requests: [{ ...histogram('3', 900n, [[-240, 1n]]), ...server }],
        worst: [slowest],
      },
    );
    expect(pointsOf(request, 'app', DURATION)).toMatchObject([
      {
        count: 1n,
        exemplar: {
          ns: 900n,
          unixNs: START_REALTIME_NS + ended,
          attributes: {
            'network.peer.address': '10.0.0.7',
            'network.peer.port': 40123,
            'contention.part.throttled.pod': 1e-7,
            'contention.part.wait.container': 3e-7,
            'contention.part.wait.kernel': 2e-7,
            'contention.part.work': 3e-7,
            'contention.culprit.kind': 'container',
            'contention.culprit.k8s.container.name': 'proxy',
          },
        },
      },
    ]);
  });

  it('of waits are exemplars of the waits, the longest where there are several', () => {
    const wait = (cgroup: string, durationNs: string): FrameWorst => ({
      of: 'wait',
      cgroup,
      durationNs,
      endMonotonicNs: '6000000000',
      parts: [{ part: 'wait', kind: 'cgroup', culprit: '3', ns: durationNs }],
    });
    const request = metricsOf(
      {},
      { worst: [wait('3', '7'), wait('3', '9'), wait('3', '8')] },
    );
    expect(pointsOf(request, 'app', 'contention.cpu.wait')).toMatchObject([
      {
        attributes: {},
        exemplar: {
          ns: 9n,
          attributes: { 'contention.culprit.kind': 'self' },
        },
      },
    ]);
  });

  it('of another interval do not come again', () => {
    const request = metricsOf({ worst: [slowest] }, {});
    expect(pointsOf(request, 'app', DURATION)).toMatchObject([{ count: 0n }]);
    expect(pointsOf(request, 'app', DURATION)[0]).not.toHaveProperty(
      'exemplar',
    );
  });
});
