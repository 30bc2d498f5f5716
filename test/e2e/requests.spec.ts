/** Requests as the Latency tab shows them: those that the demo's customers really make. */
import { expect, test } from '@playwright/test';
import { latency } from './support/api';
import { customersAccount } from './support/run';

test('requests are those that the customers made, by their own account, and take no longer than they waited', async () => {
  await expect
    .poll(async () => (await latency('checkout', 60)).requests.ratePerSecond, {
      timeout: 90_000,
      intervals: [5_000],
    })
    .toBeGreaterThan(0);
  const made = await customersAccount(120);
  // What the agent sends last is about the newest ten seconds.
  await expect
    .poll(async () => (await latency('checkout', 60)).freshness.newest, {
      timeout: 60_000,
    })
    .toBeGreaterThanOrEqual(made.to);
  const { requests } = await latency('checkout', made);
  expect(requests.ratePerSecond).toBeGreaterThan(0.85 * made.ratePerSecond);
  expect(requests.ratePerSecond).toBeLessThan(1.15 * made.ratePerSecond);
  const { count, sumSeconds } = requests.distribution;
  expect(sumSeconds / count).toBeGreaterThan(0.002); // computing alone takes that
  expect(sumSeconds / count).toBeLessThan(1.1 * made.meanSeconds);
  expect(requests.estimatedShare ?? 0).toBe(0);
});

test('checkout asks inventory, and that is its other role', async () => {
  const { requests } = await latency('checkout', 120, 'client');
  expect(requests.roles.client.state).toBe('measured');
  const { ratePerSecond = 0 } = requests;
  expect(ratePerSecond).toBeGreaterThan(2); // one in eight of 40 a second
  expect(ratePerSecond).toBeLessThan(8);
});

test('the Latency tab says what slow requests were made of, and leads to the culprit', async ({
  page,
}) => {
  await page.goto('/catalog/default/component/checkout/latency');
  await expect(page.getByTestId('contention-verdict')).toContainText(
    /checkout/,
  );
  await expect(
    page.getByRole('heading', { name: 'How long its requests took' }),
  ).toBeVisible();
  const parts = page.getByRole('list', { name: 'Parts' }).first();
  await expect(parts).toContainText('working');
  await parts.getByRole('link', { name: /batch-report/ }).click();
  await expect(page).toHaveURL(/component\/batch-report\/.*from=/);
});
