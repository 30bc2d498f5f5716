/** A plain, real table: the twin of every chart, and the tables of detail. No sorting: reports come in order. */
import { useState, type ReactNode } from 'react';
import Button from '@material-ui/core/Button';
import Table from '@material-ui/core/Table';
import TableBody from '@material-ui/core/TableBody';
import TableCell from '@material-ui/core/TableCell';
import TableContainer from '@material-ui/core/TableContainer';
import TableHead from '@material-ui/core/TableHead';
import TableRow from '@material-ui/core/TableRow';
import { makeStyles } from '@material-ui/core/styles';
import { useWords } from '../translation';
import { useScrolls } from './useScrolls';

const useStyles = makeStyles(theme => ({
  cell: {
    fontVariantNumeric: 'tabular-nums',
    verticalAlign: 'top',
    padding: theme.spacing(1, 2, 1, 1),
    wordBreak: 'normal',
    overflowWrap: 'anywhere',
    lineHeight: 1.4,
  },
  // Where a table scrolls anyway, words stay words.
  words: { [theme.breakpoints.down('xs')]: { minWidth: 112 } },
  /** Titles break between words only, and only where the table would not fit. */
  head: {
    overflowWrap: 'normal',
    verticalAlign: 'bottom',
    color: theme.palette.text.secondary,
    backgroundColor: theme.palette.background.paper,
    fontWeight: 600,
    textTransform: 'none',
    letterSpacing: 0,
    borderBottomWidth: 2,
  },
  row: { '&:last-child td, &:last-child th': { borderBottom: 0 } },
  more: { marginTop: theme.spacing(1), textTransform: 'none' },
  caption: {
    position: 'absolute',
    width: 1,
    height: 1,
    overflow: 'hidden',
    clip: 'rect(0 0 0 0)',
  },
}));

/** A cell that names its row, for screen readers too. */
const ROW_HEADER = {
  component: 'th',
  scope: 'row',
  role: 'rowheader',
} as const;

export interface Column<Row> {
  title: string;
  /** Numbers stand on the right. */
  numeric?: boolean;
  /** The cell that names its row. */
  header?: boolean;
  width?: number | string;
  /** Long words stay whole. */
  nowrap?: boolean;
  cell(row: Row): ReactNode;
}

export interface DataTableProps<Row> {
  /** What the table shows; for screen readers. */
  caption: string;
  columns: ReadonlyArray<Column<Row>>;
  rows: readonly Row[];
  keyOf(row: Row): string;
  /** Only so many rows at first; the rest one click away. */
  atFirst?: number;
  /** Scrolls beyond this height, pixels. */
  maxHeight?: number;
}

export function DataTable<Row>(props: DataTableProps<Row>) {
  const { caption, columns, rows, keyOf, atFirst, maxHeight } = props;
  const classes = useStyles();
  const t = useWords();
  const [all, setAll] = useState(false);
  const [frame, scrolls] = useScrolls<HTMLDivElement>();
  const shown = all ? rows : rows.slice(0, atFirst);
  return (
    <TableContainer
      ref={frame}
      style={{ maxHeight }}
      tabIndex={scrolls ? 0 : undefined}
      role={scrolls ? 'region' : undefined}
      aria-label={scrolls ? caption : undefined}
    >
      <Table size="small" stickyHeader={Boolean(maxHeight)}>
        <caption className={classes.caption}>{caption}</caption>
        <TableHead>
          <TableRow>
            {columns.map(column => (
              <TableCell
                key={column.title}
                className={`${classes.cell} ${classes.head}`}
                align={column.numeric ? 'right' : 'left'}
                style={{ width: column.width }}
                scope="col"
              >
                {column.title}
              </TableCell>
            ))}
          </TableRow>
        </TableHead>
        <TableBody>
          {shown.map(row => (
            <TableRow key={keyOf(row)} className={classes.row}>
              {columns.map(column => (
                <TableCell
                  key={column.title}
                  className={`${classes.cell} ${column.numeric ? '' : classes.words}`}
                  align={column.numeric ? 'right' : 'left'}
                  style={{
                    whiteSpace:
                      column.nowrap || column.numeric ? 'nowrap' : undefined,
                  }}
                  {...(column.header && ROW_HEADER)}
                >
                  {column.cell(row)}
                </TableCell>
              ))}
            </TableRow>
          ))}
        </TableBody>
      </Table>
      {shown.length < rows.length && (
        <Button
          size="small"
          className={classes.more}
          onClick={() => setAll(true)}
        >
          {t('report.showAll', { number: String(rows.length) })}
        </Button>
      )}
    </TableContainer>
  );
}
