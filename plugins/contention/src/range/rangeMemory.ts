/**
 * The range that was last looked at on an entity's page, so that it stays while one goes from tab to tab: the tabs'
 * links know nothing of it. Lasts as long as the page is open; the URL is what counts.
 */
import { createApiRef } from '@backstage/core-plugin-api';

/** As in the URL. */
export interface RememberedRange {
  from: string;
  to: string;
  cluster?: string;
}

export class RangeMemory {
  private readonly ranges = new Map<string, RememberedRange>();

  recall(entityRef: string): RememberedRange | undefined {
    return this.ranges.get(entityRef);
  }

  remember(entityRef: string, range: RememberedRange): void {
    this.ranges.set(entityRef, range);
  }
}

export const rangeMemoryApiRef = createApiRef<RangeMemory>({
  id: 'plugin.contention.range-memory',
});
