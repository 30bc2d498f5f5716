import { toCsv, toJson } from './copy';

const only = (cell: string) =>
  toCsv({ columns: ['a'], rows: [[cell]] }).split('\r\n')[1];

describe('rows for a spreadsheet', () => {
  it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '  =1', '\u202e=1', '＝1'])(
    'are text, never a formula: %j',
    cell => {
      expect(only(cell)).toMatch(/^"'/);
    },
  );

  it('keep names that only look odd', () => {
    expect(only('shop/checkout-1')).toBe('"shop/checkout-1"');
    expect(only('a "b", c')).toBe('"a ""b"", c"');
    expect(only('metadata:\n  annotations:')).toBe(
      '"metadata:\n  annotations:"',
    );
  });

  it('have as many cells as columns', () => {
    const csv = toCsv({
      columns: ['a', 'b'],
      rows: [
        ['x', undefined],
        ['', 7],
      ],
    });
    expect(csv).toBe('"a","b"\r\n"x",""\r\n"",7\r\n');
  });
});

it('rows as JSON are what they are', () => {
  const json = toJson({ columns: ['a'], rows: [['=1+1']] });
  expect(JSON.parse(json)).toEqual([{ a: '=1+1' }]);
});
