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
    // In the sentence, too.
    expect(screen.getAllByText(/the node is too full/).length).toBe(3);
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

  it('keeps the resource in the address, and asks the same of the network', async () => {
    renderOnEntityPage(<NeighboursTab />, { name: 'orders', search: RANGE });
    await screen.findByRole('heading', { name: 'What orders waited for' });
    await userEvent.click(screen.getByRole('button', { name: 'Network' }));
    expect(
      await screen.findByRole('heading', {
        name: 'Behind whom packets of orders stood',
      }),
    ).toBeVisible();
    expect(address().get('resource')).toBe('network');
    expect(await screen.findByTestId('contention-verdict')).toHaveTextContent(
      /packets of orders stand 14 ms on average.*of that behind log-shipper/,
    );
    const table = screen.getByRole('table', { name: 'Neighbours' });
    const [head, worst] = within(table).getAllByRole('row');
    expect(head).toHaveTextContent(/Delay a packet.*Sent on average/);
    expect(worst).toHaveTextContent(/log-shipper.*Platform.*eth0/);
    expect(worst).toHaveTextContent('9.68 Mbit/s');
    // On its page one wants to see whom it holds up, over the same resource.
    const [link] = within(worst).getAllByRole('link');
    const url = new URL(link.getAttribute('href')!, 'http://localhost');
    expect(url.searchParams.get('direction')).toBe('caused');
    expect(url.searchParams.get('resource')).toBe('network');

    await userEvent.click(screen.getByRole('button', { name: 'CPU' }));
    await screen.findByRole('heading', { name: 'What orders waited for' });
    expect(address().get('resource')).toBeNull();
  });

  it('tells packets from seconds: the network has no CPU on it', async () => {
    renderOnEntityPage(<NeighboursTab />, {
      name: 'orders',
      search: `${RANGE}&resource=network`,
    });
    await screen.findByRole('table', { name: 'Neighbours' });
    expect(screen.queryByText(/request not known/)).toBeNull();
    expect(screen.queryByText(/Mean CPU/)).toBeNull();
    expect(screen.getByText('packets that stood at once')).toBeInTheDocument();
    const apart = screen.getByRole('table', {
      name: "Waiting that is no neighbour's",
    });
    for (const words of ['behind its own packets', 'behind the host']) {
      expect(within(apart).getByText(words)).toBeVisible();
    }
  });

  it('says what the kernel dropped in plain words, and how the receive side kept up', async () => {
    renderOnEntityPage(<NeighboursTab />, {
      name: 'orders',
      search: `${RANGE}&resource=network`,
    });
    const drops = await screen.findByRole('table', { name: 'Dropped packets' });
    expect(drops).toHaveTextContent(
      /the device's queue was full.*QDISC_DROP.*queue of a device.*412/,
    );
    expect(
      screen.getByRole('heading', { name: 'Not measured' }),
    ).toBeInTheDocument();
    expect(screen.getByText(/WireGuard or IPsec/)).toBeInTheDocument();
    const receive = screen.getByRole('table', {
      name: 'Receive side of its nodes',
    });
    expect(receive).toHaveTextContent(/node-a8.41M031/);
    expect(
      screen.getByText(
        'On node-a more packets came than a CPU could take up, for 24 s in all. It was watched whose they were for 20 s of that: 90 % were sent by log-shipper (team Platform).',
      ),
    ).toBeVisible();
    const senders = screen.getByRole('table', {
      name: 'Who sent packets to node-a while there were too many',
    });
    expect(
      within(senders)
        .getAllByRole('row')
        .map(row => row.textContent),
    ).toEqual([
      expect.stringContaining('Sent by'),
      expect.stringMatching(/^log-shipper.*Platform.*90.%/),
      expect.stringMatching(/^others outside of the node, or not known/),
      expect.stringMatching(/^the host/),
    ]);
    expect(
      screen.getByRole('table', { name: 'Queues of devices' }),
    ).toHaveTextContent(/eth0/);
  });

  it('asks the network the other way round, too', async () => {
    renderOnEntityPage(<NeighboursTab />, {
      name: 'log-shipper',
      search: `${RANGE}&resource=network&direction=caused`,
    });
    expect(
      await screen.findByRole('heading', {
        name: 'Who stood behind packets of log-shipper',
      }),
    ).toBeVisible();
    const table = screen.getByRole('table', { name: 'Held up' });
    const [, worst] = within(table).getAllByRole('row');
    const [link] = within(worst).getAllByRole('link');
    const url = new URL(link.getAttribute('href')!, 'http://localhost');
    expect(url.pathname).toContain('/orders/');
    expect(url.searchParams.get('resource')).toBe('network');
    expect(url.searchParams.get('direction')).toBeNull();
  });

  it.each([
    ['mail-relay', 'The network is not measured here', /older than this view/],
    [
      'inventory',
      'Its packets stood in no queue that can be seen',
      /passed a device with a queue/,
    ],
  ])(
    'never draws an empty chart that looks like good news: %s',
    async (name, title, why) => {
      renderOnEntityPage(<NeighboursTab />, {
        name,
        search: `${RANGE}&resource=network`,
      });
      const state = await screen.findByRole('region', { name: title });
      expect(state).toHaveTextContent(why);
      expect(
        screen.queryByRole('heading', { name: /Behind whom packets/ }),
      ).toBeNull();
      // What is never seen is said there all the same.
      expect(screen.getByText(/SR-IOV/)).toBeInTheDocument();
    },
  );

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
