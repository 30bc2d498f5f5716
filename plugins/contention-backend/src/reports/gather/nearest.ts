/** Where there is data of an entity when there is none in the range. Pure. */
import {
  LAST_SEEN_LAG_MS,
  type NodeSeen,
  type StoredResource,
} from '../../store';
import { isAt } from '../facts';

/** The stretch of the entity's own data that is closest to a range, at most as long as the range. */
export function nearest(
  ever: readonly StoredResource[],
  nodes: readonly NodeSeen[],
  fromMs: number,
  toMs: number,
): { fromMs: number; toMs: number } {
  const length = toMs - fromMs;
  const lives = ever.map(resource => {
    const home = nodes.find(isAt(resource));
    const lastSeenMs = resource.lastSeenMs + LAST_SEEN_LAG_MS;
    return {
      firstSeenMs: resource.firstSeenMs,
      lastSeenMs: Math.min(lastSeenMs, home?.lastSeenMs ?? lastSeenMs),
    };
  });
  const candidates = lives.map(({ firstSeenMs, lastSeenMs }) =>
    lastSeenMs <= fromMs
      ? {
          distance: fromMs - lastSeenMs,
          fromMs: Math.max(firstSeenMs, lastSeenMs - length),
          toMs: lastSeenMs,
        }
      : {
          distance: Math.max(0, firstSeenMs - toMs),
          fromMs: firstSeenMs,
          toMs: Math.min(lastSeenMs, firstSeenMs + length),
        },
  );
  const best = candidates.reduce((a, b) => (b.distance < a.distance ? b : a));
  return {
    fromMs: Math.floor(best.fromMs),
    toMs: Math.ceil(Math.max(best.toMs, best.fromMs + 1)),
  };
}
