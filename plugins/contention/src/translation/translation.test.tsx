import { english } from './en';
import { german } from './de';
import { flatten } from './flatten';
import { TAB_TITLES } from './tabTitles';

const en: Record<string, string> = flatten(english);
const de: Record<string, string> = flatten(german);

const placeholders = (text: string) =>
  [...text.matchAll(/\{\{\s*([^},]+)/g)].map(([, name]) => name.trim()).sort();

describe('German', () => {
  it('has every key that English has, and no other', () => {
    expect(Object.keys(de).sort()).toEqual(Object.keys(en).sort());
  });

  it.each(Object.keys(en))('%s takes the same values as in English', key => {
    expect(placeholders(de[key])).toEqual(placeholders(en[key]));
  });

  it.each(Object.keys(en))('%s says something', key => {
    expect(de[key].trim()).not.toBe('');
    expect(en[key].trim()).not.toBe('');
  });
});

describe('the titles of tabs', () => {
  it.each([
    ['en', english],
    ['de', german],
  ])('are the words that pages use for them: %s', (language, words) => {
    const { latency, throttling, neighbours } = TAB_TITLES[language];
    expect({ latency, throttling, neighbours }).toEqual({
      latency: words.report.latency,
      throttling: words.report.throttling,
      neighbours: words.report.neighbours,
    });
  });
});
