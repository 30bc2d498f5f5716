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

const LIMIT_BYTES = 80 * 1024;

/** Everything of our own that one entry brings, with what it loads later, as gzipped bytes. */
async function gzippedBytes(entry: string): Promise<number> {
  const { outputFiles } = await build({
    entryPoints: [resolve(__dirname, entry)],
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'browser',
    jsx: 'automatic',
    external: PORTAL,
    write: false,
    logLevel: 'silent',
  });
  return outputFiles.reduce(
    (sum, { contents }) => sum + gzipSync(contents).byteLength,
    0,
  );
}

describe('what a reader downloads', () => {
  it.each([
    'tabs/latency/LatencyTab.tsx',
    'tabs/throttling/ThrottlingTab.tsx',
    'tabs/neighbours/NeighboursTab.tsx',
    'card/OverviewCard.tsx',
  ])('%s and the client fit into 80 KB gzipped', async entry => {
    const tab = await gzippedBytes(entry);
    const client = await gzippedBytes('api/client.ts');
    // eslint-disable-next-line no-console
    console.info(`${entry}: ${tab} + client ${client} bytes gzipped`);
    expect(tab + client).toBeLessThanOrEqual(LIMIT_BYTES);
  });
});
