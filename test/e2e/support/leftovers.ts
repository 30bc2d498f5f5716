/** Looks for what a stopped `npm start` must not leave behind. */
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, existsSync } from 'node:fs';
import { connect } from 'node:net';
import path from 'node:path';

const PORTS = [3000, 7007];
const CGROUP_ROOT = '/sys/fs/cgroup';
/** The pods of the demo are the only ones on a test machine. */
const POD_DIRECTORY = /^pod[0-9a-f-]{36}$/;
const PROGRAMS = [
  'contention-sensor',
  'contention-agent',
  'start.mjs',
  'demo.mjs',
];

/** A line for each process, cgroup, BPF program or port that is still there. */
export async function leftovers(): Promise<string[]> {
  return [
    ...(await Promise.all(PORTS.map(openPort))).flat(),
    ...cgroups(),
    ...processes(),
    ...bpfPrograms(),
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

function cgroups(): string[] {
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
    if (!existsSync(burstable)) return [];
    return readdirSync(burstable)
      .filter(name => POD_DIRECTORY.test(name))
      .map(name => `cgroup ${path.join(burstable, name)}`);
  });
}

function processes(): string[] {
  return readdirSync('/proc')
    .filter(name => /^\d+$/.test(name) && Number(name) !== process.pid)
    .flatMap(pid => {
      let command: string;
      try {
        command = readFileSync(`/proc/${pid}/cmdline`, 'utf8')
          .replaceAll('\0', ' ')
          .trim();
      } catch (error) {
        if (
          ['ENOENT', 'ESRCH'].includes(
            (error as NodeJS.ErrnoException).code ?? '',
          )
        )
          return [];
        throw error;
      }
      return PROGRAMS.some(name => command.includes(name))
        ? [`process ${pid}: ${command}`]
        : [];
    });
}

function bpfPrograms(): string[] {
  const programs: { id: number; name?: string; pids?: { comm: string }[] }[] =
    JSON.parse(
      execFileSync('bpftool', ['--json', 'prog', 'show'], { encoding: 'utf8' }),
    );
  return programs
    .filter(program =>
      program.pids?.some(({ comm }) => comm.startsWith('contention')),
    )
    .map(program => `BPF program ${program.id} (${program.name ?? 'unnamed'})`);
}
