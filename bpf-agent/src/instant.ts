/** A moment on two clocks, and how long it is from one to the next when somebody sets the wall clock. Pure. */
export interface Instant {
  /** What the wall clock says, ns since 1970. */
  unixNs: bigint;
  /** Of a clock that nobody sets, ns; only differences mean anything. */
  monotonicNs: bigint;
}

/** Nobody reads two clocks at once: further apart than this, the wall clock was set. */
const READ_APART_NS = 10_000_000n;

/**
 * Where an interval starts, by the wall clock of its end: as long before that as the monotonic clock says. Intervals in
 * a row touch, to the nanosecond, unless the wall clock was set in between.
 * @returns never after the end
 */
export function startUnixNsOf(before: Instant, after: Instant): bigint {
  const startUnixNs = after.unixNs - (after.monotonicNs - before.monotonicNs);
  const setByNs = startUnixNs - before.unixNs;
  const wasSet =
    setByNs > READ_APART_NS ||
    setByNs < -READ_APART_NS ||
    before.unixNs > after.unixNs;
  return wasSet ? startUnixNs : before.unixNs;
}
