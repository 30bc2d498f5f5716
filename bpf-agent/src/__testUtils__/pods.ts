/** Pods for tests, in the kubelet's format. */
import type { ContainerSpec, Pod } from '../identity/pod';

export interface PodSketch {
  name: string;
  uid: string;
  namespace?: string;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
  owner?: { kind: string; name: string };
  /** Container name to its full id. */
  containers: Record<string, string>;
  spec?: ContainerSpec[];
  podIP?: string;
  hostNetwork?: boolean;
}

export function pod(sketch: PodSketch): Pod {
  return {
    metadata: {
      name: sketch.name,
      namespace: sketch.namespace ?? 'shop',
      uid: sketch.uid,
      labels: sketch.labels,
      annotations: sketch.annotations,
      ownerReferences: sketch.owner && [{ ...sketch.owner, controller: true }],
    },
    spec: {
      ...(sketch.hostNetwork ? { hostNetwork: true } : {}),
      containers:
        sketch.spec ?? Object.keys(sketch.containers).map(name => ({ name })),
    },
    status: {
      ...(sketch.podIP === undefined ? {} : { podIP: sketch.podIP }),
      containerStatuses: Object.entries(sketch.containers).map(
        ([name, id]) => ({
          name,
          containerID: `containerd://${id}`,
          state: { running: {} },
        }),
      ),
    },
  };
}
