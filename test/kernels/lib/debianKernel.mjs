// Debian's own kernels, brought here without installing them: the package is downloaded with apt-get and only the boot
// image is taken out of it. Kept in .toolchain/kernels, so a second run needs no network.
import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
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
 * The boot image of the newest Debian cloud kernel of a series such as `6.1`: `{release, vmlinuz}`.
 * Throws a Problem where there is neither a cached one nor an apt that knows one.
 */
export function debianKernel(series) {
  const cached = newest(releasesIn(cache, series));
  if (cached) return { release: cached, vmlinuz: join(cache, cached) };
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
  return { release, vmlinuz: download(release) };
}

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
        name => name.startsWith(`${series}.`) && name.endsWith('-cloud-amd64'),
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
    const image = execFileSync(
      'sh',
      [
        '-c',
        'dpkg-deb --fsys-tarfile "$1" | tar -xO "./boot/vmlinuz-$2"',
        'sh',
        join(folder, archive),
        release,
      ],
      { maxBuffer: 1 << 28 },
    );
    const part = join(folder, 'vmlinuz');
    writeFileSync(part, image);
    renameSync(part, join(cache, release));
  } catch (error) {
    throw new Problem(
      `linux-image-${release} cannot be downloaded: ${String(error.stderr ?? error.message).trim()}`,
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return join(cache, release);
}
