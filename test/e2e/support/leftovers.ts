/** Looks for what a stopped `npm start` must not leave behind. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
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

/**
 * A line for each process, cgroup, BPF program or port that the run in `folder` has left.
 * @param pods - uids of the pods that the run made
 * @param before - kernel programs that were loaded when it started
 */
export async function leftovers(
  folder: string,
  pods: readonly string[],
  before: readonly number[],
): Promise<string[]> {
  const { processesOfRun } = await import('../../../scripts/lib/processes.mjs');
  return [
    ...(await Promise.all(PORTS.map(openPort))).flat(),
    ...cgroups(pods),
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

function cgroups(pods: readonly string[]): string[] {
  const mounts = readFileSync('/proc/self/mounts', 'utf8')
    .split('\n')
    .map(line => line.split(' '))
    .filter(
      ([, mount, type]) =>
        type?.startsWith('cgroup') && mount?.startsWith(CGROUP_ROOT),
    )
    .map(([, mount]) => mount);
  return mounts.flatMap(mount => {
    const burstable = path.join(mount, 'kubepods/burstable');
    return [
      ...pods.map(uid => path.join(burstable, `pod${uid}`)),
      ...pods.flatMap(uid =>
        ['demo-customers', 'contention'].map(name =>
          path.join(mount, `${name}-${uid.split('-')[1]}`),
        ),
      ),
    ]
      .filter(existsSync)
      .map(directory => `cgroup ${directory}`);
  });
}
