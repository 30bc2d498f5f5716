/** The numbers under the sentence, each beside what it was before and what it usually is. */
import type {
  LatencyReport,
  RequestSummary,
} from 'backstage-plugin-contention-common';
import { formatCount, formatDuration, formatRate } from '../../format';
import type { Figure } from '../../report/Figures';

type Measure = 'p50Seconds' | 'p90Seconds' | 'p99Seconds' | 'ratePerSecond';

const MEASURES: ReadonlyArray<[Measure, string]> = [
  ['p50Seconds', 'median'],
  ['p90Seconds', 'p90'],
  ['p99Seconds', 'p99'],
  ['ratePerSecond', 'rate'],
];

export function formatMeasure(
  measure: Measure,
  value: number | undefined,
): string {
  return measure === 'ratePerSecond'
    ? formatRate(value)
    : formatDuration(value);
}

export function requestFigures({ requests }: LatencyReport): Figure[] {
  const { distribution, ratePerSecond, comparison } = requests;
  const now = { ...distribution, ratePerSecond };
  return [
    ...MEASURES.map(([measure, name]) => ({
      name,
      value: formatMeasure(measure, now[measure]),
      note: comparedText(measure, comparison?.preceding, comparison?.usual),
    })),
    { name: 'requests', value: formatCount(distribution.count) },
  ];
}

/** `43 ms before · usually 41 ms`; undefined where there is nothing to compare with. */
function comparedText(
  measure: Measure,
  preceding: RequestSummary | undefined,
  usual: Partial<Record<Measure, number>> | undefined,
): string | undefined {
  const before =
    preceding && preceding.requestCount > 0 ? preceding[measure] : undefined;
  const normal = usual?.[measure];
  const parts = [
    before === undefined
      ? undefined
      : `${formatMeasure(measure, before)} before`,
    normal === undefined
      ? undefined
      : `usually ${formatMeasure(measure, normal)}`,
  ].filter(Boolean);
  return parts.length > 0 ? parts.join(' · ') : undefined;
}
