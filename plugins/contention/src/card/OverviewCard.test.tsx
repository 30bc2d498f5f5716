import { act, screen, waitFor } from '@testing-library/react';
import type { DiagnosisReport } from 'backstage-plugin-contention-common';
import type { ContentionApi } from '../api';
import { FixtureContentionApi, FixtureResponseError } from '../__fixtures__';
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

it('draws p99 and leads to the latency of requests where slow ones are the worst', async () => {
  renderOnEntityPage(<OverviewCard />, {
    name: 'search',
    api: searchThat(report => ({
      ...report,
      tab: 'latency',
      valuesOf: 'request-p99',
      values: report.values.map(() => 0.18),
      verdict: {
        ...report.verdict,
        cause: 'upstream',
        severity: 'serious',
      },
    })),
  });
  expect(await screen.findByTestId('contention-card')).toHaveAttribute(
    'data-cause',
    'upstream',
  );
  expect(
    screen.getByRole('img', { name: 'p99 of its requests over the last hour' }),
  ).toBeVisible();
  expect(screen.getByText('p99 of its requests, up to 180 ms')).toBeVisible();
  expect(
    screen.getByRole('button', { name: 'Latency' }).getAttribute('href'),
  ).toMatch(/\/search\/latency\?from=now-1h&to=now$/);
});

/** The card of `search`, where all was well, once its backend answers something else. */
function searchThat(answer: (report: DiagnosisReport) => DiagnosisReport) {
  const fixtures = new FixtureContentionApi();
  const diagnosis: ContentionApi['diagnosis'] = async (...call) =>
    answer(await fixtures.diagnosis(...call));
  return { ...fixtures, diagnosis } as ContentionApi;
}

const GREEN = '#2e7d46';

describe('the card when its data is old', () => {
  it('does not say in green that nothing happens when nobody watches any more', async () => {
    const api = searchThat(report => ({
      ...report,
      freshness: {
        newest: report.range.to - 40 * 60_000,
        ageSeconds: 2400,
        stale: true,
        staleNodes: [
          {
            cluster: 'demo',
            node: 'node-a',
            lastSeen: report.range.to - 40 * 60_000,
          },
        ],
      },
    }));
    renderOnEntityPage(<OverviewCard />, { name: 'search', api });
    const card = await screen.findByTestId('contention-card');
    expect(screen.getByText(/^No new data since/)).toHaveTextContent('node-a');
    expect(screen.getByTitle('No new data')).toBeInTheDocument();
    expect(screen.queryByTitle('Nothing held it up')).toBeNull();
    expect(card.innerHTML).not.toContain(GREEN);
    expect(card.innerHTML).not.toContain('rgb(46, 125, 70)');
  });

  it('names the nodes that went quiet while others report', async () => {
    renderOnEntityPage(<OverviewCard />, { name: 'shipping' });
    expect(await screen.findByText(/^Nothing from/)).toHaveTextContent(
      /^Nothing from node-b since \d\d:\d\d/,
    );
  });

  it('is green, with nothing to add, when the data is new', async () => {
    renderOnEntityPage(<OverviewCard />, { name: 'search' });
    const card = await screen.findByTestId('contention-card');
    expect(screen.getByTitle('Nothing held it up')).toBeInTheDocument();
    expect(card.innerHTML).toContain(GREEN);
    expect(screen.queryByText(/No new data|Nothing from/)).toBeNull();
  });
});

describe('the card when it cannot be refreshed', () => {
  afterEach(() => jest.useRealTimers());

  /** Shows the card of `search`, and then lets the next refresh fail. */
  async function failedRefresh(error: unknown) {
    jest.useFakeTimers();
    let failing = false;
    const api = searchThat(report => {
      if (failing) throw error;
      return report;
    });
    renderOnEntityPage(<OverviewCard />, { name: 'search', api });
    // Of the pretended time, which passes quickly.
    await screen.findByTestId('contention-card', {}, { timeout: 25_000 });
    failing = true;
    await act(async () => {
      await jest.advanceTimersByTimeAsync(30_000);
    });
    return { heal: () => (failing = false) };
  }

  it('says since when over the old data, which is not green; a later refresh heals it', async () => {
    const { heal } = await failedRefresh(
      new FixtureResponseError(502, 'Bad gateway'),
    );
    expect(screen.getByText(/^Could not refresh since/)).toHaveTextContent(
      /Bad gateway \(HTTP 502\)/,
    );
    const card = screen.getByTestId('contention-card');
    expect(card).toBeVisible();
    expect(card.innerHTML).not.toContain(GREEN);
    heal();
    await act(async () => {
      await jest.advanceTimersByTimeAsync(30_000);
    });
    await waitFor(() =>
      expect(screen.queryByText(/^Could not refresh/)).toBeNull(),
    );
    expect(screen.getByTitle('Nothing held it up')).toBeInTheDocument();
  });

  it('shows nothing old to somebody who may no longer see it', async () => {
    await failedRefresh(new FixtureResponseError(403, 'Unauthorized'));
    expect(screen.getByText(/contention\.read/)).toBeVisible();
    expect(screen.queryByTestId('contention-card')).toBeNull();
  });
});
