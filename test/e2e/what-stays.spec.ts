/** A link in a ticket, months later: what is frozen on a live page is what the link shows. */
import { expect, test, type Page } from '@playwright/test';

const verdict = (page: Page) => page.getByTestId('contention-verdict');
const neighbours = (page: Page) =>
  page.getByRole('table', { name: 'Neighbours', exact: true });

const TITLE = 'Checkout slow: browser test';

/** An hour as it stands in a ticket: absolute, and over, so that no more data of it arrives. */
function lastHour(): string {
  const to = new Date(Date.now() - 60_000);
  const from = new Date(to.getTime() - 3_600_000);
  return `from=${from.toISOString()}&to=${to.toISOString()}`;
}

test('what is frozen on a page is what its link shows: the same sentence and the same figures', async ({
  page,
  context,
}) => {
  await page.goto(
    `/catalog/default/component/checkout/noisy-neighbours?${lastHour()}`,
  );
  await expect(verdict(page)).toContainText('checkout');
  const said = await verdict(page).textContent();
  const figures = await neighbours(page).textContent();

  await page.getByRole('button', { name: 'Freeze as evidence' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Title').fill(TITLE);
  await dialog.getByLabel('Note').fill('<b>Moved</b> the batch');
  await dialog
    .getByLabel('Link to the incident')
    .fill('https://incidents.example.com/INC-1');
  await dialog.getByRole('button', { name: 'Freeze', exact: true }).click();
  const link = await page.getByLabel('the link to the record').inputValue();
  expect(link).toMatch(/\/contention\/evidence\/[0-9a-f]{32}$/);

  const later = await context.newPage();
  await later.goto(link);
  await expect(
    later.getByRole('heading', { name: TITLE, level: 1 }),
  ).toBeVisible();
  await expect(later.getByTestId('contention-record')).toContainText(
    'unchanged since it was frozen',
  );
  await expect(later.getByText('<b>Moved</b> the batch')).toBeVisible();
  await expect(later.getByText(/^Recorded data, frozen on/)).toBeVisible();
  await later.goto(`${link}/noisy-neighbours`);
  await expect(verdict(later)).toBeVisible();
  expect(await verdict(later).textContent()).toBe(said);
  expect(await neighbours(later).textContent()).toBe(figures);

  const download = later.waitForEvent('download');
  await later.getByRole('button', { name: 'Download Markdown' }).click();
  expect((await download).suggestedFilename()).toMatch(
    /^contention-checkout-[0-9a-f]{8}\.md$/,
  );
});

test('the records of a service are one click from its tabs, and from the menu of its page one can freeze', async ({
  page,
}) => {
  await page.goto('/catalog/default/component/checkout');
  await page.getByRole('button', { name: 'More actions' }).click();
  await page.getByRole('menuitem', { name: 'Freeze as evidence' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Title').fill('From the menu');
  await dialog.getByRole('button', { name: 'Freeze', exact: true }).click();
  await expect(dialog.getByText('Frozen', { exact: true })).toBeVisible();
  await dialog.getByRole('button', { name: 'Close' }).click();

  await page.goto('/catalog/default/component/checkout/throttling');
  await page.getByRole('link', { name: /frozen records?$/ }).click();
  await expect(
    page.getByRole('rowheader').filter({ hasText: 'From the menu' }).first(),
  ).toBeVisible();
});

test('a link with fixed times is kept by itself, and the page says so', async ({
  page,
}) => {
  await page.goto(
    `/catalog/default/component/inventory/throttling?${lastHour()}`,
  );
  await expect(verdict(page)).toBeVisible();
  // Of what is barely over, the backend waits for the last of the data.
  await expect(
    page.getByText(/^A copy of this range (is|will be) kept$/),
  ).toBeVisible();
});
