/**
 * Numbers as a person reads them: plain units, never more than three significant digits. Knows no statistics: it formats
 * what a report says.
 */
import { byLocale } from './locale';

const NBSP = '\u00a0';

/** British moments, but not British millions: those are `m`, which is a thousandth everywhere else on the page. */
const languageOf = (locale: string) => (locale === 'en-GB' ? 'en' : locale);

const formatter = (options: Intl.NumberFormatOptions) =>
  byLocale(locale => new Intl.NumberFormat(languageOf(locale), options));

const three = formatter({ maximumSignificantDigits: 3 });
const compact = formatter({
  notation: 'compact',
  maximumSignificantDigits: 3,
});
const whole = formatter({ maximumFractionDigits: 0 });
const tenths = formatter({ maximumFractionDigits: 1 });

/** What is shown where there is no number. */
export const NOTHING = '–';

/** Units of a duration and how many seconds each lasts, and up to how many seconds it is used. */
const DURATION_UNITS: ReadonlyArray<[string, number, number]> = [
  ['ns', 1e-9, 1e-6],
  ['µs', 1e-6, 1e-3],
  ['ms', 1e-3, 1],
  ['s', 1, 120],
  ['min', 60, 7200],
  ['h', 3600, 172_800],
  ['d', 86_400, Infinity],
];

function roundToThree(value: number): number {
  return Number(value.toPrecision(3));
}

/** `0.0123` -> `12.3 ms`. Seconds in, the unit that fits out. */
export function formatDuration(seconds: number | null | undefined): string {
  if (seconds === null || seconds === undefined) return NOTHING;
  if (seconds === 0) return `0${NBSP}s`;
  const rounded = roundToThree(seconds);
  const [unit, size] =
    DURATION_UNITS.find(([, , below]) => rounded < below) ??
    DURATION_UNITS[DURATION_UNITS.length - 1];
  return `${three().format(seconds / size)}${NBSP}${unit}`;
}

/** `0.184` -> `18 %`, `0.0021` -> `0.2 %`. What is neither nothing nor everything never rounds to it. */
export function formatShare(share: number | null | undefined): string {
  if (share === null || share === undefined) return NOTHING;
  const percent = share * 100;
  if (percent > 0 && percent < 0.1) return `<${tenths().format(0.1)}${NBSP}%`;
  if (percent < 100 && percent > 99.5) return `>99${NBSP}%`;
  return `${(percent < 10 ? tenths() : whole()).format(percent)}${NBSP}%`;
}

/** A share that is at least so large, to be shown by `formatShare`, which would round it up: `0.896` -> `0.89`. */
export function shareAtLeast(share: number): number {
  const steps = share < 0.1 ? 1000 : 100;
  // 0.29 * 100 is a little less than 29.
  return Math.floor(share * steps + 1e-9) / steps;
}

/** `1.4` -> `1.4 CPU`. */
export function formatCpus(cpus: number | null | undefined): string {
  if (cpus === null || cpus === undefined) return NOTHING;
  if (cpus > 0 && cpus < 0.001) return `<${three().format(0.001)}${NBSP}CPU`;
  return `${three().format(cpus)}${NBSP}CPU`;
}

/** `12345` -> `12.3k`. */
export function formatCount(count: number | null | undefined): string {
  if (count === null || count === undefined) return NOTHING;
  return count < 1000 ? three().format(count) : compact().format(count);
}

/** A bare number with at most three significant digits. */
export function formatNumber(value: number | null | undefined): string {
  if (value === null || value === undefined) return NOTHING;
  return three().format(value);
}

const BANDWIDTH_UNITS = [
  ['Gbit/s', 1e9],
  ['Mbit/s', 1e6],
  ['kbit/s', 1e3],
] as const;

/** Bytes per second as bits: `9.6 Mbit/s`, as links are sold. */
export function formatBandwidth(
  bytesPerSecond: number | null | undefined,
): string {
  if (bytesPerSecond === null || bytesPerSecond === undefined) return NOTHING;
  const bits = bytesPerSecond * 8;
  const [unit, size] = BANDWIDTH_UNITS.find(([, from]) => bits >= from) ?? [
    'bit/s',
    1,
  ];
  return `${three().format(bits / size)}${NBSP}${unit}`;
}

/** How a stretch of durations without one of its ends is said. */
export interface DurationWords {
  over(duration: string): string;
  upTo(duration: string): string;
}

const IN_ENGLISH: DurationWords = {
  over: duration => `over ${duration}`,
  upTo: duration => `up to ${duration}`,
};

/** `125 – 250 ms`, `over 1 s`, `up to 2 ms`: a stretch of durations, seconds. */
export function formatDurations(
  fromSeconds: number,
  toSeconds: number | undefined,
  words = IN_ENGLISH,
): string {
  if (toSeconds === undefined) return words.over(formatDuration(fromSeconds));
  const to = formatDuration(toSeconds);
  if (fromSeconds === 0) return words.upTo(to);
  const [from, unit] = formatDuration(fromSeconds).split(NBSP);
  const isSame = to.endsWith(`${NBSP}${unit}`);
  return `${isSame ? from : `${from}${NBSP}${unit}`} – ${to}`;
}

/** Units of a rate, and from how many a second on it is used. */
const RATE_UNITS = [
  { unit: 's', seconds: 1, from: 1 },
  { unit: 'min', seconds: 60, from: 1 / 60 },
  { unit: 'h', seconds: 3600, from: 0 },
] as const;

/** `38.2/s`, `4/min`, `6/h` */
export function formatRate(perSecond: number | null | undefined): string {
  if (perSecond === null || perSecond === undefined) return NOTHING;
  const { unit, seconds } =
    RATE_UNITS.find(({ from }) => perSecond === 0 || perSecond >= from) ??
    RATE_UNITS[2];
  return `${formatNumber(perSecond * seconds)}/${unit}`;
}
