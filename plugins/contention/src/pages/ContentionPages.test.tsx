import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { coreExtensionData } from '@backstage/frontend-plugin-api';
import { createExtensionTester } from '@backstage/frontend-test-utils';
import { contentionPage } from '../extensions/pages';
import { renderPages } from '../__testUtils__/renderPages';

describe('the pages of the plugin', () => {
  it('are below one path, with one entry in the navigation', () => {
    const tester = createExtensionTester(contentionPage);
    expect(tester.get(coreExtensionData.routePath)).toBe('/contention');
    expect(tester.get(coreExtensionData.title)).toBe('Contention');
    expect(tester.get(coreExtensionData.icon)).toBeDefined();
  });

  it('are reached from the page in front of them', async () => {
    renderPages('/contention');
    await userEvent.click(await screen.findByRole('link', { name: /^Nodes/ }));
    expect(
      await screen.findByRole('heading', { name: 'Nodes', level: 1 }),
    ).toBeVisible();
  });

  it.each(['', '/', '?entity=', '?entity=checkout'])(
    'ask whose records are wanted where the address does not say: /contention/evidence%s',
    async rest => {
      renderPages(`/contention/evidence${rest}`);
      const page = await screen.findByRole('region', {
        name: 'Whose records?',
      });
      const field = within(page).getByRole('textbox');
      await userEvent.clear(field);
      await userEvent.type(field, 'component:default/checkout');
      await userEvent.click(
        within(page).getByRole('button', { name: 'Show records' }),
      );
      expect(
        await screen.findByRole('heading', { level: 1, name: /checkout/ }),
      ).toBeVisible();
    },
    60_000,
  );

  it('name what is not there', async () => {
    renderPages('/contention/nowhere');
    expect(await screen.findByText(/404/)).toBeVisible();
  });
});
