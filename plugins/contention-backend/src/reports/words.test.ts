import { duration, lastPhrase, percent, plain, teamOf, utcTime } from './words';

describe('numbers in plain units', () => {
  it.each([
    [0.784, '78 %'],
    [1, '100 %'],
    [0.0213, '2.1 %'],
    [0.002, '0.2 %'],
    [0.0995, '10 %'],
    [0.00001, 'under 0.01 %'],
    [0, '0 %'],
  ])('a share of %p is %p', (value, text) => {
    expect(percent(value)).toBe(text);
  });

  it.each([
    [41.3, '41 s'],
    [0.0431, '43 ms'],
    [0.00023, '230 µs'],
    [119.4, '119 s'],
    [120, '2 min'],
    [7200, '2 h'],
    [0, '0 s'],
    [1.44, '1.4 s'],
  ])('%p seconds are %p', (value, text) => {
    expect(duration(value)).toBe(text);
  });

  it('have three significant digits at most and no exponent', () => {
    for (let exponent = -2; exponent < 2.99; exponent += 0.01) {
      const text = plain(10 ** exponent);
      expect(text).toMatch(/^\d{1,3}(\.\d{1,2})?$/);
      expect(text.replace(/^0\.0*|\./g, '').length).toBeLessThanOrEqual(3);
    }
  });
});

describe('times', () => {
  const now = Date.UTC(2026, 10, 21, 10, 2, 3);

  it.each([
    [3_600_000, 'the last hour'],
    [900_000, 'the last 15 minutes'],
    [60_000, 'the last minute'],
    [20_000, 'the last 20 s'],
    [6 * 3_600_000, 'the last 6 hours'],
    [7 * 86_400_000, 'the last 7 days'],
  ])('a range of %p ms up to now is %p', (length, text) => {
    expect(lastPhrase(now - length, now, now)).toBe(text);
  });

  it('a range that ended has no such name', () => {
    expect(lastPhrase(now - 7_200_000, now - 3_600_000, now)).toBeUndefined();
  });

  it('of another day have their date', () => {
    expect(utcTime(now, now)).toBe('10:02 UTC');
    expect(utcTime(now - 86_400_000, now)).toBe('2026-11-20 10:02 UTC');
  });
});

it('a team is called a team once', () => {
  expect(teamOf('Data')).toBe('team Data');
  expect(teamOf('Team Data')).toBe('Team Data');
});
