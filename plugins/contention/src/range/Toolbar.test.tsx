import { fireEvent, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import type { ContentionApi } from '../api';
import { formatRange } from '../format';
import { FixtureContentionApi } from '../__fixtures__';
import { LatencyTab } from '../tabs/latency/LatencyTab';
import { renderOnEntityPage } from '../__testUtils__/renderOnEntityPage';

const address = () =>
  new URLSearchParams(
    screen.getByTestId('address').textContent?.split('?')[1] ?? '',
  );

describe('the range control', () => {
  it('puts a preset into the address', async () => {
    renderOnEntityPage(<LatencyTab />, { name: 'search' });
    await userEvent.click(
      await screen.findByRole('button', { name: 'Last 6 h' }),
    );
    expect(address().get('from')).toBe('now-6h');
    expect(address().get('to')).toBe('now');
    expect(screen.getByRole('button', { name: 'Last 6 h' })).toHaveAttribute(
      'aria-pressed',
      'true',
    );
  });

  it('takes any two moments, and refuses them in the wrong order', async () => {
    renderOnEntityPage(<LatencyTab />, { name: 'search' });
    await userEvent.click(
      await screen.findByRole('button', { name: 'From – to' }),
    );
    const from = screen.getByLabelText(/^From \(/);
    const to = screen.getByLabelText(/^To \(/);
    fireEvent.change(from, { target: { value: '2026-11-21T10:00:00' } });
    fireEvent.change(to, { target: { value: '2026-11-21T09:00:00' } });
    expect(screen.getByRole('button', { name: 'Show' })).toBeDisabled();
    fireEvent.change(to, { target: { value: '2026-11-21T11:30:00' } });
    await userEvent.click(screen.getByRole('button', { name: 'Show' }));
    const length =
      Date.parse(address().get('to')!) - Date.parse(address().get('from')!);
    expect(length).toBe(90 * 60_000);
  });

  it('copies a link with absolute times, and says so', async () => {
    const user = userEvent.setup();
    const write = jest
      .spyOn(navigator.clipboard, 'writeText')
      .mockResolvedValue(undefined);
    renderOnEntityPage(<LatencyTab />, {
      name: 'search',
      search: '?from=now-1h&to=now',
    });
    await screen.findByTestId('contention-verdict');
    await user.click(screen.getByRole('button', { name: 'Copy link' }));
    const copied = new URL(write.mock.calls[0][0]);
    expect(copied.searchParams.get('from')).toMatch(/^\d{4}-\d\d-\d\dT/);
    expect(copied.searchParams.get('to')).toMatch(/^\d{4}-\d\d-\d\dT/);
    expect(await screen.findByText('Link copied')).toBeInTheDocument();
    expect(address().get('from')).toBe('now-1h');
  });

  it('says how old the data is', async () => {
    renderOnEntityPage(<LatencyTab />, { name: 'search' });
    expect(await screen.findByText(/^data \d+ s old$/)).toBeVisible();
  });

  it('asks for the range in the address', async () => {
    const fixtures = new FixtureContentionApi();
    const latency: ContentionApi['latency'] = jest.fn(fixtures.latency);
    renderOnEntityPage(<LatencyTab />, {
      name: 'search',
      search: '?from=2026-11-21T09:00:00Z&to=2026-11-21T10:00:00Z&cluster=demo',
      api: { ...fixtures, latency } as ContentionApi,
    });
    await waitFor(() =>
      expect(latency).toHaveBeenCalledWith(
        'component:default/search',
        {
          from: Date.parse('2026-11-21T09:00:00Z'),
          to: Date.parse('2026-11-21T10:00:00Z'),
          cluster: 'demo',
        },
        expect.anything(),
      ),
    );
  });

  it.each([
    ['?from=now-6h&to=now', 6 * 3600],
    ['', 3600],
  ])(
    'asks for a live range (%p) by its length, and shows what the backend made of it, whatever the clock here says',
    async (search, lastSeconds) => {
      const backendNow = Date.parse('2026-11-21T10:00:00Z');
      const fixtures = new FixtureContentionApi({ clock: () => backendNow });
      const latency: ContentionApi['latency'] = jest.fn(fixtures.latency);
      renderOnEntityPage(<LatencyTab />, {
        name: 'search',
        search,
        api: { ...fixtures, latency } as ContentionApi,
      });
      const verdict = await screen.findByTestId('contention-verdict');
      expect(latency).toHaveBeenCalledWith(
        'component:default/search',
        { lastSeconds, cluster: undefined },
        expect.anything(),
      );
      expect(verdict.closest('[aria-busy]')).toHaveTextContent(
        formatRange(backendNow - lastSeconds * 1000, backendNow),
      );
    },
  );
});
