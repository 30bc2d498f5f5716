/**
 * A moment as other tools print it: every alert tool has its own form. Pure; refuses to know what time it is, and guesses no
 * zone silently.
 */

/** A moment that was read. */
export interface ReadMoment {
  /** Epoch milliseconds. */
  ms: number;
  /** The text names no zone: read as UTC. */
  zoneAssumed: boolean;
}

/** Before 2001 or after 2286 is no moment of an incident: a number of that size is in another unit. */
const SECONDS = { least: 1e9, most: 1e10 };

/** Digits, and how many of them make a second. */
const EPOCH_UNITS = [1, 1e3, 1e6, 1e9];

/** `2026-11-21`, `T` or a space, `10:00[:00[.123]]`, and what may follow: a zone in one of its spellings. */
const DATE_TIME =
  /^(\d{4})[-/](\d{2})[-/](\d{2})(?:[T ]+(\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?)? ?(.*)$/i;

/** `Sat, 21 Nov 2026 10:00:00 +0000`, the day of the week left out or not: e-mail, HTTP and RFC 822. */
const RFC_822 =
  /^(?:[a-z]{3,9}, ?)?(\d{1,2})[ -]([a-z]{3})[a-z]*[ -](\d{4}) (\d{2}):(\d{2})(?::(\d{2}))? ?(.*)$/i;

const MONTHS = 'jan feb mar apr may jun jul aug sep oct nov dec'.split(' ');

/**
 * Reads epoch seconds (with or without a fraction), milliseconds, microseconds and nanoseconds; ISO 8601 with any offset, a
 * space instead of the `T`, or no zone; Go's `2026-11-21 10:00:00.5 +0000 UTC`; RFC 822. An offset whose plus a URL turned
 * into a space is put right. Undefined for anything else, and for Go's zero time, which means "not yet".
 */
export function readMoment(text: string): ReadMoment | undefined {
  const trimmed = text.trim();
  if (/^\d{9,}(\.\d+)?$/.test(trimmed)) return epochMoment(trimmed);
  const iso = DATE_TIME.exec(trimmed);
  if (iso) {
    const [, year, month, day, hour, minute, second, fraction, zone] = iso;
    return momentOf(
      [Number(year), Number(month), Number(day)],
      [Number(hour ?? 0), Number(minute ?? 0), Number(second ?? 0)],
      Number(`0.${fraction ?? 0}`),
      zone,
    );
  }
  const mail = RFC_822.exec(trimmed);
  if (mail) {
    const [, day, name, year, hour, minute, second, zone] = mail;
    const month = MONTHS.indexOf(name.toLowerCase()) + 1;
    return momentOf(
      [Number(year), month, Number(day)],
      [Number(hour), Number(minute), Number(second ?? 0)],
      0,
      zone,
    );
  }
  return undefined;
}

function epochMoment(text: string): ReadMoment | undefined {
  const value = Number(text);
  const unit = EPOCH_UNITS.find(
    perSecond =>
      value >= SECONDS.least * perSecond && value < SECONDS.most * perSecond,
  );
  return unit === undefined
    ? undefined
    : { ms: Math.round((value / unit) * 1000), zoneAssumed: false };
}

function momentOf(
  [year, month, day]: [number, number, number],
  [hour, minute, second]: [number, number, number],
  fraction: number,
  zone: string,
): ReadMoment | undefined {
  const offset = offsetMinutes(zone);
  const isValid =
    year >= 1971 &&
    month >= 1 &&
    month <= 12 &&
    day >= 1 &&
    day <= new Date(Date.UTC(year, month, 0)).getUTCDate() &&
    hour <= 23 &&
    minute <= 59 &&
    second <= 60;
  if (!isValid || offset === undefined) return undefined;
  const ms =
    Date.UTC(year, month - 1, day, hour, minute, second) +
    Math.floor(fraction * 1000) -
    (offset === 'none' ? 0 : offset) * 60_000;
  return { ms, zoneAssumed: offset === 'none' };
}

/** Minutes east of UTC; `none` where nothing is said; undefined where what is said cannot be read. */
function offsetMinutes(zone: string): number | 'none' | undefined {
  // Go prints its monotonic clock, too, and the name of a zone after its offset.
  const text = zone.replace(/ m=[+-]?\d+(\.\d+)?$/, '').trim();
  if (text === '') return 'none';
  if (/^(z|utc|gmt)$/i.test(text)) return 0;
  // Without a sign it was a plus: `+` in a URL is a space.
  const match =
    /^([+-])?(\d{2}):?(\d{2})?(?: +[a-z]{1,5}| +[+-]\d{2,4})?$/i.exec(text);
  if (!match) return undefined;
  const [, sign, hours, minutes] = match;
  const size = Number(hours) * 60 + Number(minutes ?? 0);
  if (size > 14 * 60) return undefined;
  return sign === '-' ? -size : size;
}
