/** Tables behind charts over time: one row a window, newest first, because that is what a reader looks for. */
import type { TimeAxis } from 'backstage-plugin-contention-common';
import { formatAbsolute, formatClock, formatDay, zoneAt } from '../format';
import type { Words } from '../translation';
import type { Column } from './DataTable';

/** The row's number is its window. */
export interface WindowRow {
  index: number;
  startMs: number;
}

export function windowRows(axis: TimeAxis): WindowRow[] {
  return axis.startsMs.map((startMs, index) => ({ index, startMs })).reverse();
}

export const windowKey = (row: WindowRow) => String(row.startMs);

export const windowColumn = (t: Words): Column<WindowRow> => ({
  title: t('report.windowStarts'),
  header: true,
  nowrap: true,
  cell: row => (
    <time
      dateTime={new Date(row.startMs).toISOString()}
      title={formatAbsolute(row.startMs)}
    >
      {formatDay(row.startMs)} {formatClock(row.startMs, true)}{' '}
      {zoneAt(row.startMs)}
    </time>
  ),
});
