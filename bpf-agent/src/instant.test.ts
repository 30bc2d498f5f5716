import fc from 'fast-check';
import { startUnixNsOf } from './instant';

const MS = 1_000_000n;
const instant = fc.record({
  unixNs: fc.bigInt(10n ** 18n, 2n * 10n ** 18n),
  monotonicNs: fc.bigInt(0n, 10n ** 15n),
});
const length = fc.bigInt(0n, 3600_000n * MS);

it('an interval is as long as the monotonic clock says, however the wall clock was set', () => {
  fc.assert(
    fc.property(
      instant,
      length,
      fc.bigInt(-(10n ** 17n), 10n ** 17n),
      (before, ns, setByNs) => {
        const after = {
          unixNs: before.unixNs + ns + setByNs,
          monotonicNs: before.monotonicNs + ns,
        };
        const apart = after.unixNs - startUnixNsOf(before, after) - ns;
        expect(apart >= -10n * MS && apart <= 10n * MS).toBe(true);
        expect(startUnixNsOf(before, after) <= after.unixNs).toBe(true);
      },
    ),
  );
});

it('intervals in a row touch, though two clocks are never read at once', () => {
  fc.assert(
    fc.property(
      instant,
      fc.bigInt(20n * MS, 3600_000n * MS),
      fc.bigInt(-10n * MS, 10n * MS),
      (before, ns, readApartNs) => {
        const after = {
          unixNs: before.unixNs + ns + readApartNs,
          monotonicNs: before.monotonicNs + ns,
        };
        expect(startUnixNsOf(before, after)).toBe(before.unixNs);
      },
    ),
  );
});

it('is no interval with its end before its start, however short', () => {
  const before = { unixNs: 100n * MS, monotonicNs: 0n };
  const after = { unixNs: 95n * MS, monotonicNs: 1n * MS };
  expect(startUnixNsOf(before, after)).toBe(94n * MS);
});
