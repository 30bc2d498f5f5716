// Who lives on the nodes of the bench: services of three pods, each an app and a mesh proxy. Knows names and attributes as
// the agent sends them, and which series each container has; nothing of databases.

const CLUSTER = 'bench';
const PODS = 3;
const CONTAINERS = ['app', 'istio-proxy'];
const CONTAINERS_PER_NODE = 50;

/** Culprits of each victim: containers of other services on the same node. */
const CULPRITS = 8;

/** Parts of an anatomy that are nobody in particular. */
const PLAIN_PARTS = ['upstream', 'unread', 'work', 'unattributed'];

/** Latency bands that a service with a tail has: 1 ms to 1 s, as upper bounds. */
const BANDS = Array.from({ length: 11 }, (_, index) => 2 ** (index - 10));

/** Each service calls the services that follow it: this many. */
const UPSTREAMS = 2;

/** The app is whom others talk to; its proxy is on its own pod's loopback. */
const TALKS = CONTAINERS[0];

/** Services whose every series is stored at every resolution, and which are asked for. */
export const ASKED_SERVICES = 5;

/** Services that the catalog knows. */
export const KNOWN_SERVICES = 200;

export const serviceName = index => `service-${index}`;

const nodeCountOf = containerCount =>
  Math.ceil(containerCount / CONTAINERS_PER_NODE);

/** The system that the asked services belong to. */
export const ASKED_SYSTEM = 'asked';

/** The first pod of a service and where it is, as `fleetOf` places it. */
export function askedPod(service, containerCount) {
  const { 'k8s.pod.name': pod } = containerAttributes(
    service,
    0,
    CONTAINERS[0],
  );
  return {
    cluster: CLUSTER,
    node: `node-${(service * PODS) % nodeCountOf(containerCount)}`,
    pod,
  };
}

/**
 * @returns {{nodes, resources}} resources have `id`, `node`, `attributes`, `isAsked` (see above), `isNear` (same node as an asked
 * one), `isPeer` (an asked one talks to it)
 */
export function fleetOf(containerCount) {
  const services = Math.ceil(containerCount / PODS / CONTAINERS.length);
  const nodeCount = nodeCountOf(containerCount);
  const nodes = Array.from(
    { length: nodeCount },
    (_, index) => `node-${index}`,
  );
  const resources = [];
  let id = 1;
  const add = (node, attributes, more = {}) => {
    const resource = {
      id: id++,
      cluster: CLUSTER,
      node,
      attributes: { 'k8s.node.name': node, ...attributes },
      ...more,
    };
    resources.push(resource);
    return resource;
  };
  for (const node of nodes) {
    add(node, { 'contention.cgroup.path': '/' }, { isRoot: true });
  }
  for (let service = 0; service < services; service++) {
    for (let pod = 0; pod < PODS; pod++) {
      const node = nodes[(service * PODS + pod) % nodeCount];
      for (const container of CONTAINERS) {
        add(node, containerAttributes(service, pod, container), {
          service,
          isAsked: service < ASKED_SERVICES,
          isPeer: isPeer(service, services),
          isContainer: true,
          container,
        });
      }
    }
  }
  const near = new Set(
    resources.filter(({ isAsked }) => isAsked).map(({ node }) => node),
  );
  for (const resource of resources) resource.isNear = near.has(resource.node);
  return { nodes, resources };
}

/** Whether an asked service calls it or is called by it. */
const isPeer = (service, services) =>
  service < ASKED_SERVICES + UPSTREAMS || service >= services - UPSTREAMS;

const podAddress = (service, pod) => {
  const host = service * PODS + pod;
  return `10.${host >> 16}.${(host >> 8) & 255}.${host & 255}`;
};

function containerAttributes(service, pod, container) {
  const name = serviceName(service);
  const podName = `${name}-5d8f97c6b4-x${pod}k2p`;
  const id = `${name}-${pod}-${container}`.padEnd(64, '0');
  return {
    'k8s.namespace.name': 'shop',
    'k8s.pod.name': podName,
    'k8s.pod.uid': `uid-${podName}`,
    'k8s.container.name': container,
    'k8s.pod.ip': podAddress(service, pod),
    'container.id': id,
    'contention.cgroup.path': `/kubepods.slice/kubepods-burstable.slice/pod-${podName}/${id}`,
    'k8s.deployment.name': name,
    'k8s.pod.label.backstage.io/kubernetes-id': name,
  };
}

/** @returns every series of the fleet: `id`, `resource`, `culprit`, `metric`, `attributes`, `isHistogram` */
export function seriesOf({ resources }) {
  const series = [];
  const services =
    1 + resources.reduce((most, { service = 0 }) => Math.max(most, service), 0);
  let id = 1;
  const add = (resource, metric, attributes = {}, more = {}) =>
    series.push({ id: id++, resource, metric, attributes, ...more });
  const byNode = new Map();
  for (const resource of resources) {
    if (!resource.isContainer) continue;
    byNode.set(resource.node, [...(byNode.get(resource.node) ?? []), resource]);
  }
  for (const resource of resources) {
    if (resource.isRoot) {
      add(resource, 'contention.cpu.limit');
      for (const program of ['sched_switch', 'sched_wakeup', 'tcp_recv']) {
        add(resource, 'contention.agent.events', {
          'contention.program': program,
        });
      }
      add(resource, 'contention.agent.lost', {
        'contention.program': 'switches',
      });
      for (const what of ['packets', 'drops', 'squeezed']) {
        add(resource, `contention.net.receive.${what}`);
      }
      continue;
    }
    for (const mode of ['user', 'system']) {
      add(resource, 'contention.cpu.time', { 'cpu.mode': mode });
    }
    add(resource, 'contention.cpu.limit');
    add(resource, 'contention.cpu.request');
    for (const metric of ['time', 'periods', 'periods.throttled']) {
      add(resource, `contention.cpu.throttled.${metric}`, {
        'contention.quota.level': 'container',
      });
    }
    add(resource, 'contention.cpu.wait', {}, { isHistogram: true });
    const others = byNode
      .get(resource.node)
      .filter(({ service }) => service !== resource.service);
    const culprits = Array.from(
      { length: Math.min(CULPRITS, others.length) },
      (_, index) => others[(index * 5) % others.length],
    );
    const blames = [
      { attributes: { 'contention.culprit.kind': 'self' } },
      { attributes: { 'contention.culprit.kind': 'kernel' } },
      ...[...new Set(culprits)].map(culprit => ({
        culprit,
        attributes: blameOn(culprit),
      })),
    ];
    for (const { attributes, culprit } of blames) {
      add(resource, 'contention.cpu.wait.blame', attributes, { culprit });
    }
    addNetwork(add, resource, blames);
    if (resource.container === TALKS) addPeers(add, resource, services);
    for (const role of ['server', 'client']) {
      const request = {
        'contention.role': role,
        'contention.estimated': false,
      };
      add(resource, 'contention.request.duration', request, {
        isHistogram: true,
      });
      for (const band of BANDS) {
        const of = { ...request, 'contention.band': band };
        const name = 'contention.request.anatomy';
        for (const part of PLAIN_PARTS) {
          add(resource, name, { ...of, 'contention.part': part });
        }
        // Only the slower half waits for anybody in particular.
        if (band < 2 ** -5) continue;
        for (const { attributes, culprit } of blames) {
          const wait = { ...of, 'contention.part': 'wait', ...attributes };
          add(resource, name, wait, { culprit });
        }
      }
    }
  }
  return series;
}

/** What is measured of packets. */
function addNetwork(add, resource, blames) {
  const device = { 'network.interface.name': 'eth0' };
  add(resource, 'contention.net.queue', device, { isHistogram: true });
  for (const { attributes, culprit } of blames) {
    const of = { ...attributes, ...device };
    if (of['contention.culprit.kind'] === 'kernel') continue;
    add(resource, 'contention.net.queue.blame', of, { culprit });
  }
  for (const direction of ['transmit', 'receive']) {
    add(resource, 'contention.net.io', { 'network.io.direction': direction });
  }
  add(resource, 'contention.net.drops', {
    'contention.drop.reason': 'QDISC_DROP',
    'contention.drop.place': 'queue',
  });
}

/** What is measured of connections, by peer: pods of the services that it calls, and of those that call it. */
function addPeers(add, resource, services) {
  const { service } = resource;
  for (let apart = 1; apart <= UPSTREAMS; apart++) {
    for (let pod = 0; pod < PODS; pod++) {
      addPeer(add, resource, {
        'contention.role': 'client',
        'network.peer.address': podAddress((service + apart) % services, pod),
        'network.peer.port': 8080,
      });
      addPeer(add, resource, {
        'contention.role': 'server',
        'network.peer.address': podAddress(
          (service - apart + services) % services,
          pod,
        ),
      });
    }
  }
  const server = {
    'network.peer.address': '10.255.0.10',
    'network.transport': 'udp',
  };
  add(resource, 'contention.dns.duration', server, { isHistogram: true });
  add(resource, 'contention.dns.failures', {
    ...server,
    'error.type': 'name_error',
  });
}

function addPeer(add, resource, peer) {
  const histograms = ['tcp.rtt', 'peer.request.duration'];
  if (peer['contention.role'] === 'client') histograms.push('tcp.connect');
  for (const name of histograms) {
    add(resource, `contention.${name}`, peer, { isHistogram: true });
  }
  for (const direction of ['transmit', 'receive']) {
    add(resource, 'contention.tcp.segments', {
      ...peer,
      'network.io.direction': direction,
    });
  }
  for (const cause of ['timeout', 'fast']) {
    add(resource, 'contention.tcp.retransmits', {
      ...peer,
      'contention.tcp.retransmit.cause': cause,
    });
  }
  add(resource, 'contention.tcp.resets', {
    ...peer,
    'network.io.direction': 'receive',
  });
}

function blameOn(culprit) {
  return {
    'contention.culprit.kind': 'container',
    'contention.culprit.same_pod': false,
    ...Object.fromEntries(
      Object.entries(culprit.attributes)
        .filter(([key]) => key !== 'k8s.node.name')
        .map(([key, value]) => [`contention.culprit.${key}`, value]),
    ),
  };
}

/** The catalog as multi-document YAML. */
export function catalogYaml() {
  const documents = Array.from({ length: KNOWN_SERVICES }, (_, index) => ({
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'Component',
    metadata: {
      name: serviceName(index),
      annotations: { 'backstage.io/kubernetes-id': serviceName(index) },
    },
    spec: {
      type: 'service',
      lifecycle: 'production',
      owner: 'bench',
      ...(index < ASKED_SERVICES ? { system: ASKED_SYSTEM } : {}),
    },
  }));
  documents.push({
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'System',
    metadata: { name: ASKED_SYSTEM },
    spec: { owner: 'bench' },
  });
  // JSON is YAML.
  return documents.map(document => JSON.stringify(document)).join('\n---\n');
}
