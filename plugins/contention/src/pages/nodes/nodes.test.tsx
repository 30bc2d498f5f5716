import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { FixtureContentionApi } from '../../__fixtures__';
import { renderOnEntityPage } from '../../__testUtils__/renderOnEntityPage';
import { renderPages } from '../../__testUtils__/renderPages';
import { NeighboursTab } from '../../tabs/neighbours/NeighboursTab';

const TO_MS = Date.UTC(2026, 10, 21, 10, 0);
const FROM = '2026-11-21T09:00:00Z';
const RANGE = `from=${FROM}&to=2026-11-21T10:00:00Z`;
const api = () => new FixtureContentionApi({ clock: () => TO_MS });

const address = () =>
  new URL(screen.getByTestId('address').textContent!, 'http://x');

const renderNode = (node = 'node-a', search = RANGE) =>
  renderPages(`/contention/nodes/demo/${node}?${search}`, { api: api() });

const matrix = () =>
  screen.findByRole('table', { name: /^Who waited while who ran/ });

const rowsOf = (table: HTMLElement) =>
  within(table)
    .getAllByRole('rowheader')
    .map(header => header.textContent);

jest.setTimeout(60_000);

describe('the page of a node', () => {
  it('says first what is crowded, then shows who waited while who ran', async () => {
    renderNode();
    expect(await screen.findByTestId('contention-verdict')).toHaveTextContent(
      /checkout .* waits 21 % .* while batch-report/,
    );
    const table = await matrix();
    const column = within(table).getByRole('columnheader', {
      name: /batch-report/,
    });
    expect(column).toHaveTextContent('within what it asked for');
    const row = within(table).getByRole('row', { name: /^checkout/ });
    const cells = within(row).getAllByRole('cell');
    // All waiting, then batch-report.
    expect(cells[1]).toHaveTextContent(/min6\d %/);
  });

  it('sorts rows by a column, and says so to screen readers', async () => {
    renderNode();
    const table = await matrix();
    expect(rowsOf(table)[0]).toMatch(/^checkout/);
    await userEvent.click(
      within(table).getByRole('button', { name: 'Sort rows by checkout' }),
    );
    expect(rowsOf(table)[0]).toMatch(/^batch-report/);
    expect(
      within(table).getByRole('columnheader', { name: /checkout/ }),
    ).toHaveAttribute('aria-sort', 'descending');
  });

  it('shows the matrix of the minute that a link names', async () => {
    const at = Date.parse(FROM) + 5 * 60_000;
    renderNode('node-a', `${RANGE}&selectFrom=${at}&selectTo=${at + 60_000}`);
    const table = await matrix();
    const row = within(table).getByRole('row', { name: /^checkout/ });
    expect(within(row).getAllByRole('cell')[0]).toHaveTextContent(/ms|\d s/);
    expect(screen.getByTestId('chosen-stretch')).toBeInTheDocument();
    expect(
      screen.getByRole('toolbar', { name: 'Step through time' }),
    ).toHaveTextContent(/Chosen: /);
  });

  it('steps through windows by keyboard, and back to all of the range', async () => {
    renderNode();
    await matrix();
    const forth = screen.getByRole('button', { name: 'Window after' });
    forth.focus();
    await userEvent.keyboard('{ArrowRight}{ArrowRight}{ArrowLeft}');
    const first = Number(address().searchParams.get('selectFrom'));
    expect(first).toBe(Date.parse(FROM));
    await userEvent.keyboard('{ArrowRight}');
    expect(Number(address().searchParams.get('selectFrom'))).toBeGreaterThan(
      first,
    );
    await userEvent.click(
      screen.getByRole('button', { name: 'Show all of the range' }),
    );
    expect(address().searchParams.has('selectFrom')).toBe(false);
  });

  it('plays windows one after the other until it is paused', async () => {
    renderNode();
    await matrix();
    await userEvent.click(screen.getByRole('button', { name: 'Play' }));
    await waitFor(
      () =>
        expect(
          Number(address().searchParams.get('selectFrom')),
        ).toBeGreaterThan(Date.parse(FROM)),
      { timeout: 10_000 },
    );
    await userEvent.click(screen.getByRole('button', { name: 'Pause' }));
    expect(screen.getByRole('button', { name: 'Play' })).toBeVisible();
  });

  it('says who lives there, how full it is, and how its agent is', async () => {
    renderNode();
    const table = await screen.findByRole('table', { name: 'Who lives here' });
    expect(
      within(table).getByRole('row', { name: /batch-report/ }),
    ).toHaveTextContent(/0.08 CPU \/ 1 CPU/);
    expect(
      within(table).getByRole('row', { name: /workloads you may not see/ }),
    ).toBeVisible();
    expect(screen.getByText(/2.5 CPU \(125 % of its CPUs\)/)).toBeVisible();
    expect(screen.getByText('0.1.0')).toBeVisible();
  });

  it('says that a node is not known, and that one went quiet', async () => {
    const { unmount } = renderNode('nowhere');
    expect(await screen.findByText(/No agent has ever reported/)).toBeVisible();
    unmount();
    renderNode('node-c');
    expect(await screen.findByText(/went quiet/)).toBeVisible();
  });
});

describe('the list of nodes', () => {
  const renderList = (search = RANGE) =>
    renderPages(`/contention/nodes?${search}`, { api: api() });
  const table = () =>
    screen.findByRole('table', { name: /how crowded they are/ });

  it('begins with the most crowded, says by whom, and leads to it at its worst minute', async () => {
    renderList();
    const list = await table();
    const [first] = within(list).getAllByRole('rowheader');
    expect(first).toHaveTextContent('node-a');
    const row = within(list).getByRole('row', { name: /^node-a/ });
    expect(row).toHaveTextContent(
      /checkout \(Payments\) while batch-report \(Data\) ran/,
    );
    const link = within(first).getByRole('link');
    const to = new URL(link.getAttribute('href')!, 'http://x');
    expect(to.pathname).toBe('/contention/nodes/demo/node-a');
    expect(to.searchParams.get('from')).toBe(FROM);
    expect(
      Number(to.searchParams.get('selectTo')) -
        Number(to.searchParams.get('selectFrom')),
    ).toBe(60_000);
  });

  it('pages, sorts and filters by what the address says', async () => {
    renderList();
    await table();
    expect(screen.getByText('1 – 25 of 59')).toBeVisible();
    await userEvent.click(screen.getByRole('button', { name: 'Next page' }));
    expect(await screen.findByText('26 – 50 of 59')).toBeVisible();
    await userEvent.click(
      within(await table()).getByRole('button', { name: 'Node' }),
    );
    await waitFor(() =>
      expect(address().searchParams.get('sort')).toBe('node'),
    );
    expect(address().searchParams.has('offset')).toBe(false);
    await userEvent.type(
      screen.getByRole('searchbox', { name: 'Node' }),
      'node-b',
    );
    await waitFor(
      () => expect(screen.getAllByRole('rowheader')).toHaveLength(1),
      { timeout: 5_000 },
    );
    expect(address().searchParams.get('search')).toBe('node-b');
  });

  it('says which nodes went quiet', async () => {
    renderList(`${RANGE}&state=stale`);
    const list = await table();
    expect(
      within(list).getByRole('row', { name: /^node-c/ }),
    ).toHaveTextContent(/went quiet.*last heard/);
  });
});

describe('the noisy neighbours tab', () => {
  it('leads from a culprit to the node at the minute in which it ran most', async () => {
    renderOnEntityPage(<NeighboursTab />, {
      name: 'checkout',
      search: `?${RANGE}`,
      api: api(),
    });
    const list = await screen.findByRole('table', { name: 'Neighbours' });
    const row = within(list).getByRole('row', { name: /batch-report/ });
    const link = within(row).getByRole('link', { name: 'node-a' });
    const to = new URL(link.getAttribute('href')!, 'http://x');
    expect(to.pathname).toBe('/contention/nodes/demo/node-a');
    // Its episode began 22 minutes before the end.
    expect(Number(to.searchParams.get('selectFrom'))).toBeGreaterThanOrEqual(
      TO_MS - 41 * 60_000,
    );
    expect(to.searchParams.get('from')).toBe(FROM);
  });
});

describe('the network of a node', () => {
  const queues = () =>
    screen.findByRole('table', { name: /^Whose packets stood behind whose/ });

  it('is one click away, stays in the address, and says whose packets stand behind whose', async () => {
    renderNode();
    await matrix();
    await userEvent.click(screen.getByRole('button', { name: 'Network' }));
    const table = await queues();
    expect(address().searchParams.get('resource')).toBe('network');
    expect(screen.getByTestId('contention-verdict')).toHaveTextContent(
      /packets of orders .* stand 14 ms on average .* behind log-shipper/,
    );
    const row = within(table).getByRole('row', { name: /^orders/ });
    const [delay, behind] = within(row).getAllByRole('cell');
    expect(delay).toHaveTextContent(/ms.*packets$/);
    expect(behind).toHaveTextContent(/ms8\d %$/);
    const column = within(table).getByRole('columnheader', {
      name: /log-shipper/,
    });
    expect(column).toHaveTextContent('sent 9.68 Mbit/s');
    // Who waits for packets asked for no CPU.
    expect(table).not.toHaveTextContent(/what it asked for|of wanted/);
    const [link] = within(row).getAllByRole('link');
    expect(
      new URL(link.getAttribute('href')!, 'http://x').searchParams.get(
        'resource',
      ),
    ).toBe('network');
  });

  it('is of one device where one is chosen', async () => {
    renderNode('node-a', `${RANGE}&resource=network`);
    await queues();
    expect(
      screen.getByRole('table', { name: 'Queues of devices' }),
    ).toHaveTextContent(/eth0/);
    await userEvent.click(screen.getByRole('button', { name: /all devices/ }));
    await userEvent.click(await screen.findByRole('option', { name: 'eth0' }));
    await waitFor(() =>
      expect(address().searchParams.get('device')).toBe('eth0'),
    );
    await userEvent.click(screen.getByRole('button', { name: 'CPU' }));
    await matrix();
    expect(address().searchParams.has('device')).toBe(false);
    expect(address().searchParams.has('resource')).toBe(false);
  });

  it('without a queue says so instead of drawing nothing', async () => {
    renderNode('node-b', `${RANGE}&resource=network`);
    expect(
      await screen.findByText(/stood in no queue that can be seen/),
    ).toBeVisible();
    expect(screen.queryByRole('table', { name: /behind whose/ })).toBeNull();
  });

  it('has a list of nodes, which leads to it', async () => {
    renderPages(`/contention/nodes?${RANGE}&resource=network`, { api: api() });
    const list = await screen.findByRole('table', {
      name: /how crowded they are/,
    });
    const row = within(list).getByRole('row', { name: /^node-a/ });
    expect(row).toHaveTextContent(
      /orders \(Shop\) behind packets of log-shipper \(Platform\).*11.5 ms a packet, sent 9.68 Mbit/,
    );
    const link = within(row).getByRole('link', { name: 'node-a' });
    expect(link.getAttribute('href')).toMatch(/resource=network/);
  });

  it('is where a culprit of the network leads, at the minute in which most stood behind it', async () => {
    renderOnEntityPage(<NeighboursTab />, {
      name: 'orders',
      search: `?${RANGE}&resource=network`,
      api: api(),
    });
    const list = await screen.findByRole('table', { name: 'Neighbours' });
    const row = within(list).getByRole('row', { name: /log-shipper/ });
    const link = within(row).getAllByRole('link', { name: 'node-a' })[0];
    const to = new URL(link.getAttribute('href')!, 'http://x');
    expect(to.pathname).toBe('/contention/nodes/demo/node-a');
    expect(to.searchParams.get('resource')).toBe('network');
    expect(to.searchParams.has('selectFrom')).toBe(true);
    expect(row).toHaveTextContent(
      /in bursts: about every 20 s, each of 10 s or less/,
    );
  });
});
