// JavaScript dependencies, by the committed Yarn, exactly as yarn.lock says. The second time costs a few hashes.
import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run, runOrFail } from './child.mjs';
import { inCheckout, root, runFolder, yarnScript } from './checkout.mjs';
import { Problem, step } from './say.mjs';

/** Disk that a first installation and build take, bytes (measured: 2.1 GB with the package cache), rounded up. */
const NEEDED_BYTES = 3e9;

/** A name for what is installed: changes when a manifest, the lock file, Yarn or Node changes. */
export function fingerprint(files, nodeVersion) {
  const hash = createHash('sha256').update(`node ${nodeVersion}\n`);
  for (const file of files) {
    hash.update(`${file.name} ${file.content.length}\n`).update(file.content);
  }
  return hash.digest('hex');
}

/** Files that decide what gets installed. */
function manifests() {
  const workspaces = readdirSync(inCheckout('plugins')).map(name =>
    join('plugins', name, 'package.json'),
  );
  return [
    'package.json',
    'yarn.lock',
    '.yarnrc.yml',
    ...workspaces.sort(),
    'bpf-agent/package.json',
  ]
    .filter(name => existsSync(inCheckout(name)))
    .map(name => ({ name, content: readFileSync(inCheckout(name), 'utf8') }));
}

/**
 * Installs what yarn.lock names into node_modules, unless that has been done. `env` is from `environmentFor`.
 */
export async function ensureDependencies(node, env) {
  const stamp = inCheckout('node_modules/.contention-installed');
  const wanted = fingerprint(manifests(), node.version);
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;

  if (!existsSync(inCheckout('node_modules'))) checkDiskSpace();
  const nodeBinary = join(node.bin, 'node');
  await step(
    'Installing JavaScript dependencies (a few minutes the first time)',
    () =>
      runOrFail(
        'Installing JavaScript dependencies',
        nodeBinary,
        [yarnScript, 'install', '--immutable'],
        { env, log: join(runFolder, 'yarn.log') },
      ),
  );
  await ensureSqlite(nodeBinary, env);
  writeFileSync(stamp, wanted);
}

/** SQLite's binding is compiled for one version of Node; another Node than last time needs it compiled again. */
async function ensureSqlite(nodeBinary, env) {
  const opensDatabase = () =>
    run(
      nodeBinary,
      ['-e', "new (require('better-sqlite3'))(':memory:').close()"],
      { env },
    );
  if ((await opensDatabase()).code === 0) return;
  await step('Compiling SQLite for this Node', () =>
    runOrFail(
      'Compiling better-sqlite3',
      nodeBinary,
      [yarnScript, 'rebuild', 'better-sqlite3'],
      { env, log: join(runFolder, 'sqlite.log') },
    ),
  );
  const { code, output } = await opensDatabase();
  if (code !== 0) {
    throw new Problem(
      `SQLite does not open a database after it was compiled: ${output.trim()}`,
    );
  }
}

function checkDiskSpace() {
  if (!fs.statfsSync) return; // Node before 18.15 cannot tell.
  const { bavail, bsize } = fs.statfsSync(root);
  const free = bavail * bsize;
  if (free < NEEDED_BYTES) {
    throw new Problem(
      `The disk that holds ${root} has ${(free / 1e9).toFixed(1)} GB left, and a first installation needs ${NEEDED_BYTES / 1e9} GB. Free some space and run the same command again.`,
    );
  }
}
