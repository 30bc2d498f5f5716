/** How often to ask again for a range that ends now. */
import { resolveRange, type RangeSpec } from './range';

/** As often as an agent reports. */
const FASTEST_REFRESH_MS = 10_000;
const SLOWEST_REFRESH_MS = 300_000;

/** A long range changes slowly on the screen: about one pixel's worth of time. */
export function refreshEveryMs(spec: RangeSpec): number {
  const { from, to } = resolveRange(spec, Date.now());
  const pixelMs = (to - from) / 360;
  return Math.min(Math.max(pixelMs, FASTEST_REFRESH_MS), SLOWEST_REFRESH_MS);
}
