import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import type { ContentionApi } from '../api';
import { FixtureContentionApi, FixtureResponseError } from '../__fixtures__';
import { LatencyTab } from '../tabs/latency/LatencyTab';
import { NeighboursTab } from '../tabs/neighbours/NeighboursTab';
import { ThrottlingTab } from '../tabs/throttling/ThrottlingTab';
import { renderOnEntityPage } from '../__testUtils__/renderOnEntityPage';

const TABS = [
  ['Latency', <LatencyTab key="latency" />],
  ['Throttling', <ThrottlingTab key="throttling" />],
  ['Noisy neighbours', <NeighboursTab key="neighbours" />],
] as const;

/** As where there is no data. */
const GREY = '#868d96';

const address = () => screen.getByTestId('address').textContent;

describe.each(TABS)('what stands in the way of data, in %s', (_, tab) => {
  it('says which lines to add when the entity is not annotated', async () => {
    renderOnEntityPage(tab, { name: 'legacy-billing' });
    const page = await screen.findByRole('region', {
      name: 'Which pods belong to this?',
    });
    expect(
      within(page).getByText(/backstage.io\/kubernetes-id: legacy-billing/),
    ).toBeVisible();
    expect(
      within(page).getByRole('button', { name: /Copy lines/ }),
    ).toBeVisible();
  });

  it('says what was looked for, and where agents are, when no pod was seen', async () => {
    renderOnEntityPage(tab, { name: 'ghost' });
    const page = await screen.findByRole('region', { name: 'No pods seen' });
    expect(
      within(page).getByText(/label backstage.io\/kubernetes-id=ghost/),
    ).toBeVisible();
    expect(
      within(page).getByRole('rowheader', { name: 'node-a' }),
    ).toBeVisible();
    expect(
      within(page).getByRole('button', { name: 'Look again' }),
    ).toBeVisible();
  });

  it('goes to the nearest data with one click', async () => {
    renderOnEntityPage(tab, { name: 'archive' });
    const page = await screen.findByRole('region', {
      name: 'No data in this range',
    });
    await userEvent.click(within(page).getByRole('button', { name: /^Show/ }));
    await waitFor(() => expect(address()).toMatch(/from=\d{4}-.*&to=\d{4}-/));
  });

  it('names the permission when reading is forbidden', async () => {
    renderOnEntityPage(tab, { name: 'payments' });
    const page = await screen.findByRole('region', {
      name: 'You may not see this',
    });
    expect(within(page).getByText('contention.read')).toBeVisible();
  });

  it('says what failed, gives the request id, and tries again', async () => {
    renderOnEntityPage(tab, { name: 'recommendations' });
    const page = await screen.findByRole('region', {
      name: 'The data could not be loaded',
    });
    expect(within(page).getByText(/database is locked/)).toBeVisible();
    expect(within(page).getByText(/8f14e45f/)).toBeVisible();
    expect(
      within(page).getByRole('button', { name: 'Try again' }),
    ).toBeVisible();
  });

  it('shows the shape of the page while it loads', async () => {
    renderOnEntityPage(tab, { name: 'slow' });
    expect(
      await screen.findByRole('status', { name: 'Loading' }),
    ).toBeVisible();
  });

  it('says since when data is stale, and shows it', async () => {
    renderOnEntityPage(tab, { name: 'reviews' });
    expect(await screen.findByText(/No new data since/)).toBeVisible();
    expect(screen.getByText(/Nodes that went quiet/)).toHaveTextContent(
      'node-a',
    );
    const verdict = screen.getByTestId('contention-verdict');
    expect(verdict).toBeVisible();
    expect(within(verdict).getByTitle('No new data')).toBeInTheDocument();
    expect(verdict).toHaveStyle({ borderLeftColor: GREY });
  });

  it('says what is missing when a part failed, and shows the rest', async () => {
    renderOnEntityPage(tab, { name: 'shipping' });
    expect(await screen.findByText(/Some of it is missing/)).toBeVisible();
    expect(screen.getByText(/the catalog did not answer/)).toBeVisible();
    expect(screen.getByText(/Nothing from/)).toHaveTextContent('node-b');
    expect(screen.getByTestId('contention-verdict')).toBeVisible();
    expect(
      screen.getByText(/5.1 % of the waiting could not be attributed/),
    ).toBeVisible();
    expect(
      screen.getByText(/1,240 waits were longer than the log/),
    ).toBeVisible();
  });
});
describe('a refresh that fails', () => {
  it('keeps the old data and says that it is old; a later one heals it', async () => {
    const fixtures = new FixtureContentionApi();
    let failing = false;
    const api = {
      ...fixtures,
      neighbours: async (...call) => {
        if (failing) throw new FixtureResponseError(502, 'Bad gateway', 'id-1');
        return fixtures.neighbours(...call);
      },
    } as ContentionApi;
    renderOnEntityPage(<NeighboursTab />, { name: 'checkout', api });
    await screen.findByTestId('contention-verdict');

    failing = true;
    await userEvent.click(screen.getByRole('button', { name: 'Refresh' }));
    expect(await screen.findByText(/Could not refresh/)).toBeVisible();
    expect(screen.getByRole('alert')).toHaveTextContent(
      'Bad gateway (HTTP 502) (id-1)',
    );
    const verdict = screen.getByTestId('contention-verdict');
    expect(verdict).toBeVisible();
    expect(verdict).toHaveStyle({ borderLeftColor: GREY });

    failing = false;
    await userEvent.click(screen.getByRole('button', { name: 'Try again' }));
    await waitFor(() =>
      expect(screen.queryByText(/Could not refresh/)).toBeNull(),
    );
    expect(verdict).not.toHaveStyle({ borderLeftColor: GREY });
  });

  it('shows nothing old to somebody who may no longer see it', async () => {
    const fixtures = new FixtureContentionApi();
    let forbidden = false;
    const api: ContentionApi = {
      ...fixtures,
      latency: async (...call) => {
        if (forbidden) throw new FixtureResponseError(403, 'Unauthorized');
        return fixtures.latency(...call);
      },
    };
    renderOnEntityPage(<LatencyTab />, { name: 'checkout', api });
    await screen.findByTestId('contention-verdict');
    forbidden = true;
    await userEvent.click(screen.getByRole('button', { name: 'Refresh' }));
    await screen.findByRole('region', { name: 'You may not see this' });
    expect(screen.queryByTestId('contention-verdict')).toBeNull();
  });
});
