import {
  act,
  fireEvent,
  screen,
  waitFor,
  within,
} from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { FixtureContentionApi } from '../../__fixtures__';
import { renderOnEntityPage } from '../../__testUtils__/renderOnEntityPage';
import type { ContentionApi } from '../../api';
import { LatencyTab } from './LatencyTab';

const FROM = '2026-11-21T09:00:00Z';
const TO = '2026-11-21T10:00:00Z';
const FROM_MS = Date.parse(FROM);
const TO_MS = Date.parse(TO);
const RANGE = `?from=${FROM}&to=${TO}`;
const HEAT = 'How long its requests took';
const MADE_OF = 'What its requests were made of';

/** The tab on fixtures whose clock stands at the end of the range, and what they were asked. */
function renderTab(name: string, search = RANGE) {
  const original = new FixtureContentionApi({ clock: () => TO_MS });
  const latency = jest.fn(original.latency);
  const api: ContentionApi = { ...original, latency };
  const rendered = renderOnEntityPage(<LatencyTab />, { name, search, api });
  const lastOptions = () =>
    latency.mock.calls[latency.mock.calls.length - 1][2];
  return { ...rendered, latency, lastOptions };
}

const address = () =>
  new URLSearchParams(
    screen.getByTestId('address').textContent?.split('?')[1] ?? '',
  );

const follows = (a: Element, b: Element) =>
  a.compareDocumentPosition(b) === Node.DOCUMENT_POSITION_FOLLOWING;

describe('the tab Latency', () => {
  it('says the sentence, then the proof, then the detail, then how sure it is', async () => {
    renderTab('checkout');
    const inOrder = [
      await screen.findByTestId('contention-verdict'),
      screen.getByRole('heading', { name: HEAT }),
      screen.getByRole('heading', { name: MADE_OF }),
      screen.getByRole('heading', { name: 'Worst requests' }),
      screen.getByRole('heading', { name: 'Where' }),
      screen.getByRole('heading', { name: 'Waiting for a CPU, in detail' }),
      screen.getByRole('heading', { name: 'Not measured' }),
      screen.getByRole('heading', { name: 'How sure we are' }),
    ];
    inOrder.slice(1).forEach((element, index) => {
      expect(follows(inOrder[index], element)).toBe(true);
    });
  });

  it('says what slow requests were made of, the largest part first, and never by colour alone', async () => {
    renderTab('checkout');
    const bar = await screen.findByRole('group', {
      name: /^Slowest 1 %: 5\d\s% waiting for batch-report, 1\d\s% waiting for an upstream, 1\d\s% working/,
    });
    expect(bar).toBeVisible();
    const words = within(screen.getByRole('list', { name: 'Parts' }))
      .getAllByRole('listitem')
      .map(item => item.textContent);
    expect(words).toEqual([
      'waiting for batch-report (Data)',
      'waiting for an upstream',
      'working',
      'waiting for nightly-etl (Data)',
      'waiting for own sidecar',
      'arrived, and no thread had read it',
      'not known',
    ]);
  });

  it('leads from a part to whoever it is, in the same range, and to whom they held up', async () => {
    renderTab('checkout');
    const parts = await screen.findByRole('list', { name: 'Parts' });
    const link = within(parts).getByRole('link', {
      name: 'waiting for batch-report',
    });
    const url = new URL(link.getAttribute('href')!, 'http://localhost');
    expect(url.pathname).toBe(
      '/catalog/default/component/batch-report/noisy-neighbours',
    );
    expect(Object.fromEntries(url.searchParams)).toEqual({
      from: FROM,
      to: TO,
      direction: 'caused',
    });
  });

  it("leads from a limit to the service's own throttling", async () => {
    renderTab('inventory');
    const parts = await screen.findByRole('list', { name: 'Parts' });
    const link = within(parts).getByRole('link', {
      name: 'stopped by its CPU limit (pod)',
    });
    expect(link.getAttribute('href')).toMatch(
      /^\/catalog\/default\/component\/inventory\/throttling\?/,
    );
  });

  it('asks for the part that was dragged over, in time and in durations, and keeps it in the address', async () => {
    const { lastOptions } = renderTab('checkout');
    const plot = await screen.findByRole('slider', { name: new RegExp(HEAT) });
    jest.spyOn(plot, 'getBoundingClientRect').mockReturnValue({
      left: 0,
      top: 0,
    } as DOMRect);
    const { width, height } = plot.style;
    const at = (x: number, y: number) => ({
      clientX: x * parseFloat(width),
      clientY: y * parseFloat(height),
      button: 0,
    });
    fireEvent.pointerDown(plot, at(0.7, 0.15));
    fireEvent.pointerMove(plot, at(0.8, 0.3));
    fireEvent.pointerUp(plot, at(0.8, 0.3));
    await waitFor(() => expect(address().get('selectFrom')).not.toBeNull());
    const options = lastOptions()!;
    expect(options.selectFrom).toBeGreaterThan(
      FROM_MS + 0.65 * (TO_MS - FROM_MS),
    );
    expect(options.selectTo).toBeLessThan(FROM_MS + 0.85 * (TO_MS - FROM_MS));
    for (const bound of [options.bandFromSeconds!, options.bandToSeconds!]) {
      expect(Number.isInteger(Math.log2(bound))).toBe(true);
    }
    expect(Number(address().get('bandFrom'))).toBe(options.bandFromSeconds);
    expect(screen.getByText(/^Of the selected requests: 21 Nov/)).toBeVisible();

    await userEvent.click(
      screen.getByRole('button', { name: 'Clear selection' }),
    );
    expect(address().get('selectFrom')).toBeNull();
    expect(address().get('bandFrom')).toBeNull();
  });

  it('selects time by keyboard, and durations by the names of bands', async () => {
    const { lastOptions } = renderTab('checkout');
    const plot = await screen.findByRole('slider', { name: new RegExp(HEAT) });
    act(() => plot.focus());
    await userEvent.keyboard(
      '{End}{Shift>}{ArrowLeft}{ArrowLeft}{/Shift}{Enter}',
    );
    await waitFor(() =>
      expect(lastOptions()).toMatchObject({
        selectFrom: TO_MS - 30_000,
        selectTo: TO_MS,
      }),
    );
    const bands = screen.getByRole('list', { name: 'By how long they took' });
    const band = within(bands).getByRole('button', { name: /^125 – 250\sms$/ });
    await userEvent.click(band);
    expect(lastOptions()).toMatchObject({
      selectFrom: TO_MS - 30_000,
      bandFromSeconds: 0.125,
      bandToSeconds: 0.25,
    });
    expect(band).toHaveAttribute('aria-pressed', 'true');
    await userEvent.click(band);
    expect(lastOptions()?.bandFromSeconds).toBeUndefined();
  });

  it('keeps what is shown while another part is on its way, and says so', async () => {
    const { latency } = renderTab('checkout');
    const bands = await screen.findByRole('list', {
      name: 'By how long they took',
    });
    latency.mockReturnValue(new Promise(() => {}));
    await userEvent.click(
      within(bands).getByRole('button', { name: /^125 – 250\sms$/ }),
    );
    expect(bands).toBeVisible();
    expect(bands.closest('[aria-busy]')).toHaveAttribute('aria-busy', 'true');
  });

  it('does not take a part of another range for selected', async () => {
    const { lastOptions } = renderTab(
      'checkout',
      `${RANGE}&selectFrom=${FROM_MS - 7_200_000}&selectTo=${FROM_MS - 3_600_000}`,
    );
    await screen.findByTestId('contention-verdict');
    expect(lastOptions()).toMatchObject({
      selectFrom: undefined,
      selectTo: undefined,
    });
  });

  it('zooms where dragging zooms', async () => {
    renderTab('checkout');
    await userEvent.click(
      await screen.findByRole('button', { name: 'Drag zooms' }),
    );
    const plot = screen.getByRole('slider', { name: new RegExp(HEAT) });
    act(() => plot.focus());
    await userEvent.keyboard('{End}{Shift>}{ArrowLeft}{/Shift}{Enter}');
    expect(address().get('from')).toBe('2026-11-21T09:59:40Z');
    expect(address().get('selectFrom')).toBeNull();
  });

  it('shows the requests that it sends, one click away, and keeps that in the address', async () => {
    const { lastOptions } = renderTab('checkout');
    await screen.findByTestId('contention-verdict');
    await userEvent.click(
      screen.getByRole('button', { name: /^Requests it sends: 13\dK$/ }),
    );
    expect(
      await screen.findByRole('heading', {
        name: 'How long the requests it sent took',
      }),
    ).toBeVisible();
    expect(lastOptions()?.role).toBe('client');
    expect(address().get('role')).toBe('client');
  });

  it('compares with just before and with what is usual', async () => {
    renderTab('checkout');
    const verdict = await screen.findByTestId('contention-verdict');
    expect(verdict).toHaveTextContent(
      /p9917\d\sms26\.\d\sms before · usually 26\.\d\sms/,
    );
    const table = screen.getByRole('table', {
      name: 'Beside what is normal here',
    });
    expect(
      within(table)
        .getAllByRole('rowheader')
        .map(cell => cell.textContent)
        .slice(0, 3),
    ).toEqual(['This range', 'Just before', 'Usual: median of the days below']);
  });

  it('shows mesh proxy and sidecar apart from the app, and names them', async () => {
    renderTab('checkout');
    await userEvent.click(
      await screen.findByRole('button', { name: 'Container' }),
    );
    const table = screen.getByRole('table', { name: 'Requests by container' });
    const names = within(table)
      .getAllByRole('rowheader')
      .map(cell => cell.textContent);
    expect(names).toEqual([
      'app',
      'mesh-proxymesh proxy, counted nowhere else',
      'metricssidecar, counted nowhere else',
    ]);
  });

  it('shows the worst requests with their parts, their culprit and who called', async () => {
    renderTab('checkout');
    const table = await screen.findByRole('table', { name: 'Worst requests' });
    const [, worst] = within(table).getAllByRole('row');
    expect(
      within(worst).getByRole('img', {
        name: /ms: \d\d\s% waiting for neighbours, /,
      }),
    ).toBeVisible();
    expect(
      within(worst).getByRole('link', { name: 'batch-report' }),
    ).toBeVisible();
    expect(
      within(worst).getByRole('link', { name: 'storefront' }),
    ).toBeVisible();
  });

  it('marks what is estimated', async () => {
    renderTab('media');
    const table = await screen.findByRole('table', { name: 'Worst requests' });
    expect(within(table).getAllByText('estimated').length).toBeGreaterThan(0);
    expect(screen.getByText(/^20\dK requests, estimated$/)).toBeVisible();
    expect(
      screen.getByText(/31\s% are exchanges on connections with several/),
    ).toBeVisible();
  });

  it('says that there are no requests, and where there are some', async () => {
    const { lastOptions } = renderTab('batch-report');
    const state = await screen.findByRole('region', {
      name: 'No requests in this range',
    });
    expect(state).toHaveTextContent('batch-report got no requests over TCP');
    await userEvent.click(
      within(state).getByRole('button', { name: /^Requests it sends: / }),
    );
    expect(lastOptions()?.role).toBe('client');
  });

  it('says that requests are not measured, why, and shows what is measured', async () => {
    renderTab('mail-relay');
    expect(
      await screen.findByRole('region', {
        name: 'Requests are not measured here',
      }),
    ).toHaveTextContent('No agent on the nodes of mail-relay timed a request');
    expect(screen.queryByRole('heading', { name: MADE_OF })).toBeNull();
    expect(
      screen.getByRole('heading', {
        name: 'How long threads waited for a CPU',
      }),
    ).toBeVisible();
  });

  it('has a table behind every picture', async () => {
    renderTab('checkout');
    for (const title of [HEAT, MADE_OF, 'How long threads waited for a CPU']) {
      await userEvent.click(
        await screen.findByRole('button', { name: `${title}: show as table` }),
      );
    }
    const headers = (name: string) =>
      within(screen.getByRole('table', { name }))
        .getAllByRole('columnheader')
        .map(header => header.textContent);
    expect(headers(`${HEAT}, by window`)).toEqual([
      'Window starts',
      'Requests',
      'Rate',
      'p50',
      'p90',
      'p99',
    ]);
    expect(headers(MADE_OF).slice(0, 3)).toEqual([
      'Requests',
      'Number',
      'waiting for batch-report',
    ]);
    expect(headers('How long threads waited for a CPU, by window')).toEqual([
      'Window starts',
      'Waits',
      'p50',
      'p90',
      'p99',
    ]);
  });

  it('says what changed, in words beside the flags', async () => {
    renderTab('checkout');
    const changes = await screen.findByRole('region', {
      name: 'Changes in this range',
    });
    expect(changes).toHaveTextContent(
      'rollout of shop/checkout (5c1a7 → 5d8f9)',
    );
  });

  it('shows waits that go on, and the longest ones', async () => {
    renderTab('checkout');
    const open = await screen.findByRole('table', {
      name: 'Waits that are still open',
    });
    expect(open).toHaveTextContent(/47 ms/);
    expect(
      screen.getByRole('table', { name: 'Longest waits for a CPU' }),
    ).toHaveTextContent(/212 ms/);
  });

  it('says plainly what is not measured', async () => {
    renderTab('checkout');
    expect(await screen.findByText('Disk and memory')).toBeVisible();
  });
});
