/** The numbers under the sentence, each beside what it was before and what it usually is. */
import type {
  LatencyReport,
  RequestSummary,
} from 'backstage-plugin-contention-common';
import { formatCount, formatDuration, formatRate } from '../../format';
import type { Figure } from '../../report/Figures';
import type { Words } from '../../translation';

type Measure = 'p50Seconds' | 'p90Seconds' | 'p99Seconds' | 'ratePerSecond';

const measuresOf = (t: Words): ReadonlyArray<[Measure, string]> => [
  ['p50Seconds', t('latency.figureMedian')],
  ['p90Seconds', 'p90'],
  ['p99Seconds', 'p99'],
  ['ratePerSecond', t('latency.figureRate')],
];

export function formatMeasure(
  measure: Measure,
  value: number | undefined,
): string {
  return measure === 'ratePerSecond'
    ? formatRate(value)
    : formatDuration(value);
}

export function requestFigures(
  { requests }: LatencyReport,
  t: Words,
): Figure[] {
  const { distribution, ratePerSecond, comparison } = requests;
  const now = { ...distribution, ratePerSecond };
  return [
    ...measuresOf(t).map(([measure, name]) => ({
      name,
      value: formatMeasure(measure, now[measure]),
      note: comparedText(measure, comparison?.preceding, comparison?.usual, t),
    })),
    {
      name: t('latency.figureRequests'),
      value: formatCount(distribution.count),
    },
  ];
}

/** `43 ms before · usually 41 ms`; undefined where there is nothing to compare with. */
function comparedText(
  measure: Measure,
  preceding: RequestSummary | undefined,
  usual: Partial<Record<Measure, number>> | undefined,
  t: Words,
): string | undefined {
  const before =
    preceding && preceding.requestCount > 0 ? preceding[measure] : undefined;
  const normal = usual?.[measure];
  const parts = [
    before === undefined
      ? undefined
      : t('latency.before', { value: formatMeasure(measure, before) }),
    normal === undefined
      ? undefined
      : t('latency.usually', { value: formatMeasure(measure, normal) }),
  ].filter(Boolean);
  return parts.length > 0 ? parts.join(' · ') : undefined;
}
