import {
  markdownLink,
  markdownName,
  markdownText,
  plainLine,
} from './markdown';

describe('words of others in Markdown', () => {
  it.each([
    [
      'an ordinary name',
      'checkout-5d8f7c9b64-x2x4z',
      '`checkout-5d8f7c9b64-x2x4z`',
    ],
    ['a backtick', 'a`b', 'a\\`b'],
    ['a link', '[x](javascript:alert(1))', '\\[x\\](javascript:alert(1))'],
    ['a cell', 'a|b', 'a\\|b'],
    ['lines', 'a\n\n# b\r\nc', 'a \\# b c'],
    ['markup', '<img src=x>', '\\<img src=x\\>'],
    ['an entity', '&lt;', '\\&lt;'],
    ['a turn of direction', 'a\u202Ecod', 'a\\[U+202E\\]cod'],
    ['an escape sequence', 'a\u001b[31mb', 'a\\[U+001B\\]\\[31mb'],
    ['an address', 'https://evil.example', 'https:\u2060//evil.example'],
    ['a mention', '@all', '@\u2060all'],
  ])('%s', (_, name, markdown) => {
    expect(markdownName(name)).toBe(markdown);
  });

  it('stay text at the start of a line', () => {
    expect(markdownText('- a')).toBe('\\- a');
    expect(markdownText('1. a')).toBe('\\1. a');
    expect(markdownText('a - b')).toBe('a - b');
  });

  it('are one line', () => {
    expect(plainLine('a\u2028b\u0000c\td')).toBe('a b[U+0000]c d');
  });

  it('are the text of a link that nothing in its address ends', () => {
    expect(
      markdownLink(
        'a](x',
        'https://p.example/a(b)?c=[d]|e&from=2026-11-21T10:00:00Z',
      ),
    ).toBe(
      '[a\\](x](https://p.example/a%28b%29?c=%5Bd%5D%7Ce&from=2026-11-21T10:00:00Z)',
    );
    expect(() => markdownLink('a', 'data:text/html,x')).toThrow(TypeError);
  });
});
