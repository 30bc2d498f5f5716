import { wrapped } from './wrapped';

const measure = (text: string) => text.length;

describe('words in lines', () => {
  it('break between words, and within one only where it must be', () => {
    expect(wrapped('a bb ccc dddd', 5, measure)).toEqual([
      'a bb',
      'ccc',
      'dddd',
    ]);
    expect(wrapped('x'.repeat(12), 5, measure)).toEqual([
      'xxxxx',
      'xxxxx',
      'xx',
    ]);
  });

  it.each([1, 2, 3, 5, 8, 13, 100])(
    'lose nothing and are never wider than %d',
    width => {
      const text =
        'Since 10:02 checkout waits 18 % of the time it wants to run on ip-10-0-0-1.eu-central-1.compute.internal';
      const lines = wrapped(text, width, measure);
      expect(lines.join('').replace(/ /g, '')).toBe(text.replace(/ /g, ''));
      for (const line of lines) expect(line.length).toBeLessThanOrEqual(width);
    },
  );

  it('cut no character in two', () => {
    expect(wrapped('😀😀', 2, measure)).toEqual(['😀', '😀']);
  });
});
