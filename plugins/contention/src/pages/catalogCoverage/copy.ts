/**
 * Rows as text for other tools. Names in them are chosen by whoever deploys a pod, so a cell that a spreadsheet could take
 * for a formula is made plain text first. Pure.
 */

export type Cell = string | number | undefined;

export interface Sheet {
  columns: readonly string[];
  rows: readonly (readonly Cell[])[];
}

/** What begins a formula in a spreadsheet, also behind blanks that it strips. */
const FORMULA = /^[\s\u00a0\ufeff]*[=+\-@\t\r\n|%\uff1d\uff0b\uff0d\uff20]/;

/** Direction marks and other characters that are not seen and change what is read. */
const UNSEEN =
  // eslint-disable-next-line no-control-regex
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g;

function csvCell(value: Cell): string {
  if (typeof value === 'number') return String(value);
  const text = (value ?? '').replace(UNSEEN, '');
  const plain = FORMULA.test(text) ? `'${text}` : text;
  return `"${plain.replace(/"/g, '""')}"`;
}

/** RFC 4180, every text in quotes. */
export function toCsv({ columns, rows }: Sheet): string {
  return [columns, ...rows]
    .map(row => row.map(csvCell).join(','))
    .join('\r\n')
    .concat('\r\n');
}

/** One object a row. */
export function toJson({ columns, rows }: Sheet): string {
  const objects = rows.map(row =>
    Object.fromEntries(columns.map((column, index) => [column, row[index]])),
  );
  return `${JSON.stringify(objects, null, 2)}\n`;
}
