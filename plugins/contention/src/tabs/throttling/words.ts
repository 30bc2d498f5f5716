/** What this tab calls a quota. */
import { useCallback } from 'react';
import type { ThrottlingReport } from 'backstage-plugin-contention-common';
import { usePartWords } from '../../theme';
import { useWords } from '../../translation';

export type Quota = ThrottlingReport['quotas'][number];

/** `container app`, `pod inventory-5c9`, `slice burstable` */
export function useQuotaName(): (quota: Quota) => string {
  const t = useWords();
  const { levelName } = usePartWords();
  return useCallback(
    ({ level, subject }) =>
      t('throttling.quota', { level: levelName(level), subject }),
    [t, levelName],
  );
}
