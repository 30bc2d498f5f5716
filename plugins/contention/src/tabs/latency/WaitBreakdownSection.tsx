/** The same by container: where the waiting is. */
import type { LatencyReport } from 'backstage-plugin-contention-common';
import { formatCount, formatDuration, formatShare } from '../../format';
import { workloadText } from '../../report/PartyName';
import { DataTable, type Column } from '../../tables/DataTable';
import { Section } from '../../tables/Section';

type Row = LatencyReport['breakdown'][number];

const COLUMNS: Array<Column<Row>> = [
  {
    title: 'Container',
    header: true,
    cell: ({ workload }) => workloadText(workload) ?? 'not known',
  },
  { title: 'Node', nowrap: true, cell: ({ workload }) => workload.node ?? '' },
  {
    title: 'Waited',
    numeric: true,
    cell: ({ waitSeconds }) => formatDuration(waitSeconds),
  },
  {
    title: 'Of the time it wanted to run',
    numeric: true,
    cell: ({ waitShare }) => formatShare(waitShare),
  },
  {
    title: 'Ran',
    numeric: true,
    cell: ({ cpuSeconds }) => formatDuration(cpuSeconds),
  },
  { title: 'Waits', numeric: true, cell: ({ count }) => formatCount(count) },
  {
    title: 'Median',
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
  const { breakdown } = report;
  if (breakdown.length === 0) return null;
  return (
    <Section title="Waiting by container">
      <DataTable
        caption="Waiting by container"
        columns={COLUMNS}
        rows={breakdown}
        keyOf={({ workload }) => JSON.stringify(workload)}
      />
    </Section>
  );
}
