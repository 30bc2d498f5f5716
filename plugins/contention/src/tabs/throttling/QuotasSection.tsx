/** Every limit that applies, with its figures. */
import type { ThrottlingReport } from 'backstage-plugin-contention-common';
import {
  formatCount,
  formatCpus,
  formatDuration,
  formatShare,
} from '../../format';
import { workloadText } from '../../report/PartyName';
import { DataTable, type Column } from '../../tables/DataTable';
import { Section } from '../../tables/Section';
import { quotaName, type Quota } from './words';

const COLUMNS: Array<Column<Quota>> = [
  {
    title: 'Limit of the',
    header: true,
    cell: quota => (
      <span title={workloadText(quota.workload)}>{quotaName(quota)}</span>
    ),
  },
  { title: 'Node', nowrap: true, cell: ({ workload }) => workload.node ?? '' },
  { title: 'Limit', numeric: true, cell: q => formatCpus(q.limitCpus) },
  { title: 'Used', numeric: true, cell: q => formatCpus(q.usedCpus) },
  {
    title: 'Needed at most',
    numeric: true,
    cell: q => formatCpus(q.needCpus),
  },
  { title: 'Periods', numeric: true, cell: q => formatCount(q.periods) },
  {
    title: 'Of these stopped',
    numeric: true,
    cell: q => formatShare(q.throttledShare),
  },
  {
    title: 'Stopped time (ledger)',
    numeric: true,
    cell: q => formatDuration(q.throttledSeconds),
  },
];

export function QuotasSection({ report }: { report: ThrottlingReport }) {
  const { quotas } = report;
  if (quotas.length === 0) return null;
  return (
    <Section
      title="All limits"
      subtitle="Every CPU limit above its containers, worst first."
    >
      <DataTable
        caption="All limits"
        columns={COLUMNS}
        rows={quotas}
        keyOf={({ key }) => key}
      />
    </Section>
  );
}
