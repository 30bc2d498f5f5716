/**
 * Names of containers outside Kubernetes, from the files in which Docker and Podman keep them: neither is asked, and no
 * socket is needed. A container whose files cannot be read keeps its id as its only name.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const DOCKER = 'var/lib/docker/containers';
const PODMAN = [
  'var/lib/containers/storage/overlay-containers/containers.json',
  'var/lib/containers/storage/overlay-containers/volatile-containers.json',
];

/** Containers come and go; the names of so many are kept. */
const MAX_NAMES = 4096;

function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    // No such runtime here, no right to read it, or half written: there is no name then, and the id stays.
    return undefined;
  }
}

export class PlainContainerNames {
  readonly #names = new Map<string, string | undefined>();

  /** @param hostRoot - where the host's file system is seen from here */
  constructor(private readonly hostRoot: string) {}

  /** The name of a container by its full id; looked up once. */
  nameOf(id: string): string | undefined {
    if (!this.#names.has(id)) {
      if (this.#names.size >= MAX_NAMES) this.#names.clear();
      this.#names.set(id, this.#docker(id) ?? this.#podman(id));
    }
    return this.#names.get(id);
  }

  #docker(id: string): string | undefined {
    const path = join(this.hostRoot, DOCKER, id, 'config.v2.json');
    const config = readJson(path) as { Name?: unknown } | undefined;
    return typeof config?.Name === 'string'
      ? config.Name.replace(/^\//, '')
      : undefined;
  }

  #podman(id: string): string | undefined {
    for (const path of PODMAN) {
      const containers = readJson(join(this.hostRoot, path));
      if (!Array.isArray(containers)) continue;
      const name = containers.find(one => one?.id === id)?.names?.[0];
      if (typeof name === 'string') return name;
    }
    return undefined;
  }
}
