import { reachesNow } from './freshness';

describe('a range', () => {
  const NOW = Date.UTC(2026, 10, 21, 10, 0);

  it('reaches now, though the clock of the browser is slow by most of a minute, or fast', () => {
    expect(reachesNow(NOW - 55_000, NOW)).toBe(true);
    expect(reachesNow(NOW + 55_000, NOW)).toBe(true);
  });

  it('that ended minutes ago does not', () => {
    expect(reachesNow(NOW - 120_000, NOW)).toBe(false);
  });
});
