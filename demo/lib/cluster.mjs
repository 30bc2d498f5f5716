// Makes the host look as the demo's state asks: what a kubelet, a container runtime and a network plugin do.
import {
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import { join, resolve } from 'node:path';
import { Problem } from '../../scripts/lib/say.mjs';
import { inHostNetwork } from './addresses.mjs';
import {
  childrenOf,
  makeCgroup,
  processesIn,
  removeCgroup,
  removeIfEmpty,
  setCpu,
} from './cgroups.mjs';
import { readHierarchies } from './hierarchies.mjs';
import {
  belongsTo,
  containerId,
  instanceOf,
  isDemoUid,
  podUid,
} from './identity.mjs';
import { milliCpuToQuota, milliCpuToShares, podCpu } from './kubelet-cpu.mjs';
import { podList } from './pods.mjs';
import { agentPod, burst, initialState, services } from './services.mjs';
import { Surroundings } from './surroundings.mjs';
import {
  HOST_NETWORK,
  OWN_NETWORK,
  namesIn,
  startWorkload,
  untilJoined,
} from './workload.mjs';

const KUBEPODS = 'kubepods';
const BURSTABLE = 'kubepods/burstable';

/** Everything that has pods. */
const POD_OWNERS = [...services, agentPod];

/** The container that every pod has besides its own, and that holds its network. */
const SANDBOX = {
  name: 'POD',
  cpu: { request: 0 },
  processes: [{ name: 'pause' }],
};

/**
 * A demo on this host. `folder` holds its state, the pods file and the logs of its processes, and tells it apart from
 * other demos; `cpu` is the CPU that its pods run on, `clientCpu` the one of those outside them.
 */
export class Cluster {
  constructor({ folder, cpu, clientCpu = cpu }) {
    this.folder = resolve(folder);
    this.cpu = cpu;
    this.instance = instanceOf(this.folder);
    this.hierarchies = readHierarchies();
    this.surroundings = new Surroundings({
      folder: this.folder,
      instance: this.instance,
      hierarchies: this.hierarchies,
      cpu: clientCpu,
    });
  }

  get podsFile() {
    return join(this.folder, 'pods.json');
  }

  get stateFile() {
    return join(this.folder, 'demo.json');
  }

  /** The state that was last asked for, undefined when the demo is not running. */
  readState() {
    return existsSync(this.stateFile)
      ? JSON.parse(readFileSync(this.stateFile, 'utf8'))
      : undefined;
  }

  /** Removes what an earlier run left, then starts all services. `withAgent` also makes a pod for the agent. */
  async start({ withAgent = false } = {}) {
    this.#refuseBesideKubelet();
    await this.stop();
    mkdirSync(this.folder, { recursive: true });
    const now = new Date().toISOString();
    const { scale, ...rest } = structuredClone(initialState);
    try {
      await this.#apply({
        ...rest,
        scale: { ...scale, [agentPod.name]: Number(withAgent) },
        cpu: this.cpu,
        startedAt: Object.fromEntries(
          POD_OWNERS.map(({ name }) => [name, now]),
        ),
      });
    } catch (error) {
      await this.stop(); // what was made of it
      throw error;
    }
  }

  /** Directories of the cgroups of the agent's container: where to put the agent. */
  get agentDirectories() {
    const uid = podUid(this.instance, agentPod.name, 1);
    const [{ name }] = agentPod.containers;
    return this.hierarchies.map(({ mount }) =>
      join(mount, `${BURSTABLE}/pod${uid}`, containerId(uid, name)),
    );
  }

  /** Ends all processes and removes all cgroups and networks of this instance, also when its state file is gone. */
  async stop() {
    for (const uid of this.#podsOnHost()) {
      if (belongsTo(uid, this.instance)) {
        await removeCgroup(this.hierarchies, `${BURSTABLE}/pod${uid}`);
      }
    }
    await this.surroundings.remove();
    // Only when nobody else has pods here, which a host with a kubelet always has.
    removeIfEmpty(this.hierarchies, BURSTABLE);
    removeIfEmpty(this.hierarchies, KUBEPODS);
    rmSync(this.stateFile, { force: true });
    rmSync(this.podsFile, { force: true });
  }

  /** Changes how many pods a service has: 0 or 1. A pod that comes back is another pod. */
  async scale(name, replicas) {
    const state = this.#runningState();
    if (state.scale[name] === replicas) return;
    if (replicas === 1) {
      state.generation[name] += 1;
      state.startedAt[name] = new Date().toISOString();
    }
    state.scale[name] = replicas;
    await this.#apply(state);
  }

  /** Puts the burst load into another service. */
  async moveLoad(name) {
    await this.#apply({ ...this.#runningState(), burstIn: name });
  }

  /** Which processes run where: `{service, container, cgroup, pids}` for each container that the state asks for, and around the pods. */
  status() {
    const state = this.readState();
    if (!state) return [];
    const [hierarchy] = this.hierarchies;
    const pods = this.#wantedContainers(state).map(wanted => ({
      service: wanted.service.name,
      container: wanted.name,
      cgroup: `/${wanted.path}`,
      pids: processesIn(join(hierarchy.mount, wanted.path)),
    }));
    return [...pods, ...this.surroundings.status()];
  }

  #runningState() {
    const state = this.readState();
    if (!state) {
      throw new Problem(
        'The demo is not running. Start it with: node demo/demo.mjs start',
      );
    }
    return { ...state, cpu: this.cpu };
  }

  /** A kubelet removes pods that it does not know, and would be right to. */
  #refuseBesideKubelet() {
    const foreign = [
      ...this.#podsOnHost(),
      ...this.hierarchies.flatMap(({ mount }) =>
        ['kubepods', 'kubepods/besteffort', 'kubepods.slice'].flatMap(path =>
          childrenOf(join(mount, path)).filter(name => /pod/.test(name)),
        ),
      ),
    ].filter(name => !isDemoUid(name.replace(/^pod/, '')));
    if (foreign.length > 0) {
      throw new Problem(
        `A kubelet runs pods on this machine (cgroup ${foreign[0]}), and the demo would be in its way. Use another machine, or start without the demo: npm start -- --no-demo`,
      );
    }
  }

  #podsOnHost() {
    const names = this.hierarchies.flatMap(({ mount }) =>
      childrenOf(join(mount, BURSTABLE)),
    );
    return [...new Set(names)]
      .filter(name => name.startsWith('pod'))
      .map(name => name.slice('pod'.length));
  }

  /** Brings host and files to a state: removes pods, makes pods, moves the burst, and says so in the pods file. */
  async #apply(state) {
    const wanted = this.#wantedContainers(state);
    const wantedUids = new Set(wanted.map(container => container.uid));
    for (const uid of this.#podsOnHost()) {
      if (belongsTo(uid, this.instance) && !wantedUids.has(uid)) {
        await removeCgroup(this.hierarchies, `${BURSTABLE}/pod${uid}`);
      }
    }
    this.#setTierWeights(wanted);
    await this.surroundings.ensureNetworks();
    for (const sandbox of wanted.filter(({ name }) => name === SANDBOX.name)) {
      await this.#startSandbox(sandbox);
    }
    await Promise.all(
      wanted
        .filter(({ name }) => name !== SANDBOX.name)
        .flatMap(container => this.#startContainer(container))
        .map(untilJoined),
    );
    await this.surroundings.ensureOutsiders();
    this.#write(this.podsFile, podList(this.instance, POD_OWNERS, state));
    this.#write(this.stateFile, state);
  }

  /**
   * Containers that a state asks for, each with the processes that belong in it, or without if others put them there; the
   * pod's sandbox is one of them.
   */
  #wantedContainers(state) {
    return POD_OWNERS.filter(service => state.scale[service.name] > 0).flatMap(
      service => {
        const generation = state.generation[service.name];
        const uid = podUid(this.instance, service.name, generation);
        const cpu = podCpu(service);
        const containers = service.containers.map((container, index) => ({
          name: container.name,
          cpu: cpu.containers[index],
          processes: container.processes && [
            ...container.processes,
            ...(container.name === state.burstIn ? [burst] : []),
          ],
        }));
        return [SANDBOX, ...containers].map(container => ({
          ...container,
          service,
          uid,
          podCpu: cpu,
          podPath: `${BURSTABLE}/pod${uid}`,
          path: `${BURSTABLE}/pod${uid}/${containerId(uid, container.name)}`,
        }));
      },
    );
  }

  /** Weights above the pods: of all pods against the rest of the node, and of the burstable ones among the pods. */
  #setTierWeights(wanted) {
    const requests = new Map(
      wanted.map(({ uid, podCpu: { request } }) => [uid, request]),
    );
    const requested = [...requests.values()].reduce(
      (sum, each) => sum + each,
      0,
    );
    for (const hierarchy of this.hierarchies) {
      makeCgroup(hierarchy, BURSTABLE);
      setCpu(hierarchy, KUBEPODS, {
        shares: milliCpuToShares(os.cpus().length * 1000),
      });
      setCpu(hierarchy, BURSTABLE, { shares: milliCpuToShares(requested) });
    }
  }

  /** Makes the pod's network where there is none yet. */
  async #startSandbox(sandbox) {
    const { service, uid } = sandbox;
    const isOnHost = inHostNetwork(service);
    const network = isOnHost ? HOST_NETWORK : OWN_NETWORK;
    for (const started of this.#startContainer(sandbox, network)) {
      await untilJoined(started);
      if (!isOnHost) {
        this.surroundings.connectPod(service, { pid: started.child.pid, uid });
      }
    }
  }

  /**
   * Makes the cgroups of a container and starts what does not run in it yet, in the network of its sandbox; ends what no
   * longer belongs in it.
   */
  #startContainer(container, network = this.#networkOf(container)) {
    const directories = this.#makeCgroups(container);
    if (!container.processes) return [];
    const running = namesIn(directories[0]);
    for (const [name, pid] of running) {
      if (!container.processes.some(each => each.name === name)) {
        process.kill(pid, 'SIGKILL');
      }
    }
    const { name: owner } = container.service;
    return container.processes
      .filter(each => !running.has(each.name))
      .map(each =>
        startWorkload(owner, each, {
          folder: this.folder,
          cpu: this.cpu,
          address: each.serve && this.surroundings.addressOf(owner),
          addressOf: name => this.surroundings.addressOf(name),
          network,
          directories,
        }),
      );
  }

  /** The process that holds the network of a container's pod. */
  #networkOf({ podPath, uid }) {
    const sandbox = `${podPath}/${containerId(uid, SANDBOX.name)}`;
    const [hierarchy] = this.hierarchies;
    return processesIn(join(hierarchy.mount, sandbox))[0];
  }

  #makeCgroups({ path, cpu, podPath, podCpu: pod }) {
    return this.hierarchies.map(hierarchy => {
      const directory = makeCgroup(hierarchy, path);
      setCpu(hierarchy, podPath, {
        shares: milliCpuToShares(pod.request),
        quotaUs: milliCpuToQuota(pod.limit),
      });
      setCpu(hierarchy, path, {
        shares: milliCpuToShares(cpu.request),
        quotaUs: milliCpuToQuota(cpu.limit),
      });
      return directory;
    });
  }

  /** Writes a file so that a reader sees all of the old one or all of the new one. */
  #write(file, object) {
    writeFileSync(`${file}.new`, `${JSON.stringify(object, null, 2)}\n`);
    renameSync(`${file}.new`, file);
  }
}
