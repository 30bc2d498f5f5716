import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { LatencyTab } from '../tabs/latency/LatencyTab';
import { NeighboursTab } from '../tabs/neighbours/NeighboursTab';
import { renderOnEntityPage } from '../__testUtils__/renderOnEntityPage';
import { permalinkHere } from './permalinkHere';

const FROM = Date.parse('2026-11-21T09:30:00Z');
const TO = Date.parse('2026-11-21T10:15:00Z');

describe('a link to exactly what is shown', () => {
  it.each([
    'direction=caused&cluster=demo',
    'role=client&selectFrom=1795254000000&selectTo=1795254600000&bandFrom=0.1&bandTo=1',
    '',
  ])('has absolute times, and all else that is in the address: %s', search => {
    const url = new URL(
      permalinkHere(`https://portal.example/a?from=now-1h&to=now&${search}`, {
        from: FROM,
        to: TO,
      }),
    );
    const { from, to, ...rest } = Object.fromEntries(url.searchParams);
    expect([from, to]).toEqual([
      '2026-11-21T09:30:00Z',
      '2026-11-21T10:15:00Z',
    ]);
    expect(rest).toEqual(Object.fromEntries(new URLSearchParams(search)));
  });
});

describe('what is shown can be taken away', () => {
  const open = async (search = '') => {
    const user = userEvent.setup();
    renderOnEntityPage(<NeighboursTab />, { name: 'checkout', search });
    await screen.findByTestId('contention-verdict');
    return user;
  };

  it('as a paragraph for a ticket', async () => {
    const user = await open();
    const write = jest
      .spyOn(navigator.clipboard, 'writeText')
      .mockResolvedValue(undefined);
    await user.click(screen.getByRole('button', { name: 'Copy for ticket' }));
    expect(await screen.findByText(/^Copied for a ticket/)).toBeInTheDocument();
    const [text] = write.mock.calls[0];
    expect(text).toMatch(
      /^\*\*checkout, noisy neighbours\*\*, \d{4}-\d\d-\d\d /,
    );
    expect(text).toMatch(/waited for a CPU \d/);
    expect(text).toMatch(
      /\[What held checkout up then\]\(http.*from=\d{4}-.*\)$/,
    );
  });

  it.each(['Copy link', 'Copy for ticket'])(
    'is shown to be copied by hand where the clipboard is closed: %s',
    async name => {
      const user = await open();
      jest
        .spyOn(navigator.clipboard, 'writeText')
        .mockRejectedValue(new DOMException('no', 'NotAllowedError'));
      await user.click(screen.getByRole('button', { name }));
      const dialog = await screen.findByRole('dialog', {
        name: 'Your browser does not let this page copy',
      });
      const text = within(dialog).getByLabelText('the text to copy');
      expect((text as HTMLTextAreaElement).value).toMatch(/from=\d{4}-/);
      await user.click(within(dialog).getByRole('button', { name: 'Close' }));
    },
  );

  it('says so where no picture can be made', async () => {
    // As this browser of tests, which cannot draw.
    jest.spyOn(HTMLCanvasElement.prototype, 'getContext').mockReturnValue(null);
    const user = await open();
    await user.click(screen.getByRole('button', { name: 'Copy picture' }));
    expect(
      await screen.findByText('The picture could not be made'),
    ).toBeInTheDocument();
  });

  it('only where there is something to say', async () => {
    renderOnEntityPage(<LatencyTab />, { name: 'ghost' });
    await screen.findByText('No pods seen');
    for (const name of ['Copy for ticket', 'Copy picture']) {
      expect(screen.getByRole('button', { name })).toBeDisabled();
    }
    expect(screen.getByRole('button', { name: 'Copy link' })).toBeEnabled();
  });
});
