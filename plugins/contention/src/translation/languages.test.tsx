import { screen } from '@testing-library/react';
import { renderOnEntityPage } from '../__testUtils__/renderOnEntityPage';
import { LatencyTab } from '../tabs/latency/LatencyTab';

describe('a reader who has chosen German', () => {
  it('reads the page in German', async () => {
    renderOnEntityPage(<LatencyTab />, {
      name: 'payments',
      language: 'de',
    });
    const page = await screen.findByRole('region', {
      name: 'Das dürfen Sie nicht sehen',
    });
    expect(page).toHaveTextContent('was payments aufgehalten hat');
  });
});
