/** The same by container: where the waiting is. */
import type { LatencyReport } from 'backstage-plugin-contention-common';
import { formatCount, formatDuration, formatShare } from '../../format';
import { workloadText } from '../../report/PartyName';
import { DataTable, type Column } from '../../tables/DataTable';
import { Section } from '../../tables/Section';
import { useWords, type Words } from '../../translation';

type Row = LatencyReport['breakdown'][number];

const columnsOf = (t: Words): Array<Column<Row>> => [
  {
    title: t('report.container'),
    header: true,
    cell: ({ workload }) => workloadText(workload) ?? t('report.notKnown'),
  },
  {
    title: t('report.node'),
    nowrap: true,
    cell: ({ workload }) => workload.node ?? '',
  },
  {
    title: t('latency.waited'),
    numeric: true,
    cell: ({ waitSeconds }) => formatDuration(waitSeconds),
  },
  {
    title: t('latency.ofWanted'),
    numeric: true,
    cell: ({ waitShare }) => formatShare(waitShare),
  },
  {
    title: t('latency.ran'),
    numeric: true,
    cell: ({ cpuSeconds }) => formatDuration(cpuSeconds),
  },
  {
    title: t('latency.waitsNumber'),
    numeric: true,
    cell: ({ count }) => formatCount(count),
  },
  {
    title: t('report.median'),
    numeric: true,
    cell: ({ p50Seconds }) => formatDuration(p50Seconds),
  },
  {
    title: 'p99',
    numeric: true,
    cell: ({ p99Seconds }) => formatDuration(p99Seconds),
  },
];

export function WaitBreakdownSection({ report }: { report: LatencyReport }) {
  const t = useWords();
  const { breakdown } = report;
  if (breakdown.length === 0) return null;
  return (
    <Section title={t('latency.byContainer')}>
      <DataTable
        caption={t('latency.byContainer')}
        columns={columnsOf(t)}
        rows={breakdown}
        keyOf={({ workload }) => JSON.stringify(workload)}
      />
    </Section>
  );
}
