// The demo's portal as a Backstage app is built for production: a browser reads a tenth of what a development bundle
// has, and evaluates none of it from strings. Built anew only when something that goes into it has changed.
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { runOrFail } from './child.mjs';
import { inCheckout, root, runFolder } from './checkout.mjs';
import { fingerprint } from './dependencies.mjs';
import { filesBelow } from './files-below.mjs';
import { step } from './say.mjs';

/** Where the portal is when it has been built. */
export const portalFolder = join(runFolder, 'portal');

/** What goes into it: our own files, and by the lock file everybody else's. */
const SOURCES = [
  'app-config.yaml',
  'yarn.lock',
  'plugins/contention/package.json',
  'plugins/contention/dev',
  'plugins/contention/src',
  'plugins/contention-common/package.json',
  'plugins/contention-common/src',
  'scripts/lib/bundle-portal.mjs',
];

/** What the bundler does not read. */
const NOT_BUNDLED = /\.test\.tsx?$/;

/** Builds the portal unless what is there is of these very sources. `node`, `env` are from `bootstrap`. */
export async function buildPortal(node, env) {
  const stamp = join(portalFolder, '.built-from');
  const wanted = fingerprint(sourceFiles(), node.version);
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  // If this is interrupted, what is there is nobody's.
  rmSync(stamp, { force: true });
  await step('Building the portal', () =>
    runOrFail(
      'Building the portal',
      join(node.bin, 'node'),
      [inCheckout('scripts/lib/bundle-portal.mjs'), portalFolder],
      {
        cwd: inCheckout('plugins/contention'),
        env: { ...env, NODE_ENV: 'production', NO_COLOR: '1' },
        log: join(runFolder, 'build-portal.log'),
      },
    ),
  );
  writeFileSync(stamp, wanted);
}

function sourceFiles() {
  return SOURCES.flatMap(name => filesBelow(inCheckout(name)))
    .filter(path => !NOT_BUNDLED.test(path))
    .map(path => ({
      name: relative(root, path),
      content: readFileSync(path, 'utf8'),
    }));
}
