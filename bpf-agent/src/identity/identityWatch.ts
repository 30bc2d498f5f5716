/** Notices that containers stay nameless, and says what was looked at, so that somebody can see why. */
import { ATTRIBUTE } from 'backstage-plugin-contention-common/metrics';
import type { Log } from '../log';
import type { Frame } from '../sensor/frame';
import type { PodDirectory } from './podDirectory';
import type { Subjects } from './subject';

/** Frames in a row before anything is said: pods and cgroups never appear in the same moment. */
const PATIENCE = 3;

export class IdentityWatch {
  #nameless = 0;
  #said = '';

  constructor(
    private readonly podsFrom: string | undefined,
    private readonly log: Log,
  ) {}

  look(frame: Frame, subjects: Subjects, directory: PodDirectory): void {
    const paths = frame.cgroups
      .filter(cgroup => !cgroup.removed)
      .map(cgroup => cgroup.path);
    const inPods = paths.filter(
      path => subjects.ofPath(path).podPath !== undefined,
    );
    const named = inPods.some(
      path => ATTRIBUTE.podName in subjects.ofPath(path).own,
    );
    const sentence = named
      ? ''
      : this.#complaint(frame, paths, inPods, directory.size);
    this.#nameless = sentence === '' ? 0 : this.#nameless + 1;
    if (sentence === '') this.#said = '';
    if (this.#nameless < PATIENCE || this.#said !== '') return;
    this.#said = sentence;
    this.log.warn(sentence);
  }

  #complaint(
    frame: Frame,
    paths: string[],
    inPods: string[],
    pods: number,
  ): string {
    const { mount } = frame.hierarchy;
    if (inPods.length > 0 && this.podsFrom === undefined) {
      return `there are cgroups of pods (${inPods[0]}), but no --pods to name them by`;
    }
    if (inPods.length > 0) {
      return `no pod has a name: ${inPods.length} cgroups of pods below ${mount} (${inPods[0]}), none of their uids among the ${pods} pods of ${this.podsFrom}`;
    }
    if (pods === 0) return '';
    return `no pod is running here: ${pods} pods in ${
      this.podsFrom
    }, but none of ${paths.length} cgroups below ${mount} (${paths
      .slice(0, 3)
      .join(
        ', ',
      )}) is named as the kubelet names them (kubepods/.../pod<uid>/<container id>)`;
  }
}
