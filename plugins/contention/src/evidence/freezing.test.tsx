import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { FixtureContentionApi } from '../__fixtures__';
import { renderOnEntityPage } from '../__testUtils__/renderOnEntityPage';
import type { ContentionApi } from '../api';
import { ThrottlingTab } from '../tabs/throttling/ThrottlingTab';

const FROM = '2026-11-21T09:00:00Z';
const TO = '2026-11-21T10:00:00Z';
const LINK = `?from=${FROM}&to=${TO}`;
const NOW = Date.parse(TO);

function renderTab(options: {
  name: string;
  search?: string;
  api?: Partial<ContentionApi>;
}) {
  const fixtures = new FixtureContentionApi({ clock: () => NOW });
  const api = { ...fixtures, ...options.api } as ContentionApi;
  renderOnEntityPage(<ThrottlingTab />, { ...options, api });
  return fixtures;
}

async function openDialog() {
  await userEvent.click(
    await screen.findByRole('button', { name: 'Freeze as evidence' }),
  );
  return screen.findByRole('dialog');
}

describe('freezing what a tab shows', () => {
  it('keeps the range that is shown, with what was written, and ends with a link', async () => {
    const fixtures = new FixtureContentionApi({ clock: () => NOW });
    const createEvidence = jest.fn(fixtures.createEvidence);
    renderTab({ name: 'checkout', search: LINK, api: { createEvidence } });
    const dialog = await openDialog();
    const field = (name: string) =>
      within(dialog).getByRole('textbox', { name });
    expect(field('Title')).toHaveValue('checkout, 21 Nov 09:00 – 10:00 UTC');
    await userEvent.clear(field('Title'));
    await userEvent.type(field('Title'), 'Slow again');
    await userEvent.type(field('Note'), 'Paged.');
    await userEvent.type(
      field('Link to the incident'),
      'https://incidents.example.com/1',
    );
    await userEvent.click(
      within(dialog).getByRole('button', { name: 'Freeze' }),
    );
    const link = await screen.findByLabelText('the link to the record');
    expect((link as HTMLInputElement).value).toMatch(
      /^http:\/\/localhost\/contention\/evidence\/[0-9a-f]{32}$/,
    );
    expect(createEvidence).toHaveBeenCalledWith({
      entityRef: 'component:default/checkout',
      from: Date.parse(FROM),
      to: NOW,
      cluster: undefined,
      title: 'Slow again',
      note: 'Paged.',
      incidentUrl: 'https://incidents.example.com/1',
    });
  });

  it('keeps what was typed when it fails, and says why', async () => {
    renderTab({
      name: 'checkout',
      api: {
        createEvidence: async () => {
          throw new Error('The disk is full');
        },
      },
    });
    const dialog = await openDialog();
    const note = within(dialog).getByRole('textbox', { name: 'Note' });
    await userEvent.type(note, 'A long story');
    await userEvent.click(
      within(dialog).getByRole('button', { name: 'Freeze' }),
    );
    expect(await within(dialog).findByText('The disk is full')).toBeVisible();
    expect(note).toHaveValue('A long story');
  });

  it('takes no address that is none of the web', async () => {
    renderTab({ name: 'checkout' });
    const dialog = await openDialog();
    await userEvent.type(
      within(dialog).getByRole('textbox', { name: 'Link to the incident' }),
      'ftp://example.com',
    );
    expect(within(dialog).getByText(/This is no web address/)).toBeVisible();
    expect(
      within(dialog).getByRole('button', { name: 'Freeze' }),
    ).toBeDisabled();
  });

  it('is not offered to those who may not, and the permission is named', async () => {
    renderTab({ name: 'search' });
    const button = await screen.findByRole('button', {
      name: 'Freeze as evidence',
    });
    await waitFor(() => expect(button).toBeDisabled());
    expect(
      screen.getByTitle(/contention\.evidence\.create/),
    ).toBeInTheDocument();
  });

  it('is not offered where there is nothing to freeze', async () => {
    renderTab({ name: 'ghost' });
    await screen.findByRole('region', { name: 'No pods seen' });
    expect(
      screen.queryByRole('button', { name: 'Freeze as evidence' }),
    ).toBeNull();
  });

  it('leads to what is frozen already', async () => {
    renderTab({ name: 'inventory' });
    expect(
      await screen.findByRole('link', { name: '1 frozen record' }),
    ).toHaveAttribute(
      'href',
      '/contention/evidence?entity=component%3Adefault%2Finventory',
    );
  });
});

describe('a link with fixed times', () => {
  it('is kept by itself, and the page says so quietly', async () => {
    const evidenceSeen = jest.fn(async () => ({
      state: 'frozen' as const,
      id: 'a1'.padEnd(32, '0'),
    }));
    renderTab({ name: 'checkout', search: LINK, api: { evidenceSeen } });
    expect(
      await screen.findByRole('link', { name: 'A copy of this range is kept' }),
    ).toHaveAttribute('href', `/contention/evidence/${'a1'.padEnd(32, '0')}`);
    expect(evidenceSeen).toHaveBeenCalledTimes(1);
  });

  it('is not kept where it was not opened as a link: a live range, or a zoom', async () => {
    const evidenceSeen = jest.fn();
    renderTab({
      name: 'checkout',
      search: '?from=now-1h&to=now',
      api: { evidenceSeen },
    });
    await screen.findByTestId('contention-verdict');
    await userEvent.click(screen.getByRole('button', { name: 'Zoom out' }));
    await waitFor(() =>
      expect(screen.getByTestId('address')).toHaveTextContent(/from=2026-/),
    );
    await screen.findByTestId('contention-verdict');
    expect(evidenceSeen).not.toHaveBeenCalled();
  });

  it('that came too late leads to what was frozen of its range, and to the nearest data', async () => {
    const to = NOW - 40 * 24 * 3_600_000;
    renderTab({ name: 'archive', search: `?from=${to - 600_000}&to=${to}` });
    const page = await screen.findByRole('region', {
      name: 'No data in this range',
    });
    expect(page).toHaveTextContent(/Measurements before .* have been deleted/);
    expect(
      await within(page).findByRole('link', { name: 'archive' }),
    ).toHaveAttribute('href', expect.stringContaining('/contention/evidence/'));
    expect(within(page).getByRole('button', { name: /^Show / })).toBeVisible();
  });
});
