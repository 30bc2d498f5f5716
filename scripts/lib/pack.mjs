// Makes the archives that a registry would hold: types, builds, `yarn pack`. What is in them is each package.json's matter.
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { runOrFail } from './child.mjs';
import { inCheckout, root, runFolder, yarnScript } from './checkout.mjs';
import { step } from './say.mjs';

/** Where the archives are, each named after its package. */
export const packagesFolder = join(runFolder, 'packages');

/** The published packages in the order in which they need each other; those with `build` are built by Backstage's CLI. */
export const publishedPackages = [
  {
    name: 'backstage-plugin-contention-common',
    folder: 'plugins/contention-common',
    build: true,
  },
  {
    name: 'backstage-plugin-contention',
    folder: 'plugins/contention',
    build: true,
  },
  {
    name: 'backstage-plugin-contention-backend',
    folder: 'plugins/contention-backend',
    build: true,
  },
  { name: 'contention-bpf-agent', folder: 'bpf-agent', build: false },
];

/** Makes all archives anew. Resolves to the packages, each with the path of its `archive`. */
export async function packAll(node, env) {
  const nodeBinary = join(node.bin, 'node');
  rmSync(packagesFolder, { recursive: true, force: true });
  mkdirSync(packagesFolder, { recursive: true });
  const log = join(runFolder, 'pack.log');
  const run = (what, args, cwd) =>
    runOrFail(what, nodeBinary, args, { cwd, env, log });

  await step('Writing type declarations', () =>
    run(
      'Writing type declarations (tsc)',
      [inCheckout('node_modules/.bin/tsc')],
      root,
    ),
  );
  const packed = [];
  for (const { name, folder, build } of publishedPackages) {
    const cwd = inCheckout(folder);
    const archive = join(packagesFolder, `${name}.tgz`);
    await step(`Packing ${name}`, async () => {
      if (build) {
        await run(
          `Building ${name}`,
          [
            inCheckout('node_modules/@backstage/cli/bin/backstage-cli'),
            'package',
            'build',
          ],
          cwd,
        );
      }
      await run(`Packing ${name}`, [yarnScript, 'pack', '--out', archive], cwd);
    });
    packed.push({ name, folder, archive });
  }
  return packed;
}
