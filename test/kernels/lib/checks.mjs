// Checks by the numbers: what was measured against what it can have been. Pure.

/** Error allowed against the kernel's books, %. */
export const TOLERANCE_PERCENT = 1;

/** Beyond this share of the CPU for programs that are not part of the scenario, schedstat says too little about blame, %. */
const BUSY_PERCENT = 20;

/** A share, %. */
export const percent = (part, whole) =>
  whole === 0 ? 0 : (100 * part) / whole;
export const inMs = ns => `${(ns / 1e6).toFixed(2)} ms`;

/** What was measured is what the kernel's books say. */
export function difference(name, sensorNs, booksNs) {
  return {
    name,
    // Books without a single nanosecond would make any answer right.
    value:
      booksNs > 0
        ? percent(Math.abs(sensorNs - booksNs), booksNs)
        : Number.POSITIVE_INFINITY,
    limit: TOLERANCE_PERCENT,
    unit: '%',
    detail: `sensor ${inMs(sensorNs)}, kernel ${inMs(booksNs)}`,
  };
}

/** What was measured is possible; `busyPercent` of the CPU went to programs that are not part of it. */
export function within(name, sensorNs, { least, most, of, busyPercent = 0 }) {
  const check = {
    name,
    value: percent(Math.max(0, least - sensorNs, sensorNs - most), of),
    limit: TOLERANCE_PERCENT,
    unit: '%',
    detail: `sensor ${inMs(sensorNs)}, possible ${inMs(Math.max(0, least))} to ${inMs(most)}`,
  };
  if (busyPercent <= BUSY_PERCENT) return check;
  return {
    ...check,
    value: Number.POSITIVE_INFINITY,
    unknowable: `other programs had ${busyPercent.toFixed(0)} % of the CPU`,
  };
}
