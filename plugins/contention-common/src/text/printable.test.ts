import { printable } from './printable';

it.each([
  ['checkout', 'checkout'],
  ['Größe \u{1f600} 你好', 'Größe \u{1f600} 你好'],
  ['<b>a&b</b>', '<b>a&b</b>'],
  ['a\nb\tc', 'a b c'],
  ['\u001b[31mred\u0007', '[U+001B][31mred[U+0007]'],
  ['invoice\u202Efdp.exe', 'invoice[U+202E]fdp.exe'],
  ['che\u200bckout', 'che[U+200B]ckout'],
  ['a\u2028b', 'a[U+2028]b'],
  ['tag\u{e0041}', 'tag[U+E0041]'],
  ['a\uffffb\ufffe', 'a[U+FFFF]b[U+FFFE]'],
  ['half \ud83d', 'half [U+D83D]'],
])('%j is shown as %j', (text, shown) => {
  expect(printable(text)).toBe(shown);
  // Nothing is hidden in what is shown.
  expect(printable(shown)).toBe(shown);
});
