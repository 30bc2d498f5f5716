/** The longest waits of single threads for a CPU, and who ran meanwhile. */
import type { LatencyReport } from 'backstage-plugin-contention-common';
import { formatDuration, formatMoment, NOTHING } from '../../format';
import { PartyName, workloadText } from '../../report/PartyName';
import { Moment } from '../../states/Moment';
import { DataTable } from '../../tables/DataTable';
import { Section } from '../../tables/Section';
import { useCulpritLink } from './usePartLink';

const TITLE = 'Longest waits for a CPU';

export function WorstWaitsSection({ report }: { report: LatencyReport }) {
  const { worst } = report.cpuWait;
  const culpritLink = useCulpritLink();
  if (worst.length === 0) return null;
  return (
    <Section title={TITLE}>
      <DataTable
        caption={TITLE}
        columns={[
          {
            title: 'Ended',
            header: true,
            nowrap: true,
            cell: ({ at }) => <Moment at={at}>{formatMoment(at)}</Moment>,
          },
          {
            title: 'Waited',
            numeric: true,
            cell: ({ durationSeconds }) => formatDuration(durationSeconds),
          },
          {
            title: 'Mostly while this ran',
            cell: ({ culprit }) =>
              culprit ? (
                <PartyName party={culprit} linkTo={culpritLink} />
              ) : (
                NOTHING
              ),
          },
          {
            title: 'Container',
            cell: ({ workload }) => workloadText(workload) ?? NOTHING,
          },
          {
            title: 'Node',
            nowrap: true,
            cell: ({ workload }) => workload.node ?? '',
          },
        ]}
        rows={worst}
        keyOf={({ key }) => key}
        atFirst={5}
      />
    </Section>
  );
}
