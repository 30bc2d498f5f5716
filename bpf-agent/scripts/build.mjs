// Bundles the agent into one file, dist/agent.cjs: it starts in a moment and needs no node_modules where it runs.
import { build } from 'esbuild';
import { fileURLToPath } from 'node:url';

const home = fileURLToPath(new URL('..', import.meta.url));

const { metafile } = await build({
  absWorkingDir: home,
  entryPoints: ['src/cli/main.ts'],
  outfile: 'dist/agent.cjs',
  bundle: true,
  platform: 'node',
  format: 'cjs',
  target: 'node22',
  minifySyntax: true,
  legalComments: 'linked',
  metafile: true,
  logLevel: 'warning',
});
const [output] = Object.entries(metafile.outputs).filter(([path]) =>
  path.endsWith('.cjs'),
);
console.log(`${output[0]}: ${Math.round(output[1].bytes / 1024)} KiB`);
