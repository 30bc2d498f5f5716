/** Looks for what a stopped `npm start` must not leave behind. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync, readlinkSync } from 'node:fs';
import { connect } from 'node:net';
import path from 'node:path';

const PORTS = [3000, 7007];
const CGROUP_ROOT = '/sys/fs/cgroup';
/** Our kernel programs that are always attached, as the kernel lists them. */
const PROGRAMS = ['on_switch', 'on_migrate'];

/** Ids of our kernel programs that are loaded now: to be taken before a run starts. */
export function bpfPrograms(): number[] {
  const programs: { id: number; name?: string }[] = JSON.parse(
    execFileSync('bpftool', ['--json', 'prog', 'show'], { encoding: 'utf8' }),
  );
  return programs
    .filter(({ name }) => PROGRAMS.includes(name ?? ''))
    .map(({ id }) => id);
}

/** By process id the network namespace that it is in, as the kernel calls it. */
function networks(): Map<string, string> {
  const found = new Map<string, string>();
  for (const pid of readdirSync('/proc').filter(name => /^\d+$/.test(name))) {
    try {
      found.set(pid, readlinkSync(`/proc/${pid}/ns/net`));
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      // Gone meanwhile; or of somebody who lets nobody look, which the demo's processes do not.
      if (!['ENOENT', 'ESRCH', 'EACCES'].includes(code ?? '')) throw error;
    }
  }
  return found;
}

/** Who is in the networks between the demo's pods, which last as long as somebody is: to be taken while it runs. */
export function inDemoNetworks(pods: readonly string[]): Map<string, string> {
  const instance = pods[0].split('-')[1];
  const holders = readFileSync(
    path.join(cgroupMounts()[0], `demo-${instance}/network/cgroup.procs`),
    'utf8',
  )
    .trim()
    .split('\n');
  const all = networks();
  const held = new Set(holders.flatMap(pid => all.get(pid) ?? []));
  if (held.size === 0) throw new Error('the demo has no network');
  return new Map([...all].filter(([, network]) => held.has(network)));
}

/**
 * A line for each process, cgroup, network, BPF program or port that the run in `folder` has left.
 * @param pods - uids of the pods that the run made
 * @param inside - who was in the networks that it made
 * @param before - kernel programs that were loaded when it started
 */
export async function leftovers(
  folder: string,
  pods: readonly string[],
  inside: ReadonlyMap<string, string>,
  before: readonly number[],
): Promise<string[]> {
  const { processesOfRun } = await import('../../../scripts/lib/processes.mjs');
  return [
    ...(await Promise.all(PORTS.map(openPort))).flat(),
    ...cgroups(pods),
    ...[...networks()]
      .filter(([pid, network]) => inside.get(pid) === network)
      .map(([pid, network]) => `network ${network} with process ${pid}`),
    ...processesOfRun(folder).map((pid: number) => `process ${pid}`),
    ...bpfPrograms()
      .filter(id => !before.includes(id))
      .map(id => `BPF program ${id}`),
  ];
}

function openPort(port: number): Promise<string[]> {
  return new Promise(resolve => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve([`port ${port} is still open`]);
    });
    socket.once('error', () => resolve([]));
  });
}

function cgroupMounts(): string[] {
  return readFileSync('/proc/self/mounts', 'utf8')
    .split('\n')
    .map(line => line.split(' '))
    .filter(
      ([, mount, type]) =>
        type?.startsWith('cgroup') && mount?.startsWith(CGROUP_ROOT),
    )
    .map(([, mount]) => mount);
}

function cgroups(pods: readonly string[]): string[] {
  return cgroupMounts().flatMap(mount => {
    const burstable = path.join(mount, 'kubepods/burstable');
    return [
      ...pods.map(uid => path.join(burstable, `pod${uid}`)),
      ...pods.flatMap(uid =>
        ['demo', 'contention'].map(name =>
          path.join(mount, `${name}-${uid.split('-')[1]}`),
        ),
      ),
    ]
      .filter(existsSync)
      .map(directory => `cgroup ${directory}`);
  });
}
