import {
  absoluteRange,
  DEFAULT_RANGE,
  formatEndpoint,
  isLive,
  parseEndpoint,
  PRESETS,
  readRange,
  requestedRange,
  resolveRange,
  withRange,
  zoomedOut,
} from './range';

const NOW = Date.parse('2026-11-21T10:00:00Z');
const HOUR = 3_600_000;
const read = (search: string) => readRange(new URLSearchParams(search), NOW);

describe('the range in the URL', () => {
  it('is the last hour, and live, when the URL says nothing', () => {
    expect(read('')).toEqual(DEFAULT_RANGE);
    expect(isLive(read(''))).toBe(true);
  });

  it('reads relative times, ISO 8601 and epoch milliseconds', () => {
    expect(resolveRange(read('from=now-6h&to=now'), NOW)).toEqual({
      from: NOW - 6 * HOUR,
      to: NOW,
    });
    const iso = read('from=2026-11-21T08:00:00Z&to=2026-11-21T09:00:00Z');
    const epoch = read(`from=${NOW - 2 * HOUR}&to=${NOW - HOUR}`);
    expect(resolveRange(iso, NOW)).toEqual(resolveRange(epoch, NOW));
    expect(isLive(iso)).toBe(false);
  });

  it("is asked for by its length when it ends now: no clock but the backend's", () => {
    expect(requestedRange(read('from=now-6h&to=now'), NOW)).toEqual({
      lastSeconds: 6 * 3600,
    });
    expect(
      requestedRange(read('from=2026-11-21T08:00:00Z&to=now'), NOW),
    ).toEqual({ from: NOW - 2 * HOUR });
    expect(requestedRange(read('from=now-6h&to=now-1h'), NOW)).toEqual({
      from: NOW - 6 * HOUR,
      to: NOW - HOUR,
    });
  });

  it.each([
    'from=yesterday&to=now',
    'from=now-1h&to=later',
    'from=now-1h&to=now-2h',
    'from=2026-11-21T09:00:00Z&to=2026-11-21T08:00:00Z',
    `from=${10 ** 20}&to=now`,
  ])('falls back to the last hour as a whole for %s', search => {
    expect(read(search)).toEqual(DEFAULT_RANGE);
  });

  it('writes what it reads back', () => {
    for (const text of [
      ...PRESETS.map(({ from }) => from),
      'now',
      'now-90m',
      'now-45s',
      '2026-11-21T08:00:00Z',
      '2026-11-21T08:00:00.123Z',
    ]) {
      expect(formatEndpoint(parseEndpoint(text)!)).toBe(text);
    }
  });

  it('leaves other parameters alone', () => {
    const params = new URLSearchParams('direction=caused&from=now-1h&to=now');
    const next = withRange(params, absoluteRange(NOW - HOUR, NOW));
    expect(next.get('direction')).toBe('caused');
    expect(next.get('from')).toBe('2026-11-21T09:00:00Z');
    expect(next.get('to')).toBe('2026-11-21T10:00:00Z');
  });

  it('zooms out around the same middle, and never into the future', () => {
    const past = { from: NOW - 10 * HOUR, to: NOW - 8 * HOUR };
    expect(zoomedOut(past, NOW)).toEqual({
      from: NOW - 11 * HOUR,
      to: NOW - 7 * HOUR,
    });
    expect(zoomedOut({ from: NOW - HOUR, to: NOW }, NOW)).toEqual({
      from: NOW - 2 * HOUR,
      to: NOW,
    });
  });

  it('zooms out to no more than a backend keeps', () => {
    const month = 30 * 24 * HOUR;
    expect(zoomedOut({ from: NOW - 0.9 * month, to: NOW }, NOW)).toEqual({
      from: NOW - month,
      to: NOW,
    });
  });
});
