/**
 * Words of others in Markdown: a pod, an owner or a note may be called anything, and must stay text. Pure.
 */
import { printable } from './printable';

/** Text on one line, in which everything can be seen. */
export function plainLine(text: string): string {
  return printable(text.replace(/[\s\u0085]+/g, ' '));
}

/** Text as text: nothing in it is markup, a link, a mention or a cell of a table. */
export function markdownText(text: string): string {
  return (
    plainLine(text)
      .replace(/[\\`*_[\]<>|~&#!^]/g, '\\$&')
      // What looks like an address becomes a link without any markup; a word joiner is not seen.
      .replace(/:\/\//g, ':\u2060//')
      .replace(/\bwww\./gi, 'www\u2060.')
      .replace(/@/g, '@\u2060')
      // A list or a heading, at the start of a line.
      .replace(/^(\s*)([-+=]|\d+[.)])(?=\s|$)/, '$1\\$2')
  );
}

/** Names of things that run are nearly always of these characters. */
const ORDINARY = /^[A-Za-z0-9](?:[\w.:/ -]*[\w-])?$/;

/** A name: as code where it is an ordinary one, and otherwise as harmless text. */
export function markdownName(name: string): string {
  return ORDINARY.test(name) && !/:\/\//.test(name)
    ? `\`${name}\``
    : markdownText(name);
}

/** A link to a page of ours. Throws for anything but http and https. */
export function markdownLink(text: string, url: string): string {
  const { href, protocol } = new URL(url);
  if (protocol !== 'https:' && protocol !== 'http:') {
    throw new TypeError(`'${protocol}' is no link for a ticket`);
  }
  // Brackets and bars that an address may hold would end the link, or a cell around it.
  const safe = href.replace(
    /[()<>[\]|\\*_~`]/g,
    character =>
      `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`,
  );
  return `[${markdownText(text)}](${safe})`;
}
