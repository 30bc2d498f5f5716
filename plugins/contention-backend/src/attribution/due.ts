/** When the catalog is read anew. */

/** What is in memory of the catalog. */
export interface Readable {
  /** It was read once. */
  readonly isLoaded: boolean;
  /** Throws when it cannot be read. */
  refresh(): Promise<void>;
}

/** How often is asked whether something is due, ms. */
export const REFRESH_TURN_MS = 5_000;

/**
 * For a task that runs every turn: reads each `everyMs`, but what was never read every time. The plugins of a portal start
 * together, in no order, and until the catalog is there readers are turned away.
 */
export function whenDue(
  readable: Readable,
  everyMs: number,
  now: () => number = Date.now,
): () => Promise<void> {
  const turnMs = Math.min(REFRESH_TURN_MS, everyMs);
  let startedMs = -Infinity;
  return async () => {
    const startMs = now();
    // Turns are not exact: the one that is nearest.
    const isDue = startMs - startedMs >= everyMs - turnMs / 2;
    if (readable.isLoaded && !isDue) return;
    startedMs = startMs;
    await readable.refresh();
  };
}
