import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { renderOnEntityPage } from '../../__testUtils__/renderOnEntityPage';
import { NeighboursTab } from './NeighboursTab';

const FROM = '2026-11-21T09:00:00Z';
const TO = '2026-11-21T10:00:00Z';
const RANGE = `?from=${FROM}&to=${TO}`;

const address = () =>
  new URLSearchParams(
    screen.getByTestId('address').textContent?.split('?')[1] ?? '',
  );

describe('the tab Noisy neighbours', () => {
  it('says the sentence before any picture, and how sure it is at the end', async () => {
    renderOnEntityPage(<NeighboursTab />, { name: 'checkout' });
    const verdict = await screen.findByTestId('contention-verdict');
    const proof = screen.getByRole('img', { name: /What checkout waited for/ });
    const sure = screen.getByRole('heading', { name: 'How sure we are' });
    const follows = (a: Element, b: Element) =>
      a.compareDocumentPosition(b) === Node.DOCUMENT_POSITION_FOLLOWING;
    expect(follows(verdict, proof)).toBe(true);
    expect(follows(proof, sure)).toBe(true);
  });

  it('names a culprit with its owner, and links to its page in the same absolute range', async () => {
    renderOnEntityPage(<NeighboursTab />, { name: 'checkout', search: RANGE });
    const table = await screen.findByRole('table', { name: 'Neighbours' });
    const [, worst] = within(table).getAllByRole('row');
    expect(within(worst).getByRole('link', { name: 'Data' })).toBeVisible();
    const [link] = within(worst).getAllByRole('link');
    const url = new URL(link.getAttribute('href')!, 'http://localhost');
    expect(url.pathname).toMatch(
      /^\/catalog\/default\/component\/[a-z-]+\/noisy-neighbours$/,
    );
    expect(url.searchParams.get('from')).toBe(FROM);
    expect(url.searchParams.get('to')).toBe(TO);
    expect(url.searchParams.get('direction')).toBe('caused');
  });

  it('leads to the pods of a culprit where the portal has a Kubernetes tab', async () => {
    const { unmount } = renderOnEntityPage(<NeighboursTab />, {
      name: 'checkout',
      kubernetes: true,
    });
    const table = await screen.findByRole('table', { name: 'Neighbours' });
    const [pods] = within(table).getAllByRole('link', {
      name: 'pods in Kubernetes',
    });
    expect(pods.getAttribute('href')).toMatch(/\/kubernetes$/);
    unmount();

    renderOnEntityPage(<NeighboursTab />, { name: 'checkout' });
    await screen.findByRole('table', { name: 'Neighbours' });
    expect(screen.queryByText('pods in Kubernetes')).toBeNull();
  });

  it('keeps self, sidecar, limit, host and unknown apart from neighbours, in our words', async () => {
    renderOnEntityPage(<NeighboursTab />, { name: 'checkout' });
    const neighbours = await screen.findByRole('table', { name: 'Neighbours' });
    const apart = screen.getByRole('table', {
      name: "Waiting that is no neighbour's",
    });
    for (const words of [
      'crowded by itself',
      'waiting for own sidecar',
      'stopped by its CPU limit (container)',
      'taken by the host',
      'not known',
    ]) {
      expect(within(apart).getAllByText(words).length).toBeGreaterThan(0);
      expect(within(neighbours).queryByText(words)).toBeNull();
    }
  });

  it('says whether a neighbour took more than it asked for', async () => {
    renderOnEntityPage(<NeighboursTab />, { name: 'checkout' });
    await screen.findByRole('table', { name: 'Neighbours' });
    expect(screen.getByText('over what it asked for')).toBeVisible();
    expect(screen.getAllByText('within what it asked for').length).toBe(2);
    expect(screen.getAllByText(/the node is too full/).length).toBe(2);
  });

  it('shows the same as a table', async () => {
    renderOnEntityPage(<NeighboursTab />, { name: 'checkout', search: RANGE });
    await userEvent.click(
      await screen.findByRole('button', {
        name: 'What checkout waited for: show as table',
      }),
    );
    const table = screen.getByRole('table', {
      name: /^What checkout waited for/,
    });
    expect(within(table).getAllByRole('rowheader')).toHaveLength(360);
    expect(
      within(table).getByRole('columnheader', { name: 'batch-report' }),
    ).toBeVisible();
  });

  it('keeps the direction in the address, and asks the other question', async () => {
    renderOnEntityPage(<NeighboursTab />, { name: 'batch-report' });
    await screen.findByRole('heading', {
      name: 'What batch-report waited for',
    });
    await userEvent.click(screen.getByRole('button', { name: /^Caused/ }));
    expect(
      await screen.findByRole('heading', {
        name: 'Who waited while batch-report ran',
      }),
    ).toBeVisible();
    expect(address().get('direction')).toBe('caused');
    expect(
      screen.getByTitle('You may not see who this is'),
    ).toBeInTheDocument();
  });

  it('says plainly that the network is not measured yet', async () => {
    renderOnEntityPage(<NeighboursTab />, { name: 'checkout' });
    expect(
      await screen.findByRole('button', { name: /not measured yet/ }),
    ).toBeDisabled();
  });

  it('zooms by keyboard to whole windows, and says each window aloud', async () => {
    renderOnEntityPage(<NeighboursTab />, { name: 'checkout', search: RANGE });
    const chart = await screen.findByRole('slider', {
      name: /What checkout waited for/,
    });
    chart.focus();
    await userEvent.keyboard('{End}{ArrowLeft}');
    expect(chart).toHaveAttribute('aria-valuenow', '358');
    expect(chart.getAttribute('aria-valuetext')).toMatch(
      /\(2026-11-21T09:59:40Z\): .*crowded by itself \d/,
    );
    await userEvent.keyboard('{Shift>}{ArrowLeft}{ArrowLeft}{/Shift}{Enter}');
    await waitFor(() =>
      expect(address().get('to')).toBe('2026-11-21T09:59:50Z'),
    );
    expect(address().get('from')).toBe('2026-11-21T09:59:20Z');
  });

  it('offers clusters only where there are several', async () => {
    const { unmount } = renderOnEntityPage(<NeighboursTab />, {
      name: 'media',
    });
    await screen.findByTestId('contention-verdict');
    await userEvent.click(screen.getByRole('button', { name: /all clusters/ }));
    await userEvent.click(screen.getByRole('option', { name: 'eu-west-1' }));
    await waitFor(() => expect(address().get('cluster')).toBe('eu-west-1'));
    unmount();
    renderOnEntityPage(<NeighboursTab />, { name: 'checkout' });
    await screen.findByTestId('contention-verdict');
    expect(screen.queryByText('all clusters')).toBeNull();
  });
});
