/** The range beside the one before it, and beside the same hours on earlier days: what is normal here. */
import type {
  LatencyReport,
  RequestSummary,
} from 'backstage-plugin-contention-common';
import { formatCount, formatRange } from '../../format';
import { Sentence } from '../../sentence/Sentence';
import { DataTable, type Column } from '../../tables/DataTable';
import { Section } from '../../tables/Section';
import { formatMeasure } from './requestFigures';

type Row = Omit<RequestSummary, 'from' | 'to' | 'requestCount'> & {
  name: string;
  when?: string;
  requestCount?: number;
};

const MEASURES = [
  ['ratePerSecond', 'Rate'],
  ['p50Seconds', 'Median'],
  ['p90Seconds', 'p90'],
  ['p99Seconds', 'p99'],
] as const;

const COLUMNS: Array<Column<Row>> = [
  { title: 'What', header: true, nowrap: true, cell: ({ name }) => name },
  { title: 'When', nowrap: true, cell: ({ when }) => when ?? '' },
  {
    title: 'Requests',
    numeric: true,
    cell: ({ requestCount }) => formatCount(requestCount),
  },
  ...MEASURES.map(([measure, title]) => ({
    title,
    numeric: true,
    cell: (row: Row) => formatMeasure(measure, row[measure]),
  })),
];

const DAY_MS = 86_400_000;

function earlierText(ms: number): string {
  const days = Math.round(ms / DAY_MS);
  return days === 1 ? 'A day before' : `${days} days before`;
}

export function ComparisonSection({ report }: { report: LatencyReport }) {
  const { comparison } = report.requests;
  if (!comparison) return null;
  const { now, preceding, usual, sentence } = comparison;
  const rowOf = (name: string, summary: RequestSummary): Row => ({
    ...summary,
    name,
    when: formatRange(summary.from, summary.to),
  });
  const rows: Row[] = [
    rowOf('This range', now),
    rowOf('Just before', preceding),
    ...(usual
      ? [
          { ...usual, name: 'Usual: median of the days below' },
          ...usual.days.map(day =>
            rowOf(earlierText(now.from - day.from), day),
          ),
        ]
      : []),
  ];
  return (
    <Section
      title="Beside what is normal here"
      subtitle={
        <>
          {sentence && <Sentence sentence={sentence} />}
          {!usual &&
            ' No earlier day is stored: what is usual is not known yet.'}
        </>
      }
    >
      <DataTable
        caption="Beside what is normal here"
        columns={COLUMNS}
        rows={rows}
        keyOf={({ name, when }) => `${name} ${when}`}
      />
    </Section>
  );
}
