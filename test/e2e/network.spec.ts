/**
 * Whose bytes were ahead: log-shipper fills the link to the rack for 2 s in every 20 s, and what checkout asks inventory stands
 * behind it. Take log-shipper away, and nothing does.
 */
import { expect, test, type Page } from '@playwright/test';
import { suffered, topNeighbour } from './support/api';
import { callsAccount, demo } from './support/run';

/** log-shipper is at work once in that time (demo/lib/services.mjs). */
const PERIOD_SECONDS = 20;
/** What is told of a time is told by windows, one of which may have begun before it. */
const WINDOW_SECONDS = 10;

const verdict = (page: Page) => page.getByTestId('contention-verdict');

test.describe.configure({ mode: 'serial', timeout: 240_000 });

test.afterAll(async () => {
  await demo('scale', 'log-shipper', '1');
});

test('whose packets were ahead of those of checkout, and whose they are', async ({
  page,
}) => {
  await expect
    .poll(async () => (await topNeighbour('checkout', 60, 'network'))?.name, {
      timeout: 120_000,
      intervals: [3_000],
    })
    .toBe('log-shipper');
  await page.goto('/catalog/default/component/checkout/noisy-neighbours');
  await page.getByRole('button', { name: 'Network', exact: true }).click();
  await expect(page).toHaveURL(/resource=network/);
  await expect(verdict(page)).toContainText(
    /packets of checkout st(an|oo)d .* in the queue of uplink .*log-shipper \(team Platform\)/,
  );
  const row = page
    .getByRole('table', { name: 'Neighbours', exact: true })
    .getByRole('row')
    .filter({ hasText: 'log-shipper' });
  await expect(row).toContainText('Platform');
});

test('packets stood in the queue of the link, and never for longer than the slowest call took by its own account', async () => {
  const { network } = await suffered('checkout', 120, 'network');
  expect(network?.queues.map(({ interfaceName }) => interfaceName)).toContain(
    'uplink',
  );
  const slowest = Math.max(...(await callsAccount(120)).slowestSeconds);
  expect(network?.distribution.p99Seconds).toBeLessThan(slowest);
});

test('log-shipper is told whom it held up, on its own page', async ({
  page,
}) => {
  await page.goto(
    '/catalog/default/component/log-shipper/noisy-neighbours?resource=network&direction=caused',
  );
  await expect(
    page.getByRole('table', { name: 'Held up' }).getByText('checkout').first(),
  ).toBeVisible();
});

test('stop log-shipper, and the accusation is gone', async () => {
  await demo('scale', 'log-shipper', '0');
  const from = Date.now() + 2 * WINDOW_SECONDS * 1000;
  const range = { from, to: from + PERIOD_SECONDS * 1000 };
  await sleep(2 * WINDOW_SECONDS + PERIOD_SECONDS);
  // A busy machine may need some time to say what it has measured.
  await expect
    .poll(
      async () =>
        (await suffered('checkout', WINDOW_SECONDS, 'network')).freshness
          .newest,
      { timeout: 30_000, intervals: [1_000] },
    )
    .toBeGreaterThanOrEqual(range.to);
  const after = await suffered('checkout', range, 'network');
  expect(after.network?.presence.state).toBe('measured');
  expect(after.culprits.map(({ party }) => party.name)).not.toContain(
    'log-shipper',
  );
  expect(after.verdict.sentence.text).not.toContain('log-shipper');
  const { verdict: now } = await suffered('checkout', 300, 'network');
  expect(now.sentence.text).not.toMatch(/^Since .*log-shipper/);
});

function sleep(seconds: number): Promise<void> {
  return new Promise(resolve => setTimeout(resolve, seconds * 1000));
}
