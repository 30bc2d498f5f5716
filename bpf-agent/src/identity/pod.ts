/**
 * A pod as the kubelet's `GET /pods` (a v1 PodList) describes it: only the fields that are read here. Nothing is
 * assumed to be present; a pod that lacks what it must have is skipped by the reader.
 */

export interface PodList {
  kind?: string;
  items?: Pod[] | null;
}

export interface Pod {
  metadata?: {
    name?: string;
    namespace?: string;
    uid?: string;
    labels?: Record<string, string>;
    annotations?: Record<string, string>;
    ownerReferences?: OwnerReference[];
  };
  spec?: {
    /** The pod's processes are in the node's network, with the node's address. */
    hostNetwork?: boolean;
    containers?: ContainerSpec[];
    initContainers?: ContainerSpec[];
    ephemeralContainers?: ContainerSpec[];
    overhead?: Record<string, string>;
    /** Pod-level resources (Kubernetes 1.32 and newer). */
    resources?: ResourceRequirements;
  };
  status?: {
    /** The primary address; empty before the pod has a network and after it has gone. */
    podIP?: string;
    containerStatuses?: ContainerStatus[];
    initContainerStatuses?: ContainerStatus[];
    ephemeralContainerStatuses?: ContainerStatus[];
  };
}

export interface OwnerReference {
  kind?: string;
  name?: string;
  controller?: boolean;
}

export interface ResourceRequirements {
  requests?: Record<string, string>;
  limits?: Record<string, string>;
}

export interface ContainerSpec {
  name?: string;
  image?: string;
  resources?: ResourceRequirements;
  /** `Always` on an init container makes it a sidecar. */
  restartPolicy?: string;
}

export interface ContainerStatus {
  name?: string;
  /** `containerd://<id>`, `cri-o://<id>`, `docker://<id>`; empty before the container exists. */
  containerID?: string;
  state?: ContainerState;
  lastState?: ContainerState;
}

interface ContainerState {
  running?: object;
  terminated?: { containerID?: string };
}

/**
 * The address that is this pod's and no other's, undefined where it shares the node's or has none (yet). Of a pod with
 * two families it is the primary one.
 */
export function ownAddress({ spec, status }: Pod): string | undefined {
  return spec?.hostNetwork ? undefined : status?.podIP || undefined;
}

/** The id without its runtime scheme. */
export function plainContainerId(
  containerID: string | undefined,
): string | undefined {
  if (!containerID) return undefined;
  const separator = containerID.indexOf('://');
  const id =
    separator < 0 ? containerID : containerID.slice(separator + '://'.length);
  return id === '' ? undefined : id;
}

/** Statuses of all three kinds of containers. */
export function allStatuses(pod: Pod): ContainerStatus[] {
  return [
    ...(pod.status?.containerStatuses ?? []),
    ...(pod.status?.initContainerStatuses ?? []),
    ...(pod.status?.ephemeralContainerStatuses ?? []),
  ];
}

/** Specs of all three kinds of containers. */
export function allSpecs(pod: Pod): ContainerSpec[] {
  return [
    ...(pod.spec?.containers ?? []),
    ...(pod.spec?.initContainers ?? []),
    ...(pod.spec?.ephemeralContainers ?? []),
  ];
}
