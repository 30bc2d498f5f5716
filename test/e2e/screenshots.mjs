#!/usr/bin/env node
/**
 * The pictures in docs/images, from a running `npm start`: what one sees of each page before scrolling far. Prints what each
 * page says, so that a picture whose story is not the demo's (something else was busy) is noticed.
 *
 *     node test/e2e/screenshots.mjs [--portal http://localhost:3000] [--mode dark] [NAME...]
 */
import { mkdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { chromium } from 'playwright-core';

const { values, positionals } = parseArgs({
  options: {
    portal: { type: 'string', default: 'http://localhost:3000' },
    mode: { type: 'string', default: 'light' },
  },
  allowPositionals: true,
});
const { portal, mode } = values;
const images = path.resolve(
  path.dirname(fileURLToPath(import.meta.url)),
  '../../docs/images',
);

/** `from` and `until`: headings of the first and the last section of the picture; without `from`, from the top of the page. */
const pages = [
  {
    name: 'neighbours',
    page: 'checkout/noisy-neighbours',
    until: /^Neighbours$/,
  },
  {
    name: 'network',
    page: 'checkout/noisy-neighbours?resource=network',
    until: /^Neighbours$/,
  },
  {
    name: 'latency',
    page: 'checkout/latency',
    until: /^What its requests were made of$/,
  },
  {
    name: 'peers',
    page: 'checkout/latency',
    from: /^Upstreams and downstreams$/,
    until: /^Two hops around it$/,
  },
  {
    name: 'throttling',
    page: 'inventory/throttling',
    until: /^Who burned the budget$/,
  },
];

/** Room left around the sections, pixels. */
const EDGE = 16;
/** Taller than any page, so that nothing of it is outside of the window. */
const WINDOW = { width: 1280, height: 6000 };

/** Top and bottom of the card whose heading fits. */
async function sectionBox(tab, heading) {
  const card = tab
    .getByRole('heading', { name: heading })
    .locator('xpath=ancestor::*[contains(@class, "MuiCard-root")][1]');
  await card.waitFor({ timeout: 60_000 });
  return card.boundingBox();
}

mkdirSync(images, { recursive: true });
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM_PATH ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
});
try {
  const context = await browser.newContext({
    viewport: WINDOW,
    colorScheme: mode,
    storageState: {
      cookies: [],
      origins: [
        { origin: portal, localStorage: [{ name: 'theme', value: mode }] },
      ],
    },
  });
  const tab = await context.newPage();
  for (const { name, page, from, until } of pages) {
    if (positionals.length > 0 && !positionals.includes(name)) continue;
    await tab.goto(`${portal}/catalog/default/component/${page}`);
    const verdict = tab.getByTestId('contention-verdict');
    await verdict.waitFor({ timeout: 60_000 });
    await tab.waitForLoadState('networkidle');
    const last = await sectionBox(tab, until);
    const top = from ? (await sectionBox(tab, from)).y - EDGE : 0;
    const bottom = last.y + last.height + EDGE;
    const file = path.join(images, `${name}-${mode}.png`);
    await tab.screenshot({
      path: file,
      clip: { x: 0, y: top, width: WINDOW.width, height: bottom - top },
    });
    const [sentence] = (await verdict.innerText()).split('\n');
    const kilobytes = Math.round(statSync(file).size / 1000);
    console.log(`${path.basename(file)}, ${kilobytes} KB: ${sentence}`);
  }
} finally {
  await browser.close();
}
