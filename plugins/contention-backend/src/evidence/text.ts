/**
 * Text that others wrote, made harmless for a file: nothing that steers a terminal or turns the direction of writing stays
 * invisible, and nothing is markup. Names in a record come from pods, labels, catalogs and people. Pure.
 */
import { printable } from 'backstage-plugin-contention-common';

/** The lines of a text of several, each printable. */
export function printableLines(text: string): string[] {
  return text.split(/\r\n|\r|\n/).map(printable);
}

/** At most so many characters; an ellipsis says that there were more. */
export function clipped(text: string, characters: number): string {
  const all = Array.from(text);
  return all.length <= characters
    ? text
    : `${all.slice(0, characters - 1).join('')}\u2026`;
}

/** For element content and quoted attributes of XML. */
export function xml(text: string): string {
  return printable(text).replace(
    /[&<>"']/g,
    found => `&#${found.codePointAt(0)};`,
  );
}

/** Inline Markdown that says exactly this text: no link, no picture, no HTML, no table cell and no block of its own. */
export function markdown(text: string): string {
  return (
    printable(text)
      .replace(/[\\`*_{}[\]()#+\-.!|~^$:=@/]/g, found => `\\${found}`)
      .replace(/[&<>"']/g, found => `&#${found.codePointAt(0)};`)
      // What is indented is code.
      .replace(/^\s+/, indent => '&#160;'.repeat(indent.length))
  );
}

/** A link whose address was checked before: http and https only. */
export function markdownLink(url: string): string {
  const { href } = new URL(url);
  const address = href.replace(
    /[<>()\\\s"'`|]/g,
    found => `%${found.codePointAt(0)!.toString(16).padStart(2, '0')}`,
  );
  return `[${markdown(clipped(href, 100))}](<${address}>)`;
}
