/** The queues of a node's devices: how many packets passed each, and how long they stood. */
import type { NodeNetwork } from 'backstage-plugin-contention-common';
import { formatCount, formatDuration } from '../../format';
import { DataTable } from '../../tables/DataTable';
import { Section } from '../../tables/Section';
import { useWords } from '../../translation';

type Queue = NodeNetwork['queues'][number];

export function DevicesSection({ queues }: { queues: readonly Queue[] }) {
  const t = useWords();
  if (queues.length === 0) return null;
  return (
    <Section title={t('neighbours.queues')} subtitle={t('nodes.queuesHow')}>
      <DataTable<Queue>
        caption={t('neighbours.queues')}
        columns={[
          {
            title: t('neighbours.device'),
            header: true,
            cell: ({ interfaceName }) => interfaceName,
          },
          {
            title: t('neighbours.packets'),
            numeric: true,
            cell: ({ packets }) => formatCount(packets),
          },
          {
            title: t('nodes.delay'),
            numeric: true,
            cell: ({ waitSeconds, packets }) =>
              formatDuration(waitSeconds / packets),
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
        ]}
        rows={queues}
        keyOf={({ interfaceName }) => interfaceName}
        atFirst={8}
      />
    </Section>
  );
}
