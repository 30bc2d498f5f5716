import { RELATIONS } from 'backstage-plugin-contention-common';
import { swatchOf, verdictColour, WORDS, type Mode } from './colours';

const MODES: Mode[] = ['light', 'dark'];
/** Cards of the portal's own themes. */
const PAPER: Record<Mode, string> = { light: '#ffffff', dark: '#424242' };

function luminance(colour: string): number {
  const [r, g, b] = [1, 3, 5]
    .map(at => parseInt(colour.slice(at, at + 2), 16) / 255)
    .map(c => (c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(a: string, b: string): number {
  const [dark, light] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (light + 0.05) / (dark + 0.05);
}

const keys = Array.from({ length: 300 }, (_, n) => `component:default/s${n}`);

describe('words and colours', () => {
  it('has a word for every part, and no word twice', () => {
    const words = RELATIONS.map(relation => WORDS[relation]);
    expect(new Set(words).size).toBe(RELATIONS.length);
  });

  it.each(MODES)('can be told from the page in %s (3 to 1)', mode => {
    for (const relation of RELATIONS) {
      for (const key of keys) {
        const { colour } = swatchOf(relation, key, mode);
        expect(contrast(colour, PAPER[mode])).toBeGreaterThanOrEqual(3);
      }
    }
  });

  it('gives a neighbour the same red on every page, and many neighbours many reds', () => {
    const once = keys.map(key => swatchOf('neighbour', key, 'light').colour);
    const again = keys.map(key => swatchOf('neighbour', key, 'light').colour);
    expect(again).toEqual(once);
    expect(new Set(once).size).toBe(30);
  });

  it('hatches neighbours that are folded into one, in the colour of neighbours', () => {
    const { colour, hatched } = swatchOf(
      'neighbour',
      'smaller-neighbours',
      'light',
    );
    expect(hatched).toBe(true);
    expect(colour).not.toBe(swatchOf('other', 'x', 'light').colour);
  });

  it('hatches what is not known, and never a neighbour', () => {
    expect(swatchOf('unknown', 'x', 'light').hatched).toBe(true);
    expect(swatchOf('neighbour', 'x', 'light').hatched).toBe(false);
  });

  it.each(MODES)(
    'never shows "no data" in the colour of "all is well" in %s',
    mode => {
      const base = {
        severity: 'none' as const,
        sentence: { parts: [], text: '' },
      };
      expect(verdictColour({ ...base, cause: 'no-data' }, mode)).not.toBe(
        verdictColour({ ...base, cause: 'quiet' }, mode),
      );
    },
  );
});
