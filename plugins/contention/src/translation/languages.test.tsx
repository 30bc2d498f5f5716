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

  it('reads numbers and moments as German has them', async () => {
    renderOnEntityPage(<LatencyTab />, { name: 'checkout', language: 'de' });
    await screen.findAllByRole('img', {}, { timeout: 30_000 });
    const figures = [...document.querySelectorAll('dd')]
      .map(({ textContent }) => textContent)
      .join('\n');
    expect(figures).toMatch(/\d,\d/);
    expect(figures).not.toMatch(/\d\.\d\s*(ms|s|%)/);
  }, 60_000);
});
