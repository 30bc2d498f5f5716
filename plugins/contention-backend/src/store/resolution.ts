/** Which windows are kept how long, and which ones answer a range. Pure. */
import { MAX_SPAN_MS } from './split';
import type { Axis, NameRetention } from './Store';

export interface Retention {
  /** As sent, typically 10 s. */
  rawMs: number;
  /** In windows of a minute. */
  minuteMs: number;
  /** In windows of a quarter of an hour. */
  quarterMs: number;
}

/** Tickets of a year ago are looked at; beyond that number of names the oldest are forgotten sooner. */
export const DEFAULT_NAMES: NameRetention = {
  namesMs: 400 * 86_400_000,
  maxNames: 500_000,
};

export const MINUTE_MS = 60_000;
export const QUARTER_MS = 900_000;
export const HOUR_MS = 3_600_000;
const RAW_STEP_MS = 10_000;

/** [fromMs, toMs). */
export interface Range {
  fromMs: number;
  toMs: number;
}

/** Data this much older than accepted is kept still: a window that changes late is made anew from all of its points. */
export const MARGIN_MS = MAX_SPAN_MS + QUARTER_MS;

/** More windows than this tell a person nothing more, and cost everybody. */
const MAX_WINDOWS = 400;

/** Steps that divide hours and days, so that windows start at times people say aloud. */
const STEPS_MS = [10, 20, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400]
  .concat([21600, 43200, 86400])
  .map(seconds => seconds * 1000);

/** The finest resolution that still remembers `fromMs`. */
function finestFor(fromMs: number, nowMs: number, kept: Retention): number {
  if (fromMs >= nowMs - kept.rawMs) return RAW_STEP_MS;
  if (fromMs >= nowMs - kept.minuteMs) return MINUTE_MS;
  return QUARTER_MS;
}

/** Windows that cover a range: no finer than asked for, than what is remembered, and than `MAX_WINDOWS` allow. */
export function chooseAxis(
  range: { fromMs: number; toMs: number; stepMs?: number },
  nowMs: number,
  kept: Retention,
): Axis {
  const least = Math.max(
    finestFor(range.fromMs, nowMs, kept),
    range.stepMs ?? 0,
    (range.toMs - range.fromMs) / MAX_WINDOWS,
  );
  const stepMs =
    STEPS_MS.find(step => step >= least) ?? STEPS_MS[STEPS_MS.length - 1];
  const startMs = Math.floor(range.fromMs / stepMs) * stepMs;
  const count = Math.max(1, Math.ceil((range.toMs - startMs) / stepMs));
  return { startMs, stepMs, count };
}
