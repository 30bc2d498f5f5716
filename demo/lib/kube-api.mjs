// The part of the Kubernetes API that @backstage/plugin-kubernetes reads, answered from a PodList: pods as they are, and
// the ReplicaSets, Deployments and DaemonSets that their owner references imply. Everything else is an empty list. Pure.
import { objectUid } from './identity.mjs';
import { parseSelector } from './selector.mjs';

/** Resources that the API has; those not derived from pods are empty. */
const RESOURCES = {
  '/api/v1': {
    pods: 'Pod',
    nodes: 'Node',
    services: 'Service',
    configmaps: 'ConfigMap',
    limitranges: 'LimitRange',
    resourcequotas: 'ResourceQuota',
    events: 'Event',
  },
  '/apis/apps/v1': {
    deployments: 'Deployment',
    replicasets: 'ReplicaSet',
    statefulsets: 'StatefulSet',
    daemonsets: 'DaemonSet',
  },
  '/apis/autoscaling/v2': {
    horizontalpodautoscalers: 'HorizontalPodAutoscaler',
  },
  '/apis/batch/v1': { jobs: 'Job', cronjobs: 'CronJob' },
  '/apis/networking.k8s.io/v1': { ingresses: 'Ingress' },
};

/**
 * Answers a GET. `url` is a URL, `pods` the items of a PodList, `readLog(pod, container)` the text of a container's log.
 * Returns `{status, body}`; a string body is plain text, an object is JSON.
 */
export function answer(url, pods, readLog) {
  if (url.pathname === '/version') {
    return {
      status: 200,
      body: { major: '1', minor: '34', gitVersion: 'v1.34.0-demo' },
    };
  }
  const log = /^\/api\/v1\/namespaces\/([^/]+)\/pods\/([^/]+)\/log$/.exec(
    url.pathname,
  );
  if (log) return answerLog(url, pods, log[1], log[2], readLog);

  const list =
    /^(\/api\/v1|\/apis\/[^/]+\/[^/]+)(?:\/namespaces\/([^/]+))?\/([a-z]+)$/.exec(
      url.pathname,
    );
  const kind = list && RESOURCES[list[1]]?.[list[3]];
  if (!kind) return failure(404, 'NotFound', `no such path: ${url.pathname}`);
  const [, groupPath, namespace] = list;
  let selects;
  try {
    selects = parseSelector(url.searchParams.get('labelSelector') ?? '');
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return failure(400, 'BadRequest', error.message);
  }
  return {
    status: 200,
    body: {
      kind: `${kind}List`,
      apiVersion: groupPath.replace(/^\/apis?\//, ''),
      metadata: { resourceVersion: '1' },
      items: objectsOf(kind, pods).filter(
        ({ metadata }) =>
          (!namespace || metadata.namespace === namespace) &&
          selects(metadata.labels),
      ),
    },
  };
}

function answerLog(url, pods, namespace, name, readLog) {
  const pod = pods.find(
    ({ metadata }) =>
      metadata.name === name && metadata.namespace === namespace,
  );
  if (!pod) return failure(404, 'NotFound', `pods "${name}" not found`);
  const container =
    url.searchParams.get('container') ?? pod.spec.containers[0].name;
  return { status: 200, body: readLog(pod, container) };
}

/** The answer that a Kubernetes API server gives when it cannot serve a request. */
export const failure = (code, reason, message) => ({
  status: code,
  body: {
    kind: 'Status',
    apiVersion: 'v1',
    status: 'Failure',
    reason,
    message,
    code,
  },
});

function objectsOf(kind, pods) {
  if (kind === 'Pod') return pods;
  if (kind === 'Node') return nodes(pods);
  const ownedBy = owner => pods.filter(pod => ownerOf(pod)?.kind === owner);
  if (kind === 'ReplicaSet') return replicaSets(ownedBy('ReplicaSet'));
  if (kind === 'Deployment') return deployments(ownedBy('ReplicaSet'));
  if (kind === 'DaemonSet') return daemonSets(ownedBy('DaemonSet'));
  return [];
}

/** One ReplicaSet for each that owns a pod. */
/** The nodes that the pods run on. */
function nodes(pods) {
  return groupBy(pods, pod => pod.spec.nodeName).map(([name]) => ({
    metadata: { name },
  }));
}

function replicaSets(pods) {
  return groupBy(pods, pod => ownerOf(pod).name).map(([name, owned]) => {
    const [{ metadata, spec }] = owned;
    return workload('apps/v1', 'ReplicaSet', name, owned, {
      uid: ownerOf(owned[0]).uid,
      labels: metadata.labels,
      ownerReferences: [
        {
          apiVersion: 'apps/v1',
          kind: 'Deployment',
          name: deploymentOf(owned[0]),
          uid: deploymentUid(owned[0]),
          controller: true,
          blockOwnerDeletion: true,
        },
      ],
      selector: {
        app: metadata.labels.app,
        'pod-template-hash': metadata.labels['pod-template-hash'],
      },
      template: { metadata: { labels: metadata.labels }, spec },
    });
  });
}

/** One Deployment for each that owns a ReplicaSet. */
function deployments(pods) {
  return groupBy(pods, deploymentOf).map(([name, owned]) => {
    const { 'pod-template-hash': _, ...labels } = owned[0].metadata.labels;
    return workload('apps/v1', 'Deployment', name, owned, {
      uid: deploymentUid(owned[0]),
      labels,
      selector: { app: labels.app },
      template: { metadata: { labels }, spec: owned[0].spec },
    });
  });
}

/** One for each that owns a pod; all of its pods are there, on the one node. */
function daemonSets(pods) {
  return groupBy(pods, pod => ownerOf(pod).name).map(([name, owned]) => {
    const { 'controller-revision-hash': _, ...labels } =
      owned[0].metadata.labels;
    const { status, spec, ...object } = workload(
      'apps/v1',
      'DaemonSet',
      name,
      owned,
      {
        uid: ownerOf(owned[0]).uid,
        labels,
        selector: { app: labels.app },
        template: { metadata: { labels }, spec: owned[0].spec },
      },
    );
    const { replicas: count, ...rest } = spec;
    return {
      ...object,
      spec: { ...rest, updateStrategy: { type: 'RollingUpdate' } },
      status: {
        observedGeneration: status.observedGeneration,
        currentNumberScheduled: count,
        desiredNumberScheduled: count,
        updatedNumberScheduled: count,
        numberReady: count,
        numberAvailable: count,
        numberMisscheduled: 0,
      },
    };
  });
}

function workload(apiVersion, kind, name, owned, parts) {
  const { uid, labels, ownerReferences, selector, template } = parts;
  const count = owned.length;
  const since = owned[0].metadata.creationTimestamp;
  return {
    apiVersion,
    kind,
    metadata: {
      name,
      namespace: owned[0].metadata.namespace,
      uid,
      labels,
      creationTimestamp: since,
      generation: 1,
      resourceVersion: '1',
      annotations: { 'deployment.kubernetes.io/revision': '1' },
      ...(ownerReferences && { ownerReferences }),
    },
    spec: { replicas: count, selector: { matchLabels: selector }, template },
    status: {
      observedGeneration: 1,
      replicas: count,
      updatedReplicas: count,
      readyReplicas: count,
      availableReplicas: count,
      conditions: [
        {
          type: 'Available',
          status: 'True',
          reason: 'MinimumReplicasAvailable',
          message: 'Deployment has minimum availability.',
          lastUpdateTime: since,
          lastTransitionTime: since,
        },
      ],
    },
  };
}

const ownerOf = pod =>
  pod.metadata.ownerReferences?.find(({ controller }) => controller);

/** A Deployment's ReplicaSets are called after it and the hash of their template. */
const deploymentOf = pod =>
  ownerOf(pod).name.slice(
    0,
    -(pod.metadata.labels['pod-template-hash'].length + 1),
  );

/** The pods file does not tell it. */
const deploymentUid = pod => objectUid('Deployment', deploymentOf(pod));

function groupBy(items, key) {
  const groups = new Map();
  for (const item of items) {
    const name = key(item);
    groups.set(name, [...(groups.get(name) ?? []), item]);
  }
  return [...groups];
}
