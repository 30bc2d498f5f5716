/**
 * What a cgroup path says about who lives there: pod, container, systemd unit. Reads the path alone; knows no pod by
 * name and looks at no file.
 *
 * Covered: the kubelet's cgroupfs and systemd drivers (also below another root, as `kind` and `--cgroup-root` make
 * them), containerd, CRI-O, Docker, Podman, LXC and nspawn names, systemd's system and user units.
 */

/** What a path is, with the path of the outermost cgroup that is the same thing: everything below it folds into it. */
export type CgroupPlace =
  | { kind: 'root'; path: '/' }
  | ContainerPlace
  | PodPlace
  | { kind: 'unit'; path: string; unit: string }
  | { kind: 'cgroup'; path: string };

/** A container, in a pod or outside of Kubernetes. */
export interface ContainerPlace {
  kind: 'container';
  path: string;
  /** Full id; absent where only a name is used (LXC, nspawn). */
  containerId?: string;
  /** The name outside Kubernetes, where the path tells it. */
  containerName?: string;
  pod?: PodPlace;
}

/** The cgroup of a pod itself. */
export interface PodPlace {
  kind: 'pod';
  path: string;
  /** As the kubelet writes it: a UUID, or a hash without dashes for a static pod read from a file. */
  uid: string;
  qos: 'guaranteed' | 'burstable' | 'besteffort';
}

const QOS = ['burstable', 'besteffort'] as const;

/** `kubepods`, `kubepods.slice`, and either with something before or after it (`kubelet-kubepods.slice`). */
const KUBEPODS = /^(?:[\w.-]*-)?kubepods(?:-[\w-]+)?(?:\.slice)?$/;
const SYSTEMD_POD =
  /^(?:[\w.-]*-)?kubepods(?:-(burstable|besteffort))?-pod([\w.]+)\.slice$/;
/** The systemd driver's name used as a cgroupfs path by a runtime that was set up for the other driver. */
const SYSTEMD_POD_AND_CONTAINER =
  /^(?:[\w.-]*-)?kubepods(?:-(burstable|besteffort))?-pod([\w.]+)\.slice:[\w-]+:([0-9A-Za-z][\w.-]*)$/;
const CGROUPFS_POD = /^pod([0-9A-Za-z][\w.-]*)$/;

/** A container's cgroup in a pod: plain id, `<runtime>-<id>`, or the same as a scope. */
const CONTAINER_IN_POD =
  /^(?:(?:cri-containerd|crio|docker|libpod|containerd|isulad)-)?([0-9a-f]{12,64})(?:\.scope)?$/;
/** Outside of pods only full ids are taken for containers. */
const PLAIN_CONTAINER =
  /^(?:[a-z][\w.]*(?:-[a-z][\w.]*)*-)?([0-9a-f]{64})(?:\.scope)?$/;
const LXC_PAYLOAD = /^lxc\.payload\.(.+)$/;
const NSPAWN_SCOPE = /^machine-(.+)\.scope$/;
/** Helpers of a runtime that carry a container's id and are not inside it. */
const MONITOR = /(?:^|-)conmon-/;

const UNIT = /\.(?:service|scope|slice|socket|mount|swap)$/;
const LEAF_UNIT = /\.(?:service|scope|socket|mount|swap)$/;

function pathOf(segments: string[], last: number): string {
  return `/${segments.slice(0, last + 1).join('/')}`;
}

/** The kubelet's systemd driver writes `-` of a pod's uid as `_`. */
function unescapeUid(escaped: string): string {
  return escaped.replace(/_/g, '-');
}

function qosOf(name: string | undefined): PodPlace['qos'] {
  return QOS.find(qos => qos === name) ?? 'guaranteed';
}

/** The outermost pod in a path, and the index of its segment. */
function findPod(
  segments: string[],
): { pod: PodPlace; index: number; containerId?: string } | undefined {
  for (let index = 0; index < segments.length; index++) {
    const segment = segments[index];
    const path = pathOf(segments, index);
    const slice = SYSTEMD_POD.exec(segment);
    if (slice) {
      const uid = unescapeUid(slice[2]);
      return { index, pod: { kind: 'pod', path, uid, qos: qosOf(slice[1]) } };
    }
    const mixed = SYSTEMD_POD_AND_CONTAINER.exec(segment);
    if (mixed) {
      const uid = unescapeUid(mixed[2]);
      const pod: PodPlace = { kind: 'pod', path, uid, qos: qosOf(mixed[1]) };
      return { index, pod, containerId: mixed[3] };
    }
    const plain = CGROUPFS_POD.exec(segment);
    if (!plain || index === 0) continue;
    const above = segments[index - 1];
    const qos = QOS.find(name => name === above);
    const kubepods = qos ? segments[index - 2] : above;
    if (kubepods === undefined || !KUBEPODS.test(kubepods)) continue;
    const uid = plain[1];
    return { index, pod: { kind: 'pod', path, uid, qos: qosOf(qos) } };
  }
  return undefined;
}

function findPlainContainer(segments: string[]): ContainerPlace | undefined {
  for (let index = 0; index < segments.length; index++) {
    const segment = segments[index];
    const path = pathOf(segments, index);
    const full = MONITOR.test(segment) ? null : PLAIN_CONTAINER.exec(segment);
    if (full) return { kind: 'container', path, containerId: full[1] };
    const named =
      LXC_PAYLOAD.exec(segment) ?? NSPAWN_SCOPE.exec(segment) ?? undefined;
    if (named) return { kind: 'container', path, containerName: named[1] };
    if (segment === 'lxc' && index + 1 < segments.length) {
      return {
        kind: 'container',
        path: pathOf(segments, index + 1),
        containerName: segments[index + 1],
      };
    }
  }
  return undefined;
}

/** A service or scope, the innermost one (a user's own units live inside `user@1000.service`); otherwise a slice. */
function findUnit(segments: string[]): CgroupPlace | undefined {
  for (let index = segments.length - 1; index >= 0; index--) {
    if (LEAF_UNIT.test(segments[index])) {
      const path = pathOf(segments, index);
      return { kind: 'unit', path, unit: segments[index] };
    }
  }
  const last = segments.length - 1;
  if (UNIT.test(segments[last])) {
    return { kind: 'unit', path: pathOf(segments, last), unit: segments[last] };
  }
  return undefined;
}

/**
 * @param path - relative to the hierarchy's mount, with a leading slash
 */
export function placeOf(path: string): CgroupPlace {
  const segments = path.split('/').filter(segment => segment !== '');
  if (segments.length === 0) return { kind: 'root', path: '/' };

  const found = findPod(segments);
  if (found) {
    const { pod, index } = found;
    if (found.containerId !== undefined) {
      const { containerId } = found;
      return { kind: 'container', path: pod.path, containerId, pod };
    }
    const child = segments[index + 1];
    const container = child === undefined ? null : CONTAINER_IN_POD.exec(child);
    if (!container) return pod;
    return {
      kind: 'container',
      path: pathOf(segments, index + 1),
      containerId: container[1],
      pod,
    };
  }
  return (
    findPlainContainer(segments) ??
    findUnit(segments) ?? {
      kind: 'cgroup',
      path: pathOf(segments, segments.length - 1),
    }
  );
}

/** True if `path` is `ancestor` or lies below it. */
export function isWithin(path: string, ancestor: string): boolean {
  return (
    ancestor === '/' || path === ancestor || path.startsWith(`${ancestor}/`)
  );
}
