// The demo's pods as the kubelet's `GET /pods` tells them: a v1 PodList. Pure: services and state in, objects out.
import { inHostNetwork, nodeAddress, podAddress } from './addresses.mjs';
import {
  containerId,
  objectUid,
  ownerName,
  podName,
  podTemplateHash,
  podUid,
} from './identity.mjs';
import { namespace, nodeName } from './services.mjs';

const milli = value => `${value}m`;

/** Labels of a service's pods, without the template hash. */
export const labelsOf = service => ({
  app: service.name,
  'app.kubernetes.io/name': service.name,
  'app.kubernetes.io/version': service.version,
  'backstage.io/kubernetes-id': service.name,
});

/** Image of a container; it exists nowhere, the demo's processes are one binary. */
export const imageOf = (service, container) =>
  container.name === service.name && !service.namespace
    ? `registry.example/shop/${service.name}:${service.version}`
    : `registry.example/platform/${container.name}:1.0.0`;

/** `resources` of a container. */
export function containerResources(container) {
  const resources = {};
  if (container.cpuRequest) {
    resources.requests = { cpu: milli(container.cpuRequest) };
  }
  if (container.cpuLimit) {
    resources.limits = { cpu: milli(container.cpuLimit) };
  }
  return resources;
}

/** Pod-level `resources`, undefined for a pod that has none. */
export function podResources(service) {
  if (!service.podCpuRequest && !service.podCpuLimit) return undefined;
  return {
    ...(service.podCpuRequest && {
      requests: { cpu: milli(service.podCpuRequest) },
    }),
    ...(service.podCpuLimit && { limits: { cpu: milli(service.podCpuLimit) } }),
  };
}

/** The spec that a service's pods and its Deployment's template share. */
export function podSpec(service) {
  const resources = podResources(service);
  return {
    containers: service.containers.map(container => ({
      name: container.name,
      image: imageOf(service, container),
      imagePullPolicy: 'IfNotPresent',
      resources: containerResources(container),
    })),
    ...(resources && { resources }),
    ...(inHostNetwork(service) && { hostNetwork: true }),
    restartPolicy: 'Always',
    terminationGracePeriodSeconds: 30,
    dnsPolicy: 'ClusterFirst',
    serviceAccountName: 'default',
    securityContext: {},
    schedulerName: 'default-scheduler',
  };
}

/** One pod. `startedAt` is an ISO 8601 time. */
function toPod(instance, service, generation, startedAt) {
  const uid = podUid(instance, service.name, generation);
  const hostIP = nodeAddress(instance);
  const podIP = inHostNetwork(service) ? hostIP : podAddress(instance, service);
  const hash = podTemplateHash(service);
  const owner = {
    kind: service.workload ?? 'ReplicaSet',
    name: ownerName(service),
  };
  const condition = type => ({
    type,
    status: 'True',
    lastProbeTime: null,
    lastTransitionTime: startedAt,
  });
  return {
    metadata: {
      name: podName(service, generation),
      generateName: `${owner.name}-`,
      namespace: service.namespace ?? namespace,
      uid,
      resourceVersion: String(1000 + generation),
      creationTimestamp: startedAt,
      labels: {
        ...labelsOf(service),
        [owner.kind === 'DaemonSet'
          ? 'controller-revision-hash'
          : 'pod-template-hash']: hash,
      },
      annotations: {
        'kubernetes.io/config.seen': startedAt,
        'kubernetes.io/config.source': 'api',
      },
      ownerReferences: [
        {
          apiVersion: 'apps/v1',
          ...owner,
          uid: objectUid(owner.kind, owner.name),
          controller: true,
          blockOwnerDeletion: true,
        },
      ],
    },
    spec: { ...podSpec(service), nodeName, enableServiceLinks: true },
    status: {
      phase: 'Running',
      conditions: [
        'PodReadyToStartContainers',
        'Initialized',
        'Ready',
        'ContainersReady',
        'PodScheduled',
      ].map(condition),
      hostIP,
      hostIPs: [{ ip: hostIP }],
      podIP,
      podIPs: [{ ip: podIP }],
      startTime: startedAt,
      qosClass: 'Burstable',
      containerStatuses: service.containers.map(container => ({
        name: container.name,
        state: { running: { startedAt } },
        lastState: {},
        ready: true,
        restartCount: 0,
        image: imageOf(service, container),
        imageID: `${imageOf(service, container).replace(/:.*/, '')}@sha256:${containerId('image', imageOf(service, container))}`,
        containerID: `containerd://${containerId(uid, container.name)}`,
        started: true,
      })),
    },
  };
}

/** All pods that a state asks for. `state.startedAt` holds the time of each service's pod. */
export function podList(instance, services, state) {
  return {
    kind: 'PodList',
    apiVersion: 'v1',
    metadata: {},
    items: services
      .map(service =>
        state.scale[service.name] === 0
          ? undefined
          : toPod(
              instance,
              service,
              state.generation[service.name],
              state.startedAt[service.name],
            ),
      )
      .filter(pod => pod !== undefined),
  };
}
