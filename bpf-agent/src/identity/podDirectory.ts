/**
 * The pods of this node by uid, and which container an id belongs to. Remembers pods and ids for a while after their
 * source has forgotten them: a window is named after it ended, and by then a short-lived container is gone.
 */
import {
  ATTRIBUTE,
  POD_LABEL_PREFIX,
} from 'backstage-plugin-contention-common/metrics';
import { containerRequestCpus, podRequestCpus } from './cpuQuantity';
import type { Attributes } from '../otlp/model';
import { imageAttributes } from './image';
import {
  allSpecs,
  allStatuses,
  ownAddress,
  plainContainerId,
  type Pod,
} from './pod';
import { workloadAttributes } from './workload';

/** Ids remembered of one pod: a crash loop makes a new one every few minutes, for ever. */
const MAX_IDS = 64;

/** A static pod's uid in the API differs from the one in its cgroup; these annotations hold the latter. */
const STATIC_POD_ANNOTATIONS = [
  'kubernetes.io/config.hash',
  'kubernetes.io/config.mirror',
];

export interface KnownPod {
  /** Namespace, name, uid, workload and allowed labels. */
  attributes: Record<string, string>;
  /** Last address that was its own; a pod that ends loses it before its last window is sent. */
  address?: string;
  requestCpus?: number;
  containerRequestCpus: Map<string, number>;
  /** Attributes of a container's image, by container name. */
  images: Map<string, Attributes>;
  /** Container name by id, ids of earlier runs included. */
  names: Map<string, string>;
  /** Ids that should be running now. */
  runningIds: Set<string>;
  /** True if each container of the spec has an id: then an id that is none of these is not a container of the spec. */
  complete: boolean;
  seenAtMs: number;
}

export interface PodDirectoryOptions {
  /** Label keys that are passed on; `*` for all. */
  labels: readonly string[];
  /** How long a pod is remembered after its source has forgotten it, ms. */
  rememberMs: number;
}

export class PodDirectory {
  readonly #byUid = new Map<string, KnownPod>();
  #lastReadMs = 0;

  constructor(private readonly options: PodDirectoryOptions) {}

  /** Number of pods known, remembered ones included. */
  get size(): number {
    return new Set(this.#byUid.values()).size;
  }

  find(uid: string): KnownPod | undefined {
    return this.#byUid.get(uid);
  }

  /**
   * Takes in what a source said. Entries without a uid or a name are skipped.
   * @param pods - undefined for "as before"
   */
  update(pods: readonly Pod[] | undefined, nowMs: number): void {
    if (pods === undefined) {
      for (const known of this.#byUid.values()) {
        if (known.seenAtMs === this.#lastReadMs) known.seenAtMs = nowMs;
      }
    } else {
      for (const pod of pods) this.#add(pod, nowMs);
    }
    this.#lastReadMs = nowMs;
    for (const [uid, known] of this.#byUid) {
      if (nowMs - known.seenAtMs > this.options.rememberMs) {
        this.#byUid.delete(uid);
      }
    }
  }

  #add(pod: Pod, nowMs: number): void {
    const uid = pod.metadata?.uid;
    if (!uid || !pod.metadata?.name) return;
    const before = this.#byUid.get(uid);
    const names = new Map(before?.names);
    const runningIds = new Set<string>();
    const named = new Set<string>();
    for (const status of allStatuses(pod)) {
      if (!status.name) continue;
      const current = plainContainerId(status.containerID);
      if (current) {
        named.add(status.name);
        if (!status.state?.terminated) runningIds.add(current);
      }
      for (const id of [
        current,
        plainContainerId(status.state?.terminated?.containerID),
        plainContainerId(status.lastState?.terminated?.containerID),
      ]) {
        if (!id) continue;
        // Behind all others: those that no status has named for longest are forgotten first.
        names.delete(id);
        names.set(id, status.name);
      }
    }
    for (const id of names.keys()) {
      if (names.size <= MAX_IDS) break;
      names.delete(id);
    }
    const requests = new Map<string, number>();
    for (const spec of allSpecs(pod)) {
      const cpus = containerRequestCpus(spec);
      if (spec.name && cpus !== undefined) requests.set(spec.name, cpus);
    }
    const images = new Map<string, Attributes>();
    for (const { name, image } of allSpecs(pod)) {
      if (name && image) images.set(name, imageAttributes(image));
    }
    const regular = pod.spec?.containers ?? [];
    const known: KnownPod = {
      attributes: this.#attributes(pod, uid),
      address: ownAddress(pod) ?? before?.address,
      requestCpus: podRequestCpus(pod),
      containerRequestCpus: requests,
      images,
      names,
      runningIds,
      complete:
        regular.length > 0 &&
        regular.every(spec => spec.name !== undefined && named.has(spec.name)),
      seenAtMs: nowMs,
    };
    this.#byUid.set(uid, known);
    for (const annotation of STATIC_POD_ANNOTATIONS) {
      const cgroupUid = pod.metadata.annotations?.[annotation];
      if (cgroupUid) this.#byUid.set(cgroupUid, known);
    }
  }

  #attributes(pod: Pod, uid: string): Record<string, string> {
    const attributes: Record<string, string> = {
      [ATTRIBUTE.namespace]: pod.metadata?.namespace ?? 'default',
      [ATTRIBUTE.podName]: pod.metadata?.name ?? '',
      [ATTRIBUTE.podUid]: uid,
      ...workloadAttributes(pod),
    };
    const all = this.options.labels.includes('*');
    for (const [key, value] of Object.entries(pod.metadata?.labels ?? {})) {
      if (all || this.options.labels.includes(key)) {
        attributes[`${POD_LABEL_PREFIX}${key}`] = value;
      }
    }
    return attributes;
  }
}
