/**
 * Words of others in Markdown: a pod, an owner or a note may be called anything, and must stay text. Pure.
 */

/** Marks that turn the direction of text, and with it what a reader takes for the next word. */
const DIRECTION = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/** Line ends and other control characters. */
// eslint-disable-next-line no-control-regex
const CONTROL = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g;

/** Text on one line that reads in the order in which it is written. */
export function plainLine(text: string): string {
  return text.replace(CONTROL, ' ').replace(DIRECTION, '\ufffd');
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
