/** What is no neighbour: itself, its sidecars, its limit, the host, and what is not known. Accused of nothing. */
import type {
  Culprit,
  NeighboursReport,
} from 'backstage-plugin-contention-common';
import { ShareBar } from '../../charts/ShareBar';
import { SparkLine } from '../../charts/SparkLine';
import { formatDuration } from '../../format';
import { useTabLink } from '../../report/links';
import { useReportPage } from '../../report/ReportContext';
import { PartyName } from '../../report/PartyName';
import { DataTable, type Column } from '../../tables/DataTable';
import { Section } from '../../tables/Section';
import { swatchOf, useMode, usePartWords } from '../../theme';
import { useWords } from '../../translation';
import { apartWord, SIDE_WORDS, viewParams } from './words';

export function ApartTable({ report }: { report: NeighboursReport }) {
  const mode = useMode();
  const t = useWords();
  const partWords = usePartWords();
  const tabLink = useTabLink();
  const { apart, axis, direction, resource } = report;
  const isCpu = resource === 'cpu';
  const { drawn } = useReportPage();
  if (apart.length === 0) return null;
  const columns: Array<Column<Culprit>> = [
    {
      title: t('report.what'),
      header: true,
      cell: ({ party }) => (
        <PartyName
          party={party}
          word={apartWord(party, partWords, resource)}
          linkTo={ref =>
            tabLink(ref, 'neighbours', viewParams('suffered', resource))
          }
        />
      ),
    },
    {
      title: t('report.shareOfWaiting'),
      width: '28%',
      cell: ({ party, share }) => (
        <ShareBar
          share={share}
          swatch={swatchOf(party.relation, party.key, mode)}
        />
      ),
    },
    {
      title: t(isCpu ? 'report.waiting' : 'neighbours.delay'),
      numeric: true,
      width: '12%',
      cell: ({ waitSeconds, delaySeconds }) =>
        formatDuration(isCpu ? waitSeconds : delaySeconds),
    },
    {
      title: t('report.when'),
      width: '20%',
      cell: ({ party, values }) => (
        <SparkLine
          axis={axis}
          range={drawn}
          values={values}
          colour={swatchOf(party.relation, party.key, mode).colour}
          width={180}
          label={t('neighbours.overTime', {
            what: apartWord(party, partWords, resource),
          })}
        />
      ),
    },
  ];
  return (
    <Section
      title={t('neighbours.apart')}
      subtitle={t(SIDE_WORDS[resource][direction].apartHow)}
    >
      <DataTable
        caption={t('neighbours.apartTable')}
        columns={columns}
        rows={apart}
        keyOf={({ party }) => party.key}
        atFirst={8}
      />
    </Section>
  );
}
