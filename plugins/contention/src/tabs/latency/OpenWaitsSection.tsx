/** Waits that go on: starvation shows here while it happens, before any finished wait tells of it. */
import type { LatencyReport } from 'backstage-plugin-contention-common';
import { formatAbsolute, formatDuration, formatMoment } from '../../format';
import { workloadText } from '../../report/PartyName';
import { DataTable } from '../../tables/DataTable';
import { Section } from '../../tables/Section';

export function OpenWaitsSection({ report }: { report: LatencyReport }) {
  const { open } = report.cpuWait;
  if (open.length === 0) return null;
  return (
    <Section
      title="Still waiting"
      subtitle="Threads that were waiting for a CPU at the end of the range. Their waits count when they end."
    >
      <DataTable
        caption="Waits that are still open"
        columns={[
          {
            title: 'Container',
            header: true,
            cell: ({ workload }) => workloadText(workload) ?? 'not known',
          },
          {
            title: 'Node',
            nowrap: true,
            cell: ({ workload }) => workload.node ?? '',
          },
          {
            title: 'Longest of them, so far',
            numeric: true,
            cell: ({ oldestSeconds }) => formatDuration(oldestSeconds),
          },
          {
            title: 'Seen at',
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
