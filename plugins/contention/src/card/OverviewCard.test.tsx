import { screen } from '@testing-library/react';
import { renderOnEntityPage } from '../__testUtils__/renderOnEntityPage';
import { OverviewCard } from './OverviewCard';

const TITLES: Record<string, string> = {
  'noisy-neighbours': 'Noisy neighbours',
  throttling: 'Throttling',
};

describe('the card on the overview', () => {
  it.each([
    ['checkout', 'neighbour', 'noisy-neighbours'],
    ['inventory', 'limit', 'throttling'],
    ['search', 'quiet', 'noisy-neighbours'],
  ])(
    '%s: says the verdict (%s) and where to look',
    async (name, cause, path) => {
      renderOnEntityPage(<OverviewCard />, { name });
      expect(await screen.findByTestId('contention-card')).toHaveAttribute(
        'data-cause',
        cause,
      );
      expect(screen.getByText(/^data \d+ s old$/)).toBeVisible();
      expect(
        screen.getByRole('img', { name: /over the last hour/ }),
      ).toBeVisible();
      const link = screen.getByRole('button', { name: TITLES[path] });
      expect(link.getAttribute('href')).toMatch(
        new RegExp(`/${name}/${path}\\?from=now-1h&to=now$`),
      );
    },
  );

  it.each([
    ['legacy-billing', 'Nothing in the catalog says where this runs.'],
    ['ghost', 'No agent has seen a container of this.'],
    ['archive', 'Nothing was measured in the last hour.'],
    ['payments', /contention\.read/],
    ['recommendations', /database is locked/],
  ])(
    '%s: says what stands in the way, and not that all is well',
    async (name, text) => {
      renderOnEntityPage(<OverviewCard />, { name });
      expect(await screen.findByText(text)).toBeVisible();
      expect(screen.queryByTestId('contention-card')).toBeNull();
    },
  );
});
