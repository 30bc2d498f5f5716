/** From a culprit to its node, and from a ticket to the tab: the same time, and the same names. */
import { expect, test, type Page } from '@playwright/test';
import { topNeighbour } from './support/api';
import { firstPod } from './support/run';

const verdict = (page: Page) => page.getByTestId('contention-verdict');

/** The last `minutes`, absolute, as a link has them. */
function last(minutes: number): string {
  const to = new Date();
  const from = new Date(to.getTime() - minutes * 60_000);
  return `from=${from.toISOString()}&to=${to.toISOString()}`;
}

test('from a culprit one click leads to its node at that time, and the same culprit is named there', async ({
  page,
}) => {
  const range = last(5);
  const top = await topNeighbour('checkout', 300);
  if (!top) throw new Error('checkout has no neighbour in the last 5 minutes');
  await page.goto(
    `/catalog/default/component/checkout/noisy-neighbours?${range}`,
  );
  const row = page
    .getByRole('table', { name: 'Neighbours', exact: true })
    .getByRole('row')
    .filter({ has: page.getByRole('rowheader').filter({ hasText: top.name }) });
  await row
    .getByRole('link', { name: /^(?!pods in)/ })
    .and(page.locator('[href*="/contention/nodes/"]'))
    .click();

  await expect(page).toHaveURL(/\/contention\/nodes\/[^/]+\/[^/?]+\?/);
  const asked = new URLSearchParams(range);
  const shown = new URL(page.url()).searchParams;
  expect(Date.parse(shown.get('from')!)).toBe(Date.parse(asked.get('from')!));
  expect(Date.parse(shown.get('to')!)).toBe(Date.parse(asked.get('to')!));

  const matrix = page.getByRole('region', { name: 'Who waited while who ran' });
  await expect(
    matrix.getByRole('columnheader').filter({ hasText: top.name }),
  ).toBeVisible();
  await expect(
    matrix.getByRole('rowheader').filter({ hasText: 'checkout' }).first(),
  ).toBeVisible();
});

test('a link as a ticket has it leads to a tab of the service that the pod belonged to, at that time', async ({
  page,
}) => {
  const pod = await firstPod('inventory');
  const at = new Date(Date.now() - 60_000);
  const query = new URLSearchParams({
    ...pod,
    // What Alertmanager leaves where an alert has no such label.
    container: '<no value>',
    at: String(Math.floor(at.getTime() / 1000)),
  });
  await page.goto(`/contention/resolve?${query}`);
  await expect(page).toHaveURL(
    /\/catalog\/default\/component\/inventory\/throttling\?/,
  );
  await expect(verdict(page)).toContainText('inventory');
  const shown = new URL(page.url()).searchParams;
  expect(Date.parse(shown.get('from')!)).toBeLessThan(at.getTime());
  expect(Date.parse(shown.get('to')!)).toBeGreaterThanOrEqual(
    Math.floor(at.getTime() / 1000) * 1000,
  );
});

test('a pod that never was: what was looked for is said, and nothing is guessed', async ({
  page,
}) => {
  await page.goto(
    '/contention/resolve?namespace=shop&pod=never-was-1234&at=2026-01-01T00:00:00Z',
  );
  await expect(
    page.getByRole('region', { name: 'Nothing fits' }),
  ).toContainText('never-was-1234');
});
