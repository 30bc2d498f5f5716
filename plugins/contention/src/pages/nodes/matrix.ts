/** The matrix of a stretch of time: cells added up over its windows, rows and columns in the order that is wanted. Pure. */
import type {
  NodeCulprit,
  NodeReport,
  NodeVictim,
} from 'backstage-plugin-contention-common';
import type { Stretch } from '../../charts/layout/windows';

export interface MatrixRow {
  index: number;
  victim: NodeVictim;
  /** Seconds of waiting, by number of the column. */
  seconds: number[];
  total: number;
  wanted: number;
  /** Of the network: packets of the row. */
  packets: number;
}

export interface MatrixColumn {
  index: number;
  culprit: NodeCulprit;
  total: number;
}

export interface Matrix {
  rows: MatrixRow[];
  columns: MatrixColumn[];
  total: number;
}

/** By which the rows or the columns are ordered, largest first: a number of the other, or all of them together. */
export interface MatrixOrder {
  /** Number of a column. */
  rowsBy?: number;
  /** Number of a row. */
  columnsBy?: number;
}

/** Windows of which some part lies in the stretch. */
export function windowsIn(
  { startsMs, stepSeconds }: NodeReport['axis'],
  stretch: Stretch | undefined,
): { first: number; last: number } {
  if (!stretch) return { first: 0, last: startsMs.length - 1 };
  const stepMs = stepSeconds * 1000;
  const first = startsMs.findIndex(start => start + stepMs > stretch.from);
  const last = startsMs.findLastIndex(start => start < stretch.to);
  return { first: first < 0 ? 0 : first, last };
}

/** What a cell says: seconds of waiting; of packets, how long each of the row stood on average. */
export function weightOf(
  { victim, packets }: MatrixRow,
  seconds: number,
): number {
  if (!victim.packets) return seconds;
  return packets > 0 ? seconds / packets : 0;
}

export function matrixOf(
  report: NodeReport,
  stretch: Stretch | undefined,
  order: MatrixOrder = {},
): Matrix {
  const { first, last } = windowsIn(report.axis, stretch);
  const sum = (values: readonly number[]) =>
    values.slice(first, last + 1).reduce((a, b) => a + b, 0);
  const rows = report.victims.map((victim, index): MatrixRow => ({
    index,
    victim,
    seconds: new Array(report.culprits.length).fill(0),
    total: 0,
    wanted: sum(victim.wanted),
    packets: sum(victim.packets ?? []),
  }));
  const columns = report.culprits.map((culprit, index): MatrixColumn => ({
    index,
    culprit,
    total: 0,
  }));
  for (const { victim, culprit, values } of report.cells) {
    const seconds = sum(values);
    rows[victim].seconds[culprit] += seconds;
    rows[victim].total += seconds;
    columns[culprit].total += seconds;
  }
  const { rowsBy, columnsBy } = order;
  const ofRow = (row: MatrixRow) =>
    weightOf(row, rowsBy === undefined ? row.total : row.seconds[rowsBy]);
  const ofColumn = ({ index, total }: MatrixColumn) =>
    columnsBy === undefined ? total : rows[columnsBy].seconds[index];
  // Who is no neighbour stands apart, on the right, in the order of the stack.
  const apart = ({ culprit }: MatrixColumn) =>
    Number(culprit.relation !== 'neighbour');
  const shown = columns.filter(({ total }) => total > 0);
  return {
    rows: rows
      .filter(({ total }) => total > 0)
      .sort((a, b) => ofRow(b) - ofRow(a) || b.total - a.total),
    columns: shown.sort(
      (a, b) =>
        (columnsBy === undefined ? apart(a) - apart(b) : 0) ||
        (columnsBy === undefined && apart(a)
          ? a.index - b.index
          : ofColumn(b) - ofColumn(a)),
    ),
    total: rows.reduce((all, { total }) => all + total, 0),
  };
}
