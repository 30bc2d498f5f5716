/**
 * Text that others wrote (names of pods and units, labels, titles), made so that all of it can be seen: nothing steers a
 * terminal or turns the direction of writing, and no two names look the same that are not. Pure.
 */

/**
 * Control characters (C0, C1, delete), line and paragraph separators, marks and overrides of the direction of writing, zero
 * width characters, byte order marks, what is no character (and never in XML), tags and lone surrogates.
 */
const UNSEEN =
  // eslint-disable-next-line no-control-regex
  /[\u0000-\u001f\u007f-\u009f\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ufffe\uffff\u{e0000}-\u{e007f}]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/gu;

/** Nearly all names are: then there is nothing to look for. */
const PLAIN = /^[ -~]*$/;

/** One line in which every character can be seen: `[U+202E]` instead of what cannot, a space for a line break or tab. */
export function printable(text: string): string {
  if (PLAIN.test(text)) return text;
  return text.replace(UNSEEN, found => {
    if (found === '\n' || found === '\t' || found === '\r') return ' ';
    const code = found.codePointAt(0)!.toString(16).toUpperCase();
    return `[U+${code.padStart(4, '0')}]`;
  });
}
