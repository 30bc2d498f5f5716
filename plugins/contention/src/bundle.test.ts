/**
 * @jest-environment node
 */
import { build } from 'esbuild';
import { resolve } from 'node:path';
import { gzipSync } from 'node:zlib';

/** What every portal has already; zod comes with `@backstage/plugin-catalog-react/alpha`. */
const PORTAL = [
  'zod',
  'react',
  'react-dom',
  'react/jsx-runtime',
  'react-router-dom',
  '@backstage/*',
  '@material-ui/*',
];

/** Before anything is on the screen. */
const LIMIT_BYTES = 80 * 1024;

interface Downloads {
  /** What the entry needs before it can draw, gzipped bytes. */
  first: number;
  /** What is loaded on demand: another language, a dialog. Gzipped bytes. */
  later: number;
  /** Our own source files in `first`. */
  firstFiles: string[];
}

/** Everything of our own that one entry brings, in the pieces that a portal's bundler makes of it. */
async function downloadsOf(entry: string): Promise<Downloads> {
  const { outputFiles, metafile } = await build({
    entryPoints: [resolve(__dirname, entry)],
    bundle: true,
    splitting: true,
    metafile: true,
    outdir: resolve(__dirname, 'out'),
    minify: true,
    format: 'esm',
    platform: 'browser',
    jsx: 'automatic',
    external: PORTAL,
    write: false,
    logLevel: 'silent',
  });
  const { outputs } = metafile;
  const start = Object.keys(outputs).find(name =>
    outputs[name].entryPoint?.endsWith(entry),
  );
  if (!start) throw new Error(`${entry} is not in its own bundle`);
  const needed = new Set([start]);
  for (const name of needed) {
    outputs[name].imports
      .filter(({ kind, external }) => kind === 'import-statement' && !external)
      .forEach(({ path }) => needed.add(path));
  }
  const neededPaths = new Set([...needed].map(name => resolve(name)));
  const bytes = (isFirst: boolean) =>
    outputFiles
      .filter(({ path }) => neededPaths.has(path) === isFirst)
      .reduce((sum, { contents }) => sum + gzipSync(contents).byteLength, 0);
  return {
    first: bytes(true),
    later: bytes(false),
    firstFiles: [...needed].flatMap(name => Object.keys(outputs[name].inputs)),
  };
}

describe('what a reader downloads', () => {
  it.each([
    'tabs/latency/LatencyTab.tsx',
    'tabs/throttling/ThrottlingTab.tsx',
    'tabs/neighbours/NeighboursTab.tsx',
    'card/OverviewCard.tsx',
  ])('%s and the client fit into 80 KB gzipped', async entry => {
    const tab = await downloadsOf(entry);
    const client = await downloadsOf('api/client.ts');
    // eslint-disable-next-line no-console
    console.info(
      `${entry}: ${tab.first} + client ${client.first} bytes gzipped, ${tab.later} on demand`,
    );
    expect(tab.first + client.first).toBeLessThanOrEqual(LIMIT_BYTES);
  });

  it('has German in it only for who reads German', async () => {
    const { firstFiles } = await downloadsOf('tabs/latency/LatencyTab.tsx');
    const languages = firstFiles.filter(file => file.includes('/translation/'));
    expect(languages.some(file => file.includes('/en/'))).toBe(true);
    expect(languages.filter(file => file.includes('/de/'))).toEqual([]);
  });
});
