// What has to be on the machine besides Node, and the Debian or Ubuntu packages that bring it. A machine that has
// everything is not touched: each requirement is looked for as a command or a header before apt-get is thought of.
import {
  accessSync,
  constants,
  existsSync,
  readdirSync,
  statSync,
} from 'node:fs';
import { spawnSync } from 'node:child_process';
import { delimiter, join } from 'node:path';
import os from 'node:os';
import { run, runOrFail } from './child.mjs';
import { runFolder } from './checkout.mjs';
import { Problem, say, step } from './say.mjs';

/**
 * A requirement: `name` for people, `find` returns where it is or undefined, `packages` are names of packages that bring
 * it, the best first; the first one that this release has is installed.
 */
const command = (name, ...packages) => ({
  name,
  find: () => findCommand(name),
  packages,
});
const header = (file, ...packages) => ({
  name: file,
  find: () => findHeader(file),
  packages,
});

/** Oldest clang whose BPF back end compiles the kernel programs. */
const OLDEST_CLANG = 14;

const clang = {
  name: `clang ${OLDEST_CLANG} or newer`,
  find: () => findClang(),
  packages: ['clang-19', 'clang-18', 'clang-20', 'clang-17', 'clang'],
};
const bpftool = {
  name: 'bpftool',
  find: () => findBpftool(),
  packages: ['bpftool', `linux-tools-${os.release()}`, 'linux-tools-generic'],
};

/** What each kind of command needs. `build` is needed by all of them. */
export const requirements = {
  build: [
    command('make', 'make'),
    command('gcc', 'gcc'),
    command('g++', 'g++'),
    command('python3', 'python3'),
    clang,
    bpftool,
    header('bpf/libbpf.h', 'libbpf-dev'),
    header('gelf.h', 'libelf-dev'),
    header('zlib.h', 'zlib1g-dev'),
    header('linux/bpf.h', 'linux-libc-dev'),
    header('sys/types.h', 'libc6-dev'),
  ],
  run: [command('taskset', 'util-linux')],
  demo: [
    command('ip', 'iproute2'),
    command('tc', 'iproute2'),
    command('nsenter', 'util-linux'),
  ],
  test: [
    {
      name: 'chromium',
      find: () => findChromium(),
      packages: ['chromium', 'chromium-browser'],
    },
    command('stress-ng', 'stress-ng'),
    {
      name: 'PostgreSQL',
      find: () => findInitdb(),
      packages: [
        'postgresql-15',
        'postgresql-16',
        'postgresql-17',
        'postgresql-18',
      ],
    },
    command(
      'perf',
      'linux-perf',
      `linux-tools-${os.release()}`,
      'linux-tools-generic',
    ),
    {
      name: "the runtime of clang's fuzzer",
      find: () => findFuzzerRuntime(),
      /** Of the same version as clang, which may only just be on its way. */
      get packages() {
        const version = /\d+$/.exec(findClang() ?? '')?.[0] ?? '19';
        return [`libclang-rt-${version}-dev`];
      },
    },
  ],
  kernels: [
    command('qemu-system-x86_64', 'qemu-system-x86'),
    command('ip', 'iproute2'),
    command('tc', 'iproute2'),
    command('nft', 'nftables'),
  ],
  bench: [
    command('runqlat', 'libbpf-tools'),
    command('runqslower', 'libbpf-tools'),
    command('bpftrace', 'bpftrace'),
    command('redis-server', 'redis-server'),
    command('redis-benchmark', 'redis-tools'),
    command('wrk', 'wrk'),
    command('iperf3', 'iperf3'),
    command('ip', 'iproute2'),
    command('nsenter', 'util-linux'),
    command(
      'perf',
      'linux-perf',
      `linux-tools-${os.release()}`,
      'linux-tools-generic',
    ),
  ],
};

/** Variables for make: where clang and bpftool are when they are not simply on the PATH under those names. */
export function buildTools() {
  return { CLANG: findClang(), BPFTOOL: findBpftool() };
}

/**
 * Makes sure that every requirement of `kinds` (keys of `requirements`) is met. Installs with apt-get as root; otherwise
 * throws a Problem with the line to run.
 */
export async function ensurePackages(kinds, env) {
  const missing = kinds
    .flatMap(kind => requirements[kind])
    .filter(requirement => !requirement.find());
  if (missing.length === 0) return;
  const names = unique(missing.map(requirement => requirement.name)).join(', ');
  if (!findCommand('apt-get')) {
    throw new Problem(
      `Missing on this machine: ${names}. Install them with your system's package manager (on Debian they are in ${missing
        .map(requirement => requirement.packages[0])
        .join(', ')}) and run the same command again.`,
    );
  }
  if (process.getuid() !== 0) {
    const { install } = planPackages(missing, await availablePackages(missing));
    throw new Problem(
      `Missing on this machine: ${names}. Install them with this line and run the same command again:\n\n    sudo apt-get update && sudo apt-get install -y --no-install-recommends ${install.join(' ')}`,
    );
  }
  const apt = { ...env, DEBIAN_FRONTEND: 'noninteractive', LC_ALL: 'C' };
  const log = join(runFolder, 'apt.log');
  say(`Missing on this machine: ${names}.`);
  await step('Reading the lists of Debian packages', () =>
    runOrFail('apt-get update', 'apt-get', ['update'], { env: apt, log }),
  );
  const { install, impossible } = planPackages(
    missing,
    await availablePackages(missing),
  );
  if (impossible.length > 0) {
    throw new Problem(
      `This release has no package for: ${impossible.join(', ')}. Install ${impossible.length === 1 ? 'it' : 'them'} by hand and run the same command again.`,
    );
  }
  await step(`Installing ${install.join(' ')}`, () =>
    runOrFail(
      `apt-get install ${install.join(' ')}`,
      'apt-get',
      ['install', '-y', '--no-install-recommends', ...install],
      { env: apt, log },
    ),
  );
  const still = missing.filter(requirement => !requirement.find());
  if (still.length > 0) {
    throw new Problem(
      `apt-get installed ${install.join(' ')}, but still missing: ${still
        .map(requirement => requirement.name)
        .join(', ')}. The output of apt-get is in ${log}.`,
    );
  }
}

/**
 * Which packages to install: for each missing requirement the first of its packages that `available` has.
 * Requirements with none are returned by name in `impossible`.
 */
export function planPackages(missing, available) {
  const install = [];
  const impossible = [];
  for (const requirement of missing) {
    const found = requirement.packages.find(name => available.has(name));
    if (found) install.push(found);
    else impossible.push(requirement.name);
  }
  return { install: unique(install), impossible: unique(impossible) };
}

/** Names that have an installation candidate, from the output of `apt-cache policy` in the C locale. */
export function packagesWithCandidate(policy) {
  const found = new Set();
  let name;
  for (const line of policy.split('\n')) {
    const heading = /^(\S+):$/.exec(line);
    if (heading) name = heading[1];
    const candidate = /^ {2}Candidate: (.+)$/.exec(line);
    if (candidate && candidate[1] !== '(none)') found.add(name);
  }
  return found;
}

async function availablePackages(missing) {
  const names = unique(missing.flatMap(requirement => requirement.packages));
  const { output } = await run('apt-cache', ['policy', ...names], {
    env: { ...process.env, LC_ALL: 'C' },
  });
  return packagesWithCandidate(output);
}

/** Path of a command, looked up as a shell would and in the system folders that a user's PATH may lack. */
export function findCommand(name) {
  const folders = (process.env.PATH ?? '').split(delimiter);
  for (const folder of [...folders, '/usr/local/sbin', '/usr/sbin', '/sbin']) {
    const path = join(folder || '.', name);
    try {
      accessSync(path, constants.X_OK);
      if (statSync(path).isFile()) return path;
    } catch (error) {
      if (!['ENOENT', 'EACCES', 'ENOTDIR'].includes(error.code)) throw error;
    }
  }
  return undefined;
}

/** Chromium, which Ubuntu calls chromium-browser. */
export const findChromium = () =>
  findCommand('chromium') ?? findCommand('chromium-browser');

/** The program that makes a PostgreSQL cluster. Debian keeps it off the PATH, one a version; the newest then. */
export function findInitdb() {
  const versions = readFolder('/usr/lib/postgresql').sort(
    (a, b) => Number(b) - Number(a),
  );
  return (
    findCommand('initdb') ??
    versions
      .map(version => join('/usr/lib/postgresql', version, 'bin/initdb'))
      .find(path => existsSync(path))
  );
}

/** Path of a C header, below /usr/include or its folder for this architecture. */
function findHeader(file) {
  const triplet = { x64: 'x86_64', arm64: 'aarch64' }[process.arch];
  return [
    '/usr/include',
    '/usr/local/include',
    `/usr/include/${triplet}-linux-gnu`,
  ]
    .map(folder => join(folder, file))
    .find(path => existsSync(path));
}

/** clang-19 where it is, since that is what the project is developed with; otherwise the newest one. */
function findClang() {
  const versioned = [19, 22, 21, 20, 18, 17, 16, 15, OLDEST_CLANG]
    .map(version => findCommand(`clang-${version}`))
    .find(path => path);
  return versioned ?? findCommand('clang');
}

/** The library that makes a coverage-guided fuzzer of a program: clang's packages bring it apart from clang. */
export function findFuzzerRuntime() {
  const compiler = findClang();
  if (!compiler) return undefined;
  const { stdout } = spawnSync(compiler, ['--print-resource-dir'], {
    encoding: 'utf8',
  });
  const folders = join((stdout ?? '').trim(), 'lib');
  return readFolder(folders)
    .flatMap(platform =>
      readFolder(join(folders, platform)).map(file =>
        join(folders, platform, file),
      ),
    )
    .find(path => /libclang_rt\.fuzzer[^/]*\.a$/.test(path));
}

/**
 * bpftool itself. Ubuntu puts it below /usr/lib/linux-tools, behind a wrapper on the PATH that refuses to run unless the
 * tools are of exactly the running kernel's version; making a skeleton does not depend on the kernel.
 */
function findBpftool() {
  for (const base of readFolder('/usr/lib')) {
    if (!base.startsWith('linux-tools')) continue;
    for (const version of ['.', ...readFolder(join('/usr/lib', base))]) {
      const path = join('/usr/lib', base, version, 'bpftool');
      if (existsSync(path)) return path;
    }
  }
  const onPath = findCommand('bpftool');
  const isWrapper = existsSync('/usr/share/doc/linux-tools-common');
  return isWrapper ? undefined : onPath;
}

function readFolder(path) {
  return existsSync(path) && statSync(path).isDirectory()
    ? readdirSync(path)
    : [];
}

const unique = names => [...new Set(names)];
