/** When the catalog is read anew. */

/** What is in memory of the catalog. */
export interface Readable {
  /** It was read once. */
  readonly isLoaded: boolean;
  /** Throws when it cannot be read. */
  refresh(): Promise<void>;
}

/** How often is asked whether something is due, ms. */
export const TURN_MS = 5_000;

/**
 * For a task that runs every turn: reads each `everyMs`, but what was never read every time. The plugins of a portal start
 * together, in no order, and until the catalog is there readers are turned away.
 */
export function whenDue(
  readable: Readable,
  everyMs: number,
  now: () => number = Date.now,
): () => Promise<void> {
  const turnMs = Math.min(TURN_MS, everyMs);
  let readMs = -Infinity;
  return async () => {
    const startMs = now();
    // Turns are not exact: the one that is nearest.
    const isDue = startMs - readMs >= everyMs - turnMs / 2;
    if (readable.isLoaded && !isDue) return;
    readMs = startMs;
    await readable.refresh();
  };
}
