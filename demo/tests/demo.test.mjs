import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  belongsTo,
  containerId,
  instanceOf,
  isDemoUid,
  podName,
  podUid,
} from '../lib/identity.mjs';
import {
  milliCpuToQuota,
  milliCpuToShares,
  podCpu,
  sharesToWeight,
} from '../lib/kubelet-cpu.mjs';
import { parseHierarchies } from '../lib/hierarchies.mjs';
import { podList } from '../lib/pods.mjs';
import { agentPod, burst, initialState, services } from '../lib/services.mjs';

const instance = instanceOf('/somewhere');
const state = {
  ...initialState,
  startedAt: Object.fromEntries(
    services.map(({ name }) => [name, '2026-01-02T03:04:05.000Z']),
  ),
};

test('CPU requests and limits become what the kubelet writes', () => {
  assert.equal(milliCpuToShares(0), 2);
  assert.equal(milliCpuToShares(1), 2);
  assert.equal(milliCpuToShares(100), 102);
  assert.equal(milliCpuToShares(1000), 1024);
  assert.equal(milliCpuToShares(10_000_000), 262_144);
  assert.equal(milliCpuToQuota(undefined), undefined);
  assert.equal(milliCpuToQuota(5), 1000);
  assert.equal(milliCpuToQuota(50), 5000);
  assert.equal(milliCpuToQuota(1500), 150_000);
  assert.equal(sharesToWeight(2), 1);
  assert.equal(sharesToWeight(1024), 39);
  assert.equal(sharesToWeight(262_144), 10_000);
});

test('a pod has a limit of its own, or one only if all its containers have one', () => {
  const a = { name: 'a', cpuRequest: 10, cpuLimit: 100 };
  const b = { name: 'b', cpuRequest: 20 };
  assert.deepEqual(podCpu({ containers: [a, b] }), {
    request: 30,
    limit: undefined,
    containers: [
      { name: 'a', request: 10, limit: 100 },
      { name: 'b', request: 20, limit: undefined },
    ],
  });
  assert.equal(podCpu({ containers: [a, { ...b, cpuLimit: 50 }] }).limit, 150);
  const podLevel = podCpu({ podCpuLimit: 70, containers: [b] });
  assert.equal(podLevel.limit, 70);
  assert.equal(podLevel.containers[0].limit, 70);
});

test('uids are valid, the same in every run, and tell checkouts and generations apart', () => {
  const uid = podUid(instance, 'checkout', 1);
  assert.match(
    uid,
    /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
  );
  assert.equal(podUid(instance, 'checkout', 1), uid);
  assert.notEqual(podUid(instance, 'checkout', 2), uid);
  assert.notEqual(podUid(instance, 'search', 1), uid);
  assert.ok(isDemoUid(uid));
  assert.ok(belongsTo(uid, instance));
  assert.ok(!belongsTo(uid, instanceOf('/elsewhere')));
  assert.match(containerId(uid, 'checkout'), /^[0-9a-f]{64}$/);
});

test('a pod that comes back has another name', () => {
  const [service] = services;
  assert.match(podName(service, 1), /^checkout-[a-z0-9]{9}-[a-z0-9]{5}$/);
  assert.notEqual(podName(service, 1), podName(service, 2));
});

test('the pods file names each running container by the id of its cgroup', () => {
  const pods = podList(instance, services, state);
  assert.equal(pods.kind, 'PodList');
  assert.equal(pods.items.length, services.length);
  const inventory = pods.items.find(
    pod => pod.metadata.labels.app === 'inventory',
  );
  assert.deepEqual(
    inventory.status.containerStatuses.map(each => each.containerID),
    ['inventory', 'mesh-proxy'].map(
      name => `containerd://${containerId(inventory.metadata.uid, name)}`,
    ),
  );
  assert.deepEqual(inventory.spec.resources.limits, { cpu: '50m' });
  assert.equal(
    inventory.metadata.ownerReferences[0].name,
    `inventory-${inventory.metadata.labels['pod-template-hash']}`,
  );
});

test("the agent's pod is a DaemonSet's in a namespace of its own, and only there when it is asked for", () => {
  const owners = [...services, agentPod];
  const startedAt = { [agentPod.name]: '2026-01-02T03:04:05.000Z' };
  const agentIn = scale =>
    podList(instance, owners, {
      ...state,
      scale: { ...state.scale, [agentPod.name]: scale },
      startedAt: { ...state.startedAt, ...startedAt },
    }).items.find(pod => pod.metadata.labels.app === agentPod.name);
  assert.equal(agentIn(initialState.scale[agentPod.name]), undefined);
  const { metadata } = agentIn(1);
  assert.match(metadata.name, /^contention-agent-[a-z0-9]{5}$/);
  assert.equal(metadata.namespace, 'monitoring');
  assert.deepEqual(
    metadata.ownerReferences.map(({ kind, name }) => [kind, name]),
    [['DaemonSet', 'contention-agent']],
  );
  const { spec, status } = agentIn(1);
  assert.equal(spec.hostNetwork, true);
  assert.equal(status.podIP, status.hostIP);
});

test('a service that was scaled to nothing has no pod', () => {
  const gone = { ...state, scale: { ...state.scale, 'batch-report': 0 } };
  const names = podList(instance, services, gone).items.map(
    pod => pod.metadata.labels.app,
  );
  assert.deepEqual(names, ['checkout', 'inventory', 'search', 'log-shipper']);
});

test('each pod has an address of its own, the same for its successor', () => {
  const addresses = podList(instance, services, state).items.map(
    pod => pod.status.podIP,
  );
  assert.equal(new Set(addresses).size, services.length);
  assert.ok(addresses.every(address => /^10(\.\d{1,3}){3}$/.test(address)));
  const next = {
    ...state,
    generation: { ...state.generation, checkout: 2 },
  };
  assert.equal(
    podList(instance, services, next).items[0].status.podIP,
    addresses[0],
  );
});

test('the burst is 80 ms of CPU a second on many threads, within what batch-report asked for', () => {
  const { threads, everyUs, workUs } = burst.pattern;
  assert.equal((threads * workUs * 1_000_000) / everyUs, 80_000);
  const report = services.find(({ name }) => name === 'batch-report');
  assert.ok(80 < podCpu(report).request);
});

test('inventory wants more than its pod may have, and most of it for mesh-proxy', () => {
  const inventory = services.find(({ name }) => name === 'inventory');
  const wanted = Object.fromEntries(
    inventory.containers.map(({ name, processes: [{ pattern }] }) => [
      name,
      (1000 * pattern.threads * pattern.workUs) / pattern.everyUs,
    ]),
  );
  const total = wanted.inventory + wanted['mesh-proxy'];
  assert.ok(total > 1.5 * inventory.podCpuLimit);
  assert.equal(wanted['mesh-proxy'] / total, 0.7);
});

test('finds each hierarchy once: v1 controllers, named ones, the unified one', () => {
  const mountinfo = `
29 22 0:25 / /sys/fs/cgroup ro - tmpfs tmpfs rw
30 29 0:26 / /sys/fs/cgroup/unified rw,nosuid shared:4 - cgroup2 cgroup2 rw,nsdelegate
31 29 0:27 / /sys/fs/cgroup/systemd rw shared:5 - cgroup cgroup rw,xattr,name=systemd
34 29 0:30 / /sys/fs/cgroup/cpu,cpuacct rw shared:8 - cgroup cgroup rw,cpu,cpuacct
35 29 0:30 / /mnt/cpu\\040again rw shared:8 - cgroup cgroup rw,cpu,cpuacct
36 22 8:1 / / rw - ext4 /dev/sda1 rw
`;
  assert.deepEqual(parseHierarchies(mountinfo), [
    { version: 2, mount: '/sys/fs/cgroup/unified', controllers: [] },
    {
      version: 1,
      mount: '/sys/fs/cgroup/systemd',
      controllers: ['name=systemd'],
    },
    {
      version: 1,
      mount: '/sys/fs/cgroup/cpu,cpuacct',
      controllers: ['cpu', 'cpuacct'],
    },
  ]);
});
