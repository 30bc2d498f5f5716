import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { throttlingReportSchema } from 'backstage-plugin-contention-common';
import { renderOnEntityPage } from '../../__testUtils__/renderOnEntityPage';
import type { ContentionApi } from '../../api';
import { FixtureContentionApi } from '../../__fixtures__';
import { ThrottlingTab } from './ThrottlingTab';

describe('the tab Throttling', () => {
  it('says which level stopped it, how long threads stood still, and who burned the budget, in throttled periods', async () => {
    renderOnEntityPage(<ThrottlingTab />, { name: 'inventory' });
    const verdict = await screen.findByTestId('contention-verdict');
    expect(verdict).toHaveAttribute('data-cause', 'limit');
    expect(
      screen.getByRole('img', {
        name: /stopped by its CPU limit \(pod\).*median\s43\sms.*worst/,
      }),
    ).toBeVisible();
    const burners = screen.getByRole('table', {
      name: 'Who burned the budget',
    });
    const [head, worst] = within(burners).getAllByRole('row');
    expect(head).toHaveTextContent('CPU time in stopped periods');
    expect(worst).toHaveTextContent(/mesh-proxy.*71/);
  });

  it.each([
    ['says why nobody is named where the limit of a slice stopped it', 'slice'],
    ['says nothing of slices where none stopped it', 'pod'],
  ] as const)('%s', async (_, level) => {
    const original = new FixtureContentionApi();
    const throttling: ContentionApi['throttling'] = async (...call) => {
      const report = await original.throttling(...call);
      return {
        ...report,
        burners: [],
        quotas: report.quotas.map(quota => ({ ...quota, level })),
      };
    };
    const api: ContentionApi = { ...original, throttling };
    renderOnEntityPage(<ThrottlingTab />, { name: 'inventory', api });
    await screen.findByTestId('contention-verdict');
    expect(
      screen.queryAllByText(/everybody below the slice shares it/),
    ).toHaveLength(level === 'slice' ? 1 : 0);
    expect(
      screen.queryByRole('table', { name: 'Who burned the budget' }),
    ).toBeNull();
  });

  it('holds the limit against the need, for each limit', async () => {
    renderOnEntityPage(<ThrottlingTab />, { name: 'inventory' });
    expect(
      await screen.findByRole('img', {
        name: /^pod inventory.*limit\s0.5\sCPU, needed\s0.83\sCPU/,
      }),
    ).toBeVisible();
    await userEvent.click(screen.getByRole('tab', { name: 'container app' }));
    expect(
      screen.getByRole('img', { name: /^container app.*limit\s0.4\sCPU/ }),
    ).toBeVisible();
  });

  it('says what a higher limit would surely change, limit by limit, and that more may change', async () => {
    renderOnEntityPage(<ThrottlingTab />, { name: 'inventory' });
    const table = await screen.findByRole('table', {
      name: 'What a higher limit would change',
    });
    expect(
      screen.getByText(
        /^pod inventory.*: with 1\.3\sCPU instead of 0\.5\sCPU, at least 93\s% of .* \(at 100\sms a period\)/,
      ),
    ).toBeVisible();
    expect(screen.getByText(/More than that may be gone/)).toBeVisible();
    expect(screen.getByText(/Each limit is raised alone/)).toBeVisible();
    const rows = within(table).getAllByRole('row').slice(1);
    expect(rows).toHaveLength(10);
    expect(rows[3]).toHaveTextContent(/^1\sCPUpod inventory.*61\s%/);
  });

  it('says since when the limit is what it is, if it was another one', async () => {
    const original = new FixtureContentionApi();
    const throttling: ContentionApi['throttling'] = async (...call) => {
      const report = await original.throttling(...call);
      const [first] = report.quotas;
      const since = report.range.to - 600_000;
      const higherLimits = { ...first.higherLimits!, since };
      return { ...report, quotas: [{ ...first, higherLimits }] };
    };
    const api: ContentionApi = { ...original, throttling };
    renderOnEntityPage(<ThrottlingTab />, { name: 'inventory', api });
    expect(
      await screen.findByText(/Of the time since .*\d, when the limit was/),
    ).toBeVisible();
    // There is but one limit.
    expect(screen.queryByText(/Each limit is raised alone/)).toBeNull();
  });

  it('says that nothing is sure where next to nothing is, without a table of that', async () => {
    const original = new FixtureContentionApi();
    const throttling: ContentionApi['throttling'] = async (...call) => {
      const report = await original.throttling(...call);
      const quotas = report.quotas.map(({ higherLimits, ...quota }) => ({
        ...quota,
        higherLimits: higherLimits && {
          ...higherLimits,
          limits: higherLimits.limits.map(limit => ({
            ...limit,
            goneShareAtLeast: 0.03,
          })),
        },
      }));
      return { ...report, quotas };
    };
    const api: ContentionApi = { ...original, throttling };
    renderOnEntityPage(<ThrottlingTab />, { name: 'inventory', api });
    expect(
      await screen.findByText(
        /^pod inventory.*, anything from nearly nothing to all of .* would be gone/,
      ),
    ).toBeVisible();
    expect(
      screen.queryByRole('table', { name: 'What a higher limit would change' }),
    ).toBeNull();
  });

  it('shows all that a record tells, also limits far beyond what is told by now', async () => {
    const original = new FixtureContentionApi();
    const throttling: ContentionApi['throttling'] = async (...call) => {
      const report = await original.throttling(...call);
      const [first] = report.quotas;
      const { limits, ...higher } = first.higherLimits!;
      const far = {
        limitCpus: 6.1,
        goneShareAtLeast: 0.95,
        stoppedSecondsAtMost: 1,
      };
      const unsure = limits.map(limit => ({ ...limit, goneShareAtLeast: 0.2 }));
      const higherLimits = { ...higher, limits: [...unsure, far] };
      return throttlingReportSchema.parse({
        ...report,
        quotas: [{ ...first, higherLimits }],
      });
    };
    const api: ContentionApi = { ...original, throttling };
    renderOnEntityPage(<ThrottlingTab />, { name: 'inventory', api });
    const table = await screen.findByRole('table', {
      name: 'What a higher limit would change',
    });
    expect(within(table).getAllByRole('row').at(-1)).toHaveTextContent(
      /^6\.1\sCPU.*95\s%/,
    );
    expect(
      screen.getByText(/: with 6\.1\sCPU instead of 0\.5\sCPU, at least 95\s%/),
    ).toBeVisible();
  });

  it('shows a report of an older version, which says nothing of higher limits', async () => {
    const original = new FixtureContentionApi();
    const throttling: ContentionApi['throttling'] = async (...call) => {
      const report = await original.throttling(...call);
      const quotas = report.quotas.map(
        ({ higherLimits: _, ...quota }) => quota,
      );
      return throttlingReportSchema.parse({ ...report, quotas });
    };
    const api: ContentionApi = { ...original, throttling };
    renderOnEntityPage(<ThrottlingTab />, { name: 'inventory', api });
    await screen.findByRole('table', { name: 'All limits' });
    expect(screen.queryByText('What a higher limit would change')).toBeNull();
  });

  it.each([
    'How often its CPU limit stopped it',
    'Limit against need',
    'How long threads stood still',
  ])('shows "%s" as a table too', async title => {
    renderOnEntityPage(<ThrottlingTab />, { name: 'inventory' });
    await userEvent.click(
      await screen.findByRole('button', { name: `${title}: show as table` }),
    );
    const table = screen.getByRole('table', { name: new RegExp(`^${title}`) });
    expect(within(table).getAllByRole('rowheader').length).toBeGreaterThan(5);
  });

  it('says that the ledger is the measure, and what was measured apart from it', async () => {
    renderOnEntityPage(<ThrottlingTab />, { name: 'inventory' });
    expect(
      await screen.findByText(/Taken from the kernel's own ledger/),
    ).toBeVisible();
    expect(screen.getByText(/thread by thread/)).toBeVisible();
  });
});
