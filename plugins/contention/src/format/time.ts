/** Moments as a person reads them: local time with its zone, the absolute time for hovering. Epoch milliseconds in. */

import { byLocale } from './locale';

const formatter = (options: Intl.DateTimeFormatOptions) =>
  byLocale(locale => new Intl.DateTimeFormat(locale, options));

const clock = formatter({ hour: '2-digit', minute: '2-digit' });
const clockWithSeconds = formatter({
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
});
const day = formatter({ day: 'numeric', month: 'short' });
const dayOfYear = formatter({
  day: 'numeric',
  month: 'short',
  year: 'numeric',
});
const full = formatter({
  day: 'numeric',
  month: 'short',
  year: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  timeZoneName: 'short',
});

/** `CET`, `GMT+2`: the reader's zone at that moment. */
export function zoneAt(ms: number): string {
  return (
    full()
      .formatToParts(ms)
      .find(part => part.type === 'timeZoneName')?.value ?? 'UTC'
  );
}

export function sameDay(a: number, b: number): boolean {
  return dayOfYear().format(a) === dayOfYear().format(b);
}

/** `10:02`, or `10:02:30` where seconds matter. */
export function formatClock(ms: number, withSeconds = false): string {
  return (withSeconds ? clockWithSeconds() : clock()).format(ms);
}

/** `21 Nov`, and the year when it is another one: links live long. */
export function formatDay(ms: number, now = Date.now()): string {
  const isThisYear = new Date(ms).getFullYear() === new Date(now).getFullYear();
  return (isThisYear ? day() : dayOfYear()).format(ms);
}

/** `10:02` today, `20 Nov 10:02` on another day. */
export function formatMoment(ms: number, now = Date.now()): string {
  const withSeconds = ms % 60_000 !== 0;
  const time = formatClock(ms, withSeconds);
  return sameDay(ms, now) ? time : `${formatDay(ms, now)} ${time}`;
}

/** As `formatMoment`, without seconds. */
export function formatMinute(ms: number, now = Date.now()): string {
  return formatMoment(Math.floor(ms / 60_000) * 60_000, now);
}

/** `21 Nov 2026, 10:02:30 CET`: with nothing left out. */
export function formatFull(ms: number): string {
  return full().format(ms);
}

/** `21 Nov 2026, 10:02:30 CET (2026-11-21T09:02:30Z)`: for hovering and for screen readers. */
export function formatAbsolute(ms: number): string {
  const iso = new Date(ms).toISOString().replace(/\.000Z$/, 'Z');
  return `${full().format(ms)} (${iso})`;
}

/** `21 Nov 10:02 – 11:02 CET`: a range with its day and zone. */
export function formatRange(fromMs: number, toMs: number): string {
  const seconds = toMs - fromMs < 600_000;
  const start = `${formatDay(fromMs)} ${formatClock(fromMs, seconds)}`;
  const endDay = sameDay(fromMs, toMs) ? '' : `${formatDay(toMs)} `;
  const end = `${endDay}${formatClock(toMs, seconds)}`;
  return `${start} – ${end} ${zoneAt(toMs)}`;
}

/** `12 s`, `3 min`, `2 h`, `4 d`: how long ago, coarsely. */
export function formatAge(seconds: number): string {
  if (seconds < 90) return `${Math.max(0, Math.round(seconds))} s`;
  if (seconds < 5400) return `${Math.round(seconds / 60)} min`;
  if (seconds < 129_600) return `${Math.round(seconds / 3600)} h`;
  return `${Math.round(seconds / 86_400)} d`;
}
