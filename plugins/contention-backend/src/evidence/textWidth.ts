/**
 * How wide a text is in the Helvetica or Arial of a picture that nobody has laid out, and as much of it as fits. By kinds of
 * characters, each as wide as the widest of its kind: an estimate that is too large rather than too small. Pure.
 */

/** In parts of the font size, from the widths that Arial states; the first that matches counts. */
const KINDS: readonly [RegExp, number][] = [
  [/[\p{Mn}\p{Me}]/u, 0],
  [/[ijl'|]/, 0.26],
  [/[ftrI !.,:;/\\()[\]{}`"-]/, 0.36],
  [/[mMW@%\u2014\u2026]/, 1.02],
  [/[A-Z&w\u00c0-\u00de]/, 0.79],
  [/[ -\u024f\u2010-\u2027]/, 0.59],
];
/** Scripts that this does not know, and pictures: a square. */
const UNKNOWN = 1.1;
/** Bold letters are wider. */
const BOLD = 1.08;

function widthOf(character: string): number {
  return KINDS.find(([kind]) => kind.test(character))?.[1] ?? UNKNOWN;
}

export interface Font {
  /** Pixels. */
  size: number;
  weight?: number;
}

/** Pixels. */
export function textWidth(text: string, { size, weight = 400 }: Font): number {
  let width = 0;
  for (const character of text) width += widthOf(character);
  return width * size * (weight >= 600 ? BOLD : 1);
}

/** As much of a line as fits into so many pixels; an ellipsis says that there was more. */
export function fitted(text: string, font: Font, pixels: number): string {
  if (textWidth(text, font) <= pixels) return text;
  const ellipsis = '\u2026';
  const room = pixels - textWidth(ellipsis, font);
  let kept = '';
  let width = 0;
  for (const character of text) {
    width += textWidth(character, font);
    if (width > room) break;
    kept += character;
  }
  return `${kept.trimEnd()}${ellipsis}`;
}

/** A text as lines that fit, broken between words, and within a word that is longer than a line. */
export function wrappedLines(
  text: string,
  font: Font,
  pixels: number,
): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    const joined = line === '' ? word : `${line} ${word}`;
    if (textWidth(joined, font) <= pixels) {
      line = joined;
      continue;
    }
    if (line !== '') lines.push(line);
    line = '';
    for (const character of word) {
      if (textWidth(line + character, font) > pixels) {
        lines.push(line);
        line = '';
      }
      line += character;
    }
  }
  lines.push(line);
  return lines;
}
