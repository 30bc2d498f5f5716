/**
 * Every view, in light and dark, by the rules of axe: nothing that keeps somebody out. Left out is what Backstage draws around
 * the content of a page: its side bar, and the crumbs above.
 */
import { createRequire } from 'node:module';
import { expect, test, type Page } from '@playwright/test';
import type { AxeResults } from 'axe-core';

const AXE = createRequire(__filename).resolve('axe-core/axe.min.js');

const SERVICE = '/catalog/default/component/checkout';
const GROWN = '?from=now-15m&to=now';

/** Where a view is, and what is on it when it is complete. */
const views: { name: string; at: string; shows: string | RegExp }[] = [
  { name: 'card', at: SERVICE, shows: 'What holds it up' },
  {
    name: 'latency',
    at: `${SERVICE}/latency${GROWN}`,
    shows: 'How sure we are',
  },
  {
    name: 'throttling',
    at: `/catalog/default/component/inventory/throttling${GROWN}`,
    shows: 'How sure we are',
  },
  {
    name: 'neighbours',
    at: `${SERVICE}/noisy-neighbours${GROWN}`,
    shows: 'How sure we are',
  },
  {
    name: 'whom it held up',
    at: `/catalog/default/component/batch-report/noisy-neighbours${GROWN}&direction=caused`,
    shows: 'How sure we are',
  },
  {
    name: 'queues',
    at: `${SERVICE}/noisy-neighbours${GROWN}&resource=network`,
    shows: 'How sure we are',
  },
  {
    name: 'roll-up',
    at: `/catalog/default/system/storefront/contention${GROWN}`,
    shows: 'Worst pairs',
  },
  {
    name: 'not annotated',
    at: '/catalog/default/component/gift-cards/latency',
    shows: 'Which pods belong to this?',
  },
  {
    name: 'no pods',
    at: '/catalog/default/component/returns/throttling',
    shows: 'No pods seen',
  },
  { name: 'front page', at: '/contention', shows: 'Coverage' },
  { name: 'nodes', at: '/contention/nodes', shows: /^Nodes/ },
  {
    name: 'evidence',
    at: '/contention/evidence?entity=component:default/checkout',
    shows: /frozen/i,
  },
  {
    name: 'resolve',
    at: '/contention/resolve',
    shows: 'Find a page from an alert',
  },
  {
    name: 'coverage',
    at: '/contention/coverage',
    shows: 'How this is known',
  },
];

type Mode = 'light' | 'dark';

/** Makes the system's scheme `mode`, which a portal in which nobody chose a theme follows. */
async function prefer(page: Page, mode: Mode): Promise<void> {
  await page.emulateMedia({ colorScheme: mode, reducedMotion: 'reduce' });
}

/** Resolves when the page is complete in `mode`. A portal that changes its theme draws everything anew. */
async function complete(
  page: Page,
  mode: Mode,
  shows: string | RegExp,
): Promise<void> {
  await expect(page.locator(`body[data-theme-mode=${mode}]`)).toBeAttached();
  await expect(
    page.getByRole('heading', { name: shows }).first(),
  ).toBeVisible();
  // What axe is to see is the colour that a transition ends with.
  await page.evaluate(() =>
    Promise.allSettled(
      document
        .getAnimations()
        .filter(animation => animation instanceof CSSTransition)
        .map(({ finished }) => finished),
    ),
  );
}

/** What axe calls serious or critical, a line for each place. axe is on the page. */
async function barriers(page: Page): Promise<string[]> {
  const { violations } = await page.evaluate(async () => {
    const { axe } = window as unknown as {
      axe: { run(where: object, how: object): Promise<AxeResults> };
    };
    return axe.run({ include: ['main'] }, { resultTypes: ['violations'] });
  });
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) =>
      nodes.map(({ target, failureSummary }) =>
        [id, target.join(' '), failureSummary].join(': '),
      ),
    );
}

for (const { name, at, shows } of views) {
  test(`${name}: nothing keeps anybody out, in light and in dark`, async ({
    page,
  }) => {
    const modes: readonly Mode[] = ['light', 'dark'];
    await prefer(page, modes[0]);
    await page.goto(at);
    await page.addScriptTag({ path: AXE });
    const found: string[] = [];
    for (const mode of modes) {
      await prefer(page, mode);
      await complete(page, mode, shows);
      const here = await barriers(page);
      found.push(...here.map(line => `${mode}: ${line}`));
    }
    expect(found).toEqual([]);
  });
}
