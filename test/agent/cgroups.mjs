// Cgroups shaped as the kubelet makes them, with real processes in them, and the pods file that names them.
import { spawn } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  rmdirSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { randomBytes, randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';

/** Mounts in which a container runtime makes a container's cgroup, as far as CPU is concerned. */
function cpuMounts() {
  const v1 = ['/sys/fs/cgroup/cpu', '/sys/fs/cgroup/cpuacct'].filter(
    existsSync,
  );
  if (v1.length === 0) return ['/sys/fs/cgroup'];
  const [cpu, account] = v1;
  return account && statSync(cpu).dev !== statSync(account).dev ? v1 : [cpu];
}

/** A burst of work and a short sleep, for ever; `alarm` ends it when everything else fails to. */
function program(work, sleepSeconds) {
  const rest = sleepSeconds
    ? `select(undef, undef, undef, ${sleepSeconds});`
    : '';
  return `alarm 60; for (;;) { $i = 0; $i++ while $i < ${work}; ${rest} }`;
}

export const BURN = program(100_000, 0);
export const SERVE = program(20_000, 0.001);

/** Sends back what it gets, on a port of this machine. */
export const answerOn = port =>
  `use IO::Socket::INET; alarm 60; $l = IO::Socket::INET->new(Listen => 5, LocalAddr => "127.0.0.1", LocalPort => ${port}, ReuseAddr => 1) or die; while ($c = $l->accept) { syswrite($c, $b) while sysread($c, $b, 64) }`;

/** Asks there, each time by a connection of its own, for ever. */
export const askOn = port =>
  `use IO::Socket::INET; alarm 60; for (;;) { if ($c = IO::Socket::INET->new("127.0.0.1:${port}")) { syswrite($c, "x"); sysread($c, $b, 64); close $c } select(undef, undef, undef, 0.05) }`;

export class Kubelet {
  #root = `kubepods-test-${process.pid}`;
  #mounts = cpuMounts();
  #pods = [];
  #children = new Set();
  #directory = mkdtempSync(join(tmpdir(), 'contention-agent-test-'));

  get podsPath() {
    return join(this.#directory, 'pods.json');
  }

  /** Path of the node's pods, relative to the hierarchy. */
  get root() {
    return `/${this.#root}`;
  }

  /** A pod with cgroups for itself and its containers; `quotaUs` is its CPU limit in each 100 ms. */
  pod({ name, containers, owner, labels, quotaUs }) {
    const uid = randomUUID();
    const path = `${this.#root}/burstable/pod${uid}`;
    const ids = Object.fromEntries(
      containers.map(container => [container, randomBytes(32).toString('hex')]),
    );
    this.#make(path);
    if (quotaUs) this.#limit(path, quotaUs);
    for (const id of Object.values(ids)) this.#make(`${path}/${id}`);
    this.#pods.push({
      metadata: {
        name,
        namespace: 'default',
        uid,
        labels,
        ownerReferences: [{ ...owner, controller: true }],
      },
      spec: {
        containers: containers.map(container => ({
          name: container,
          resources: { requests: { cpu: '100m' } },
        })),
      },
      status: {
        containerStatuses: containers.map(container => ({
          name: container,
          containerID: `containerd://${ids[container]}`,
          state: { running: {} },
        })),
      },
    });
    writeFileSync(
      this.podsPath,
      JSON.stringify({ kind: 'PodList', apiVersion: 'v1', items: this.#pods }),
    );
    return { uid, path: `/${path}`, ids };
  }

  /** The files that a process writes itself into to be in a container, one a hierarchy. */
  procsFiles(pod, container) {
    const path = join(pod.path, pod.ids[container]);
    return this.#mounts.map(mount => join(mount, path, 'cgroup.procs'));
  }

  /** Starts a Perl program in a container, on one CPU; below `nested` inside it, if given. */
  start(pod, container, source, cpu, nested = '') {
    const path = join(pod.path, pod.ids[container], nested);
    this.#make(path);
    const enter = this.#mounts
      .map(mount => `echo $$ > ${mount}${path}/cgroup.procs`)
      .join(' && ');
    const child = spawn(
      'sh',
      ['-c', `${enter} && exec taskset -c ${cpu} perl -e "$0"`, source],
      { stdio: ['ignore', 'ignore', 'inherit'] },
    );
    const ended = new Promise(resolve => child.on('exit', resolve));
    const process = {
      stop: async () => {
        child.kill('SIGKILL');
        await ended;
        this.#children.delete(process);
      },
    };
    this.#children.add(process);
    return process;
  }

  /** What the kernel's own books say of a pod: periods in which its quota ran out. */
  throttledPeriods(pod) {
    const stat = readFileSync(
      join(this.#mounts[0], pod.path, 'cpu.stat'),
      'utf8',
    );
    return Number(/^nr_throttled (\d+)$/m.exec(stat)[1]);
  }

  /** Waits until a container has used so many seconds of CPU. */
  async untilItRan(pod, container, seconds) {
    const path = join(pod.path, pod.ids[container]);
    for (let attempt = 0; attempt < 500; attempt++) {
      if (this.#cpuSeconds(path) >= seconds) return;
      await sleep(10);
    }
    throw new Error(`${container} got no CPU`);
  }

  #cpuSeconds(path) {
    const usage = join(this.#mounts.at(-1), path, 'cpuacct.usage');
    if (existsSync(usage)) return Number(readFileSync(usage, 'utf8')) / 1e9;
    const stat = join(this.#mounts[0], path, 'cpu.stat');
    const text = readFileSync(stat, 'utf8');
    return Number(/^usage_usec (\d+)$/m.exec(text)[1]) / 1e6;
  }

  /** Takes a container's cgroups away; its processes must have ended. */
  async removeContainer(pod, container) {
    for (const mount of this.#mounts) {
      await removeTree(join(mount, pod.path, pod.ids[container]));
    }
  }

  async cleanUp() {
    for (const child of [...this.#children]) await child.stop();
    for (const mount of this.#mounts) await removeTree(join(mount, this.#root));
    rmSync(this.#directory, { recursive: true });
  }

  #make(path) {
    for (const mount of this.#mounts) {
      mkdirSync(join(mount, path), { recursive: true });
      this.#enableCpu(mount, path);
    }
  }

  /** The unified hierarchy has controllers only where they were asked for, from the top down. */
  #enableCpu(mount, path) {
    if (!existsSync(join(mount, 'cgroup.controllers'))) return;
    const parents = [];
    for (let at = dirname(path); at !== '/'; at = dirname(at)) {
      parents.unshift(at);
      if (at === '.') break;
    }
    for (const parent of parents) {
      const controllers = join(mount, parent, 'cgroup.subtree_control');
      if (readFileSync(controllers, 'utf8').includes('cpu')) continue;
      writeFileSync(controllers, '+cpu');
    }
  }

  #limit(path, quotaUs) {
    const [mount] = this.#mounts;
    if (existsSync(join(mount, path, 'cpu.max'))) {
      writeFileSync(join(mount, path, 'cpu.max'), `${quotaUs} 100000`);
    } else {
      writeFileSync(join(mount, path, 'cpu.cfs_quota_us'), String(quotaUs));
    }
  }
}

/** A cgroup can be removed a moment after its last process has gone. */
async function removeTree(path) {
  if (!existsSync(path)) return;
  for (const entry of readdirSync(path, { withFileTypes: true })) {
    if (entry.isDirectory()) await removeTree(join(path, entry.name));
  }
  for (let attempt = 0; ; attempt++) {
    try {
      rmdirSync(path);
      return;
    } catch (error) {
      if (error.code !== 'EBUSY' || attempt === 100) throw error;
      await sleep(20);
    }
  }
}
