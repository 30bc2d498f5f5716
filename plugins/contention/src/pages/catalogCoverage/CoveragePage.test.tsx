import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { FixtureContentionApi, FixtureResponseError } from '../../__fixtures__';
import { renderPages } from '../../__testUtils__/renderPages';

const PAGE = '/contention/coverage';

const listOf = async (name: RegExp) => {
  await userEvent.click(await screen.findByRole('tab', { name }));
};

const rows = () => {
  const [, ...rest] = within(screen.getByRole('table')).getAllByRole('row');
  return rest;
};

const address = () => screen.getByTestId('address').textContent;

describe('the page of coverage', () => {
  it('says first how much is covered', async () => {
    renderPages(PAGE);
    expect(await screen.findByText('31 of 59')).toBeVisible();
    expect(screen.getByText('15 of 18')).toBeVisible();
    expect(screen.getByText('2 of 4')).toBeVisible();
    expect(screen.getByText(/^4 components of the types/)).toBeVisible();
  });

  it('gives the lines that would claim a workload, to be copied', async () => {
    renderPages(PAGE);
    await screen.findByText('31 of 59');
    const row = rows().find(item =>
      /shop\/gift-cards/.test(item.textContent!),
    )!;
    expect(
      within(row).getByLabelText('Add to the entity: shop/gift-cards'),
    ).toHaveTextContent('backstage.io/kubernetes-id: gift-cards');
    expect(
      within(row).getByLabelText('and to the pod template: shop/gift-cards'),
    ).toHaveTextContent('labels: backstage.io/kubernetes-id: gift-cards');
  });

  it('finds, filters and turns pages, and keeps it in the address', async () => {
    renderPages(PAGE);
    await screen.findByText('1 to 10 of 28');
    expect(rows()).toHaveLength(10);
    await userEvent.click(screen.getByRole('button', { name: 'Next' }));
    expect(await screen.findByText('11 to 20 of 28')).toBeVisible();
    expect(address()).toContain('page=2');

    await userEvent.selectOptions(
      screen.getByLabelText('Where it runs'),
      'other cgroups',
    );
    await waitFor(() => expect(rows()).toHaveLength(1));
    expect(rows()[0]).toHaveTextContent('/batch/nightly');
    expect(address()).toContain('only=cgroup');

    await userEvent.type(screen.getByLabelText('Search'), 'nothing like it');
    expect(await screen.findByText('Nothing matches.')).toBeVisible();
  });

  it('copies what was found, all pages of it, and no formula', async () => {
    const user = userEvent.setup();
    renderPages(PAGE);
    await screen.findByText('31 of 59');
    // The clipboard of user-event, which only it can read back.
    const write = jest.spyOn(navigator.clipboard, 'writeText');
    await user.click(screen.getByRole('button', { name: 'Copy as CSV' }));
    await user.click(screen.getByRole('button', { name: 'Copy as JSON' }));
    const [csv, json] = write.mock.calls.map(([text]) => text);
    const lines = csv.split('\r\n');
    expect(lines[0]).toMatch(/^"workload","place","cluster"/);
    expect(lines.filter(line => /^"jobs\/worker/.test(line))).toHaveLength(24);
    expect(csv).toContain(`"'=HYPERLINK(`);
    expect(csv).not.toMatch(/(^|,)"?=/m);
    expect(JSON.parse(json)).toHaveLength(28);
  });

  it('says of each entity without data what is missing', async () => {
    renderPages(PAGE);
    await listOf(/Entities without data \(3\)/);
    expect(rows().map(row => row.textContent)).toEqual([
      expect.stringMatching(/^ghost.*no pods seen.*kubernetes-id=ghost/),
      expect.stringMatching(/^legacy-billing.*not annotated.*kubernetes-id: /s),
      expect.stringMatching(
        /^mail-relay.*annotation not understood.*not valid/,
      ),
    ]);
  });

  it('lists nodes without an agent first, and says how it knows of them', async () => {
    renderPages(PAGE);
    await listOf(/Nodes \(2 without an agent\)/);
    expect(rows().map(row => row.textContent)).toEqual([
      expect.stringMatching(/^node-d.*no agent.*never heard.*yes$/),
      expect.stringMatching(/^node-c.*silent, and no longer in the cluster/),
      expect.stringMatching(/^node-a.*reporting/),
      expect.stringMatching(/^node-b.*reporting/),
    ]);
    expect(
      screen.getByText(
        'The Kubernetes plugin of this portal listed the nodes of demo.',
      ),
    ).toBeVisible();
    expect(
      screen.getByText(/nodes of eu-west-1 could not be listed: .*403/),
    ).toBeVisible();
  });

  it('says which permission is missing, and shows a failure with its retry', async () => {
    const api = new FixtureContentionApi();
    api.coverage = async () => {
      throw new FixtureResponseError(403, 'Unauthorized');
    };
    const { unmount } = renderPages(PAGE, { api });
    await screen.findByRole('region', { name: 'You may not see this' });
    unmount();
    api.coverage = async () => {
      throw new FixtureResponseError(503, 'The catalog has not been read yet');
    };
    renderPages(PAGE, { api });
    expect(
      await screen.findByText(/The catalog has not been read yet/),
    ).toBeVisible();
    expect(screen.getByRole('button', { name: 'Try again' })).toBeVisible();
  });
});
