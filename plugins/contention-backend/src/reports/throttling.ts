/** Which quota stopped this entity, for how long, and who used it up. Pure. */
import {
  METRIC,
  QUOTA_LEVELS,
  type ThrottlingReport,
} from 'backstage-plugin-contention-common';
import { burnersOf } from './burners';
import { distributionOf, mergedHistogram } from './distribution';
import { perSecond, seriesOf, sumOf, type Facts } from './facts';
import { higherLimitsOf } from './higherLimits';
import { partyOfResource, quotaLevelOf } from './parties';
import type { Presenter } from './present';
import { needOf, quotasOf, throttledShareOf } from './quotas';

type Body = Pick<
  ThrottlingReport,
  'quotas' | 'stalls' | 'burners' | 'burnSource'
>;

export function throttling(facts: Facts, presenter: Presenter): Body {
  const { coveredSeconds } = facts;
  const quotas = quotasOf(facts);
  const covered = sumOf(coveredSeconds);
  const mean = (values: readonly number[] | undefined) =>
    values && covered > 0 ? sumOf(values) / covered : undefined;
  const higher = higherLimitsOf(facts, quotas);
  const { burners, source } = burnersOf(facts, quotas);
  return {
    quotas: quotas.map((quota, index) => {
      const need = needOf(quota);
      const none = coveredSeconds.map(() => null);
      return {
        key: quota.key,
        level: quota.level,
        subject: quota.subject,
        workload: quota.workload,
        limitCpus: quota.limitCpus,
        usedCpus: mean(quota.used),
        needCpus: mean(need),
        periods: sumOf(quota.periods),
        throttledPeriods: sumOf(quota.throttledPeriods),
        throttledShare:
          sumOf(quota.periods) > 0 ? throttledShareOf(quota) : undefined,
        throttledSeconds: sumOf(quota.throttledSeconds),
        shareValues: quota.periods.map((periods, window) => {
          if (coveredSeconds[window] === 0) return null;
          return periods > 0
            ? Math.min(1, quota.throttledPeriods[window] / periods)
            : 0;
        }),
        usedValues: quota.used ? perSecond(quota.used, coveredSeconds) : none,
        needValues: need ? perSecond(need, coveredSeconds) : none,
        higherLimits: higher[index],
      };
    }),
    stalls: QUOTA_LEVELS.flatMap(level => {
      const histogram = mergedHistogram(
        seriesOf(facts, METRIC.cpuThrottledStall).filter(
          ({ series }) =>
            (quotaLevelOf(series.attributes) ?? 'container') === level,
        ),
      );
      return histogram.count > 0
        ? [{ level, distribution: distributionOf(histogram) }]
        : [];
    }).sort((a, b) => b.distribution.sumSeconds - a.distribution.sumSeconds),
    burners: burners.map(({ container, pod, cpuSeconds, share, resource }) => ({
      container,
      pod,
      party: presenter.party(
        partyOfResource(resource, 'sidecar', 'container', facts.perspective),
      ),
      cpuSeconds,
      share,
    })),
    burnSource: source,
  };
}
