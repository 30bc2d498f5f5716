// Makes, fills and removes cgroups in every hierarchy of the host. Knows files of the kernel, no pods.
import {
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmdirSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { PERIOD_US, sharesToWeight } from './kubelet-cpu.mjs';

/** Controllers that the kubelet enables for pods on v2, where the host has them. */
const V2_CONTROLLERS = ['cpu', 'cpuset', 'memory', 'pids', 'io'];

/** How long to wait for killed processes to be gone, ms. */
const KILL_TIMEOUT_MS = 10_000;

/** Makes the cgroup `path` (relative, without a leading slash) and all above it in one hierarchy. */
export function makeCgroup(hierarchy, path) {
  let directory = hierarchy.mount;
  for (const part of path.split('/')) {
    if (hierarchy.version === 2) enableControllers(hierarchy, directory);
    const parent = directory;
    directory = join(directory, part);
    if (existsSync(directory)) continue;
    mkdirSync(directory);
    // A v1 cpuset without CPUs and memory nodes admits no process. As runc does: the same as the parent's.
    if (hierarchy.version === 1 && hierarchy.controllers.includes('cpuset')) {
      for (const file of ['cpuset.cpus', 'cpuset.mems']) {
        writeFileSync(
          join(directory, file),
          readFileSync(join(parent, file), 'utf8'),
        );
      }
    }
  }
  return directory;
}

function enableControllers(hierarchy, directory) {
  const file = join(directory, 'cgroup.subtree_control');
  const enabled = readFileSync(file, 'utf8').trim().split(' ');
  const wanted = V2_CONTROLLERS.filter(
    name => hierarchy.controllers.includes(name) && !enabled.includes(name),
  );
  if (wanted.length > 0) {
    writeFileSync(file, wanted.map(name => `+${name}`).join(' '));
  }
}

/** Sets weight and quota where this hierarchy governs CPU. `quotaUs` undefined is no quota. */
export function setCpu(hierarchy, path, { shares, quotaUs }) {
  if (!hierarchy.controllers.includes('cpu')) return;
  const write = (file, text) =>
    writeFileSync(join(hierarchy.mount, path, file), text);
  if (hierarchy.version === 2) {
    write('cpu.weight', String(sharesToWeight(shares)));
    write('cpu.max', `${quotaUs ?? 'max'} ${PERIOD_US}`);
  } else {
    write('cpu.shares', String(shares));
    write('cpu.cfs_period_us', String(PERIOD_US));
    write('cpu.cfs_quota_us', String(quotaUs ?? -1));
  }
}

/** Process ids in a cgroup itself; none when it does not exist. */
export function processesIn(directory) {
  return readIfThere(join(directory, 'cgroup.procs'))
    .split('\n')
    .filter(line => line !== '')
    .map(Number)
    .filter(pid => pid > 0); // 0: a process outside our pid namespace
}

/** Names of the cgroups directly below one; none when it does not exist. */
export function childrenOf(directory) {
  if (!existsSync(directory)) return [];
  return readdirSync(directory, { withFileTypes: true })
    .filter(entry => entry.isDirectory())
    .map(entry => entry.name);
}

/** Kills every process at or below `path` in any hierarchy, then removes `path` and what is below from all of them. */
export async function removeCgroup(hierarchies, path) {
  const deadline = Date.now() + KILL_TIMEOUT_MS;
  for (;;) {
    const alive = hierarchies.flatMap(({ mount }) =>
      descendants(join(mount, path)).flatMap(processesIn),
    );
    for (const pid of new Set(alive)) kill(pid);
    const left = hierarchies.filter(
      ({ mount }) => !removeTree(join(mount, path)),
    );
    if (left.length === 0) return;
    if (Date.now() > deadline) {
      throw new Error(
        `cgroup ${path} in ${left.map(({ mount }) => mount).join(', ')} cannot be removed: processes ${alive.join(', ')} do not end`,
      );
    }
    await sleep(20);
  }
}

/** Removes a cgroup from every hierarchy in which nothing is below it and nobody is in it. */
export function removeIfEmpty(hierarchies, path) {
  for (const { mount } of hierarchies) {
    const directory = join(mount, path);
    if (childrenOf(directory).length === 0) removeTree(directory);
  }
}

/** A directory and all below it, the deepest first. */
function descendants(directory) {
  if (!existsSync(directory)) return [];
  return [
    ...childrenOf(directory).flatMap(name =>
      descendants(join(directory, name)),
    ),
    directory,
  ];
}

/** True when it is gone; false when the kernel says that it is still in use. */
function removeTree(directory) {
  for (const each of descendants(directory)) {
    try {
      rmdirSync(each);
    } catch (error) {
      if (error.code === 'EBUSY' || error.code === 'ENOTEMPTY') return false;
      if (error.code !== 'ENOENT') throw error;
    }
  }
  return true;
}

function kill(pid) {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if (error.code !== 'ESRCH') throw error;
  }
}

function readIfThere(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (error.code === 'ENOENT' || error.code === 'ENODEV') return '';
    throw error;
  }
}
