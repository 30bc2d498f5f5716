/** The longest waits of single threads for a CPU, and who ran meanwhile. */
import type { LatencyReport } from 'backstage-plugin-contention-common';
import { formatDuration, formatMoment, NOTHING } from '../../format';
import { PartyName, workloadText } from '../../report/PartyName';
import { Moment } from '../../states/Moment';
import { DataTable } from '../../tables/DataTable';
import { Section } from '../../tables/Section';
import { usePartWords, WORDS } from '../../theme';
import { useWords } from '../../translation';
import { useCulpritLink } from './usePartLink';

export function WorstWaitsSection({ report }: { report: LatencyReport }) {
  const t = useWords();
  const { relationWord } = usePartWords();
  const { worst } = report.cpuWait;
  const culpritLink = useCulpritLink();
  if (worst.length === 0) return null;
  return (
    <Section title={t('latency.longest')}>
      <DataTable
        caption={t('latency.longest')}
        columns={[
          {
            title: t('latency.ended'),
            header: true,
            nowrap: true,
            cell: ({ at }) => <Moment at={at}>{formatMoment(at)}</Moment>,
          },
          {
            title: t('latency.waited'),
            numeric: true,
            cell: ({ durationSeconds }) => formatDuration(durationSeconds),
          },
          {
            title: t('latency.mostlyWhile'),
            cell: ({ culprit }) =>
              culprit ? (
                <PartyName
                  party={culprit}
                  linkTo={culpritLink}
                  word={
                    culprit.name === WORDS[culprit.relation]
                      ? relationWord(culprit.relation)
                      : undefined
                  }
                />
              ) : (
                NOTHING
              ),
          },
          {
            title: t('report.container'),
            cell: ({ workload }) => workloadText(workload) ?? NOTHING,
          },
          {
            title: t('report.node'),
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
