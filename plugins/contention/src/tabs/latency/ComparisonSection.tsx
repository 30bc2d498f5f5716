/** The range beside the one before it, and beside the same hours on earlier days: what is normal here. */
import type {
  LatencyReport,
  RequestSummary,
} from 'backstage-plugin-contention-common';
import { formatCount, formatRange } from '../../format';
import { Sentence } from '../../sentence/Sentence';
import { DataTable, type Column } from '../../tables/DataTable';
import { Section } from '../../tables/Section';
import { useWords, type Words } from '../../translation';
import { formatMeasure } from './requestFigures';

type Row = Omit<RequestSummary, 'from' | 'to' | 'requestCount'> & {
  name: string;
  when?: string;
  requestCount?: number;
};

const MEASURES = [
  ['ratePerSecond', 'latency.rate'],
  ['p50Seconds', 'report.median'],
  ['p90Seconds', 'p90'],
  ['p99Seconds', 'p99'],
] as const;

const columnsOf = (t: Words): Array<Column<Row>> => [
  {
    title: t('report.what'),
    header: true,
    nowrap: true,
    cell: ({ name }) => name,
  },
  { title: t('report.when'), nowrap: true, cell: ({ when }) => when ?? '' },
  {
    title: t('latency.requests'),
    numeric: true,
    cell: ({ requestCount }) => formatCount(requestCount),
  },
  ...MEASURES.map(([measure, title]) => ({
    title: title === 'p90' || title === 'p99' ? title : t(title),
    numeric: true,
    cell: (row: Row) => formatMeasure(measure, row[measure]),
  })),
];

const DAY_MS = 86_400_000;

function earlierText(ms: number, t: Words): string {
  const days = Math.round(ms / DAY_MS);
  return days === 1
    ? t('latency.dayBefore')
    : t('latency.daysBefore', { number: String(days) });
}

export function ComparisonSection({ report }: { report: LatencyReport }) {
  const t = useWords();
  const { comparison } = report.requests;
  if (!comparison) return null;
  const { now, preceding, usual, sentence } = comparison;
  const rowOf = (name: string, summary: RequestSummary): Row => ({
    ...summary,
    name,
    when: formatRange(summary.from, summary.to),
  });
  const rows: Row[] = [
    rowOf(t('latency.thisRange'), now),
    rowOf(t('latency.justBefore'), preceding),
    ...(usual
      ? [
          { ...usual, name: t('latency.usual') },
          ...usual.days.map(day =>
            rowOf(earlierText(now.from - day.from, t), day),
          ),
        ]
      : []),
  ];
  return (
    <Section
      title={t('latency.normal')}
      subtitle={
        <>
          {sentence && <Sentence sentence={sentence} />}
          {!usual && ` ${t('latency.noEarlier')}`}
        </>
      }
    >
      <DataTable
        caption={t('latency.normal')}
        columns={columnsOf(t)}
        rows={rows}
        keyOf={({ name, when }) => `${name} ${when}`}
      />
    </Section>
  );
}
