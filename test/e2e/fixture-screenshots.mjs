#!/usr/bin/env node
/**
 * The pictures in docs/images of what a demo on one node cannot show well: the portal on fixtures. In plugins/contention:
 * `yarn start --entrypoint dev/fixtures`; then `node test/e2e/fixture-screenshots.mjs [ADDRESS [light|dark]...]`.
 */
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';

const [portal = 'http://localhost:3000', ...chosen] = process.argv.slice(2);
const modes = chosen.length > 0 ? chosen : ['light'];
const images = path.resolve(
  path.dirname(fileURLToPath(import.meta.url)),
  '../../docs/images',
);
/** What is on the page when it is complete, and how much of the page is in the picture, pixels. */
const pages = [
  {
    name: 'node',
    page: '/contention/nodes/demo/node-a',
    shows: 'Who waited while who ran',
    height: 1900,
  },
  {
    name: 'evidence',
    page: `/contention/evidence/${'a1'.padEnd(32, '0')}`,
    shows: 'What checkout waited for',
    height: 1500,
  },
  {
    name: 'resolve',
    page: '/contention/resolve?node=node-a&at=2026-11-21T10:00:00Z',
    shows: 'checkout',
    height: 1000,
  },
  {
    name: 'coverage',
    page: '/contention/coverage',
    shows: 'How this is known',
    height: 1100,
  },
  {
    name: 'rollup',
    page: '/catalog/default/system/storefront/contention',
    shows: 'Worst pairs',
    height: 1500,
  },
];

/** A busy machine may need that long for a page, ms. */
const PATIENCE_MS = 300_000;

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM_PATH ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
});
try {
  for (const mode of modes) {
    const context = await browser.newContext({
      colorScheme: mode,
      storageState: {
        cookies: [],
        origins: [
          { origin: portal, localStorage: [{ name: 'theme', value: mode }] },
        ],
      },
    });
    context.setDefaultTimeout(PATIENCE_MS);
    const tab = await context.newPage();
    for (const { name, page, shows, height } of pages) {
      await tab.setViewportSize({ width: 1280, height });
      await tab.goto(`${portal}${page}`);
      await tab.getByRole('heading', { name: shows }).first().waitFor();
      await tab.waitForLoadState('networkidle');
      const file = path.join(images, `${name}-${mode}.png`);
      await tab.screenshot({ path: file });
      console.log(path.basename(file));
    }
    await context.close();
  }
} finally {
  await browser.close();
}
