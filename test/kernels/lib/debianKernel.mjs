// Debian's own kernels, brought here without installing them: the package is downloaded with apt-get, and the boot image and
// a few modules are taken out of it. Kept in .toolchain/kernels, so a second run needs no network.
import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { inCheckout } from '../../../scripts/lib/checkout.mjs';
import { findCommand } from '../../../scripts/lib/debian-packages.mjs';
import { Problem, say } from '../../../scripts/lib/say.mjs';

const cache = inCheckout('.toolchain', 'kernels');

/**
 * What the scenarios need that is a module in these kernels, in an order in which each finds those that it builds on; one that the
 * package lacks is part of the kernel itself.
 */
const MODULES = [
  'libcrc32c',
  ...['nf_defrag_ipv4', 'nf_defrag_ipv6', 'nf_conntrack'],
  ...['nfnetlink', 'nf_tables', 'nft_ct'],
  'veth',
  ...['sch_tbf', 'sch_htb', 'sch_fq', 'sch_netem'],
];

/** Beside them: what was looked for, so that a kernel that was brought here for fewer is brought again. */
const LIST = 'list';

/**
 * The newest Debian cloud kernel of a series such as `6.1`: `{release, vmlinuz, modules}`, the files of its modules in the order
 * in which they can be loaded. Throws a Problem where there is neither a cached one nor an apt that knows one.
 */
export function debianKernel(series) {
  const cached = newest(releasesIn(cache, series));
  if (cached) return filesOf(cached);
  for (const tool of ['apt-get', 'apt-cache', 'dpkg-deb', 'tar']) {
    if (!findCommand(tool)) {
      throw new Problem(
        `Linux ${series} for the guest comes from a Debian package, and there is no ${tool} here: run this on Debian 12, or in a container made from debian:12.`,
      );
    }
  }
  const release = newest(knownToApt(series));
  if (!release) {
    throw new Problem(
      `apt knows no linux-image-${series}*-cloud-amd64: run apt-get update on Debian 12${series === '6.1' ? '' : ' with backports'}, or do this in a container made from debian:12.`,
    );
  }
  download(release);
  return filesOf(release);
}

const modulesOf = release => join(cache, `${release}.modules`);

const filesOf = release => ({
  release,
  vmlinuz: join(cache, release),
  modules: MODULES.map(name => join(modulesOf(release), `${name}.ko`)).filter(
    existsSync,
  ),
});

/** Releases of a series among names such as `linux-image-6.1.0-9-cloud-amd64`; meta packages have no full version. */
export function releasesOf(series, packages) {
  const prefix = `linux-image-${series}.`;
  return packages
    .filter(name => name.startsWith(prefix) && name.endsWith('-cloud-amd64'))
    .map(name => name.slice('linux-image-'.length));
}

/** The highest of version-like names, by the numbers in them; undefined of none. */
export function newest(releases) {
  const numbers = text => (text.match(/\d+/g) ?? []).map(Number);
  return [...releases].sort((a, b) => {
    const [left, right] = [numbers(a), numbers(b)];
    const i = left.findIndex((number, at) => number !== right[at]);
    return i < 0 ? 0 : left[i] - (right[i] ?? -1);
  })[releases.length - 1];
}

const releasesIn = (folder, series) =>
  existsSync(folder)
    ? readdirSync(folder).filter(
        name =>
          name.startsWith(`${series}.`) &&
          name.endsWith('-cloud-amd64') &&
          existsSync(join(modulesOf(name), LIST)) &&
          readFileSync(join(modulesOf(name), LIST), 'utf8') === MODULES.join(),
      )
    : [];

const knownToApt = series =>
  releasesOf(
    series,
    execFileSync('apt-cache', ['pkgnames', `linux-image-${series}.`], {
      encoding: 'utf8',
    }).split('\n'),
  );

function download(release) {
  say(`Downloading linux-image-${release} (27 MB, not installed) ...`);
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(cache, 'download-'));
  try {
    execFileSync('apt-get', ['download', `linux-image-${release}`], {
      cwd: folder,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const [archive] = readdirSync(folder);
    const tar = (...args) =>
      execFileSync(
        'sh',
        [
          ...['-c', 'dpkg-deb --fsys-tarfile "$0" | tar "$@"'],
          ...[archive, ...args],
        ],
        { cwd: folder, encoding: 'utf8', maxBuffer: 1 << 28 },
      );
    const image = `./boot/vmlinuz-${release}`;
    const modules = tar('-t')
      .split('\n')
      .filter(path => MODULES.includes(moduleOf(path)));
    tar('-x', image, ...modules);
    const loadable = join(folder, 'modules');
    mkdirSync(loadable);
    for (const path of modules) {
      // Newer packages have them compressed.
      if (path.endsWith('.xz'))
        execFileSync('xz', ['-d', path], { cwd: folder });
      renameSync(
        join(folder, path.replace(/\.xz$/, '')),
        join(loadable, `${moduleOf(path)}.ko`),
      );
    }
    writeFileSync(join(loadable, LIST), MODULES.join());
    rmSync(modulesOf(release), { recursive: true, force: true });
    renameSync(loadable, modulesOf(release));
    renameSync(join(folder, image), join(cache, release));
  } catch (error) {
    throw new Problem(
      `linux-image-${release} cannot be downloaded: ${String(error.stderr ?? error.message).trim()}`,
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The name of the module that is in a file of that path; undefined if none is. */
const moduleOf = path => /([^/]+)\.ko(\.xz)?$/.exec(path)?.[1];
