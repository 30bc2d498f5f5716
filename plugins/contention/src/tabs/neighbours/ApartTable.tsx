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
import { swatchOf, useMode } from '../../theme';
import { apartWord } from './words';

export function ApartTable({ report }: { report: NeighboursReport }) {
  const mode = useMode();
  const tabLink = useTabLink();
  const { apart, axis, direction } = report;
  const { drawn } = useReportPage();
  if (apart.length === 0) return null;
  const columns: Array<Column<Culprit>> = [
    {
      title: 'What',
      header: true,
      cell: ({ party }) => (
        <PartyName
          party={party}
          word={apartWord(party)}
          linkTo={ref => tabLink(ref, 'neighbours')}
        />
      ),
    },
    {
      title: 'Share of the waiting',
      width: '28%',
      cell: ({ party, share }) => (
        <ShareBar
          share={share}
          swatch={swatchOf(party.relation, party.key, mode)}
        />
      ),
    },
    {
      title: 'Waiting',
      numeric: true,
      width: '12%',
      cell: ({ waitSeconds }) => formatDuration(waitSeconds),
    },
    {
      title: 'When',
      width: '20%',
      cell: ({ party, values }) => (
        <SparkLine
          axis={axis}
          range={drawn}
          values={values}
          colour={swatchOf(party.relation, party.key, mode).colour}
          width={180}
          label={`${apartWord(party)} over time`}
        />
      ),
    },
  ];
  return (
    <Section
      title="Not neighbours"
      subtitle={
        direction === 'suffered'
          ? 'The rest of the waiting: itself, its own limit, the host, and what is not known.'
          : 'Of the same pod: they share a fate, and are nobody else.'
      }
    >
      <DataTable
        caption="Waiting that is no neighbour's"
        columns={columns}
        rows={apart}
        keyOf={({ party }) => party.key}
        atFirst={8}
      />
    </Section>
  );
}
