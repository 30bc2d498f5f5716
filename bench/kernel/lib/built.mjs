// Where the programs under test are, and the tools that they are compared with.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../../..', import.meta.url));
const folder = join(root, 'bpf-agent/build');

/** Path of something that `build` makes. */
export const built = name => join(folder, name);

export function build() {
  execFileSync('make', ['-s', '-C', join(root, 'bpf-agent'), 'all', 'bench'], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
}

const ELF_MAGIC = Buffer.from('\x7fELF', 'latin1');
const MACHINE_OFFSET = 18;
const MACHINE_BPF = 247;

/** The BPF object inside a tool that was built with a libbpf skeleton, written to a file of its own. Returns its path. */
export function embeddedObject(tool) {
  const bytes = readFileSync(tool);
  for (let at = 0; (at = bytes.indexOf(ELF_MAGIC, at)) >= 0; at += 4) {
    if (bytes.readUInt16LE(at + MACHINE_OFFSET) !== MACHINE_BPF) continue;
    const path = join(
      mkdtempSync(join(tmpdir(), 'contention-bench-')),
      'tool.bpf.o',
    );
    writeFileSync(path, bytes.subarray(at));
    return path;
  }
  throw new Error(`no BPF object in ${tool}`);
}
