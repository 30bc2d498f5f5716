// `node bundle-portal.mjs FOLDER`, in plugins/contention: the app of dev/index.tsx, built for production into FOLDER.
// This is what `backstage-cli package build` calls for an app. The command itself takes only a package that is nothing but an
// app, with its entry in src; this one is a plugin, and the app is its dev entry, which `yarn start` serves with hot reload.
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const require = createRequire(import.meta.url);
const library = join(
  dirname(require.resolve('@backstage/cli-module-build/package.json')),
  'dist/lib',
);
const { buildBundle } = require(join(library, 'bundler/bundle.cjs.js'));
const { loadCliConfig } = require(join(library, 'config.cjs.js'));

const targetDir = process.cwd();
const { name } = require(join(targetDir, 'package.json'));
await buildBundle({
  targetDir,
  entry: 'dev/index',
  dist: process.argv[2],
  ...(await loadCliConfig({ args: [], fromPackage: name, targetDir })),
});
