import { id64, UID_A, UID_B } from '../__testUtils__/frames';
import { pod } from '../__testUtils__/pods';
import type { Pod } from './pod';
import { PodDirectory } from './podDirectory';
import { quotaLevel, Subjects, type NodeIdentity } from './subject';
import { workloadAttributes } from './workload';
import { cpusOfQuantity, cpusOfWeight, podRequestCpus } from './cpuQuantity';
import { parsePodList } from './podSource';

const NODE: NodeIdentity = {
  cluster: 'prod',
  node: 'node-1',
  kubernetes: true,
  extra: { 'deployment.environment.name': 'live' },
};
const LABELS = ['app', 'backstage.io/kubernetes-id'];
const POD_PATH = `/kubepods/burstable/pod${UID_A}`;

function directory(pods: Pod[]): PodDirectory {
  const made = new PodDirectory({ labels: LABELS, rememberMs: 60_000 });
  made.update(pods, 0);
  return made;
}

function subjects(
  paths: string[],
  pods: PodDirectory,
  node: NodeIdentity = NODE,
): Subjects {
  const cgroups = paths.map((path, index) => ({ id: String(index), path }));
  return new Subjects(cgroups, pods, node);
}

const CHECKOUT = pod({
  name: 'checkout-5d7f9c-abcde',
  uid: UID_A,
  labels: {
    app: 'checkout',
    'backstage.io/kubernetes-id': 'checkout',
    'pod-template-hash': '5d7f9c',
  },
  owner: { kind: 'ReplicaSet', name: 'checkout-5d7f9c' },
  containers: { app: id64('app'), proxy: id64('proxy') },
});

describe('a container of a known pod', () => {
  it('carries everything that names it, allowed labels only', () => {
    const path = `${POD_PATH}/${id64('app')}`;
    const subject = subjects([path], directory([CHECKOUT])).of('0');
    expect(subject.resource).toEqual({
      'deployment.environment.name': 'live',
      'k8s.cluster.name': 'prod',
      'k8s.node.name': 'node-1',
      'k8s.namespace.name': 'shop',
      'k8s.pod.name': 'checkout-5d7f9c-abcde',
      'k8s.pod.uid': UID_A,
      'k8s.container.name': 'app',
      'container.id': id64('app'),
      'k8s.deployment.name': 'checkout',
      'k8s.pod.label.app': 'checkout',
      'k8s.pod.label.backstage.io/kubernetes-id': 'checkout',
      'contention.cgroup.path': path,
    });
    expect(subject.own).not.toHaveProperty(['k8s.node.name']);
  });

  it('is one with the cgroups inside it', () => {
    const path = `${POD_PATH}/${id64('app')}`;
    const all = subjects([path, `${path}/init`], directory([CHECKOUT]));
    expect(all.of('0')).toBe(all.of('1'));
  });

  it('keeps its name for a while after its pod is gone from the source', () => {
    const pods = directory([CHECKOUT]);
    pods.update([], 30_000);
    const path = `${POD_PATH}/${id64('app')}`;
    expect(subjects([path], pods).of('0').own).toMatchObject({
      'k8s.container.name': 'app',
    });
    pods.update([], 60_001);
    expect(subjects([path], pods).of('0').own).toEqual({
      'k8s.pod.uid': UID_A,
      'container.id': id64('app'),
      'contention.cgroup.path': path,
    });
  });

  it('is not forgotten while the source only has nothing new to say', () => {
    const pods = directory([CHECKOUT]);
    for (let now = 10_000; now < 600_000; now += 10_000) {
      pods.update(undefined, now);
    }
    expect(pods.find(UID_A)).toBeDefined();
  });

  it('keeps the names of its earlier runs', () => {
    const pods = directory([CHECKOUT]);
    const restarted = structuredClone(CHECKOUT);
    restarted.status!.containerStatuses![0] = {
      name: 'app',
      containerID: `containerd://${id64('app3')}`,
      state: { running: {} },
      lastState: {
        terminated: { containerID: `containerd://${id64('app2')}` },
      },
    };
    pods.update([restarted], 10_000);
    const paths = ['app', 'app2', 'app3'].map(id => `${POD_PATH}/${id64(id)}`);
    const all = subjects(paths, pods);
    for (const cgroup of ['0', '1', '2']) {
      expect(all.of(cgroup).own).toMatchObject({ 'k8s.container.name': 'app' });
    }
  });

  it('keeps its name however often another one of its pod restarts', () => {
    const pods = directory([CHECKOUT]);
    for (let run = 0; run < 200; run++) {
      const crashing = structuredClone(CHECKOUT);
      crashing.status!.containerStatuses![1].containerID = `containerd://${id64(`run${run}`)}`;
      pods.update([crashing], run);
      const { names } = pods.find(UID_A)!;
      expect(names.get(id64('app'))).toBe('app');
      expect(names.get(id64(`run${run}`))).toBe('proxy');
    }
    expect(pods.find(UID_A)!.names.has(id64('run0'))).toBe(false);
  });

  it('is found among init and ephemeral containers too', () => {
    const withOthers = structuredClone(CHECKOUT);
    withOthers.status!.initContainerStatuses = [
      { name: 'migrate', containerID: `containerd://${id64('init')}` },
    ];
    withOthers.status!.ephemeralContainerStatuses = [
      { name: 'debugger', containerID: `cri-o://${id64('eph')}` },
    ];
    const paths = ['init', 'eph'].map(id => `${POD_PATH}/${id64(id)}`);
    const all = subjects(paths, directory([withOthers]));
    expect(all.of('0').own).toMatchObject({ 'k8s.container.name': 'migrate' });
    expect(all.of('1').own).toMatchObject({ 'k8s.container.name': 'debugger' });
  });
});

describe('the address of a pod', () => {
  const path = `${POD_PATH}/${id64('app')}`;
  const withStatus = (podIP: string | undefined, hostNetwork = false) =>
    pod({
      name: 'checkout-1',
      uid: UID_A,
      podIP,
      hostNetwork,
      containers: { app: id64('app') },
    });
  const addresses = (pods: PodDirectory) =>
    ['0', '1'].map(
      cgroup =>
        subjects([path, POD_PATH], pods).of(cgroup).resource['k8s.pod.ip'],
    );

  it('is with its containers and itself, and with none of them as a culprit', () => {
    const pods = directory([withStatus('10.1.2.3')]);
    expect(addresses(pods)).toEqual(['10.1.2.3', '10.1.2.3']);
    expect(subjects([path], pods).of('0').own).not.toHaveProperty([
      'k8s.pod.ip',
    ]);
  });

  it.each([
    ['has none yet', withStatus('')],
    ['says nothing of it', withStatus(undefined)],
    ["shares the node's network", withStatus('192.0.2.1', true)],
  ])('is absent where the pod %s', (_, shown) => {
    const { resource } = subjects([path], directory([shown])).of('0');
    expect(resource).not.toHaveProperty(['k8s.pod.ip']);
  });

  it('stays while the pod ends, and follows it to another', () => {
    const pods = directory([withStatus('10.1.2.3')]);
    pods.update([withStatus('')], 1);
    expect(addresses(pods)).toEqual(['10.1.2.3', '10.1.2.3']);
    pods.update([withStatus('10.1.2.9')], 2);
    expect(addresses(pods)).toEqual(['10.1.2.9', '10.1.2.9']);
  });
});

describe('the sandbox of a pod', () => {
  const paths = ['app', 'proxy', 'sandbox'].map(
    id => `${POD_PATH}/${id64(id)}`,
  );

  it('is named when nothing else can be meant', () => {
    const all = subjects(paths, directory([CHECKOUT]));
    expect(all.of('2').own).toMatchObject({ 'k8s.container.name': 'pause' });
  });

  it('is not taken for granted while a container has no id yet', () => {
    const starting = structuredClone(CHECKOUT);
    delete starting.status!.containerStatuses![1].containerID;
    const all = subjects(paths, directory([starting]));
    expect(all.of('2').own).not.toHaveProperty(['k8s.container.name']);
  });

  it.each([
    ['attached', () => CHECKOUT],
    [
      'restarting',
      () => {
        const crashed = structuredClone(CHECKOUT);
        crashed.status!.containerStatuses![1].state = {
          terminated: { containerID: `containerd://${id64('proxy')}` },
        };
        return crashed;
      },
    ],
  ])('stays the only one beside an %s container', (_, status) => {
    const pods = directory([status()]);
    const nameOf = (all: Subjects, cgroup: string) =>
      all.of(cgroup).own['k8s.container.name'];
    expect(nameOf(subjects(paths, pods), '2')).toBe('pause');
    const all = subjects([...paths, `${POD_PATH}/${id64('new')}`], pods);
    expect(nameOf(all, '3')).toBeUndefined();
    expect(nameOf(all, '2')).toBe('pause');
  });

  it('is not guessed among two', () => {
    const all = subjects(
      [...paths, `${POD_PATH}/${id64('new')}`],
      directory([CHECKOUT]),
    );
    for (const cgroup of ['2', '3']) {
      expect(all.of(cgroup).own).not.toHaveProperty(['k8s.container.name']);
    }
  });

  it('is not confused with a container that restarts ahead of its status', () => {
    const all = subjects(
      [`${POD_PATH}/${id64('app')}`, `${POD_PATH}/${id64('proxy2')}`],
      directory([CHECKOUT]),
    );
    expect(all.of('1').own).not.toHaveProperty(['k8s.container.name']);
  });
});

it('a static pod is found by the hash in its cgroup', () => {
  const hash = '0123456789abcdef0123456789abcdef';
  const mirrored = pod({
    name: 'etcd-node-1',
    uid: UID_B,
    annotations: { 'kubernetes.io/config.hash': hash },
    containers: { etcd: id64('etcd') },
  });
  const all = subjects(
    [`/kubepods/burstable/pod${hash}/${id64('etcd')}`],
    directory([mirrored]),
  );
  expect(all.of('0').own).toMatchObject({
    'k8s.pod.name': 'etcd-node-1',
    'k8s.container.name': 'etcd',
  });
});

describe('outside Kubernetes a resource has a host', () => {
  const node = { node: 'web-7', kubernetes: false, extra: {} };
  const all = subjects(
    ['/', '/system.slice/nginx.service', '/lxc/shop', '/batch'],
    directory([]),
    node,
  );
  it.each([
    ['0', {}],
    ['1', { 'systemd.unit': 'nginx.service' }],
    ['2', { 'container.name': 'shop' }],
    ['3', {}],
  ])('cgroup %s', (cgroup, what) => {
    expect(all.of(cgroup).resource).toEqual({
      'host.name': 'web-7',
      'contention.cgroup.path': all.pathOf(cgroup),
      ...what,
    });
  });
});

it('a container outside Kubernetes gets the name that its runtime keeps', () => {
  const path = `/docker/${id64('web')}`;
  const all = subjects([path], directory([]), {
    node: 'web-7',
    kubernetes: false,
    plainContainerName: id => (id === id64('web') ? 'web' : undefined),
    extra: {},
  });
  expect(all.of('0').own).toEqual({
    'container.name': 'web',
    'container.id': id64('web'),
    'contention.cgroup.path': path,
  });
});

it('the node of a cluster is named as a node and nothing else', () => {
  const all = subjects(['/'], directory([]), { ...NODE, extra: {} });
  expect(all.nodeSubject.resource).toEqual({
    'k8s.cluster.name': 'prod',
    'k8s.node.name': 'node-1',
    'contention.cgroup.path': '/',
  });
});

describe('where the sensor sees a part of the hierarchy only', () => {
  const within = new Subjects(
    [
      { id: '70', path: '/' },
      { id: '71', path: `${POD_PATH}/${id64('app')}` },
    ],
    directory([CHECKOUT]),
    NODE,
  );

  it('what is outside of it is one other cgroup of the node', () => {
    expect(within.of('5')).toBe(within.of('6'));
    expect(within.of('5')).toMatchObject({
      kind: 'cgroup',
      own: { 'contention.cgroup.path': '/(outside)' },
    });
    expect(within.of('71').kind).toBe('container');
  });

  it('a quota outside of it is shared with others', () => {
    expect(quotaLevel(within.of('71'), within.pathOf('5')!)).toBe('slice');
  });

  it('but with the whole in sight, a cgroup without a name is unknown', () => {
    const whole = new Subjects([{ id: '1', path: '/' }], directory([]), NODE);
    expect(whole.of('5').kind).toBe('unknown');
    expect(whole.pathOf('5')).toBeUndefined();
  });
});

describe('whose quota it was is seen from the victim', () => {
  const container = `${POD_PATH}/${id64('app')}`;
  const all = subjects(
    ['/', container, POD_PATH, '/system.slice/a.service'],
    directory([]),
  );
  it.each([
    ['1', container, 'container'],
    ['1', `${container}/nested`, 'container'],
    ['1', POD_PATH, 'pod'],
    ['1', '/kubepods/burstable', 'slice'],
    ['1', '/kubepods', 'slice'],
    ['2', POD_PATH, 'pod'],
    ['2', '/kubepods', 'slice'],
    ['3', '/system.slice/a.service', 'container'],
    ['3', '/system.slice', 'slice'],
  ])('cgroup %s, quota of %s: %s', (victim, quotaPath, level) => {
    expect(quotaLevel(all.of(victim), quotaPath)).toBe(level);
  });
});

describe('the workload comes from owner and labels', () => {
  const owned = (kind: string, name: string, hash?: string) =>
    workloadAttributes({
      metadata: {
        labels: hash ? { 'pod-template-hash': hash } : {},
        ownerReferences: [
          { kind: 'Other', name: 'x' },
          { kind, name, controller: true },
        ],
      },
    });
  it.each([
    [
      'ReplicaSet',
      'web-1-5d7f9c',
      '5d7f9c',
      { 'k8s.deployment.name': 'web-1' },
    ],
    ['ReplicaSet', 'web-5d7f9c', undefined, {}],
    ['ReplicaSet', 'web-5d7f9c', 'other', {}],
    ['StatefulSet', 'db', undefined, { 'k8s.statefulset.name': 'db' }],
    ['DaemonSet', 'log', undefined, { 'k8s.daemonset.name': 'log' }],
    ['Job', 'once', undefined, { 'k8s.job.name': 'once' }],
    [
      'Job',
      'nightly-29384720',
      undefined,
      { 'k8s.job.name': 'nightly-29384720', 'k8s.cronjob.name': 'nightly' },
    ],
    ['Node', 'node-1', undefined, {}],
  ])('%s %s (hash %s)', (kind, name, hash, expected) => {
    expect(owned(kind, name, hash)).toEqual(expected);
  });
  it('a bare pod has none', () => {
    expect(workloadAttributes({ metadata: {} })).toEqual({});
  });
});

describe('CPU amounts', () => {
  it.each([
    ['250m', 0.25],
    ['2', 2],
    ['0.5', 0.5],
    ['1e-1', 0.1],
    ['100u', 0.0001],
    ['lots', undefined],
    ['', undefined],
  ])('%s', (text, cpus) => {
    expect(cpusOfQuantity(text)).toBe(cpus);
  });

  it('a weight gives back the request it was made from, to one weight', () => {
    for (const milli of [100, 250, 1000, 4000]) {
      const shares = (milli * 1024) / 1000;
      const weight = Math.floor(1 + ((shares - 2) * 9999) / 262142);
      const cpus = cpusOfWeight(weight)!;
      expect(Math.abs(cpus - milli / 1000)).toBeLessThan(27 / 1024);
    }
    expect(cpusOfWeight(1)).toBeUndefined();
  });

  it('a pod asks for what the scheduler counts', () => {
    const cpu = (amount: string) => ({ requests: { cpu: amount } });
    expect(
      podRequestCpus({
        spec: {
          containers: [
            { name: 'a', resources: cpu('100m') },
            { name: 'b', resources: cpu('200m') },
          ],
          initContainers: [
            { name: 'side', resources: cpu('50m'), restartPolicy: 'Always' },
            { name: 'init', resources: cpu('500m') },
          ],
          overhead: { cpu: '10m' },
        },
      }),
    ).toBeCloseTo(0.56);
    expect(podRequestCpus({ spec: { containers: [{ name: 'a' }] } })).toBe(
      undefined,
    );
  });
});

describe('what a pods source says', () => {
  it('is refused when it is no PodList', () => {
    expect(() => parsePodList('{"kind":"Status"}')).toThrow('not a PodList');
    expect(() => parsePodList('nonsense')).toThrow();
  });
  it('may be empty', () => {
    expect(parsePodList('{"kind":"PodList","items":null}')).toEqual([]);
  });
});
