/** The anatomy as a table: one row a bar, one column a part. */
import type {
  AnatomyBand,
  AnatomyPart,
  AnatomySum,
} from 'backstage-plugin-contention-common';
import {
  formatCount,
  formatDuration,
  formatDurations,
  formatShare,
  NOTHING,
} from '../../format';
import { DataTable, type Column } from '../../tables/DataTable';
import { partWords } from '../../theme';
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
  const rows: Row[] = [
    ...sums.map(sum => ({
      ...sum,
      name:
        sum.thresholdSeconds === undefined
          ? SUM_WORDS[sum.of]
          : `${SUM_WORDS[sum.of]}, over ${formatDuration(sum.thresholdSeconds)}`,
    })),
    ...[...bands].reverse().map(band => ({
      ...band,
      name: formatDurations(band.fromSeconds, band.toSeconds),
    })),
  ];
  const columns: Array<Column<Row>> = [
    { title: 'Requests', header: true, nowrap: true, cell: row => row.name },
    {
      title: 'Number',
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
