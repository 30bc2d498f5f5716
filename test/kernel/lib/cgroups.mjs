// Cgroups for a test, in the hierarchy that holds the CPU controller, v1 or v2; and processes in them.
import { spawn } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmdirSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { build } from './build.mjs';

const mounts = readFileSync('/proc/self/mounts', 'utf8')
  .split('\n')
  .map(line => line.split(' '));
const v1 = mounts.find(
  ([, , type, options]) =>
    type === 'cgroup' && options.split(',').includes('cpu'),
);
const v2 = mounts.find(([, , type]) => type === 'cgroup2');
const mount = (v1 ?? v2)[1];
/** Where the unified hierarchy is mounted, whose cgroups sockets belong to; undefined if it is `mount`, or nowhere. */
const socketMount = v1 && v2?.[1];

/** Id of a cgroup that exists, as the frames have it. */
export const cgroupId = path =>
  String(statSync(join(mount, path), { bigint: true }).ino);

/** What the kernel's own books say so far of a thread, or of a process's first one, ns. */
export function booksNs(pid) {
  const [runNs, waitNs] = readFileSync(`/proc/${pid}/schedstat`, 'utf8')
    .split(' ')
    .map(Number);
  return { runNs, waitNs };
}

/** What a command of run() had waited before it entered its cgroup, and when it was there, ns. */
function waitsOfEntering(pid) {
  const environment = readFileSync(`/proc/${pid}/environ`, 'utf8');
  return ['WAITED', 'WAITED_TO_ENTER'].map(name =>
    Number(new RegExp(`(?:^|\\0)${name}=(\\d+)`).exec(environment)[1]),
  );
}

/** Sets a cgroup's part among its neighbours; 100 is usual, 10,000 the most. */
function setWeight(directory, weight) {
  if (v1)
    writeFileSync(
      join(directory, 'cpu.shares'),
      String(Math.round(10.24 * weight)),
    );
  else writeFileSync(join(directory, 'cpu.weight'), String(weight));
}

/**
 * A tree of cgroups under a name of its own; `end()` removes it with everything in it. `first` puts it before all other
 * programs of this machine, for tests whose loads are many and have to get on.
 */
export function cgroupTree({ first = false } = {}) {
  const top = `/contention-test-${process.pid}-${Math.random().toString(36).slice(2, 8)}`;
  const directories = [];
  const children = [];
  const make = (path, below = mount) => {
    const directory = join(below, path);
    if (existsSync(directory)) return;
    mkdirSync(directory);
    directories.push(directory);
  };
  make(top);
  if (first) {
    if (!v1) writeFileSync(join(mount, 'cgroup.subtree_control'), '+cpu');
    setWeight(join(mount, top), 10_000);
  }
  return {
    /**
     * Makes a cgroup (and those above it); `quota` is the share of one CPU that it may use, `weight` (100 is usual) its part
     * among its neighbours; `sockets` gives it its like in the hierarchy of sockets, as every container has. Returns its path.
     */
    add(name, { quota, weight, sockets } = {}) {
      const path = `${top}/${name}`;
      const parts = path.split('/');
      for (let i = 3; i <= parts.length; i++) {
        const above = parts.slice(0, i - 1).join('/');
        if (!v1 && above)
          writeFileSync(join(mount, above, 'cgroup.subtree_control'), '+cpu');
        make(parts.slice(0, i).join('/'));
      }
      for (let i = 2; i <= parts.length && sockets && socketMount; i++)
        make(parts.slice(0, i).join('/'), socketMount);
      if (quota) {
        if (v1)
          writeFileSync(
            join(mount, path, 'cpu.cfs_quota_us'),
            String(quota * 100_000),
          );
        else
          writeFileSync(
            join(mount, path, 'cpu.max'),
            `${quota * 100_000} 100000`,
          );
      }
      if (weight) setWeight(join(mount, path), weight);
      return path;
    },
    /** The file by which a process joins a cgroup. */
    procs: path => join(mount, path, 'cgroup.procs'),
    /**
     * Starts a command in a cgroup; on one CPU, if given, on which it is before it enters; in a session of its own, if asked.
     * What it had waited before it entered, and shortly after, is in its environment.
     */
    run(path, command, args, { cpu, session } = {}) {
      const pin = cpu === undefined ? [] : ['taskset', '-c', String(cpu)];
      const procs = join(mount, path, 'cgroup.procs');
      const like = join(socketMount ?? mount, path, 'cgroup.procs');
      const enter =
        'read -r _ WAITED _ < /proc/$$/schedstat && echo $$ > "$1" && echo $$ > "$0" && shift && read -r _ WAITED_TO_ENTER _ < /proc/$$/schedstat && export WAITED WAITED_TO_ENTER && exec "$@"';
      const [program, ...before] = [...pin, '/bin/sh', '-c', enter];
      const child = spawn(
        program,
        [...before, procs, existsSync(like) ? like : procs, command, ...args],
        { stdio: ['pipe', 'pipe', 'inherit'], detached: session },
      );
      child.ended = new Promise(resolve => child.on('close', resolve));
      children.push(child);
      return child;
    },
    /** Starts a command in a cgroup that is, to it, the root of a hierarchy: in a cgroup namespace, with that mounted anew. */
    runNested(path, command, args) {
      const remount = v1
        ? `umount '${mount}' && mount -t cgroup -o ${v1[3]
            .split(',')
            .filter(option => ['cpu', 'cpuacct'].includes(option))
            .join()} none '${mount}'`
        : `umount '${mount}' && mount -t cgroup2 none '${mount}'`;
      const child = spawn(
        '/bin/sh',
        [
          '-c',
          'echo $$ > "$0" && exec unshare --mount --cgroup /bin/sh -c "$@"',
          join(mount, path, 'cgroup.procs'),
          `${remount} && exec "$0" "$@"`,
          command,
          ...args,
        ],
        { stdio: ['ignore', 'pipe', 'pipe'] },
      );
      child.ended = new Promise(resolve => child.on('close', resolve));
      return child;
    },
    /**
     * Starts a load (see load.c) in a cgroup; `done` resolves when its threads stand still, `waitedNs()` and `ranNs()` read
     * their books since they are there, `enteringNs()` what they may have waited there before that; `untilItRanNs()` resolves
     * when they have run so long.
     */
    load(path, { seconds, runUs = 1000, sleepUs = 0, threads = 1, ...where }) {
      const args = [seconds, runUs, sleepUs, threads].map(String);
      const child = this.run(path, build().load, args, where);
      child.path = path;
      child.done = new Promise((resolve, reject) => {
        child.stdout.once('data', resolve);
        child.once('close', () => reject(new Error('the load ended early')));
      });
      child.done.catch(() => {});
      const books = () =>
        readdirSync(`/proc/${child.pid}/task`).map(tid =>
          booksNs(`${child.pid}/task/${tid}`),
        );
      child.waitedNs = () =>
        books().reduce((sum, b) => sum + b.waitNs, 0) -
        waitsOfEntering(child.pid)[1];
      child.enteringNs = () => {
        const [outside, inside] = waitsOfEntering(child.pid);
        return inside - outside;
      };
      child.ranNs = () => books().reduce((sum, b) => sum + b.runNs, 0);
      child.untilItRanNs = async ns => {
        while (child.ranNs() < ns) await sleep(20);
      };
      return child;
    },
    /**
     * Makes a cgroup and `count` cgroups below it, and starts a crowd (see crowd.c) with a process in each: `args` say what they do.
     * Resolves when all stand still in their cgroups, with `members` ({path, id, pid} each), `begin()`, `done` and
     * `booksNs(pid)`: what a process ran and waited so far.
     */
    async crowd(name, count, args) {
      const below = this.add(name);
      if (!v1)
        writeFileSync(join(mount, below, 'cgroup.subtree_control'), '+cpu');
      const paths = Array.from({ length: count }, (_, i) => `${below}/${i}`);
      for (const one of paths) make(one);
      const child = this.run(
        below,
        build().crowd,
        [join(mount, below), count, ...args].map(String),
      );
      const lines = createInterface({ input: child.stdout });
      const said = lines[Symbol.asyncIterator]();
      const [, ...pids] = (await said.next()).value.split(' ').map(Number);
      return {
        members: paths.map((one, i) => ({
          path: one,
          id: cgroupId(one),
          pid: pids[i],
        })),
        begin() {
          child.stdin.write('begin\n');
          this.done = said.next().then(({ value }) => {
            if (value !== 'done') throw new Error('the crowd ended early');
          });
        },
        async end() {
          child.stdin.end();
          await child.ended;
        },
      };
    },
    /** Time for which a cgroup's quota has stopped it so far, ns summed over CPUs. */
    throttledNs(path) {
      const stat = readFileSync(join(mount, path, 'cpu.stat'), 'utf8');
      return v1
        ? Number(/throttled_time (\d+)/.exec(stat)[1])
        : 1000 * Number(/throttled_usec (\d+)/.exec(stat)[1]);
    },
    /** Periods in which its quota ran out so far. */
    throttledPeriods(path) {
      const stat = readFileSync(join(mount, path, 'cpu.stat'), 'utf8');
      return Number(/nr_throttled (\d+)/.exec(stat)[1]);
    },
    /** Moves a process, with all its threads, to another cgroup. */
    move(path, pid) {
      writeFileSync(join(mount, path, 'cgroup.procs'), String(pid));
    },
    /** Removes a cgroup, whose processes must have ended. */
    remove: path => removeDirectory(join(mount, path)),
    async end() {
      for (const child of children) {
        child.stdin.end();
        child.kill('SIGKILL');
        await child.ended;
      }
      for (const directory of directories.reverse())
        await removeDirectory(directory);
    },
  };
}

/** The last process may not be entirely gone yet. */
async function removeDirectory(directory) {
  for (let attempt = 0; existsSync(directory); attempt++) {
    try {
      rmdirSync(directory);
    } catch (error) {
      if (error.code !== 'EBUSY' || attempt === 250) throw error;
      await sleep(20);
    }
  }
}
