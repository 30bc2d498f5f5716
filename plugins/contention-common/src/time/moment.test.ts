import fc from 'fast-check';
import { readMoment } from './moment';

const TEN = Date.parse('2026-11-21T10:00:00Z');

describe('a moment as alert tools print it', () => {
  it.each([
    ['epoch seconds', '1795255200'],
    ['epoch seconds as Slack prints them', '1795255200.000100'],
    ['epoch milliseconds', '1795255200000'],
    ['epoch microseconds', '1795255200000000'],
    ['epoch nanoseconds', '1795255200000000000'],
    ['ISO 8601 in UTC', '2026-11-21T10:00:00Z'],
    ['with milliseconds', '2026-11-21T10:00:00.000Z'],
    ['with an offset', '2026-11-21T11:00:00+01:00'],
    ['whose plus a URL turned into a space', '2026-11-21T11:00:00 01:00'],
    ['with an offset west of UTC', '2026-11-21T05:00:00-05:00'],
    ['as Jira prints it', '2026-11-21T10:00:00.0+0000'],
    ['as Jira prints it, its plus lost', '2026-11-21T10:00:00.0 0000'],
    ['as Go prints it', '2026-11-21 10:00:00 +0000 UTC'],
    ['as Go prints it, its plus lost', '2026-11-21 10:00:00  0000 UTC'],
    ['as Go prints it elsewhere', '2026-11-21 11:00:00.0000001 +0100 CET'],
    ['with its clock', '2026-11-21 10:00:00 +0000 UTC m=+0.012345678'],
    ['with a zone that has no name', '2026-11-21 07:00:00 -0300 -03'],
    ['with a space and an offset', '2026-11-21 10:00:00 +0000'],
    ['RFC 822', 'Sat, 21 Nov 2026 11:00:00 +0100'],
    ['HTTP', 'Sat, 21 Nov 2026 10:00:00 GMT'],
    ['with blanks around it', '  2026-11-21T10:00:00Z '],
  ])('is read as %s: %s', (_, text) => {
    expect(readMoment(text)).toEqual({ ms: TEN, zoneAssumed: false });
  });

  it.each(['2026-11-21 10:00:00', '2026-11-21T10:00', '2026/11/21 10:00:00'])(
    'is read as UTC where it names no zone, and that is said: %s',
    text => {
      expect(readMoment(text)).toEqual({ ms: TEN, zoneAssumed: true });
    },
  );

  it.each([
    '',
    'now',
    'yesterday',
    '42',
    '2026-13-01T00:00:00Z',
    '2026-02-30T00:00:00Z',
    '2026-11-21T25:00:00Z',
    '2026-11-21 10:00:00 Mars',
    '2026-11-21T10:00:00+99:00',
    // What Go calls "not yet": an alert that has not ended.
    '0001-01-01T00:00:00Z',
    '0001-01-01 00:00:00 +0000 UTC',
    '11/21/26 10:00',
  ])('is nothing: %p', text => {
    expect(readMoment(text)).toBeUndefined();
  });

  it('means the same in every spelling', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1_000_000_000, max: 4_000_000_000 }),
        fc.integer({ min: -12 * 4, max: 14 * 4 }),
        (seconds, quarters) => {
          const ms = seconds * 1000;
          const minutes = Math.abs(quarters) * 15;
          const sign = quarters < 0 ? '-' : '+';
          const two = (value: number) =>
            String(Math.floor(value)).padStart(2, '0');
          const local = new Date(ms + quarters * 900_000)
            .toISOString()
            .slice(0, 19);
          const offset = `${sign}${two(minutes / 60)}:${two(minutes % 60)}`;
          for (const text of [
            String(seconds),
            String(ms),
            `${local}${offset}`,
            `${local.replace('T', ' ')} ${offset.replace(':', '')}`,
          ]) {
            expect(readMoment(text)?.ms).toBe(ms);
          }
        },
      ),
    );
  });
});
