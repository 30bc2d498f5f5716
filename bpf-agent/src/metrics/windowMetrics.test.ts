import fc from 'fast-check';
import { PodDirectory } from '../identity/podDirectory';
import { Subjects } from '../identity/subject';
import type { LedgerEntry } from '../ledger/ledgerBook';
import { secondsOf, type MetricsRequest } from '../otlp/model';
import type { Frame, FrameBlame } from '../sensor/frame';
import {
  emptyFrame,
  framePairArbitrary,
  histogram,
  id64,
  nodeCgroupId,
  NODE_CGROUPS,
  NODE_PATHS,
  UID_A,
  UID_B,
} from '../__testUtils__/frames';
import { pod } from '../__testUtils__/pods';
import { windowBetween } from '../window/window';
import { windowMetrics, type AgentAccount } from './windowMetrics';

const QUIET: AgentAccount = { cpuNs: 0n, lost: new Map() };

function directory(): PodDirectory {
  const made = new PodDirectory({ labels: ['app'], rememberMs: 1000 });
  made.update(
    [
      pod({
        name: 'checkout-0',
        uid: UID_A,
        containers: { app: id64('app'), proxy: id64('proxy') },
      }),
      pod({
        name: 'batch-0',
        uid: UID_B,
        labels: { app: 'batch' },
        containers: { batch: id64('batch') },
      }),
    ],
    0,
  );
  return made;
}

function metricsOf(
  before: Frame | undefined,
  after: Frame,
  ledger: LedgerEntry[] = [],
  agent = QUIET,
): MetricsRequest {
  const subjects = new Subjects(after.cgroups, directory(), {
    node: 'node-1',
    kubernetes: true,
    extra: {},
  });
  return windowMetrics(windowBetween(before, after), subjects, ledger, agent);
}

function resourceAt(request: MetricsRequest, path: string) {
  return request.resources.find(
    one => one.attributes['contention.cgroup.path'] === path,
  );
}

function pointsAt(request: MetricsRequest, path: string, name: string) {
  const metric = resourceAt(request, path)?.metrics.find(
    one => one.name === name,
  );
  return metric?.points ?? [];
}

const cgroups = NODE_CGROUPS;
const cgroupId = (path: string) => nodeCgroupId(NODE_PATHS.indexOf(path));
const POD_A = `/kubepods/burstable/pod${UID_A}`;
const APP = `${POD_A}/${id64('app')}`;
const PROXY = `${POD_A}/${id64('proxy')}`;
const BATCH = `/kubepods/pod${UID_B}/${id64('batch')}`;

/** One victim, one row of blame: the attributes it becomes. */
function blamed(row: Omit<FrameBlame, 'ns'>): Record<string, unknown> {
  const after = emptyFrame(2, {
    cgroups,
    waits: [histogram(row.victim, 1000n, [[-160, 1n]])],
    blame: [{ ...row, ns: '1000' }],
  });
  const victim = new Subjects(cgroups, directory(), {
    node: 'node-1',
    kubernetes: true,
    extra: {},
  }).of(row.victim);
  const points = pointsAt(
    metricsOf(emptyFrame(1, { cgroups }), after),
    victim.path,
    'contention.cpu.wait.blame',
  );
  expect(points).toHaveLength(1);
  return points[0].attributes;
}

describe('the kernel side keeps its promise through the naming', () => {
  it('on every resource the parts of a wait are the wait, to the nanosecond', () => {
    fc.assert(
      fc.property(framePairArbitrary, ([before, after]) => {
        const request = metricsOf(before, after);
        let total = 0n;
        for (const { metrics } of request.resources) {
          const wait = metrics.find(one => one.name === 'contention.cpu.wait');
          const blame = metrics.find(
            one => one.name === 'contention.cpu.wait.blame',
          );
          const waitNs =
            wait?.kind === 'exponentialHistogram'
              ? wait.points.reduce((sum, point) => sum + point.sumNs, 0n)
              : 0n;
          const parts =
            blame?.kind === 'sum'
              ? blame.points.map(point =>
                  'ns' in point.value ? point.value.ns : -1n,
                )
              : [];
          expect(parts.reduce((sum, ns) => sum + ns, 0n)).toBe(waitNs);
          // And a receiver that only sees seconds gets the same nanoseconds back.
          const received = parts.map(ns =>
            BigInt(Math.round(secondsOf(ns) * 1e9)),
          );
          expect(received).toEqual(parts);
          total += waitNs;
        }
        const sumOf = (frame: Frame) =>
          frame.waits.reduce((sum, wait) => sum + BigInt(wait.sumNs), 0n);
        expect(total).toBe(sumOf(after) - sumOf(before));
      }),
    );
  });

  it('and no number is negative or booked to a resource without a path', () => {
    fc.assert(
      fc.property(framePairArbitrary, ([before, after]) => {
        for (const { attributes, metrics } of metricsOf(before, after)
          .resources) {
          expect(attributes).toHaveProperty(['contention.cgroup.path']);
          for (const metric of metrics) {
            if (metric.kind !== 'sum') continue;
            for (const { value } of metric.points) {
              const amount = 'ns' in value ? value.ns : 0n;
              expect(amount >= 0n).toBe(true);
            }
          }
        }
      }),
    );
  });
});

describe('who had the CPU', () => {
  const victim = cgroupId(APP);
  it('a thread of the same container: self', () => {
    expect(blamed({ victim, kind: 'cgroup', culprit: victim })).toEqual({
      'contention.culprit.kind': 'self',
    });
    const nested = cgroupId(`${APP}/nested/deeper`);
    expect(blamed({ victim, kind: 'cgroup', culprit: nested })).toEqual({
      'contention.culprit.kind': 'self',
    });
  });

  it('a container of another pod: named, and no sidecar', () => {
    const culprit = cgroupId(BATCH);
    expect(blamed({ victim, kind: 'cgroup', culprit })).toEqual({
      'contention.culprit.kind': 'container',
      'contention.culprit.same_pod': false,
      'contention.culprit.k8s.namespace.name': 'shop',
      'contention.culprit.k8s.pod.name': 'batch-0',
      'contention.culprit.k8s.pod.uid': UID_B,
      'contention.culprit.k8s.container.name': 'batch',
      'contention.culprit.k8s.pod.label.app': 'batch',
      'contention.culprit.container.id': id64('batch'),
      'contention.culprit.contention.cgroup.path': BATCH,
    });
  });

  it('a container of the same pod: marked as a sidecar', () => {
    const culprit = cgroupId(PROXY);
    expect(blamed({ victim, kind: 'cgroup', culprit })).toMatchObject({
      'contention.culprit.kind': 'container',
      'contention.culprit.same_pod': true,
      'contention.culprit.k8s.container.name': 'proxy',
    });
  });

  it('a container outside Kubernetes', () => {
    const culprit = cgroupId(`/docker/${id64('plain')}`);
    expect(blamed({ victim, kind: 'cgroup', culprit })).toMatchObject({
      'contention.culprit.kind': 'container',
      'contention.culprit.same_pod': false,
      'contention.culprit.container.id': id64('plain'),
    });
  });

  it('a systemd unit or any other cgroup: system', () => {
    const cron = cgroupId('/system.slice/cron.service/job');
    expect(blamed({ victim, kind: 'cgroup', culprit: cron })).toEqual({
      'contention.culprit.kind': 'system',
      'contention.culprit.systemd.unit': 'cron.service',
      'contention.culprit.contention.cgroup.path': '/system.slice/cron.service',
    });
    const root = cgroupId('/');
    expect(blamed({ victim, kind: 'cgroup', culprit: root })).toEqual({
      'contention.culprit.kind': 'system',
      'contention.culprit.contention.cgroup.path': '/',
    });
  });

  it('interrupt work for somebody: that somebody; for nobody: interrupt', () => {
    const culprit = cgroupId(BATCH);
    expect(blamed({ victim, kind: 'softirq', culprit })).toMatchObject({
      'contention.culprit.kind': 'container',
      'contention.culprit.via': 'softirq',
      'contention.culprit.k8s.pod.name': 'batch-0',
    });
    expect(blamed({ victim, kind: 'softirq', culprit: victim })).toEqual({
      'contention.culprit.kind': 'self',
      'contention.culprit.via': 'softirq',
    });
    expect(blamed({ victim, kind: 'softirq' })).toEqual({
      'contention.culprit.kind': 'interrupt',
    });
  });

  it.each([
    [APP, 'container'],
    [`${APP}/nested/deeper`, 'container'],
    [POD_A, 'pod'],
    ['/kubepods/burstable', 'slice'],
    ['/kubepods', 'slice'],
  ])('the quota of %s: throttled, level %s', (path, level) => {
    const culprit = cgroupId(path);
    expect(blamed({ victim, kind: 'throttled', culprit })).toEqual({
      'contention.culprit.kind': 'throttled',
      'contention.quota.level': level,
    });
  });

  it.each([
    'kernel',
    'steal',
    'interrupt',
    'idle',
    'other',
    'unattributed',
  ] as const)('%s is passed on', kind => {
    expect(blamed({ victim, kind })).toEqual({
      'contention.culprit.kind': kind,
    });
  });

  it('a cgroup that nobody knows: unattributed, not dropped', () => {
    expect(blamed({ victim, kind: 'cgroup', culprit: '999' })).toEqual({
      'contention.culprit.kind': 'unattributed',
    });
  });
});

describe('a container', () => {
  it('that did not wait says so', () => {
    const request = metricsOf(
      emptyFrame(1, { cgroups }),
      emptyFrame(2, { cgroups }),
    );
    expect(pointsAt(request, APP, 'contention.cpu.wait')).toMatchObject([
      { count: 0n, sumNs: 0n, zeroCount: 0n },
    ]);
  });

  it('shows the oldest of its open waits, nested cgroups included', () => {
    const after = emptyFrame(2, {
      cgroups,
      open: [
        { cgroup: cgroupId(APP), count: 2, oldestNs: '700' },
        {
          cgroup: cgroupId(`${APP}/nested/deeper`),
          count: 1,
          oldestNs: '900',
        },
      ],
    });
    const request = metricsOf(emptyFrame(1, { cgroups }), after);
    expect(pointsAt(request, APP, 'contention.cpu.wait.open')).toMatchObject([
      { value: { ns: 900n } },
    ]);
  });

  it('shows stalls by the level of the quota', () => {
    const row = histogram(cgroupId(APP), 5000n, [[-150, 1n]]);
    const after = emptyFrame(2, {
      cgroups,
      stalls: [
        { ...row, quota: cgroupId(APP) },
        { ...row, quota: cgroupId(POD_A) },
      ],
    });
    const request = metricsOf(emptyFrame(1, { cgroups }), after);
    const points = pointsAt(request, APP, 'contention.cpu.throttled.stall');
    expect(points.map(point => point.attributes)).toEqual([
      { 'contention.quota.level': 'container' },
      { 'contention.quota.level': 'pod' },
    ]);
  });

  it("tells who burned a pod's quota on the pod, by container, and a container's own on the container", () => {
    const burn = (quota: string, cgroup: string, ns: string) => ({
      quota: cgroupId(quota),
      cgroup: cgroupId(cgroup),
      ns,
    });
    const before = emptyFrame(1, {
      cgroups,
      burn: [burn(POD_A, APP, '1000')],
    });
    const after = emptyFrame(2, {
      cgroups,
      burn: [
        burn(POD_A, APP, '4000'),
        burn(POD_A, PROXY, '9000'),
        burn(APP, APP, '500'),
        burn('/kubepods/burstable', PROXY, '70'),
      ],
    });
    const request = metricsOf(before, after);
    const burned = (path: string) =>
      pointsAt(request, path, 'contention.cpu.quota.burn').map(point => [
        point.attributes['k8s.container.name'],
        point.attributes['contention.quota.level'],
        'value' in point && point.value,
      ]);
    expect(burned(POD_A)).toEqual([
      ['app', 'pod', { ns: 3000n }],
      ['proxy', 'pod', { ns: 9000n }],
      ['proxy', 'slice', { ns: 70n }],
    ]);
    expect(burned(APP)).toEqual([[undefined, 'container', { ns: 500n }]]);
  });
});

describe('CPU time', () => {
  const entry = (path: string, userNs: bigint, systemNs: bigint) => ({
    path,
    startUnixNs: 0n,
    endUnixNs: 1n,
    mode: { userNs, systemNs },
  });
  const amounts = (request: MetricsRequest, path: string) =>
    pointsAt(request, path, 'contention.cpu.time').map(point => [
      point.attributes['cpu.mode'],
      'value' in point && 'ns' in point.value ? point.value.ns : undefined,
    ]);

  it('is the exact total, split by the proportion of the ledger', () => {
    fc.assert(
      fc.property(
        fc.bigInt(1n, 10n ** 12n),
        fc.bigInt(0n, 10n ** 12n),
        fc.bigInt(1n, 10n ** 12n),
        (ns, userNs, systemNs) => {
          const after = emptyFrame(2, {
            cgroups,
            cpu: [
              { cgroup: cgroupId(APP), ns: String(ns) },
              { cgroup: cgroupId(`${APP}/nested/deeper`), ns: '5' },
            ],
          });
          const before = emptyFrame(1, { cgroups });
          const request = metricsOf(before, after, [
            entry(APP, userNs, systemNs),
          ]);
          const parts = amounts(request, APP);
          expect(parts.map(([mode]) => mode)).toEqual(['user', 'system']);
          expect((parts[0][1] as bigint) + (parts[1][1] as bigint)).toBe(
            ns + 5n,
          );
        },
      ),
    );
  });

  it('is the ledger of each container while blame is switched off, which takes CPU time with it', () => {
    const [before, after] = ['100', '900'].map((ns, index) => {
      const frame = emptyFrame(index + 1, {
        cgroups,
        cpu: [{ cgroup: cgroupId(APP), ns }],
      });
      frame.health.shedNs = { blame: index === 0 ? '0' : '400' };
      return frame;
    });
    const used = { userNs: 2000n, systemNs: 3000n };
    const request = metricsOf(before, after, [
      { ...entry(APP, 1n, 1n), used },
      { ...entry(`${APP}/nested`, 1n, 1n), used },
      { ...entry(POD_A, 1n, 1n), used },
      entry(PROXY, 1n, 1n), // read for the first time
    ]);
    expect(amounts(request, APP)).toEqual([
      ['user', 2000n],
      ['system', 3000n],
    ]);
    expect(amounts(request, POD_A)).toEqual([]);
    expect(amounts(request, PROXY)).toEqual([]);
    expect(pointsAt(request, '/', 'contention.agent.shed')).toMatchObject([
      { attributes: { 'contention.program': 'blame' }, value: { ns: 400n } },
    ]);
  });

  it('is not split where the ledger covers more than the threads meant', () => {
    const after = emptyFrame(2, {
      cgroups,
      cpu: [{ cgroup: cgroupId('/'), ns: '77' }],
    });
    const request = metricsOf(emptyFrame(1, { cgroups }), after, [
      entry('/', 1n, 1n),
    ]);
    expect(amounts(request, '/')).toEqual([[undefined, 77n]]);
  });
});

describe('the ledger is one value per cgroup, on the resource whose it is', () => {
  const entry = (path: string): LedgerEntry => ({
    path,
    startUnixNs: 10n,
    endUnixNs: 20n,
    quota: { periods: 100n, throttledPeriods: 40n, throttledNs: 123n },
    limitCpus: 0.5,
  });
  it.each([
    [APP, 'container'],
    [POD_A, 'pod'],
    ['/kubepods/burstable', 'slice'],
    ['/system.slice/cron.service', 'container'],
    ['/system.slice', 'slice'],
  ])('%s: %s', (path, level) => {
    const request = metricsOf(
      emptyFrame(1, { cgroups }),
      emptyFrame(2, { cgroups }),
      [entry(path)],
    );
    const attributes = { 'contention.quota.level': level };
    const at = (name: string) =>
      pointsAt(request, path, `contention.cpu.throttled.${name}`);
    expect(at('time')).toEqual([
      { attributes, startUnixNs: 10n, endUnixNs: 20n, value: { ns: 123n } },
    ]);
    expect(at('periods')).toMatchObject([
      { attributes, value: { integer: 100n } },
    ]);
    expect(at('periods.throttled')).toMatchObject([
      { attributes, value: { integer: 40n } },
    ]);
    expect(pointsAt(request, path, 'contention.cpu.limit')).toMatchObject([
      { value: { double: 0.5 } },
    ]);
    const others = request.resources.filter(
      one => one.attributes['contention.cgroup.path'] !== path,
    );
    expect(
      others.flatMap(one => one.metrics).map(metric => metric.name),
    ).not.toContain('contention.cpu.throttled.time');
  });

  it('a pod has no container name', () => {
    const request = metricsOf(
      emptyFrame(1, { cgroups }),
      emptyFrame(2, { cgroups }),
      [entry(POD_A)],
    );
    expect(resourceAt(request, POD_A)?.attributes).toEqual({
      'k8s.node.name': 'node-1',
      'k8s.namespace.name': 'shop',
      'k8s.pod.name': 'checkout-0',
      'k8s.pod.uid': UID_A,
      'contention.cgroup.path': POD_A,
    });
  });

  it('a cgroup without a quota says nothing about quotas', () => {
    const { limitCpus: _, ...unlimited } = entry(APP);
    unlimited.quota = { periods: 0n, throttledPeriods: 0n, throttledNs: 0n };
    const request = metricsOf(
      emptyFrame(1, { cgroups }),
      emptyFrame(2, { cgroups }),
      [unlimited],
    );
    expect(pointsAt(request, APP, 'contention.cpu.throttled.time')).toEqual([]);
  });
});

it('the node tells its CPUs, and the agent what it saw, lost and cost', () => {
  const before = emptyFrame(1);
  const after = emptyFrame(2);
  before.health = {
    ...before.health,
    conservation: { victims: 4, unequal: 2, differenceNs: '9' },
  };
  after.health = {
    ...after.health,
    events: { sched_switch: '500' },
    lost: { logShort: '3' },
    overheadNs: { sensor: '42' },
    conservation: { victims: 9, unequal: 4, differenceNs: '12' },
  };
  const request = metricsOf(before, after, [], {
    cpuNs: 1000n,
    lost: new Map([['sensor_restart', 1n]]),
  });
  const at = (name: string) =>
    Object.fromEntries(
      pointsAt(request, '/', name).map(point => [
        point.attributes['contention.program'],
        'value' in point ? Object.values(point.value)[0] : undefined,
      ]),
    );
  expect(at('contention.agent.events')).toEqual({ sched_switch: 500n });
  expect(at('contention.agent.lost')).toEqual({
    logShort: 3n,
    conservation: 2n,
    sensor_restart: 1n,
  });
  expect(at('contention.agent.overhead')).toEqual({
    sensor: 42n,
    agent: 1000n,
  });
  expect(pointsAt(request, '/', 'contention.cpu.limit')).toMatchObject([
    { value: { double: 2 } },
  ]);
});
