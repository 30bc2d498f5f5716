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
import { useWords, type Words } from '../../translation';
import { useQuotaName, type Quota } from './words';

const columnsOf = (
  t: Words,
  quotaName: (quota: Quota) => string,
): Array<Column<Quota>> => [
  {
    title: t('throttling.limitOf'),
    header: true,
    cell: quota => (
      <span title={workloadText(quota.workload)}>{quotaName(quota)}</span>
    ),
  },
  {
    title: t('report.node'),
    nowrap: true,
    cell: ({ workload }) => workload.node ?? '',
  },
  {
    title: t('throttling.limit'),
    numeric: true,
    cell: q => formatCpus(q.limitCpus),
  },
  {
    title: t('throttling.used'),
    numeric: true,
    cell: q => formatCpus(q.usedCpus),
  },
  {
    title: t('throttling.neededAtMost'),
    numeric: true,
    cell: q => formatCpus(q.needCpus),
  },
  {
    title: t('throttling.periodsNumber'),
    numeric: true,
    cell: q => formatCount(q.periods),
  },
  {
    title: t('throttling.ofTheseStopped'),
    numeric: true,
    cell: q => formatShare(q.throttledShare),
  },
  {
    title: t('throttling.stoppedTime'),
    numeric: true,
    cell: q => formatDuration(q.throttledSeconds),
  },
];

export function QuotasSection({ report }: { report: ThrottlingReport }) {
  const t = useWords();
  const quotaName = useQuotaName();
  const { quotas } = report;
  if (quotas.length === 0) return null;
  return (
    <Section title={t('throttling.all')} subtitle={t('throttling.allHow')}>
      <DataTable
        caption={t('throttling.all')}
        columns={columnsOf(t, quotaName)}
        rows={quotas}
        keyOf={({ key }) => key}
      />
    </Section>
  );
}
