/** The anatomy as a table: one row a bar, one column a part. */
import type {
  AnatomyBand,
  AnatomyPart,
  AnatomySum,
} from 'backstage-plugin-contention-common';
import {
  durationWords,
  formatCount,
  formatDuration,
  formatDurations,
  formatShare,
  NOTHING,
} from '../../format';
import { DataTable, type Column } from '../../tables/DataTable';
import { usePartWords } from '../../theme';
import { useWords } from '../../translation';
import { SUM_WORDS } from './words';

interface Row {
  name: string;
  requestCount: number;
  parts: readonly AnatomyPart[];
}

export interface AnatomyTableProps {
  sums: readonly AnatomySum[];
  /** Fastest first. */
  bands: readonly AnatomyBand[];
  /** The columns. */
  parts: readonly AnatomyPart[];
  title: string;
}

export function AnatomyTable(props: AnatomyTableProps) {
  const { sums, bands, parts, title } = props;
  const t = useWords();
  const { partWords } = usePartWords();
  const rows: Row[] = [
    ...sums.map(sum => ({
      ...sum,
      name:
        sum.thresholdSeconds === undefined
          ? t(SUM_WORDS[sum.of])
          : t('latency.overThreshold', {
              name: t(SUM_WORDS[sum.of]),
              duration: formatDuration(sum.thresholdSeconds),
            }),
    })),
    ...[...bands].reverse().map(band => ({
      ...band,
      name: formatDurations(band.fromSeconds, band.toSeconds, durationWords(t)),
    })),
  ];
  const columns: Array<Column<Row>> = [
    {
      title: t('latency.requests'),
      header: true,
      nowrap: true,
      cell: row => row.name,
    },
    {
      title: t('latency.number'),
      numeric: true,
      cell: row => formatCount(row.requestCount),
    },
    ...parts.map(({ key, ...part }) => ({
      title: partWords({ key, ...part }),
      numeric: true,
      cell: (row: Row) => {
        const found = row.parts.find(candidate => candidate.key === key);
        return found ? formatShare(found.share) : NOTHING;
      },
    })),
  ];
  return (
    <DataTable
      caption={title}
      columns={columns}
      rows={rows}
      keyOf={row => row.name}
    />
  );
}
