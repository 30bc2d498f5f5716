/** What this tab calls a quota. */
import type { ThrottlingReport } from 'backstage-plugin-contention-common';

export type Quota = ThrottlingReport['quotas'][number];

/** `container app`, `pod inventory-5c9`, `slice burstable` */
export function quotaName(quota: Quota): string {
  return `${quota.level} ${quota.subject}`;
}
