/**
 * What the page says follows what runs, and who owns it: change that, and the page changes. The last file by name, since
 * it changes what the others look at; it puts everything back.
 */
import { expect, test } from '@playwright/test';
import { suffered, topNeighbour } from './support/api';
import { changeOwner, demo } from './support/run';

/** The agent's interval: one window. */
const WINDOW_MS = 10_000;
/** A window is seen when the agent has sent it. */
const DELIVERY_MS = 5_000;
const ACCUSED_SHARE = 0.3;

test.describe.configure({ mode: 'serial', timeout: 240_000 });

test.afterAll(async () => {
  await demo('scale', 'batch-report', '1');
  await demo('move-load', 'batch-report');
});

test('change the owner in the catalog, and the name follows', async ({
  page,
}) => {
  await changeOwner('batch-report', 'team-discovery');
  await expect
    .poll(async () => (await topNeighbour('checkout', 60))?.owner, {
      timeout: 90_000,
      intervals: [2_000],
    })
    .toBe('Discovery');
  await page.goto('/catalog/default/component/checkout/noisy-neighbours');
  await expect(page.getByTestId('contention-verdict')).toContainText(
    /batch-report \(team Discovery\)/,
  );
});

test('stop batch-report, and the accusation is gone within two windows', async () => {
  expect((await topNeighbour('checkout', 30))?.name).toBe('batch-report');
  await demo('scale', 'batch-report', '0');
  const stoppedAt = Date.now();
  await sleep(2 * WINDOW_MS + DELIVERY_MS);
  const { culprits, verdict } = await suffered('checkout', 300);
  expect(verdict.sentence.text).not.toMatch(/^Since .*batch-report/);
  const accused = culprits.find(({ party }) => party.name === 'batch-report');
  expect(accused?.lastSeen ?? 0).toBeLessThanOrEqual(stoppedAt + 2 * WINDOW_MS);
  expect((await topNeighbour('checkout', 10))?.name).not.toBe('batch-report');
});

test('put the load into search, and the culprit follows', async () => {
  await demo('scale', 'batch-report', '1');
  await demo('move-load', 'search');
  await expect
    .poll(
      async () => {
        const top = await topNeighbour('checkout', 20);
        return top?.name === 'search' && top.owner === 'Discovery'
          ? top.share
          : 0;
      },
      { timeout: 120_000, intervals: [3_000] },
    )
    .toBeGreaterThan(ACCUSED_SHARE);
});

function sleep(ms: number): Promise<void> {
  return new Promise(resolve => setTimeout(resolve, ms));
}
