/**
 * Who a cgroup is: a container of a pod, a pod, a container outside Kubernetes, a systemd unit, any other cgroup, or
 * the node itself. A subject is a resource when it is the victim and a set of attributes when it is the culprit.
 */
import { ATTRIBUTE } from 'backstage-plugin-contention-common/metrics';
import type { Attributes } from '../otlp/model';
import type { FrameCgroup } from '../sensor/frame';
import {
  isWithin,
  placeOf,
  type CgroupPlace,
  type ContainerPlace,
  type PodPlace,
} from './cgroupPath';
import type { KnownPod, PodDirectory } from './podDirectory';

export interface Subject {
  /** `node` is the root cgroup; `unknown` a cgroup that the frame does not name. */
  kind: 'container' | 'pod' | 'unit' | 'cgroup' | 'node' | 'unknown';
  /** Path of the cgroup that everything folds into; one subject a path. */
  path: string;
  /** What it is, without where: the attributes that a culprit carries. */
  own: Attributes;
  /** Resource attributes: where it is and what it is. */
  resource: Attributes;
  /** Path of its pod's cgroup. */
  podPath?: string;
  /** From the pods source, CPUs. */
  requestCpus?: number;
}

export interface NodeIdentity {
  cluster?: string;
  /** Node or host name. */
  node: string;
  /** True if pods come from somewhere: then `node` is a Kubernetes node's name. */
  kubernetes: boolean;
  /** Name of a container outside Kubernetes by its id, where that is known. */
  plainContainerName?: (id: string) => string | undefined;
  /** Attributes for every resource, e.g. from OTEL_RESOURCE_ATTRIBUTES; never override the agent's own. */
  extra: Attributes;
}

/** The container name of a pod's sandbox, which appears in no pod status. */
export const SANDBOX_NAME = 'pause';

/** Id of the cgroup at the top of every hierarchy. */
const TOP = '1';

/**
 * Stands for all cgroups outside of what the frame shows, where the sensor sees only a part of the hierarchy: its mount is
 * of a cgroup namespace, as in a node that is a container itself.
 */
const OUTSIDE = '/(outside)';

/** True if the id is known to be a container's, not the sandbox's. */
function isContainer({ names }: KnownPod, id: string): boolean {
  return names.has(id) && names.get(id) !== SANDBOX_NAME;
}

/** Where a pod is reached: says where, not what, so that no culprit carries it. */
function addressOf(pod: KnownPod | undefined): Attributes {
  return pod?.address ? { [ATTRIBUTE.podIp]: pod.address } : {};
}

/** The cgroups of one frame, named. Made anew for every frame. */
export class Subjects {
  readonly #paths = new Map<string, string>();
  readonly #byPath = new Map<string, Subject>();
  readonly #aliveIds = new Map<string, Set<string>>();
  /** The root that the frame shows is inside of another cgroup. */
  readonly #nested: boolean;

  constructor(
    cgroups: readonly FrameCgroup[],
    private readonly pods: PodDirectory,
    private readonly node: NodeIdentity,
  ) {
    this.#nested = cgroups.some(({ id, path }) => path === '/' && id !== TOP);
    for (const { id, path, removed } of cgroups) {
      this.#paths.set(id, path);
      const place = placeOf(path);
      if (place.kind !== 'container' || !place.pod || removed) continue;
      const ids = this.#aliveIds.get(place.pod.path) ?? new Set();
      if (place.containerId) ids.add(place.containerId);
      this.#aliveIds.set(place.pod.path, ids);
    }
  }

  /** Path of a cgroup, undefined if the frame does not name it and it should. */
  pathOf(cgroup: string): string | undefined {
    return this.#paths.get(cgroup) ?? (this.#nested ? OUTSIDE : undefined);
  }

  /** The node itself, which is also the root cgroup. */
  get nodeSubject(): Subject {
    return this.ofPath('/');
  }

  of(cgroup: string): Subject {
    const path = this.pathOf(cgroup);
    return path === undefined ? this.#unknown() : this.ofPath(path);
  }

  ofPath(path: string): Subject {
    const known = this.#byPath.get(path);
    if (known) return known;
    const place = placeOf(path);
    const subject = this.#byPath.get(place.path) ?? this.#make(place);
    this.#byPath.set(place.path, subject);
    this.#byPath.set(path, subject);
    return subject;
  }

  /** The pod around a container, undefined for what is in no pod. */
  podOf(subject: Subject): Subject | undefined {
    return subject.podPath === undefined
      ? undefined
      : this.ofPath(subject.podPath);
  }

  #make(place: CgroupPlace): Subject {
    switch (place.kind) {
      case 'container':
        return place.pod
          ? this.#podContainer(place, place.pod)
          : this.#plainContainer(place);
      case 'pod':
        return this.#pod(place);
      case 'unit':
        return this.#host('unit', place.path, {
          [ATTRIBUTE.systemdUnit]: place.unit,
        });
      case 'root':
        return this.#root();
      default:
        return this.#host('cgroup', place.path, {});
    }
  }

  #podContainer(place: ContainerPlace, pod: PodPlace): Subject {
    const known = this.pods.find(pod.uid);
    const id = place.containerId ?? '';
    const name = known && this.#containerName(known, pod, id);
    const { own, resource } = this.#inCluster(place.path, {
      ...(known?.attributes ?? { [ATTRIBUTE.podUid]: pod.uid }),
      ...(name ? { [ATTRIBUTE.containerName]: name } : {}),
      [ATTRIBUTE.containerId]: id,
    });
    return {
      kind: 'container',
      path: place.path,
      podPath: pod.path,
      requestCpus: name ? known?.containerRequestCpus.get(name) : undefined,
      own,
      resource: {
        ...resource,
        ...addressOf(known),
        ...(name ? known?.images.get(name) : {}),
      },
    };
  }

  /**
   * The sandbox is told by exclusion, and only when nothing else can be meant: every container of the spec has an id,
   * all ids that should be running are there, and this is the only one alive beside those of containers. Otherwise a
   * container that has just been (re)started or attached, ahead of its status, would be called the sandbox.
   */
  #containerName(
    known: KnownPod,
    pod: PodPlace,
    id: string,
  ): string | undefined {
    const name = known.names.get(id);
    if (name !== undefined) return name;
    const alive = this.#aliveIds.get(pod.path);
    const settled =
      known.complete &&
      alive?.has(id) &&
      [...known.runningIds].every(running => alive.has(running)) &&
      [...alive].every(other => other === id || isContainer(known, other));
    if (!settled) return undefined;
    known.names.set(id, SANDBOX_NAME);
    return SANDBOX_NAME;
  }

  #plainContainer({ path, containerId, containerName }: ContainerPlace) {
    const name =
      containerName ??
      (containerId && this.node.plainContainerName?.(containerId));
    return this.#host('container', path, {
      ...(name ? { [ATTRIBUTE.plainContainerName]: name } : {}),
      ...(containerId ? { [ATTRIBUTE.containerId]: containerId } : {}),
    });
  }

  #pod(place: PodPlace): Subject {
    const known = this.pods.find(place.uid);
    const { own, resource } = this.#inCluster(
      place.path,
      known?.attributes ?? { [ATTRIBUTE.podUid]: place.uid },
    );
    return {
      kind: 'pod',
      path: place.path,
      podPath: place.path,
      requestCpus: known?.requestCpus,
      own,
      resource: { ...resource, ...addressOf(known) },
    };
  }

  #inCluster(path: string, what: Attributes) {
    const own = { ...what, [ATTRIBUTE.cgroupPath]: path };
    return {
      own,
      resource: {
        ...this.node.extra,
        ...this.#cluster(),
        [ATTRIBUTE.node]: this.node.node,
        ...own,
      },
    };
  }

  #host(kind: Subject['kind'], path: string, what: Attributes): Subject {
    const own = { ...what, [ATTRIBUTE.cgroupPath]: path };
    return {
      kind,
      path,
      own,
      resource: {
        ...this.node.extra,
        ...this.#cluster(),
        ...(this.node.kubernetes ? { [ATTRIBUTE.node]: this.node.node } : {}),
        [ATTRIBUTE.hostName]: this.node.node,
        ...own,
      },
    };
  }

  #root(): Subject {
    const own = { [ATTRIBUTE.cgroupPath]: '/' };
    const key = this.node.kubernetes ? ATTRIBUTE.node : ATTRIBUTE.hostName;
    return {
      kind: 'node',
      path: '/',
      own,
      resource: {
        ...this.node.extra,
        ...this.#cluster(),
        [key]: this.node.node,
        ...own,
      },
    };
  }

  /** Not a path that can exist, so it never meets a real one. */
  #unknown(): Subject {
    const path = '(unknown)';
    const subject = this.#byPath.get(path) ?? this.#host('unknown', path, {});
    this.#byPath.set(path, subject);
    return subject;
  }

  #cluster(): Attributes {
    return this.node.cluster === undefined
      ? {}
      : { [ATTRIBUTE.cluster]: this.node.cluster };
  }
}

/**
 * Whose quota stopped a victim: its own (or one below it), its pod's, or one above.
 * @param quotaPath - path of the cgroup whose quota ran out
 */
export function quotaLevel(
  victim: Subject,
  quotaPath: string,
): 'container' | 'pod' | 'slice' {
  if (victim.kind === 'pod') {
    return isWithin(quotaPath, victim.path) ? 'pod' : 'slice';
  }
  if (victim.kind !== 'node' && isWithin(quotaPath, victim.path)) {
    return 'container';
  }
  if (victim.podPath !== undefined && isWithin(quotaPath, victim.podPath)) {
    return 'pod';
  }
  return 'slice';
}
