/**
 * Text that others wrote, made harmless for a file: nothing that steers a terminal or turns the direction of writing stays
 * invisible, and nothing is markup. Names in a record come from pods, labels, catalogs and people. Pure.
 */

/**
 * Control characters (C0, C1, delete), line and paragraph separators, marks and overrides of the direction of writing, zero
 * width characters, byte order marks, tags and lone surrogates.
 */
const UNSEEN =
  // eslint-disable-next-line no-control-regex
  /[\u0000-\u001f\u007f-\u009f\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/gu;

/** One line in which every character can be seen: `U+202E` in brackets instead of what cannot. */
export function printable(text: string): string {
  return text.replace(UNSEEN, found => {
    const code = found.codePointAt(0)!;
    if (found === '\n' || found === '\t' || found === '\r') return ' ';
    return `[U+${code.toString(16).toUpperCase().padStart(4, '0')}]`;
  });
}

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

/** Inline Markdown that says exactly this text: no link, no picture, no HTML, no table cell of its own. */
export function markdown(text: string): string {
  return printable(text)
    .replace(/[\\`*_{}[\]()#+\-.!|~^$:=@/]/g, found => `\\${found}`)
    .replace(/[&<>"']/g, found => `&#${found.codePointAt(0)};`);
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
