// Makes the host look as the demo's state asks: what a kubelet and a container runtime do, for four pods.
import { spawn } from 'node:child_process';
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { inCheckout } from '../../scripts/lib/checkout.mjs';
import { lastLines } from '../../scripts/lib/child.mjs';
import { Problem } from '../../scripts/lib/say.mjs';
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
  podAddress,
  podUid,
} from './identity.mjs';
import { milliCpuToQuota, milliCpuToShares, podCpu } from './kubelet-cpu.mjs';
import { podList } from './pods.mjs';
import {
  agentPod,
  burst,
  customers,
  initialState,
  services,
} from './services.mjs';

const KUBEPODS = 'kubepods';
const BURSTABLE = 'kubepods/burstable';

/** Everything that has pods. */
const POD_OWNERS = [...services, agentPod];

/** Port on which the pods that serve do so. */
const PORT = 8080;

/** How long a process may take to be in its cgroups, ms. */
const JOIN_TIMEOUT_MS = 5000;

/**
 * A demo on this host. `folder` holds its state, the pods file and the logs of its processes, and tells it apart from
 * other demos; `cpu` is the CPU that its pods run on, `clientCpu` the one of whoever asks them.
 */
export class Cluster {
  constructor({ folder, cpu, clientCpu = cpu }) {
    this.folder = resolve(folder);
    this.cpu = cpu;
    this.clientCpu = clientCpu;
    this.instance = instanceOf(this.folder);
    this.hierarchies = readHierarchies();
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
    await this.#apply({
      ...rest,
      scale: { ...scale, [agentPod.name]: Number(withAgent) },
      cpu: this.cpu,
      startedAt: Object.fromEntries(POD_OWNERS.map(({ name }) => [name, now])),
    });
  }

  /** Directories of the cgroups of the agent's container: where to put the agent. */
  get agentDirectories() {
    const uid = podUid(this.instance, agentPod.name, 1);
    const [{ name }] = agentPod.containers;
    return this.hierarchies.map(({ mount }) =>
      join(mount, `${BURSTABLE}/pod${uid}`, containerId(uid, name)),
    );
  }

  /** Ends all processes and removes all cgroups of this instance, also when its state file is gone. */
  async stop() {
    for (const uid of this.#podsOnHost()) {
      if (belongsTo(uid, this.instance)) {
        await removeCgroup(this.hierarchies, `${BURSTABLE}/pod${uid}`);
      }
    }
    await removeCgroup(this.hierarchies, this.#customersPath);
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

  /** Which processes run where: `{service, container, pids}` for each container that the state asks for. */
  status() {
    const state = this.readState();
    if (!state) return [];
    const [hierarchy] = this.hierarchies;
    return this.#wantedContainers(state).map(wanted => ({
      service: wanted.service.name,
      container: wanted.name,
      cgroup: `/${wanted.path}`,
      pids: processesIn(join(hierarchy.mount, wanted.path)),
    }));
  }

  get #customersPath() {
    return `demo-customers-${this.instance}`;
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
    const started = [
      ...wanted.flatMap(container => this.#startContainer(container)),
      ...this.#startCustomers(),
    ];
    await Promise.all(started.map(each => this.#untilJoined(each)));
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
        const sandbox = {
          name: 'POD',
          cpu: { request: 0 },
          processes: [{ name: 'pause' }],
        };
        const containers = service.containers.map((container, index) => ({
          name: container.name,
          cpu: cpu.containers[index],
          processes: container.processes && [
            ...container.processes,
            ...(container.name === state.burstIn ? [burst] : []),
          ],
        }));
        return [sandbox, ...containers].map(container => ({
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

  /** Makes the cgroups of a container and starts what does not run in it yet; ends what no longer belongs in it. */
  #startContainer(container) {
    const joinDirectories = this.hierarchies.map(hierarchy => {
      const directory = makeCgroup(hierarchy, container.path);
      setCpu(hierarchy, container.podPath, {
        shares: milliCpuToShares(container.podCpu.request),
        quotaUs: milliCpuToQuota(container.podCpu.limit),
      });
      setCpu(hierarchy, container.path, {
        shares: milliCpuToShares(container.cpu.request),
        quotaUs: milliCpuToQuota(container.cpu.limit),
      });
      return directory;
    });
    if (!container.processes) return [];
    const running = namesIn(joinDirectories[0]);
    for (const [name, pid] of running) {
      if (!container.processes.some(each => each.name === name)) {
        process.kill(pid, 'SIGKILL');
      }
    }
    return container.processes
      .filter(each => !running.has(each.name))
      .map(each =>
        this.#startProcess(container.service.name, each, {
          cpu: this.cpu,
          address: this.#addressOf(container.service.name),
          directories: joinDirectories,
        }),
      );
  }

  /** In a cgroup of the host's own. */
  #startCustomers() {
    const directories = this.hierarchies.map(hierarchy =>
      makeCgroup(hierarchy, this.#customersPath),
    );
    if (namesIn(directories[0]).has(customers.name)) return [];
    return [
      this.#startProcess('host', customers, {
        cpu: this.clientCpu,
        directories,
      }),
    ];
  }

  /** ADDRESS:PORT at which a service's pod serves. */
  #addressOf(service) {
    return `${podAddress(this.instance, service)}:${PORT}`;
  }

  /** `owner` tells logs of processes of the same name apart. */
  #startProcess(owner, behaviour, { cpu, address, directories }) {
    const { name } = behaviour;
    const log = join(this.folder, `demo-${owner}-${name}.log`);
    const output = openSync(log, 'w');
    const child = spawn(
      inCheckout('demo/build/workload'),
      [
        '--name',
        name,
        '--cpu',
        String(cpu),
        ...directories.flatMap(directory => ['--cgroup', directory]),
        ...patternArguments(behaviour.pattern),
        ...serveArguments(behaviour.serve, address, service =>
          this.#addressOf(service),
        ),
        ...(behaviour.ask ? ['--ask', this.#addressOf(behaviour.ask)] : []),
      ],
      { argv0: name, detached: true, stdio: ['ignore', output, output] },
    );
    closeSync(output);
    child.unref();
    const failure = new Promise(resolve => {
      child.once('error', error => resolve(error.message));
      child.once('exit', () =>
        resolve(lastLines(readFileSync(log, 'utf8'), 1)[0] ?? 'it ended'),
      );
    });
    return { name, child, failure, directories };
  }

  /** Resolves when a process is in all of its cgroups. */
  async #untilJoined({ name, child, failure, directories }) {
    const deadline = Date.now() + JOIN_TIMEOUT_MS;
    const joined = () =>
      directories.every(directory =>
        processesIn(directory).includes(child.pid),
      );
    while (!joined()) {
      const reason = await Promise.race([failure, sleep(10)]);
      if (reason) {
        throw new Problem(
          `The demo's process ${name} did not start: ${reason}`,
        );
      }
      if (Date.now() > deadline) {
        throw new Problem(
          `The demo's process ${name} did not join its cgroups within ${JOIN_TIMEOUT_MS / 1000} s.`,
        );
      }
    }
    child.removeAllListeners();
  }

  /** Writes a file so that a reader sees all of the old one or all of the new one. */
  #write(file, object) {
    writeFileSync(`${file}.new`, `${JSON.stringify(object, null, 2)}\n`);
    renameSync(`${file}.new`, file);
  }
}

function patternArguments(pattern) {
  if (!pattern) return [];
  return [
    '--threads',
    String(pattern.threads),
    '--every-us',
    String(pattern.everyUs),
    '--work-us',
    String(pattern.workUs),
    '--phase-us',
    String(pattern.phaseUs ?? 0),
    ...(pattern.together ? ['--together'] : []),
  ];
}

/** `addressOf` tells where another service is. */
function serveArguments(serve, address, addressOf) {
  if (!serve) return [];
  return [
    '--serve',
    address,
    '--serve-threads',
    String(serve.threads),
    '--serve-us',
    String(serve.workUs),
    ...(serve.call
      ? ['--call', addressOf(serve.call), '--call-every', String(serve.every)]
      : []),
  ];
}

/** Processes of a cgroup, by name. */
const namesIn = directory =>
  new Map(processesIn(directory).map(pid => [commandName(pid), pid]));

/** The name of a process; undefined when it has just ended. */
function commandName(pid) {
  try {
    return readFileSync(`/proc/${pid}/comm`, 'utf8').trim();
  } catch (error) {
    if (error.code === 'ENOENT' || error.code === 'ESRCH') return undefined;
    throw error;
  }
}
