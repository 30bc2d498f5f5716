import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { EVIDENCE_IDS, FixtureContentionApi } from '../../__fixtures__';
import { renderPages } from '../../__testUtils__/renderPages';
import type { ContentionApi } from '../../api';

const address = () => screen.getByTestId('address').textContent;
const head = () => screen.findByTestId('contention-record');
const open = (id: string, path = '', api?: ContentionApi) =>
  renderPages(`/contention/evidence/${id}${path}`, { api });

/** All that a record could be asked for a second time. */
const LIVE_CONTROLS = /^(Last|From – to|Zoom|Refresh|Drag|Clear selection)/;

describe('a frozen record', () => {
  it('says what it is, who froze it, of what and why', async () => {
    open(EVIDENCE_IDS.manual);
    const record = await head();
    expect(
      screen.getByRole('heading', {
        name: 'Checkout slow during the sale',
        level: 1,
      }),
    ).toBeVisible();
    expect(record).toHaveTextContent('batch-report');
    expect(record).toHaveTextContent('Moved batch-report to the night pool');
    expect(record).toHaveTextContent(/by Amelia Park, by hand/);
    expect(
      within(record).getByRole('link', { name: /INC-4711/ }),
    ).toHaveAttribute('rel', expect.stringContaining('noopener'));
    expect(record).toHaveTextContent('unchanged since it was frozen');
    expect(record).toHaveTextContent(/[0-9a-f]{64}/);
  });

  it('opens on the tab that says most, and shows the same sentence there', async () => {
    open(EVIDENCE_IDS.manual);
    const record = await head();
    expect(
      screen.getByRole('tab', { name: 'Noisy neighbours' }),
    ).toHaveAttribute('aria-selected', 'true');
    const verdict = await screen.findByTestId('contention-verdict');
    const sentence = within(verdict).getByText(/Averages hide it/).textContent!;
    expect(record.textContent).toContain(sentence);
  });

  it.each([
    ['/latency', 'How long its requests took'],
    ['/latency?role=client', 'How long the requests it sent took'],
    ['/throttling', 'How often its CPU limit stopped it'],
    ['/noisy-neighbours', 'What checkout waited for'],
    ['/noisy-neighbours?direction=caused', 'Who waited while checkout ran'],
  ])(
    '%s shows what was frozen, and offers nothing that a record cannot answer',
    async (path, heading) => {
      open(EVIDENCE_IDS.manual, path);
      expect(
        await screen.findByRole('heading', { name: heading }),
      ).toBeVisible();
      expect(screen.getByText(/^Recorded data, frozen on/)).toBeVisible();
      expect(
        screen.queryByRole('button', { name: LIVE_CONTROLS }),
      ).not.toBeInTheDocument();
      expect(
        screen.queryByRole('button', { name: 'Freeze as evidence' }),
      ).not.toBeInTheDocument();
      for (const slider of screen.queryAllByRole('slider')) {
        expect(slider).not.toHaveAccessibleName(/Enter/);
      }
      expect(screen.queryByText(/Drag (to|over|zooms)/)).toBeNull();
    },
  );

  it('asks the backend for the record and for nothing else', async () => {
    const fixtures = new FixtureContentionApi();
    const never = () => {
      throw new Error('A record needs no living data');
    };
    const record = await fixtures.evidence(EVIDENCE_IDS.manual);
    open(EVIDENCE_IDS.manual, '/throttling', {
      ...fixtures,
      evidence: async () => record,
      latency: never,
      throttling: never,
      neighbours: never,
      diagnosis: never,
      evidenceSeen: never,
      evidenceOf: never,
    });
    expect(
      await screen.findByRole('heading', {
        name: 'How often its CPU limit stopped it',
      }),
    ).toBeVisible();
  });

  it('keeps to itself where its tabs lead to each other, and leads to others at the same time', async () => {
    open(EVIDENCE_IDS.manual, '/latency');
    const verdict = await screen.findByTestId('contention-verdict');
    const [culprit] = within(verdict).getAllByRole('link');
    expect(culprit).toHaveAttribute(
      'href',
      expect.stringMatching(/component\/batch-report\/.*from=\d{4}-/),
    );
    await userEvent.click(screen.getByRole('tab', { name: 'Throttling' }));
    await waitFor(() =>
      expect(address()).toBe(
        `/contention/evidence/${EVIDENCE_IDS.manual}/throttling`,
      ),
    );
  });

  it('still opens when its entity was renamed, and calls it what it was called', async () => {
    open(EVIDENCE_IDS.renamed);
    const record = await head();
    expect(record).toHaveTextContent('cashier (no longer in the catalog)');
    expect(
      await screen.findByRole('heading', { name: 'What cashier waited for' }),
    ).toBeVisible();
    expect(screen.queryByText(/as it is now/)).toBeNull();
  });

  it('says that it was made by itself', async () => {
    open(EVIDENCE_IDS.redacted);
    expect(await head()).toHaveTextContent(
      'by PagerDuty, automatic: an incident was reported',
    );
  });

  it('says that names are hidden, and that the hash is of all of it', async () => {
    open(EVIDENCE_IDS.redacted);
    expect(await head()).toHaveTextContent('some names are hidden from you');
  });

  it('says first and loudest that it was altered', async () => {
    open(EVIDENCE_IDS.altered);
    const alert = await screen.findByRole('alert');
    expect(alert).toHaveTextContent('This record is not what was frozen');
    expect(alert).toHaveTextContent('is not the hash that was stored');
    expect(await head()).not.toHaveTextContent('unchanged');
  });

  it('shows what somebody wrote as text, whatever it looks like', async () => {
    open(EVIDENCE_IDS.hostile);
    const record = await head();
    expect(record).toHaveTextContent('<script>alert("note")</script>');
    expect(record).toHaveTextContent('alert(document.domain)');
    const page = record.ownerDocument.body;
    expect(page.innerHTML).not.toMatch(/<script>alert|<iframe|<img src="?x/);
    expect(page.textContent).not.toMatch(/[\u202A-\u202E\u2066-\u2069]/);
    for (const link of screen.getAllByRole('link')) {
      expect(link.getAttribute('href')).toMatch(/^(\/|https?:)/);
    }
  });
});

describe('what stands in the way of a record', () => {
  it.each([EVIDENCE_IDS.missing, EVIDENCE_IDS.forbidden])(
    'is the same whether it is not there or not for this reader (%s)',
    async id => {
      open(id);
      const page = await screen.findByRole('region', {
        name: 'There is no such record',
      });
      expect(page).toHaveTextContent('or you may not see it');
      expect(page).not.toHaveTextContent(/403|404|Unauthorized/);
    },
  );

  it('is said when the backend failed, with another attempt', async () => {
    open(EVIDENCE_IDS.failed);
    const page = await screen.findByRole('region', {
      name: 'The data could not be loaded',
    });
    expect(within(page).getByText(/database is locked/)).toBeVisible();
    expect(within(page).getByText(/4b227777/)).toBeVisible();
    expect(
      within(page).getByRole('button', { name: 'Try again' }),
    ).toBeVisible();
  });

  it('is the shape of a page while it loads', async () => {
    open(EVIDENCE_IDS.slow);
    expect(
      await screen.findByRole('status', { name: 'Loading' }),
    ).toBeVisible();
  });
});

describe('the right of reply', () => {
  const text = () => screen.getByRole('textbox', { name: 'Your reply' });
  const send = () => screen.getByRole('button', { name: 'Sign and append' });

  it('shows what was answered, by whom and for which service', async () => {
    open(EVIDENCE_IDS.manual);
    const reply = await screen.findByText(/we stayed within our request/);
    expect(reply.closest('li')).toHaveTextContent(
      'Nikolai Brandt for batch-report',
    );
  });

  it('tells who may reply to those who may not', async () => {
    open(EVIDENCE_IDS.altered);
    expect(
      await screen.findByText(/Nobody has replied. Owners of the services/),
    ).toHaveTextContent('batch-report (Data)');
    expect(screen.queryByRole('textbox', { name: 'Your reply' })).toBeNull();
  });

  it('appends what the accused write, in the name that they choose', async () => {
    open(EVIDENCE_IDS.mayReply);
    await screen.findByRole('heading', { name: 'Replies' });
    expect(send()).toBeDisabled();
    await userEvent.click(
      screen.getByRole('button', { name: /In the name of/ }),
    );
    await userEvent.click(screen.getByRole('option', { name: 'nightly-etl' }));
    await userEvent.type(text(), 'It was not us.');
    await userEvent.click(send());
    const reply = await screen.findByText('It was not us.');
    expect(reply.closest('li')).toHaveTextContent('Guest for nightly-etl');
    expect(text()).toHaveValue('');
  });

  it('keeps what was typed when it could not be appended', async () => {
    const fixtures = new FixtureContentionApi();
    open(EVIDENCE_IDS.mayReply, '', {
      ...fixtures,
      replyToEvidence: async () => {
        throw new Error('The network is down');
      },
    });
    await screen.findByRole('heading', { name: 'Replies' });
    await userEvent.type(text(), 'A long story');
    await userEvent.click(send());
    expect(await screen.findByText('The network is down')).toBeVisible();
    expect(text()).toHaveValue('A long story');
  });
});

describe('what one can do with a record', () => {
  it('copies its link', async () => {
    const user = userEvent.setup();
    const write = jest
      .spyOn(navigator.clipboard, 'writeText')
      .mockResolvedValue(undefined);
    open(EVIDENCE_IDS.manual);
    await head();
    await user.click(screen.getByRole('button', { name: 'Copy link' }));
    expect(write).toHaveBeenCalledWith(
      `http://localhost/contention/evidence/${EVIDENCE_IDS.manual}`,
    );
  });

  it.each([
    ['Markdown', 'md'],
    ['JSON', 'json'],
    ['picture (SVG)', 'svg'],
  ])('downloads %s', async (name, format) => {
    const fixtures = new FixtureContentionApi();
    const evidenceFile = jest.fn(fixtures.evidenceFile);
    const saved: string[] = [];
    window.URL.createObjectURL = () => 'blob:record';
    window.URL.revokeObjectURL = () => {};
    jest
      .spyOn(HTMLAnchorElement.prototype, 'click')
      .mockImplementation(function click(this: HTMLAnchorElement) {
        saved.push(this.download);
      });
    open(EVIDENCE_IDS.manual, '', { ...fixtures, evidenceFile });
    await head();
    await userEvent.click(
      screen.getByRole('button', { name: `Download ${name}` }),
    );
    await waitFor(() =>
      expect(saved).toEqual([`contention-checkout-a1000000.${format}`]),
    );
    expect(evidenceFile).toHaveBeenCalledWith(EVIDENCE_IDS.manual, format);
  });

  it('says so when a download fails', async () => {
    const fixtures = new FixtureContentionApi();
    open(EVIDENCE_IDS.manual, '', {
      ...fixtures,
      evidenceFile: async () => {
        throw new Error('The disk is full');
      },
    });
    await head();
    await userEvent.click(
      screen.getByRole('button', { name: 'Download JSON' }),
    );
    expect(await screen.findByText('The disk is full')).toBeVisible();
  });

  it('is deleted after a question, by those who may', async () => {
    open(EVIDENCE_IDS.manual);
    await head();
    await userEvent.click(screen.getByRole('button', { name: 'Delete' }));
    const dialog = await screen.findByRole('dialog');
    expect(dialog).toHaveTextContent('Checkout slow during the sale');
    await userEvent.click(
      within(dialog).getByRole('button', { name: 'Delete for good' }),
    );
    await waitFor(() =>
      expect(address()).toBe(
        '/contention/evidence?entity=component%3Adefault%2Fcheckout',
      ),
    );
    await screen.findByRole('table');
    expect(screen.queryByText('Checkout slow during the sale')).toBeNull();
  });

  it('is not deleted by somebody who thought better of it, nor by those who may not', async () => {
    const fixtures = new FixtureContentionApi();
    const deleteEvidence = jest.fn(fixtures.deleteEvidence);
    const { unmount } = await open(EVIDENCE_IDS.manual, '', {
      ...fixtures,
      deleteEvidence,
    });
    await head();
    await userEvent.click(screen.getByRole('button', { name: 'Delete' }));
    await userEvent.click(
      within(await screen.findByRole('dialog')).getByRole('button', {
        name: 'Cancel',
      }),
    );
    expect(deleteEvidence).not.toHaveBeenCalled();
    unmount();
    open(EVIDENCE_IDS.mayReply);
    await head();
    expect(screen.queryByRole('button', { name: 'Delete' })).toBeNull();
  });
});
