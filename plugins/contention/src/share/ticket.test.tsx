import { MarkdownContent } from '@backstage/core-components';
import { renderInTestApp } from '@backstage/frontend-test-utils';
import { screen } from '@testing-library/react';
import { sentence } from '../__fixtures__/sentences';
import { inEnglish } from '../translation';
import { ticketMarkdown, utc, type Ticket } from './ticket';

const TEN = Date.parse('2026-11-21T10:00:00Z');
const ticket: Ticket = {
  title: 'checkout, noisy neighbours',
  name: 'checkout',
  range: { from: TEN - 1_800_000, to: TEN + 900_000 },
  sentence: {
    parts: [
      { type: 'text', text: 'Since ' },
      { type: 'time', at: TEN + 120_000 },
      { type: 'text', text: ' ' },
      {
        type: 'entity',
        entityRef: 'component:default/checkout',
        text: 'checkout',
      },
      { type: 'text', text: ' waits ' },
      { type: 'strong', text: '18 %' },
      { type: 'text', text: ' of the time while ' },
      { type: 'name', text: 'shop/batch' },
      { type: 'text', text: ' runs.' },
    ],
    text: '',
  },
  figures: [
    { name: 'waited for a CPU', value: '41 s' },
    { name: 'p99', value: '212 ms', note: '43 ms before' },
  ],
  url: 'https://portal.example/catalog/default/component/checkout/noisy-neighbours?from=2026-11-21T09%3A30%3A00Z&to=2026-11-21T10%3A15%3A00Z',
};

describe('a paragraph for a ticket', () => {
  it('is the sentence, the figures and the link, with times that are true anywhere', () => {
    expect(ticketMarkdown(ticket, inEnglish)).toBe(
      '**checkout, noisy neighbours**, 2026-11-21 09:30 – 10:15 UTC: ' +
        'Since 2026-11-21 10:02 UTC `checkout` waits **18 %** of the time while `shop/batch` runs. ' +
        'In all of it: waited for a CPU 41 s; p99 212 ms (43 ms before). ' +
        '[What held checkout up then](https://portal.example/catalog/default/component/checkout/noisy-neighbours?from=2026-11-21T09%3A30%3A00Z&to=2026-11-21T10%3A15%3A00Z)',
    );
  });

  it('says seconds where there are some', () => {
    expect(utc(TEN + 5_000)).toBe('2026-11-21 10:00:05');
  });

  it.each([
    ['a link', '[click](https://evil.example)'],
    ['an image', '![x](https://evil.example/x.png)'],
    ['a tag', '<img src=x onerror=alert(1)>'],
    ['an address', 'https://evil.example'],
    ['an address without a scheme', 'www.evil.example'],
    ['the end of code', 'a` **b** `c'],
    ['a table', 'a | b\n--- | ---\n1 | 2'],
    ['a heading', '\n\n# a'],
    ['a mail address', 'a@evil.example'],
    ['a reference', '[a]: https://evil.example'],
    ['struck text', '~~a~~'],
  ])('holds a name with %s as text', async (_, name) => {
    const text = ticketMarkdown(
      {
        ...ticket,
        title: `${name}, latency`,
        name,
        sentence: { parts: [{ type: 'name', text: name }], text: name },
        figures: [{ name, value: name }],
      },
      inEnglish,
    );
    expect(text).not.toMatch(/\n/);
    renderInTestApp(
      <div data-testid="ticket">
        <MarkdownContent content={text} dialect="gfm" />
      </div>,
    );
    const shown = await screen.findByTestId('ticket');
    const links = [...shown.querySelectorAll('a')].map(a =>
      a.getAttribute('href'),
    );
    expect(links).toEqual([ticket.url]);
    expect(shown.querySelector('img, table, h1, del, em')).toBeNull();
    expect(shown.querySelectorAll('p')).toHaveLength(1);
    // All of the name is there to be read.
    const read = shown.textContent!.replace(/\u2060/g, '');
    expect(read).toContain(name.trim().replace(/\s+/g, ' '));
  });

  it('shows a turn of direction instead of making it', () => {
    const text = ticketMarkdown(
      { ...ticket, sentence: sentence('~a\u202Ecod.exe~') },
      inEnglish,
    );
    expect(text).not.toMatch(/\u202E/);
    expect(text).toContain('a\\[U+202E\\]cod.exe');
  });
});
