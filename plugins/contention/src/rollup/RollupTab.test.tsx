import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { FixtureContentionApi } from '../__fixtures__';
import { renderOnEntityPage } from '../__testUtils__/renderOnEntityPage';
import { RollupTab } from './RollupTab';

const FROM = '2026-11-21T09:00:00Z';
const TO = '2026-11-21T10:00:00Z';
const RANGE = `?from=${FROM}&to=${TO}`;

function renderTab(name: string, search = RANGE) {
  const api = new FixtureContentionApi({ clock: () => Date.parse(TO) });
  return renderOnEntityPage(<RollupTab />, { name, search, api });
}

const rowsOf = async (name: string) => {
  const table = await screen.findByRole('table', { name });
  return within(table).getAllByRole('row').slice(1);
};

const linkOf = (row: HTMLElement, name: string) =>
  new URL(
    within(row).getByRole('link', { name }).getAttribute('href')!,
    'http://localhost',
  );

describe('the tab Contention of a system', () => {
  it('says the sentence before the trend, the pairs and the services', async () => {
    renderTab('storefront');
    const order = [
      await screen.findByTestId('contention-verdict'),
      screen.getByRole('heading', { name: /Who ran while the services/ }),
      screen.getByRole('heading', { name: 'Worst pairs' }),
      screen.getByRole('heading', { name: 'Services' }),
      screen.getByRole('heading', { name: 'How sure we are' }),
    ];
    order.slice(1).forEach((element, index) => {
      const position = order[index].compareDocumentPosition(element);
      expect(position).toBe(Node.DOCUMENT_POSITION_FOLLOWING);
    });
  });

  it('leads from a pair to both sides, each in the direction that shows the other, in the same range', async () => {
    renderTab('storefront');
    const [worst] = await rowsOf('Worst pairs');
    const victim = linkOf(worst, 'checkout');
    const culprit = linkOf(worst, 'batch-report');
    expect(victim.pathname).toBe(
      '/catalog/default/component/checkout/noisy-neighbours',
    );
    expect(victim.searchParams.get('direction')).toBeNull();
    expect(culprit.searchParams.get('direction')).toBe('caused');
    for (const { searchParams } of [victim, culprit]) {
      expect(searchParams.get('from')).toBe(FROM);
      expect(searchParams.get('to')).toBe(TO);
    }
    const verdict = screen.getByTestId('contention-verdict');
    expect(linkOf(verdict, 'batch-report').searchParams.get('direction')).toBe(
      'caused',
    );
    expect(
      linkOf(verdict, 'checkout').searchParams.get('direction'),
    ).toBeNull();
  });

  it('says of every pair whether whoever ran stayed within what it asked for', async () => {
    renderTab('storefront');
    const rows = await rowsOf('Worst pairs');
    const said = rows.map(row => row.textContent ?? '');
    expect(said[0]).toMatch(/within what it asked for.*the node is too full/);
    expect(
      said.filter(text => /over what it asked for/.test(text)),
    ).toHaveLength(1);
    expect(said.filter(text => /request not known/.test(text))).toHaveLength(1);
    expect(said.filter(text => /both of storefront/.test(text))).toHaveLength(
      1,
    );
  });

  it('names nobody whom the reader may not see, and shows the weight', async () => {
    renderTab('storefront');
    const rows = await rowsOf('Worst pairs');
    const hidden = rows.find(row =>
      within(row).queryByTitle('You may not see who this is'),
    )!;
    expect(hidden).toHaveTextContent(/may not see/);
    expect(hidden).toHaveTextContent(/\d+(\.\d)?\s(s|min)/);
  });

  it('lists every service, and why some have no figures', async () => {
    renderTab('storefront');
    const rows = await rowsOf('Services');
    const said = rows.map(row => row.textContent ?? '');
    expect(said[0]).toMatch(/^checkout.*waiting for neighbours/);
    expect(said[1]).toMatch(/^inventory.*stopped by its CPU limit/);
    expect(linkOf(rows[1], 'inventory').pathname).toMatch(/\/throttling$/);
    expect(said.slice(4)).toEqual([
      expect.stringContaining('no pods seen in this range'),
      expect.stringContaining('does not say where it runs'),
      expect.stringContaining('you may not read what held it up'),
    ]);
  });

  it('that has no services says so, and draws nothing', async () => {
    renderTab('empty');
    expect(
      await screen.findByText(/names no component or resource of empty/),
    ).toBeVisible();
    expect(screen.queryByRole('heading', { name: 'Worst pairs' })).toBeNull();
  });
});

describe('the tab Contention of a team', () => {
  it('shows whom its services held up, which the link keeps', async () => {
    renderTab('data');
    await screen.findByTestId('contention-verdict');
    await userEvent.click(
      screen.getByRole('button', { name: /Caused: whom its services held up/ }),
    );
    await waitFor(() =>
      expect(screen.getByTestId('address')).toHaveTextContent(
        'direction=caused',
      ),
    );
    expect(
      await screen.findByRole('heading', { name: /Who waited while/ }),
    ).toBeVisible();
    const [worst] = await rowsOf('Worst pairs');
    expect(within(worst).getByRole('rowheader')).toHaveTextContent(
      'batch-report',
    );
    const members = await rowsOf('Services');
    expect(
      linkOf(members[0], 'batch-report').searchParams.get('direction'),
    ).toBe('caused');
  });
});

describe('the network of a system', () => {
  it('is beside its CPUs: whose packets stood behind whose, and every link stays with the network', async () => {
    renderTab('storefront');
    await screen.findByTestId('contention-verdict');
    await userEvent.click(screen.getByRole('button', { name: 'Network' }));
    expect(
      await screen.findByRole('heading', {
        name: 'Behind whom packets of the services of storefront stood',
      }),
    ).toBeVisible();
    expect(screen.getByTestId('address')).toHaveTextContent('resource=network');
    const [worst] = await rowsOf('Worst pairs');
    expect(worst).toHaveTextContent(
      /orders.*log-shipper.*node-a.*eth0.*ms.*9\.68 Mbit/,
    );
    expect(worst).not.toHaveTextContent(/asked for/);
    expect(linkOf(worst, 'log-shipper').searchParams.toString()).toMatch(
      /direction=caused.*resource=network|resource=network.*direction=caused/,
    );
    expect(linkOf(worst, 'node-a').searchParams.get('resource')).toBe(
      'network',
    );
    const [first] = await rowsOf('Services');
    expect(first).toHaveTextContent(/^orders.*behind neighbours.*ms/);
    expect(linkOf(first, 'orders').searchParams.get('resource')).toBe(
      'network',
    );
  });
});
