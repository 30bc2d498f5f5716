#!/usr/bin/env node
/**
 * Pictures of the four services of a running `npm start`, light and dark, as they are in docs/images. Prints what each
 * page says, so that a picture whose story is not the demo's (something else was busy) is noticed.
 */
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';

const PORTAL = 'http://localhost:3000';
const images = path.resolve(
  path.dirname(fileURLToPath(import.meta.url)),
  '../../docs/images',
);
const pages = [
  { name: 'neighbours', page: 'checkout/noisy-neighbours' },
  { name: 'latency', page: 'checkout/latency' },
  { name: 'throttling', page: 'inventory/throttling' },
  { name: 'quiet', page: 'search/noisy-neighbours' },
  { name: 'caused', page: 'batch-report/noisy-neighbours?direction=caused' },
];

mkdirSync(images, { recursive: true });
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM_PATH ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
});
try {
  for (const mode of ['light', 'dark']) {
    const context = await browser.newContext({
      viewport: { width: 1280, height: 900 },
      colorScheme: mode,
      storageState: {
        cookies: [],
        origins: [
          { origin: PORTAL, localStorage: [{ name: 'theme', value: mode }] },
        ],
      },
    });
    const tab = await context.newPage();
    for (const { name, page } of pages) {
      await tab.goto(`${PORTAL}/catalog/default/component/${page}`);
      const verdict = tab.getByTestId('contention-verdict');
      await verdict.waitFor({ timeout: 60_000 });
      await tab.waitForLoadState('networkidle');
      const file = path.join(images, `${name}-${mode}.png`);
      await tab.screenshot({ path: file, fullPage: true });
      const [sentence] = (await verdict.innerText()).split('\n');
      console.log(`${path.basename(file)}: ${sentence}`);
    }
    await context.close();
  }
} finally {
  await browser.close();
}
