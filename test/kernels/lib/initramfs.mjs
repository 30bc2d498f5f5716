// The guest's only file system: programs, the shared libraries they need, and modules of its kernel, as a compressed cpio archive
// in memory. Knows nothing about what is run in it.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { gzipSync } from 'node:zlib';

/**
 * An archive that boots `init` as process 1 and holds `programs`: `{guestPath: hostPath}`; and `modules`, files in the order in
 * which they can be loaded, below /modules with names in that order.
 */
export function initramfs(init, programs, modules = []) {
  const files = new Map([
    ['/init', init],
    ...Object.entries(programs),
    ...modules.map((file, i) => [
      `/modules/${String(i).padStart(2, '0')}-${basename(file)}`,
      file,
    ]),
  ]);
  for (const program of Object.values(programs)) {
    for (const library of librariesOf(program)) files.set(library, library);
  }
  const folders = new Set(['/proc', '/sys', '/dev']);
  for (const path of files.keys()) {
    for (let at = dirname(path); at !== '/'; at = dirname(at)) folders.add(at);
  }
  const entries = [
    // A folder comes before what is in it.
    ...[...folders].sort().map(path => entry(path, 0o40755, Buffer.alloc(0))),
    // Process 1 starts with this as its standard output: the kernel opens it before anything is mounted.
    entry('/dev/console', 0o20600, Buffer.alloc(0), { major: 5, minor: 1 }),
    ...[...files].map(([path, from]) =>
      entry(path, 0o100755, readFileSync(from)),
    ),
    entry('/TRAILER!!!', 0, Buffer.alloc(0)),
  ];
  return gzipSync(Buffer.concat(entries), { level: 1 });
}

/** Paths of the shared libraries of a program and of its loader, as ldd finds them here; none of a static one. */
export function librariesOf(program) {
  const { stdout, error } = spawnSync('ldd', [program], { encoding: 'utf8' });
  if (error) throw error;
  if (/=> not found/.test(stdout)) {
    throw new Error(`${program} lacks libraries:\n${stdout}`);
  }
  return [...stdout.matchAll(/(?:^|=>)\s*(\/\S+) \(0x/gm)].map(
    ([, path]) => path,
  );
}

let inode = 0;

/** One member of an archive in the "newc" format (cpio(5)): a header of hexadecimal fields, the name, the content. */
function entry(path, mode, content, device = { major: 0, minor: 0 }) {
  const name = Buffer.from(`${path.slice(1)}\0`);
  inode += 1;
  const fields = [
    inode,
    mode,
    0, // uid
    0, // gid
    1, // links
    0, // time
    content.length,
    0, // device of the file system
    0,
    device.major,
    device.minor,
    name.length,
    0, // checksum, unused in this format
  ];
  const header = `070701${fields.map(field => field.toString(16).padStart(8, '0')).join('')}`;
  return Buffer.concat([
    padded(Buffer.concat([Buffer.from(header), name])),
    padded(content),
  ]);
}

const padded = buffer =>
  Buffer.concat([buffer, Buffer.alloc((4 - (buffer.length % 4)) % 4)]);
