/** Numbers as a person reads them: plain units, at most three significant digits; and the names of parts. Pure. */
import type { Bursts, Relation } from 'backstage-plugin-contention-common';

/** The parts of a wait in the words of the screen. */
export const RELATION_WORD: Record<Relation, string> = {
  neighbour: 'waiting for neighbours',
  limit: 'stopped by its CPU limit',
  sidecar: 'waiting for own sidecar',
  self: 'crowded by itself',
  host: 'taken by the host',
  other: 'others, folded together',
  idle: 'between queues',
  unknown: 'not known',
};

/** Whose packets were ahead, by how they stand to those that stood in the queue, in the words of the screen. */
export const BEHIND_WORD: Record<Relation, string> = {
  neighbour: 'behind neighbours',
  limit: 'in a queue',
  sidecar: 'behind own sidecar',
  self: 'behind its own packets',
  host: 'behind the host',
  other: 'behind others, folded together',
  idle: 'in a queue',
  unknown: 'not known behind whom',
};

/** The same as a part of a request. */
export const QUEUE_WORD: Record<Relation, string> = {
  neighbour: 'network: queued behind neighbours',
  limit: 'network: queued',
  sidecar: 'network: queued behind own sidecar',
  self: 'network: queued behind its own packets',
  host: 'network: queued behind the host',
  other: 'network: queued behind others, folded together',
  idle: 'network: queued',
  unknown: 'network: queued, not known behind whom',
};

/** 0.784 -> `78 %`, 0.0213 -> `2.1 %`, 0.0004 -> `0.04 %`. */
export function percent(share: number): string {
  const value = share * 100;
  if (value === 0) return '0 %';
  if (value < 0.01) return 'under 0.01 %';
  return `${plain(value)} %`;
}

/** 41.3 -> `41 s`, 0.0431 -> `43 ms`, 7200 -> `2 h`. */
export function duration(seconds: number): string {
  if (seconds === 0) return '0 s';
  if (seconds < 1e-3) return `${plain(seconds * 1e6)} µs`;
  if (seconds < 1) return `${plain(seconds * 1e3)} ms`;
  if (seconds < 120) return `${plain(seconds)} s`;
  if (seconds < 7200) return `${plain(seconds / 60)} min`;
  return `${plain(seconds / 3600)} h`;
}

/** Bytes per second as bits: `9.6 Mbit/s`, as links are sold. */
export function bandwidth(bytesPerSecond: number): string {
  const bits = bytesPerSecond * 8;
  if (bits >= 1e9) return `${plain(bits / 1e9)} Gbit/s`;
  if (bits >= 1e6) return `${plain(bits / 1e6)} Mbit/s`;
  return `${plain(bits / 1e3)} kbit/s`;
}

/**
 * `in bursts of 10 s or less, about every 20 s`; without a rhythm how much of it is in how few windows. What windows cannot
 * show is not told: a burst may be shorter.
 */
export function burstWords(bursts: Bursts): string {
  const { share, windows, ofWindows, windowSeconds } = bursts;
  const { longestSeconds, everySeconds } = bursts;
  return everySeconds === undefined
    ? `in bursts: ${windows} of ${ofWindows} windows of ${duration(windowSeconds)} hold ${percent(share)} of it`
    : `in bursts of ${duration(longestSeconds)} or less, about every ${duration(everySeconds)}`;
}

/** CPUs: `1.4`, `0.25`. */
export function cpus(value: number): string {
  return plain(value);
}

/** Two significant digits below 100, whole numbers above, never an exponent. */
export function plain(value: number): string {
  if (value >= 99.5) return String(Math.round(value));
  if (value >= 9.95) return String(Math.round(value));
  const rounded = Number(
    value.toPrecision(value >= 1 ? 2 : 1 + Number(value >= 0.1)),
  );
  return String(rounded);
}

/** `the last hour` for a range that reaches now, else undefined: then its ends must be named. */
export function lastPhrase(
  fromMs: number,
  toMs: number,
  nowMs: number,
): string | undefined {
  const isRecent = Math.abs(nowMs - toMs) <= 90_000;
  if (!isRecent) return undefined;
  const minutes = Math.round((toMs - fromMs) / 60_000);
  if (minutes < 1) return `the last ${Math.round((toMs - fromMs) / 1000)} s`;
  if (minutes === 1) return 'the last minute';
  if (minutes < 60) return `the last ${minutes} minutes`;
  const hours = Math.round(minutes / 60);
  if (Math.abs(minutes - hours * 60) > 2) return `the last ${minutes} minutes`;
  if (hours === 1) return 'the last hour';
  if (hours < 48) return `the last ${hours} hours`;
  return `the last ${Math.round(hours / 24)} days`;
}

/** `2026-11-21 10:02 UTC`, or only the time of day when it is the day of `relativeToMs`. */
export function utcTime(atMs: number, relativeToMs: number): string {
  const iso = new Date(atMs).toISOString();
  const sameDay =
    iso.slice(0, 10) === new Date(relativeToMs).toISOString().slice(0, 10);
  return sameDay
    ? `${iso.slice(11, 16)} UTC`
    : `${iso.slice(0, 10)} ${iso.slice(11, 16)} UTC`;
}

/** `team Data`, or the title as it is when it says so itself. */
export function teamOf(title: string): string {
  return /\bteam\b/i.test(title) ? title : `team ${title}`;
}
