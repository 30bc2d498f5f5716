/**
 * Months later: what was measured is deleted and the service has left the catalog, and the link in the ticket still shows what
 * was seen then. The very last file by name: afterwards there is nothing left to look at.
 */
import { expect, test, type Page } from '@playwright/test';
import { isInCatalog } from './support/api';
import { forgetMeasurements } from './support/retention';
import { removeComponent, runBegan } from './support/run';

const verdict = (page: Page) => page.getByTestId('contention-verdict');
const neighbours = (page: Page) =>
  page.getByRole('table', { name: 'Neighbours', exact: true });

const SERVICE = '/catalog/default/component/checkout';

test.describe.configure({ mode: 'serial', timeout: 300_000 });

/** For so long after its end a range is told as what goes on now, ms; a record is not. */
const GOES_ON_MS = 60_000;
/** So long after the run began, services have been measured for a while, ms. */
const MEASURED_MS = 120_000;

/** Three minutes, as a ticket has them, Unix ms: over, if there is enough to see in them, else those that just go by. */
function threeMinutes(): { from: number; to: number } {
  const over = Date.now() - GOES_ON_MS - 1_000;
  const to = Math.min(
    Date.now() - 20_000,
    Math.max(over, runBegan() + MEASURED_MS),
  );
  return { from: to - 180_000, to };
}

let range: string;
let link: string;
let said: string | null;
let figures: string | null;

test('what is seen of an incident is frozen', async ({ page }) => {
  const { from, to } = threeMinutes();
  range = `from=${new Date(from).toISOString()}&to=${new Date(to).toISOString()}`;
  const hasEnded = to + GOES_ON_MS + 1_000;
  await page.waitForTimeout(Math.max(0, hasEnded - Date.now()));
  await page.goto(`${SERVICE}/noisy-neighbours?${range}`);
  await expect(verdict(page)).toContainText('checkout');
  said = await verdict(page).textContent();
  figures = await neighbours(page).textContent();
  await page.getByRole('button', { name: 'Freeze as evidence' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Title').fill('INC-2041: checkout over 500 ms');
  await dialog
    .getByLabel('Note')
    .fill('Payments was paged at ten. The batch was moved to the night.');
  await dialog
    .getByLabel('Link to the incident')
    .fill('https://incidents.example.com/INC-2041');
  await dialog.getByRole('button', { name: 'Freeze', exact: true }).click();
  link = await page.getByLabel('the link to the record').inputValue();
});

test('after its data has been deleted, the tab says so and leads to what was frozen', async ({
  page,
}) => {
  forgetMeasurements();
  await page.goto(`${SERVICE}/noisy-neighbours?${range}`);
  const state = page.getByRole('region', { name: 'No data in this range' });
  await state
    .getByRole('link', { name: 'INC-2041: checkout over 500 ms' })
    .click();
  await expect(page).toHaveURL(/\/contention\/evidence\/[0-9a-f]{32}/);
  await expect(page.getByTestId('contention-record')).toContainText(
    'unchanged since it was frozen',
  );
});

test('after the service has left the catalog, too, the link shows what was seen', async ({
  page,
}) => {
  await removeComponent('checkout');
  await expect
    .poll(() => isInCatalog('checkout'), {
      timeout: 120_000,
      intervals: [1_000],
    })
    .toBe(false);
  await expect(async () => {
    await page.goto(link);
    await expect(page.getByTestId('contention-record')).toContainText(
      'checkout (no longer in the catalog)',
      { timeout: 15_000 },
    );
  }).toPass({ timeout: 180_000 });
  await page.goto(`${link}/noisy-neighbours`);
  await expect(verdict(page)).toBeVisible();
  expect(await verdict(page).textContent()).toBe(said);
  expect(await neighbours(page).textContent()).toBe(figures);
  const picture = process.env.CONTENTION_EVIDENCE_PICTURE;
  if (picture) await page.screenshot({ path: picture, fullPage: true });
});
