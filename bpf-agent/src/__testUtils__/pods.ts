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
      containers:
        sketch.spec ?? Object.keys(sketch.containers).map(name => ({ name })),
    },
    status: {
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
