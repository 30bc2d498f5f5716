// The Node that the project runs on: the one on this machine when it fits, otherwise a pinned one from the npm registry,
// unpacked below .toolchain/. The package holds the official binary and the C++ headers, and needs no install script.
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { basename, delimiter, dirname, join } from 'node:path';
import { run, runOrFail } from './child.mjs';
import { inCheckout } from './checkout.mjs';
import { Problem, step } from './say.mjs';

/** The version that is fetched when the machine has none that fits. */
export const PINNED_VERSION = '24.21.0';

/** Subresource integrity of `node-linux-<arch>@PINNED_VERSION`, as the registry publishes it. */
const INTEGRITY = {
  x64: 'sha512-3nULszZ5X0fciYpG0t6TrdApJzAn8+FlINP6OiMX7V8HrvpATPN936U1LlReOJriLRa4e8yEqQBYCnLyPNAs7Q==',
  arm64:
    'sha512-FpJRPEz2OvvTLfjIOlNGFY9JLPMKgl5m+d4oGYBLg24kJ1mmvN1Zl/HPJgF4HDaJ51ISev1l1cRZ/DM+keXW5g==',
};

/** Majors that package.json's `engines` names. */
const SUPPORTED_MAJORS = [22, 24];

/**
 * Whether a Node can run the project: its major is supported, and its headers are there to compile SQLite's binding with.
 */
export function isUsable({ version, hasHeaders }) {
  return hasHeaders && SUPPORTED_MAJORS.includes(Number(version.split('.')[0]));
}

const hasHeaders = home => existsSync(join(home, 'include/node/node.h'));

/**
 * The Node to use, fetched when needed: `{home, bin, version}`. `home` is its prefix (headers are in `home/include/node`),
 * `bin` the folder that goes first on the PATH.
 */
export async function ensureNode() {
  const home = dirname(dirname(process.execPath));
  const version = process.versions.node;
  if (isUsable({ version, hasHeaders: hasHeaders(home) })) {
    return { home, bin: dirname(process.execPath), version };
  }
  const pinned = inCheckout('.toolchain/node');
  if ((await versionAt(pinned)) !== PINNED_VERSION) {
    await step(
      `Fetching Node ${PINNED_VERSION} (this machine has ${version}; the project needs ${SUPPORTED_MAJORS.join(' or ')} with its headers)`,
      () => fetchNode(pinned),
    );
  }
  return { home: pinned, bin: join(pinned, 'bin'), version: PINNED_VERSION };
}

/** The environment in which every other command of the project runs. */
export function environmentFor(node, base = process.env) {
  return {
    ...base,
    PATH: [node.bin, base.PATH].join(delimiter),
    npm_config_nodedir: node.home,
  };
}

async function versionAt(home) {
  const node = join(home, 'bin/node');
  if (!existsSync(node) || !hasHeaders(home)) return undefined;
  const { code, output } = await run(node, ['--version']);
  return code === 0 ? output.trim().replace(/^v/, '') : undefined;
}

async function fetchNode(home) {
  const integrity = INTEGRITY[process.arch];
  if (!integrity) {
    throw new Problem(
      `There is no Node ${PINNED_VERSION} to fetch for ${process.arch}. Install Node 24 with its headers and run the same command again.`,
    );
  }
  mkdirSync(dirname(home), { recursive: true });
  const work = mkdtempSync(join(dirname(home), 'fetch-'));
  try {
    const spec = `node-linux-${process.arch}@${PINNED_VERSION}`;
    const [npm, ...npmArgs] = npmCommand();
    await runOrFail(`Fetching ${spec}`, npm, [...npmArgs, 'pack', spec], {
      cwd: work,
    });
    const archive = readdirSync(work).find(name => name.endsWith('.tgz'));
    if (!archive) throw new Problem(`npm fetched ${spec} but left no archive.`);
    checkIntegrity(join(work, archive), integrity);
    await runOrFail(`Unpacking ${spec}`, 'tar', ['-xzf', archive], {
      cwd: work,
    });
    const unpacked = join(work, 'package');
    const { code, output } = await run(join(unpacked, 'bin/node'), [
      '--version',
    ]);
    if (code !== 0) {
      throw new Problem(
        `The fetched Node ${PINNED_VERSION} does not run on this machine (${output.trim()}). Install Node 24 and run the same command again.`,
      );
    }
    rmSync(home, { recursive: true, force: true });
    renameSync(unpacked, home);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

function checkIntegrity(file, expected) {
  const [algorithm, digest] = expected.split(/-(.*)/s);
  const found = createHash(algorithm)
    .update(readFileSync(file))
    .digest('base64');
  if (found !== digest) {
    throw new Problem(
      `The fetched Node ${PINNED_VERSION} is not the one that this project pins (${algorithm} ${found}). Check the registry that npm uses here.`,
    );
  }
}

/** The npm that started us when there is one, otherwise the one on the PATH. */
function npmCommand() {
  const script = process.env.npm_execpath;
  return script && basename(script) === 'npm-cli.js'
    ? [process.execPath, script]
    : ['npm'];
}
