/** When to try again. Pure. */

/** Statuses after which OTLP/HTTP lets a client send the same request again. */
const RETRYABLE = new Set([429, 502, 503, 504]);

const FIRST_DELAY_MS = 1000;
const LONGEST_DELAY_MS = 30_000;
/** A server may ask for more patience than we would have, within reason. */
const LONGEST_RETRY_AFTER_MS = 300_000;

export function isRetryable(status: number): boolean {
  return RETRYABLE.has(status);
}

/**
 * Doubles from 1 s to 30 s; of that, a random half at least, so that a fleet does not come back in step.
 * @param attempt - 0 for the first retry
 * @param random - in [0, 1)
 */
export function backoffMs(attempt: number, random: number): number {
  const full = Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** attempt);
  return full * (0.5 + random / 2);
}

/** `Retry-After`, seconds or an HTTP date: ms from now, undefined if it says neither. */
export function retryAfterMs(
  header: string | undefined,
  nowMs: number,
): number | undefined {
  if (header === undefined) return undefined;
  const delay = /^\s*\d+\s*$/.test(header)
    ? Number(header) * 1000
    : Date.parse(header) - nowMs;
  if (!Number.isFinite(delay)) return undefined;
  return Math.min(LONGEST_RETRY_AFTER_MS, Math.max(0, delay));
}
