import {
  formatCount,
  formatCpus,
  formatDuration,
  formatDurations,
  formatRate,
  formatShare,
  NOTHING,
  shareAtLeast,
} from './numbers';
import { writeIn } from './locale';
import { formatDay, formatMoment } from './time';

const plain = (text: string) => text.replace(/\u00a0/g, ' ');

describe('numbers on the screen', () => {
  it('shows a duration in the unit that fits, with three significant digits at most', () => {
    const shown = [4.2e-7, 1.234e-5, 0.0123, 0.0434, 0.9996, 41, 605, 30_000]
      .map(formatDuration)
      .map(plain);
    expect(shown).toEqual([
      '420 ns',
      '12.3 µs',
      '12.3 ms',
      '43.4 ms',
      '1 s',
      '41 s',
      '10.1 min',
      '8.33 h',
    ]);
  });

  it('never rounds a share to nothing or to everything that is neither', () => {
    const shown = [0, 0.0004, 0.0021, 0.184, 0.78, 0.9991, 1]
      .map(formatShare)
      .map(plain);
    expect(shown).toEqual([
      '0 %',
      '<0.1 %',
      '0.2 %',
      '18 %',
      '78 %',
      '>99 %',
      '100 %',
    ]);
  });

  it('never rounds up a share that is at least so large', () => {
    const shown = [0, 0.0389, 0.29, 0.8999, 0.9, 0.9999, 1]
      .map(share => formatShare(shareAtLeast(share)))
      .map(plain);
    expect(shown).toEqual([
      '0 %',
      '3.8 %',
      '29 %',
      '89 %',
      '90 %',
      '99 %',
      '100 %',
    ]);
  });

  it('tells "no number" apart from zero', () => {
    expect(formatDuration(null)).toBe(NOTHING);
    expect(formatShare(undefined)).toBe(NOTHING);
    expect(formatCpus(undefined)).toBe(NOTHING);
    expect(plain(formatDuration(0))).toBe('0 s');
    expect(plain(formatCpus(0))).toBe('0 CPU');
  });

  it('shortens large counts', () => {
    expect([7, 999, 12_345, 218_000].map(formatCount)).toEqual([
      '7',
      '999',
      '12.3K',
      '218K',
    ]);
  });
});

describe('stretches of durations', () => {
  it.each([
    [0.125, 0.25, '125 – 250 ms'],
    [0.5, 1, '500 ms – 1 s'],
    [0, 0.25, 'up to 250 ms'],
    [0.25, undefined, 'over 250 ms'],
  ])('%d to %d s: %s', (from, to, text) => {
    expect(plain(formatDurations(from, to))).toBe(text);
  });
});

describe('rates', () => {
  it.each([
    [38.24, '38.2/s'],
    [0.5, '30/min'],
    [0.00167, '6.01/h'],
    [0, '0/s'],
    [null, '–'],
  ])('%d a second: %s', (perSecond, text) => {
    expect(formatRate(perSecond)).toBe(text);
  });
});

describe('in German', () => {
  beforeAll(() => writeIn('de'));
  afterAll(() => writeIn('en-GB'));

  it('numbers have a comma, and a thousand its point', () => {
    expect(
      [
        formatDuration(0.0123),
        formatShare(0.021),
        formatShare(0.0001),
        formatShare(0.5),
        formatCpus(1.4),
        formatRate(38.2),
      ].map(plain),
    ).toEqual(['12,3 ms', '2,1 %', '<0,1 %', '50 %', '1,4 CPU', '38,2/s']);
    expect(plain(formatCount(1_234_000))).toBe('1,23 Mio.');
  });

  it('moments are said as Germans say them', () => {
    const now = new Date(2026, 10, 21, 12).getTime();
    expect(formatDay(new Date(2026, 9, 3).getTime(), now)).toBe('3. Okt.');
    expect(formatMoment(new Date(2026, 10, 21, 9, 5).getTime(), now)).toBe(
      '09:05',
    );
  });
});
