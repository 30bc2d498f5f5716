/** What stands in a ticket: the sentence, the figures and the link, as one paragraph of Markdown. Pure. */
import {
  markdownLink,
  markdownName,
  markdownText,
  type Sentence,
} from 'backstage-plugin-contention-common';
import type { Figure } from '../report/Figures';
import type { Words } from '../translation';

export interface Ticket {
  /** Of whom, and which view. */
  title: string;
  /** Of whom. */
  name: string;
  sentence: Sentence;
  /** Epoch milliseconds. */
  range: { from: number; to: number };
  figures: readonly Figure[];
  /** With absolute times. */
  url: string;
}

/** One paragraph that is true in every zone and on every day: times are UTC, with their date. */
export function ticketMarkdown(ticket: Ticket, t: Words): string {
  const { title, name, sentence, range, figures, url } = ticket;
  return [
    `**${markdownText(title)}**, ${utcRange(range.from, range.to)}:`,
    sentence.parts
      .map(part => partMarkdown(part))
      .join('')
      .trim(),
    figuresMarkdown(figures, t),
    markdownLink(t('share.ticketLink', { name }), url),
  ]
    .filter(text => text !== '')
    .join(' ');
}

function partMarkdown(part: Sentence['parts'][number]): string {
  switch (part.type) {
    case 'text':
      return markdownText(part.text);
    case 'strong':
      return `**${markdownText(part.text)}**`;
    case 'time':
      return `${utc(part.at)} UTC`;
    default:
      return markdownName(part.text);
  }
}

function figuresMarkdown(figures: readonly Figure[], t: Words): string {
  if (figures.length === 0) return '';
  const items = figures.map(({ name, value, note }) =>
    markdownText(`${name} ${value}${note ? ` (${note})` : ''}`),
  );
  return t('share.ticketAll', { figures: items.join('; ') });
}

/** `2026-11-21 10:02`, with seconds where they matter. */
export function utc(ms: number): string {
  const iso = new Date(ms).toISOString();
  const isMinute = ms % 60_000 === 0;
  return iso.slice(0, isMinute ? 16 : 19).replace('T', ' ');
}

export function utcRange(from: number, to: number): string {
  const start = utc(from);
  const end = utc(to);
  const isOneDay = start.slice(0, 10) === end.slice(0, 10);
  return `${start} – ${isOneDay ? end.slice(11) : end} UTC`;
}
