import fc from 'fast-check';
import { PodDirectory } from '../identity/podDirectory';
import { Subjects } from '../identity/subject';
import type { MetricsRequest } from '../otlp/model';
import type { Frame, FrameQueueBlame } from '../sensor/frame';
import { emptyFrame, histogram, id64, UID_A } from '../__testUtils__/frames';
import { pod } from '../__testUtils__/pods';
import { windowBetween } from '../window/window';
import { addReceive } from './packets';
import { RequestBuilder } from './requestBuilder';
import { windowMetrics } from './windowMetrics';

const APP = `/kubepods/pod${UID_A}/${id64('app')}`;
const PROXY = `/kubepods/pod${UID_A}/${id64('proxy')}`;
const CGROUPS = [
  { id: '1', path: '/' },
  { id: '3', path: APP },
  { id: '4', path: `${APP}/nested` },
  { id: '5', path: PROXY },
  { id: '6', path: '/system.slice/backup.service' },
];

const subjects = () => {
  const pods = new PodDirectory({ labels: [], rememberMs: 1000 });
  const containers = { app: id64('app'), proxy: id64('proxy') };
  pods.update([pod({ name: 'checkout-0', uid: UID_A, containers })], 0);
  return new Subjects(CGROUPS, pods, {
    node: 'node-1',
    kubernetes: true,
    extra: {},
  });
};

/** What is sent about the difference of two frames. */
function between(before: Partial<Frame>, after: Partial<Frame>) {
  const window = windowBetween(
    emptyFrame(1, { cgroups: CGROUPS, ...before }),
    emptyFrame(2, { cgroups: CGROUPS, ...after }),
  );
  return windowMetrics(window, subjects(), [], {
    cpuNs: 0n,
    lost: new Map(),
  });
}

/** Points of a metric on the resource of a cgroup. */
function pointsOf(request: MetricsRequest, path: string, name: string) {
  return request.resources
    .filter(one => one.attributes['contention.cgroup.path'] === path)
    .flatMap(one => one.metrics)
    .filter(metric => metric.name === name)
    .flatMap(metric => metric.points as object[]);
}

const QUEUE = 'contention.net.queue';
const BLAME = 'contention.net.queue.blame';
const IO = 'contention.net.io';
const DROPS = 'contention.net.drops';

describe('packets on the wire', () => {
  it('of nested cgroups are those of their container, by device', () => {
    const request = between(
      { netQueues: [{ ...histogram('3', 5n, [[-80, 1n]]), device: 'nic0' }] },
      {
        netQueues: [
          { ...histogram('3', 12n, [[-80, 3n]]), device: 'nic0' },
          { ...histogram('4', 8n, [[-79, 1n]]), device: 'nic0' },
          { ...histogram('4', 9n, [[-79, 1n]]), device: 'nic1' },
          histogram('4', 1n, [[-90, 1n]]),
        ],
      },
    );
    expect(pointsOf(request, APP, QUEUE)).toEqual([
      expect.objectContaining({
        attributes: { 'network.interface.name': 'nic0' },
        sumNs: 15n,
        count: 3n,
        buckets: new Map([
          [-80, 2n],
          [-79, 1n],
        ]),
      }),
      expect.objectContaining({
        attributes: { 'network.interface.name': 'nic1' },
        sumNs: 9n,
      }),
      // Of the devices that there was no room for.
      expect.objectContaining({ attributes: {}, sumNs: 1n }),
    ]);
  });

  it('name whose left meanwhile, as waits for a CPU do', () => {
    const row = (more: Partial<FrameQueueBlame>): FrameQueueBlame => ({
      victim: '3',
      device: 'nic0',
      kind: 'unattributed',
      ns: '10',
      ...more,
    });
    const request = between(
      { netBlame: [row({ kind: 'cgroup', culprit: '5', ns: '4' })] },
      {
        netBlame: [
          row({ kind: 'cgroup', culprit: '5' }),
          row({ kind: 'cgroup', culprit: '4' }),
          row({ kind: 'cgroup', culprit: '6' }),
          row({}),
        ],
      },
    );
    expect(pointsOf(request, APP, BLAME)).toEqual([
      expect.objectContaining({
        attributes: expect.objectContaining({
          'contention.culprit.kind': 'container',
          'contention.culprit.same_pod': true,
          'contention.culprit.k8s.container.name': 'proxy',
          'network.interface.name': 'nic0',
        }),
        value: { ns: 6n },
      }),
      expect.objectContaining({
        attributes: {
          'contention.culprit.kind': 'self',
          'network.interface.name': 'nic0',
        },
        value: { ns: 10n },
      }),
      expect.objectContaining({
        attributes: expect.objectContaining({
          'contention.culprit.kind': 'system',
          'contention.culprit.systemd.unit': 'backup.service',
        }),
        value: { ns: 10n },
      }),
      expect.objectContaining({
        attributes: {
          'contention.culprit.kind': 'unattributed',
          'network.interface.name': 'nic0',
        },
        value: { ns: 10n },
      }),
    ]);
  });

  it('keep blame and wait equal, whoever the culprits are', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.record({
            kind: fc.constantFrom('cgroup', 'kernel', 'other', 'unattributed'),
            culprit: fc.constantFrom('1', '3', '4', '5', '6', '99'),
            ns: fc.bigInt(0n, 10n ** 12n),
          }),
        ),
        rows => {
          const total = rows.reduce((sum, { ns }) => sum + ns, 0n);
          const request = between(
            {},
            {
              netQueues: [{ ...histogram('3', total, [[0, 1n]]), device: 'n' }],
              netBlame: rows.map(({ kind, culprit, ns }) => ({
                victim: '3',
                device: 'n',
                kind,
                ...(kind === 'cgroup' ? { culprit } : {}),
                ns: String(ns),
              })) as Frame['netBlame'],
            },
          );
          const blamed = pointsOf(request, APP, BLAME).reduce(
            (sum, point) => sum + (point as { value: { ns: bigint } }).value.ns,
            0n,
          );
          expect(blamed).toBe(total);
        },
      ),
    );
  });

  it('are bytes by direction, and drops by reason and place', () => {
    const request = between(
      {
        netIo: [
          { cgroup: '3', direction: 'receive', bytes: '100', packets: '1' },
        ],
      },
      {
        netIo: [
          { cgroup: '3', direction: 'receive', bytes: '350', packets: '3' },
          { cgroup: '4', direction: 'transmit', bytes: '40', packets: '1' },
          { cgroup: '3', direction: 'transmit', bytes: '2', packets: '1' },
        ],
        netDrops: [
          {
            cgroup: '3',
            reason: 'QDISC_DROP',
            place: 'queue',
            packets: '7',
          },
          { cgroup: '1', place: 'other', packets: '2' },
        ],
      },
    );
    expect(pointsOf(request, APP, IO)).toEqual([
      expect.objectContaining({
        attributes: { 'network.io.direction': 'receive' },
        value: { integer: 250n },
      }),
      expect.objectContaining({
        attributes: { 'network.io.direction': 'transmit' },
        value: { integer: 42n },
      }),
    ]);
    expect(pointsOf(request, APP, DROPS)).toEqual([
      expect.objectContaining({
        attributes: {
          'contention.drop.reason': 'QDISC_DROP',
          'contention.drop.place': 'queue',
        },
        value: { integer: 7n },
      }),
    ]);
    // Nobody can be told from the packet: the node's.
    expect(pointsOf(request, '/', DROPS)).toEqual([
      expect.objectContaining({
        attributes: { 'contention.drop.place': 'other' },
        value: { integer: 2n },
      }),
    ]);
  });
});

describe('packets that came while more came than CPUs could take, on the wire', () => {
  const RECEIVE = 'contention.net.receive';

  it("are the node's, by who sent them; the machine itself and its services are the system", () => {
    const request = between(
      {
        arrivals: [{ kind: 'cgroup', culprit: '3', packets: '10', bytes: '9' }],
        pressure: {
          pressedNs: '1000000000',
          watchedNs: '0',
          watching: true,
        },
      },
      {
        arrivals: [
          { kind: 'cgroup', culprit: '3', packets: '50', bytes: '9' },
          { kind: 'cgroup', culprit: '4', packets: '50', bytes: '9' },
          { kind: 'cgroup', culprit: '1', packets: '7', bytes: '9' },
          { kind: 'cgroup', culprit: '6', packets: '5', bytes: '9' },
          { kind: 'unattributed', packets: '3', bytes: '9' },
        ],
        pressure: {
          pressedNs: '4000000000',
          watchedNs: '2000000000',
          watching: true,
        },
      },
    );
    const node = (name: string) => pointsOf(request, '/', `${RECEIVE}.${name}`);
    expect(node('blame')).toEqual([
      expect.objectContaining({
        attributes: expect.objectContaining({
          'contention.culprit.kind': 'container',
          'contention.culprit.k8s.container.name': 'app',
        }),
        value: { integer: 90n },
      }),
      expect.objectContaining({
        attributes: { 'contention.culprit.kind': 'system' },
        value: { integer: 7n },
      }),
      expect.objectContaining({
        attributes: expect.objectContaining({
          'contention.culprit.kind': 'system',
          'contention.culprit.systemd.unit': 'backup.service',
        }),
        value: { integer: 5n },
      }),
      expect.objectContaining({
        attributes: { 'contention.culprit.kind': 'unattributed' },
        value: { integer: 3n },
      }),
    ]);
    expect(node('pressure')).toEqual([
      expect.objectContaining({ value: { ns: 3_000_000_000n } }),
    ]);
    expect(node('watched')).toEqual([
      expect.objectContaining({ value: { ns: 2_000_000_000n } }),
    ]);
  });

  it('are not spoken of where the sensor does not look for such times', () => {
    const request = between({}, { pressure: undefined });
    expect(pointsOf(request, '/', `${RECEIVE}.pressure`)).toEqual([]);
  });
});

describe("the node's receive side on the wire", () => {
  const node = subjects().nodeSubject;

  it('has the edges of its own readings', () => {
    const builder = new RequestBuilder();
    const entry = {
      packets: 10n,
      drops: 0n,
      squeezed: 3n,
      startUnixNs: 5n,
      endUnixNs: 9n,
    };
    addReceive(builder, node, entry);
    const request = builder.build();
    for (const [name, integer] of [
      ['contention.net.receive.packets', 10n],
      ['contention.net.receive.drops', 0n],
      ['contention.net.receive.squeezed', 3n],
    ] as const) {
      expect(pointsOf(request, '/', name)).toEqual([
        { attributes: {}, startUnixNs: 5n, endUnixNs: 9n, value: { integer } },
      ]);
    }
  });

  it('is silent where it was not read twice: silence means that nobody measured', () => {
    const builder = new RequestBuilder();
    addReceive(builder, node, undefined);
    expect(builder.build().resources).toEqual([]);
  });
});
