/** What a page says when there is nothing to show: each state its own page, with one thing to do. */
import { expect, test } from '@playwright/test';

test('an entity without annotation gets the lines to add', async ({ page }) => {
  await page.goto('/catalog/default/component/gift-cards/noisy-neighbours');
  await expect(page.getByText(/backstage\.io\/kubernetes-id/)).toBeVisible();
});

test('an annotated entity without pods is told what was looked for, and where', async ({
  page,
}) => {
  await page.goto('/catalog/default/component/returns/noisy-neighbours');
  await expect(
    page.getByText(/backstage\.io\/kubernetes-id=returns/),
  ).toBeVisible();
});

test('a range without data leads to the nearest that has some', async ({
  page,
}) => {
  const to = Date.now() - 20 * 24 * 3_600_000;
  await page.goto(
    `/catalog/default/component/checkout/noisy-neighbours?from=${to - 3_600_000}&to=${to}`,
  );
  await page.getByRole('button', { name: /^Show .*\d/ }).click();
  await expect(page.getByTestId('contention-verdict')).toContainText(
    'checkout',
  );
});
