/** The anatomy as a table: one row a bar, one column a part. */
import type { Anatomy, AnatomyPart } from 'backstage-plugin-contention-common';
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
  anatomy: Anatomy;
  /** The columns. */
  parts: readonly AnatomyPart[];
  title: string;
}

export function AnatomyTable({ anatomy, parts, title }: AnatomyTableProps) {
  const rows: Row[] = [
    ...anatomy.sums.map(sum => ({
      ...sum,
      name:
        sum.thresholdSeconds === undefined
          ? SUM_WORDS[sum.of]
          : `${SUM_WORDS[sum.of]}, over ${formatDuration(sum.thresholdSeconds)}`,
    })),
    ...[...anatomy.bands].reverse().map(band => ({
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
