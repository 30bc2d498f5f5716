import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { FixtureContentionApi, FixtureResponseError } from '../../__fixtures__';
import { renderPages } from '../../__testUtils__/renderPages';
import type { ContentionApi } from '../../api';

const AT = '2026-11-21T10:00:00Z';
const address = () => screen.getByTestId('address').textContent!;
const page = (search: string, api?: ContentionApi) =>
  renderPages(`/contention/resolve?${search}`, { api });

describe('the page that a link in a ticket leads to', () => {
  it('goes to the tab where the cause is, at that time, in its own place', async () => {
    page(`namespace=shop&pod=checkout-0&at=${AT}`);
    await screen.findByText(
      /^\/catalog\/default\/component\/checkout\/noisy-neighbours\?/,
    );
    expect(address()).toBe(
      '/catalog/default/component/checkout/noisy-neighbours?from=2026-11-21T09%3A30%3A00Z&to=2026-11-21T10%3A15%3A00Z',
    );
  });

  it('leaves the choice, with what is said of each', async () => {
    page(`node=node-a&at=${AT}`);
    expect(
      await screen.findByRole('heading', { name: '6 services fit', level: 1 }),
    ).toBeVisible();
    expect(screen.getByText(/78 % of that while/)).toBeVisible();
    expect(screen.getByRole('link', { name: 'inventory' })).toHaveAttribute(
      'href',
      '/catalog/default/component/inventory/throttling?from=2026-11-21T09%3A30%3A00Z&to=2026-11-21T10%3A15%3A00Z',
    );
    expect(screen.getByText(/and 3 more/)).toBeVisible();
  });

  it('says what would make a pod somebody', async () => {
    page(`pod=stray-0&at=${AT}`);
    expect(
      await screen.findByRole('region', { name: /belongs to no service/ }),
    ).toBeVisible();
    expect(screen.getByText(/kubernetes-id: stray/)).toBeVisible();
  });

  it('says what was looked for, how it was read, and what comes close', async () => {
    page(`pod=chekout-0&at=${AT}`);
    const none = await screen.findByRole('region', { name: 'Nothing fits' });
    expect(none).toHaveTextContent('Podchekout-0');
    expect(none).toHaveTextContent('names no time zone: read as UTC');
    expect(
      within(none).getByRole('link', { name: 'checkout' }),
    ).toHaveAttribute('href', expect.stringContaining('/noisy-neighbours?'));
    expect(none).toHaveTextContent('at another time');
  });

  it('lets the question be put right', async () => {
    page(`pod=nobody-0&at=${AT}`);
    await screen.findByRole('region', { name: 'Nothing fits' });
    const pod = screen.getByLabelText('Pod');
    expect(pod).toHaveValue('nobody-0');
    await userEvent.clear(pod);
    await userEvent.type(pod, 'checkout-0{enter}');
    await screen.findByText(/^\/catalog\/default\/component\/checkout\//);
  });

  it('asks what is known where nothing is', async () => {
    page('namespace=shop');
    const ask = await screen.findByRole('button', { name: 'Find' });
    expect(ask).toBeDisabled();
    await userEvent.type(screen.getByLabelText('Node'), 'node-a');
    await userEvent.click(ask);
    expect(
      await screen.findByRole('heading', { name: '6 services fit' }),
    ).toBeVisible();
    expect(address()).toBe('/contention/resolve?namespace=shop&node=node-a');
  });

  it('says which part of the question it does not understand', async () => {
    page('pod=checkout-0&at=yesterday');
    expect(await screen.findByRole('alert')).toHaveTextContent(
      "'yesterday' is no time",
    );
    expect(screen.getByLabelText('At')).toHaveValue('yesterday');
  });

  it('names the permission that is missing', async () => {
    const api = new FixtureContentionApi();
    api.resolve = async () => {
      throw new FixtureResponseError(403, 'no');
    };
    page('pod=checkout-0', api);
    expect(await screen.findByText('contention.read')).toBeVisible();
  });

  it('tries again', async () => {
    const api = new FixtureContentionApi();
    const { resolve } = api;
    api.resolve = jest
      .fn(resolve)
      .mockRejectedValueOnce(new FixtureResponseError(503, 'not yet'));
    page(`node=node-a&at=${AT}`, api);
    await userEvent.click(
      await screen.findByRole('button', { name: /try again/i }),
    );
    expect(
      await screen.findByRole('heading', { name: '6 services fit' }),
    ).toBeVisible();
  });

  it('holds names with markup harmlessly', async () => {
    page(
      `pod=${encodeURIComponent('<img src=x onerror=alert(1)>\u202Ecod.exe')}`,
    );
    const none = await screen.findByRole('region', { name: 'Nothing fits' });
    expect(none.querySelector('img')).toBeNull();
    // What turns the direction of text ends with the name.
    expect(within(none).getByText(/onerror/).tagName).toBe('BDI');
  });
});
