import { matches, parseSelector, SelectorError } from './selector';

const labels = (pairs: Record<string, string>) =>
  new Map(Object.entries(pairs));
const pod = labels({
  app: 'checkout',
  tier: 'web',
  'app.kubernetes.io/part-of': 'shop',
});

describe('label selectors', () => {
  it.each([
    ['app=checkout', true],
    ['app==checkout', true],
    ['app=search', false],
    ['app!=search', true],
    ['app!=checkout', false],
    ['absent!=anything', true],
    ['app', true],
    ['absent', false],
    ['!absent', true],
    ['!app', false],
    ['app in (checkout, search)', true],
    ['app in (search)', false],
    ['absent in (search)', false],
    ['app notin (search, cart)', true],
    ['app notin (checkout)', false],
    ['absent notin (checkout)', true],
    ['app=checkout,tier=web', true],
    ['app=checkout,tier=db', false],
    ['  app = checkout , tier in ( web ,db ), !absent ', true],
    ['app.kubernetes.io/part-of=shop', true],
    ['app in (checkout),tier notin (db),app.kubernetes.io/part-of', true],
    ['in in (in)', false],
    ['absent=', false],
  ])('%s', (text, expected) => {
    expect(matches(parseSelector(text), pod)).toBe(expected);
  });

  it('may ask for an empty value', () => {
    expect(matches(parseSelector('a='), labels({ a: '' }))).toBe(true);
    expect(matches(parseSelector('a in (,b)'), labels({ a: '' }))).toBe(true);
  });

  it.each([
    '',
    '   ',
    ',',
    'app=checkout,',
    'app=checkout tier=web',
    'app in checkout',
    'app in (checkout',
    'app in checkout)',
    '=checkout',
    '!',
    'app=b=c',
    'app is checkout',
    '-app=1',
    'app=-x',
    `app=${'x'.repeat(64)}`,
    'UPPER.example/app=1',
  ])('refuses %p', text => {
    expect(() => parseSelector(text)).toThrow(SelectorError);
  });
});
