/** A long list: searched, filtered, a page at a time, and copied whole. Knows rows and not what they are. */
import { useMemo, type ReactNode } from 'react';
import Button from '@material-ui/core/Button';
import TextField from '@material-ui/core/TextField';
import Typography from '@material-ui/core/Typography';
import { makeStyles } from '@material-ui/core/styles';
import FileCopyIcon from '@material-ui/icons/FileCopyOutlined';
import { useSearchParams } from 'react-router-dom';
import { useNotice } from '../../report/useNotice';
import { DataTable, type Column } from '../../tables/DataTable';
import { useWords } from '../../translation';
import { toCsv, toJson, type Sheet } from './copy';

const ROWS_PER_PAGE = 10;

const useStyles = makeStyles(theme => ({
  tools: {
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    gap: theme.spacing(1.5),
    marginBottom: theme.spacing(2),
  },
  search: { flex: '1 1 220px', maxWidth: 360 },
  filter: { minWidth: 190 },
  copy: { display: 'flex', gap: theme.spacing(1), marginLeft: 'auto' },
  button: { textTransform: 'none' },
  pages: {
    display: 'flex',
    alignItems: 'center',
    justifyContent: 'flex-end',
    gap: theme.spacing(1),
    marginTop: theme.spacing(2),
    fontVariantNumeric: 'tabular-nums',
  },
}));

export interface ListViewProps<Row> {
  caption: string;
  rows: readonly Row[];
  columns: readonly Column<Row>[];
  keyOf(row: Row): string;
  /** What a search looks through. */
  textOf(row: Row): string;
  filter: {
    label: string;
    options: readonly { value: string; text: string }[];
    valueOf(row: Row): string;
  };
  sheetOf(rows: readonly Row[]): Sheet;
  /** Where there is no row at all. */
  empty: string;
  /** Rows that the answer left out. */
  left: number;
  children?: ReactNode;
}

export function ListView<Row>(props: ListViewProps<Row>) {
  const { caption, rows, columns, keyOf, textOf, filter, empty, left } = props;
  const classes = useStyles();
  const t = useWords();
  const [params, setParams] = useSearchParams();
  const search = params.get('q') ?? '';
  const wanted = params.get('only') ?? '';
  const set = (changes: Record<string, string>) =>
    setParams(
      previous => {
        const next = new URLSearchParams(previous);
        for (const [key, value] of Object.entries(changes)) {
          if (value) next.set(key, value);
          else next.delete(key);
        }
        return next;
      },
      { replace: true },
    );
  const found = useMemo(() => {
    const words = search.toLocaleLowerCase().split(/\s+/).filter(Boolean);
    return rows.filter(row => {
      if (wanted && filter.valueOf(row) !== wanted) return false;
      const text = textOf(row).toLocaleLowerCase();
      return words.every(word => text.includes(word));
    });
    // Functions of one list always pick the same of a row.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [rows, search, wanted]);
  const pages = Math.max(1, Math.ceil(found.length / ROWS_PER_PAGE));
  const page = Math.min(
    Math.max(1, Math.floor(Number(params.get('page')) || 1)),
    pages,
  );
  const first = (page - 1) * ROWS_PER_PAGE;
  const shown = found.slice(first, first + ROWS_PER_PAGE);
  if (rows.length === 0) {
    return <Typography variant="body1">{empty}</Typography>;
  }
  return (
    <>
      <div className={classes.tools}>
        <TextField
          className={classes.search}
          id="contention-coverage-search"
          type="search"
          size="small"
          variant="outlined"
          label={t('coverage.search')}
          value={search}
          onChange={event => set({ q: event.target.value, page: '' })}
        />
        <TextField
          className={classes.filter}
          id="contention-coverage-filter"
          select
          size="small"
          variant="outlined"
          label={filter.label}
          value={wanted}
          onChange={event => set({ only: event.target.value, page: '' })}
          SelectProps={{ native: true }}
          InputLabelProps={{ shrink: true }}
        >
          <option value="">{t('coverage.all')}</option>
          {filter.options.map(({ value, text }) => (
            <option key={value} value={value}>
              {text}
            </option>
          ))}
        </TextField>
        <CopyButtons sheet={() => props.sheetOf(found)} count={found.length} />
      </div>
      {found.length === 0 ? (
        <Typography variant="body1">{t('coverage.noMatch')}</Typography>
      ) : (
        <DataTable
          caption={caption}
          columns={columns}
          rows={shown}
          keyOf={keyOf}
        />
      )}
      {found.length > ROWS_PER_PAGE && (
        <nav className={classes.pages} aria-label={caption}>
          <Button
            className={classes.button}
            size="small"
            disabled={page === 1}
            onClick={() => set({ page: page > 2 ? String(page - 1) : '' })}
          >
            {t('coverage.previous')}
          </Button>
          <span aria-live="polite">
            {t('coverage.page', {
              from: String(first + 1),
              to: String(first + shown.length),
              all: String(found.length),
            })}
          </span>
          <Button
            className={classes.button}
            size="small"
            disabled={page === pages}
            onClick={() => set({ page: String(page + 1) })}
          >
            {t('coverage.next')}
          </Button>
        </nav>
      )}
      {left > 0 && (
        <Typography variant="body2" color="textSecondary">
          {t('coverage.left', { number: String(left) })}
        </Typography>
      )}
    </>
  );
}

function CopyButtons({ sheet, count }: { sheet(): Sheet; count: number }) {
  const classes = useStyles();
  const t = useWords();
  const notify = useNotice();
  const copy = async (text: string) => {
    try {
      await navigator.clipboard.writeText(text);
      notify({
        title: t('coverage.copied', { number: String(count) }),
        status: 'success',
        timeoutMs: 5000,
      });
    } catch {
      // Clipboards are closed to pages without TLS and to readers who said no.
      notify({ title: t('coverage.copyFailed'), status: 'warning' });
    }
  };
  return (
    <div className={classes.copy}>
      <Button
        className={classes.button}
        size="small"
        startIcon={<FileCopyIcon />}
        onClick={() => copy(toCsv(sheet()))}
      >
        {t('coverage.copyCsv')}
      </Button>
      <Button
        className={classes.button}
        size="small"
        startIcon={<FileCopyIcon />}
        onClick={() => copy(toJson(sheet()))}
      >
        {t('coverage.copyJson')}
      </Button>
    </div>
  );
}
