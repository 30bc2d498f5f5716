/** Pods from a file in the format of the kubelet's `GET /pods`, read again whenever it has changed. */
import { readFile, stat } from 'node:fs/promises';
import type { Pod } from './pod';
import { parsePodList, type PodSource } from './podSource';

export class FilePodSource implements PodSource {
  readonly description: string;
  #seen?: string;

  constructor(private readonly path: string) {
    this.description = path;
  }

  async read(): Promise<Pod[] | undefined> {
    const { mtimeNs, size, ino } = await stat(this.path, { bigint: true });
    const version = `${ino}:${size}:${mtimeNs}`;
    if (version === this.#seen) return undefined;
    const pods = parsePodList(await readFile(this.path, 'utf8'));
    this.#seen = version;
    return pods;
  }
}
