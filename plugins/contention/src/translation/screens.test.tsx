import { screen } from '@testing-library/react';
import { renderOnEntityPage } from '../__testUtils__/renderOnEntityPage';
import { OverviewCard } from '../card/OverviewCard';
import { LatencyTab } from '../tabs/latency/LatencyTab';
import { NeighboursTab } from '../tabs/neighbours/NeighboursTab';
import { ThrottlingTab } from '../tabs/throttling/ThrottlingTab';
import { flatten } from './flatten';
import { german } from './de';
import { english } from './en';

const en: Record<string, string> = flatten(english);
const germanText = Object.values(flatten(german)).join('\n');

/** Shorter pieces of a sentence also occur in names, and in what the backend says. */
const LEAST_LETTERS = 12;

/** What is English in the messages, between their values. */
const englishPieces = Object.entries(en).flatMap(([key, text]) =>
  text
    .split(/\{\{[^}]*\}\}/)
    .map(piece => piece.trim())
    .filter(piece => piece.length >= LEAST_LETTERS)
    .filter(piece => !germanText.includes(piece))
    .map(piece => ({ key, piece })),
);

/** The sentence comes from the backend, in English; the card says it, too. */
const SENTENCE = ['verdict', 'card']
  .map(where => `[data-testid="contention-${where}"] p:first-of-type`)
  .join(', ');

/** Everything else that is read or read out, one text a line. */
function textsOnScreen(): string[] {
  const elements = [...document.body.querySelectorAll('*')].filter(
    element => !element.closest(SENTENCE),
  );
  return elements.flatMap(element => [
    ...[...element.childNodes]
      .filter(node => node.nodeType === Node.TEXT_NODE)
      .map(node => node.textContent ?? ''),
    ...['aria-label', 'aria-valuetext', 'title'].map(
      name => element.getAttribute(name) ?? '',
    ),
  ]);
}

function englishOnScreen(): string[] {
  const text = textsOnScreen().join('\n');
  return englishPieces
    .filter(({ piece }) => text.includes(piece))
    .map(({ key, piece }) => `${key}: ${piece}`);
}

describe('in German', () => {
  it.each([
    [<LatencyTab key="0" />, 'Wie lange Threads auf eine CPU warteten'],
    [<ThrottlingTab key="1" />, 'Wie oft das CPU-Limit es anhielt'],
    [<NeighboursTab key="2" />, 'Worauf checkout wartete'],
    [<OverviewCard key="3" />, 'Was es aufhält'],
  ])(
    'no English is left of screen %#',
    async (element, heading) => {
      renderOnEntityPage(element, { name: 'checkout', language: 'de' });
      await screen.findByRole(
        'heading',
        { name: heading },
        { timeout: 30_000 },
      );
      await screen.findAllByRole('img', {}, { timeout: 30_000 });
      expect(englishOnScreen()).toEqual([]);
    },
    120_000,
  );

  it('English would be found', async () => {
    renderOnEntityPage(<OverviewCard />, { name: 'checkout' });
    await screen.findByRole('heading', { name: 'What holds it up' });
    expect(englishOnScreen()).toContain('card.title: What holds it up');
  }, 120_000);
});
