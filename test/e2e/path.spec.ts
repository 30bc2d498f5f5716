/** The one true path: catalog, service, tab, culprit, and back. */
import { expect, test, type Page } from '@playwright/test';

const verdict = (page: Page) => page.getByTestId('contention-verdict');

test('from the catalog to the neighbour that hurts a service, to that neighbour, and back', async ({
  page,
}) => {
  await page.goto('/catalog');
  await page.getByRole('link', { name: 'checkout', exact: true }).click();
  await page
    .getByRole('link', { name: 'Noisy neighbours', exact: true })
    .click();

  await expect(verdict(page)).toHaveAttribute('data-cause', 'neighbour');
  await expect(verdict(page)).toContainText(/batch-report \(team Data\)/);
  await expect(verdict(page)).not.toContainText(/caused/i);

  const row = page
    .getByRole('table', { name: 'Neighbours', exact: true })
    .getByRole('row')
    .filter({ hasText: 'batch-report' });
  await expect(row).toContainText('Data');
  await row.getByRole('link', { name: 'batch-report' }).click();

  await expect(page).toHaveURL(
    /component\/batch-report\/noisy-neighbours\?.*from=/,
  );
  await expect(
    page.getByRole('table', { name: 'Held up' }).getByText('checkout').first(),
  ).toBeVisible();

  await page.goBack();
  await expect(page).toHaveURL(/component\/checkout\/noisy-neighbours/);
  await expect(verdict(page)).toContainText('batch-report');
});

test('the overview says it in one line and leads to the tab', async ({
  page,
}) => {
  await page.goto('/catalog/default/component/checkout');
  await expect(page.getByText(/batch-report \(team Data\)/)).toBeVisible();
});

test('a quota is named with its level, how often it stopped the pod, and who used it up', async ({
  page,
}) => {
  await page.goto('/catalog/default/component/inventory/throttling');
  await expect(verdict(page)).toHaveAttribute('data-cause', 'limit');
  await expect(verdict(page)).toContainText(/stopped by its pod's CPU limit/);
  await expect(verdict(page)).toContainText(/mesh-proxy/);
  await expect(
    page
      .getByRole('table', { name: /budget/i })
      .getByText('mesh-proxy')
      .first(),
  ).toBeVisible();
});

test('a healthy service is said to be healthy', async ({ page }) => {
  // Not the minutes in which everything started: the kernel's own threads had much to do, and took the CPU for it.
  await page.goto(
    '/catalog/default/component/search/noisy-neighbours?from=now-3m&to=now',
  );
  await expect(verdict(page)).toHaveAttribute('data-cause', 'quiet');
});

test('how long threads waited is a picture with a table behind it, and what is not measured is said', async ({
  page,
}) => {
  await page.goto('/catalog/default/component/checkout/latency');
  await expect(verdict(page)).toBeVisible();
  await page.getByRole('button', { name: 'Show as table' }).first().click();
  await expect(
    page.getByRole('columnheader', { name: /p99/ }).first(),
  ).toBeVisible();
  await expect(
    page.getByRole('heading', { name: 'Not measured', exact: true }),
  ).toBeVisible();
});

test('pods of a culprit are one click away, from the same pods file', async ({
  page,
}) => {
  await page.goto('/catalog/default/component/batch-report/kubernetes');
  await expect(page.getByText(/batch-report/).first()).toBeVisible();
  await expect(page.getByText(/\d+ pods?/).first()).toBeVisible();
});
