import { screen } from '@testing-library/react';
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

  it('name what is not there', async () => {
    renderPages('/contention/nowhere');
    expect(await screen.findByText(/404/)).toBeVisible();
  });
});
