// The cgroup that docs/install.md names, with work in it that has to wait: a neighbour of its own shares its CPU.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, rmdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { BURN, SERVE } from '../../agent/cgroups.mjs';

/** The CPU that all of it shares. */
const CPU = 0;

/** How long work lives when everything else fails to end it, seconds. */
const LONGEST_SECONDS = 1800;

/** Starts the work in `path` (of a cgroup hierarchy) and a neighbour beside it; `stop()` takes all of it away. */
export function startBatch(path) {
  const neighbour = join(dirname(path), 'hourly');
  const mounts = cpuMounts();
  const made = [];
  const make = folder => {
    if (existsSync(folder)) return;
    make(dirname(folder));
    mkdirSync(folder);
    made.unshift(folder);
  };
  for (const mount of mounts) {
    make(join(mount, path));
    make(join(mount, neighbour));
  }
  const start = (cgroup, program) => {
    const enter = mounts.map(
      mount => `echo $$ > ${join(mount, cgroup, 'cgroup.procs')}`,
    );
    const source = program.replace(/alarm \d+/, `alarm ${LONGEST_SECONDS}`);
    return spawn(
      'sh',
      [
        '-c',
        `${enter.join(' && ')} && exec taskset -c ${CPU} perl -e "$0"`,
        source,
      ],
      { stdio: ['ignore', 'ignore', 'inherit'] },
    );
  };
  const children = [
    start(path, SERVE),
    start(path, SERVE),
    start(neighbour, BURN),
  ];
  return {
    async stop() {
      await Promise.all(children.map(end));
      for (const folder of made) await remove(folder);
    },
  };
}

function end(child) {
  return new Promise(resolve => {
    if (child.exitCode !== null || child.signalCode !== null) resolve();
    child.once('exit', resolve);
    child.kill('SIGKILL');
  });
}

/** A cgroup can be removed a moment after its last process has gone. */
async function remove(folder) {
  for (let attempt = 0; ; attempt++) {
    try {
      rmdirSync(folder);
      return;
    } catch (error) {
      if (error.code !== 'EBUSY' || attempt === 100) throw error;
      await sleep(20);
    }
  }
}

/** Mounts in which a cgroup has to be, as far as CPU is concerned. */
function cpuMounts() {
  const v1 = ['/sys/fs/cgroup/cpu', '/sys/fs/cgroup/cpuacct'].filter(
    existsSync,
  );
  if (v1.length === 0) return ['/sys/fs/cgroup'];
  const [cpu, account] = v1;
  return account && statSync(cpu).dev !== statSync(account).dev ? v1 : [cpu];
}
