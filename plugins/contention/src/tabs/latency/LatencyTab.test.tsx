import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { renderOnEntityPage } from '../../__testUtils__/renderOnEntityPage';
import { LatencyTab } from './LatencyTab';

describe('the tab Latency', () => {
  it('shows every wait as a heat map with percentiles, and as a table', async () => {
    renderOnEntityPage(<LatencyTab />, { name: 'checkout' });
    const title = 'How long threads waited for a CPU';
    expect(
      await screen.findByRole('img', {
        name: /K waits, median\s30\sµs, p99\s62\sms/,
      }),
    ).toBeVisible();
    await userEvent.click(
      screen.getByRole('button', { name: `${title}: show as table` }),
    );
    const table = screen.getByRole('table', { name: `${title}, by window` });
    expect(
      within(table)
        .getAllByRole('columnheader')
        .map(header => header.textContent),
    ).toEqual(['Window starts', 'Waits', 'p50', 'p90', 'p99']);
  });

  it('shows waits that go on', async () => {
    renderOnEntityPage(<LatencyTab />, { name: 'checkout' });
    const open = await screen.findByRole('table', {
      name: 'Waits that are still open',
    });
    expect(open).toHaveTextContent(/47 ms/);
  });

  it('says plainly what is not measured', async () => {
    renderOnEntityPage(<LatencyTab />, { name: 'checkout' });
    expect(
      await screen.findByRole('heading', { name: 'Not measured yet' }),
    ).toBeVisible();
    expect(screen.getByText('Disk and memory')).toBeVisible();
  });
});
