/** Waits that go on: starvation shows here while it happens, before any finished wait tells of it. */
import type { LatencyReport } from 'backstage-plugin-contention-common';
import { formatAbsolute, formatDuration, formatMoment } from '../../format';
import { workloadText } from '../../report/PartyName';
import { DataTable } from '../../tables/DataTable';
import { Section } from '../../tables/Section';
import { useWords } from '../../translation';

export function OpenWaitsSection({ report }: { report: LatencyReport }) {
  const t = useWords();
  const { open } = report.cpuWait;
  if (open.length === 0) return null;
  return (
    <Section
      title={t('latency.stillWaiting')}
      subtitle={t('latency.stillWaitingHow')}
    >
      <DataTable
        caption={t('latency.openWaits')}
        columns={[
          {
            title: t('report.container'),
            header: true,
            cell: ({ workload }) =>
              workloadText(workload) ?? t('report.notKnown'),
          },
          {
            title: t('report.node'),
            nowrap: true,
            cell: ({ workload }) => workload.node ?? '',
          },
          {
            title: t('latency.longestSoFar'),
            numeric: true,
            cell: ({ oldestSeconds }) => formatDuration(oldestSeconds),
          },
          {
            title: t('latency.seenAt'),
            cell: ({ at }) => (
              <span title={formatAbsolute(at)}>{formatMoment(at)}</span>
            ),
          },
        ]}
        rows={open}
        keyOf={({ workload }) => JSON.stringify(workload)}
      />
    </Section>
  );
}
