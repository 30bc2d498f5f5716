import {
  act,
  fireEvent,
  screen,
  waitFor,
  within,
} from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { FixtureContentionApi } from '../../../__fixtures__';
import { renderOnEntityPage } from '../../../__testUtils__/renderOnEntityPage';
import type { ContentionApi } from '../../../api';
import { recordedReports } from '../../../evidence/recordSource';
import { RecordProvider } from '../../../report/ReportSource';
import { LatencyTab } from '../LatencyTab';

const FROM = '2026-11-21T09:00:00Z';
const TO = '2026-11-21T10:00:00Z';
const TO_MS = Date.parse(TO);
const RANGE = `?from=${FROM}&to=${TO}`;
const TITLE = 'Upstreams and downstreams';

function renderTab(
  name: string,
  api: ContentionApi = new FixtureContentionApi({ clock: () => TO_MS }),
) {
  return renderOnEntityPage(<LatencyTab />, { name, search: RANGE, api });
}

const upstreams = () =>
  screen.findByRole('table', { name: 'Upstreams: whom it calls' });

const cellsOf = (row: HTMLElement) =>
  [...row.querySelectorAll('th, td')].map(cell => cell.textContent);

const queryOf = (link: HTMLElement) =>
  new URL(link.getAttribute('href')!, 'http://localhost');

describe('upstreams and downstreams', () => {
  // Loaded lazily on a page: compiled once, before anybody waits for it.
  beforeAll(() => import('./PeersSection'));

  it('says the worst in a sentence that leads to whoever it is, in the same range', async () => {
    renderTab('checkout');
    const finding = await screen.findByTestId('contention-peers-finding');
    expect(finding).toHaveTextContent(
      /^Connections to 192\.0\.2\.9:5432 are refused 14 times a minute; 2\.1\s% of segments to inventory/,
    );
    const { pathname, searchParams } = queryOf(
      within(finding).getByRole('link', { name: 'inventory' }),
    );
    expect(pathname).toBe('/catalog/default/component/inventory/latency');
    expect(searchParams.get('from')).toBe(FROM);
    expect(searchParams.get('to')).toBe(TO);
  });

  it('lists whom it calls with their owners and all figures, trouble in words', async () => {
    renderTab('checkout');
    const rows = within(await upstreams()).getAllByRole('row');
    const inventory = rows.find(row => /^inventory/.test(row.textContent!))!;
    expect(cellsOf(inventory)).toEqual([
      'inventory10.96.14.2:8080and 1 more addresssegments are lost',
      'Shop',
      '138K38.2/s',
      '28\u00a0msp99 410\u00a0ms',
      '4.1\u00a0msp99 16.4\u00a0ms',
      '2.1\u00a0%by time-out',
      '5.33\u00a0msp99 24.6\u00a0ms',
      '0',
      '–',
    ]);
    const database = rows.find(row => /^192/.test(row.textContent!))!;
    expect(cellsOf(database)[0]).toContain('connections fail');
    expect(cellsOf(database)[7]).toBe('14/minrefused');
  });

  it('names nobody whom the reader may not see, and tells apart what is nobody', async () => {
    renderTab('checkout');
    const table = await upstreams();
    for (const words of [
      'a workload you may not see',
      'All whom you may not see, together',
      'Service, its pods are not known',
      'Its own pod',
      'Other addresses',
    ]) {
      expect(table).toHaveTextContent(words);
    }
  });

  it('shows callers and name servers one click away', async () => {
    renderTab('checkout');
    await upstreams();
    await userEvent.click(
      screen.getByRole('button', { name: 'Downstreams: 2' }),
    );
    const callers = screen.getByRole('table', {
      name: 'Downstreams: who calls it',
    });
    expect(callers).toHaveTextContent(/mail-relay.*does not read.*gateway/);
    await userEvent.click(
      screen.getByRole('button', { name: 'Name servers: 1' }),
    );
    expect(
      screen.getByRole('table', { name: /looks names up at/ }),
    ).toHaveTextContent(/coredns.*UDP.*41\.3K.*30\.1K no such name/);
  });

  it('is a map that arrow keys go through, one stop for Tab, links in the same range', async () => {
    renderTab('checkout');
    const map = await screen.findByRole('group', {
      name: 'Map of checkout. Callers: 2, upstreams: 5, beyond them: 4',
    });
    const stops = map.querySelectorAll('[tabindex="0"]');
    expect(stops).toHaveLength(1);
    const centre = stops[0] as HTMLElement;
    act(() => centre.focus());
    const focused = () => document.activeElement!.getAttribute('data-node');
    const press = (key: string) =>
      fireEvent.keyDown(document.activeElement!, { key });
    press('ArrowRight');
    expect(focused()).toBe('postgres');
    press('ArrowUp');
    expect(focused()).toBe('inventory');
    const link = document.activeElement as HTMLElement;
    expect(link).toHaveAccessibleName(
      /^inventory Shop, 38\.2\/s; checkout calls inventory, 38\.2\/s, 2\.1\s% sent again; inventory calls 192\.0\.2\.50:3306/,
    );
    expect(queryOf(link).searchParams.get('from')).toBe(FROM);
    press('ArrowRight');
    expect(focused()).toBe('mysql');
    press('ArrowLeft');
    press('ArrowLeft');
    expect(focused()).toBe('self');
    press('ArrowLeft');
    press('ArrowLeft');
    expect(['outside', 'media']).toContain(focused());
    // Where it was left is where Tab comes back to.
    expect(map.querySelectorAll('[tabindex="0"]')).toHaveLength(1);
    expect(document.activeElement).toHaveAttribute('tabindex', '0');
  });

  it('has a table behind the map with a row for every line', async () => {
    renderTab('checkout');
    await userEvent.click(
      await screen.findByRole('button', {
        name: 'Two hops around it: show as table',
      }),
    );
    const table = screen.getByRole('table', { name: 'Two hops around it' });
    expect(within(table).getAllByRole('row')).toHaveLength(1 + 12);
    expect(table).toHaveTextContent(/inventory.*192\.0\.2\.50:3306.*8\s%/);
  });

  it.each([
    ['feedback', 'No connections in this range'],
    ['mail-relay', 'Connections are not measured here'],
    ['shipping', 'They could not be read (the Kubernetes plugin answered 403)'],
  ])('says what there is to know of %s', async (name, words) => {
    renderTab(name);
    expect(await screen.findByText(words, { exact: false })).toBeVisible();
  });

  it('fails alone, and is tried again alone', async () => {
    const api = new FixtureContentionApi({ clock: () => TO_MS });
    const peers = jest.fn(api.peers);
    peers.mockRejectedValueOnce(new Error('the database is locked'));
    renderTab('checkout', { ...api, peers });
    expect(await screen.findByText(/the database is locked/)).toBeVisible();
    expect(
      screen.getByRole('heading', { name: 'Worst requests' }),
    ).toBeVisible();
    await userEvent.click(screen.getByRole('button', { name: 'Try again' }));
    await upstreams();
    expect(screen.queryByText(/the database is locked/)).toBeNull();
  });

  it('shows that it is on its way', async () => {
    const api = new FixtureContentionApi({ clock: () => TO_MS });
    const peers = () => new Promise<never>(() => {});
    renderTab('checkout', { ...api, peers });
    expect(
      await screen.findByRole('status', { name: `${TITLE}: loading` }),
    ).toBeInTheDocument();
  });

  it('says so in a record that is older than it, and shows it from one that has it', async () => {
    const api = new FixtureContentionApi({ clock: () => TO_MS });
    const { record } = { record: await api.evidence('a1'.padEnd(32, '0')) };
    const show = (reports: typeof record.reports) =>
      renderOnEntityPage(
        <RecordProvider
          value={{
            entityRef: record.entity.entityRef,
            range: record.range,
            resources: ['cpu'],
            reports: recordedReports({ reports }),
            tabPath: tab => `/record/${tab}`,
          }}
        >
          <LatencyTab />
        </RecordProvider>,
        { name: 'checkout', api },
      );
    const { unmount } = show({ ...record.reports, peers: undefined });
    expect(
      await screen.findByText(/made before connections were a part/),
    ).toBeVisible();
    unmount();
    show(record.reports);
    await waitFor(async () => expect(await upstreams()).toBeVisible());
  });
});
