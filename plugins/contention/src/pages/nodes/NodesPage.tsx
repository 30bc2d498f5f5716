/** `/contention/nodes`: every node that an agent watches, the most crowded first. The backend sorts, filters and pages. */
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { useApi } from '@backstage/core-plugin-api';
import IconButton from '@material-ui/core/IconButton';
import MenuItem from '@material-ui/core/MenuItem';
import TextField from '@material-ui/core/TextField';
import Typography from '@material-ui/core/Typography';
import { makeStyles } from '@material-ui/core/styles';
import ChevronLeftIcon from '@material-ui/icons/ChevronLeft';
import ChevronRightIcon from '@material-ui/icons/ChevronRight';
import { useSearchParams } from 'react-router-dom';
import type {
  AgentState,
  NodeSort,
  NodesReport,
} from 'backstage-plugin-contention-common';
import { contentionApiRef } from '../../api';
import { isLive, requestedRange, resolveRange } from '../../range/range';
import { refreshEveryMs } from '../../range/refreshEvery';
import { Toolbar } from '../../range/Toolbar';
import { useRange } from '../../range/useRange';
import { ReportContextProvider } from '../../report/ReportContext';
import { ResourceSwitch } from '../../report/ResourceSwitch';
import { useReport } from '../../report/useReport';
import { useResource } from '../../report/useResource';
import { Section } from '../../tables/Section';
import { useWords } from '../../translation';
import { SubPage } from '../SubPage';
import { NodesTable } from './NodesTable';
import { PageAnswer } from './PageAnswer';

const PAGE_SIZE = 25;
const TYPING_MS = 300;
const STATES: AgentState[] = ['fresh', 'stale', 'gone'];
const SORTS: NodeSort[] = [
  'crowding',
  'waiting',
  'node',
  'cluster',
  'lastSeen',
];

const useStyles = makeStyles(theme => ({
  root: {
    display: 'grid',
    gridTemplateColumns: 'minmax(0, 1fr)',
    gap: theme.spacing(2.5),
    fontFamily: theme.typography.fontFamily,
    paddingBottom: theme.spacing(4),
  },
  filters: {
    display: 'flex',
    flexWrap: 'wrap',
    gap: theme.spacing(2),
    marginBottom: theme.spacing(2),
    '& .MuiTextField-root': { minWidth: 180 },
  },
  pages: {
    display: 'flex',
    alignItems: 'center',
    justifyContent: 'flex-end',
    gap: theme.spacing(1),
    marginTop: theme.spacing(1),
    fontVariantNumeric: 'tabular-nums',
  },
}));

/** What is asked for, as the URL says it. */
function useFilter() {
  const [params, setParams] = useSearchParams();
  const change = useCallback(
    (changes: Record<string, string | undefined>, replace = false) =>
      setParams(
        previous => {
          const next = new URLSearchParams(previous);
          next.delete('offset');
          for (const [key, value] of Object.entries(changes)) {
            if (value) next.set(key, value);
            else next.delete(key);
          }
          return next;
        },
        { replace },
      ),
    [setParams],
  );
  return useMemo(() => {
    const offset = Number(params.get('offset'));
    const order = params.get('order');
    const filter = {
      search: params.get('search') ?? undefined,
      state: STATES.find(state => state === params.get('state')),
      sort: SORTS.find(sort => sort === params.get('sort')) ?? 'crowding',
      order:
        order === 'asc' || order === 'desc'
          ? (order as 'asc' | 'desc')
          : undefined,
      offset: Number.isInteger(offset) && offset > 0 ? offset : 0,
      limit: PAGE_SIZE,
    };
    return { filter, change };
  }, [params, change]);
}

export function NodesPage() {
  const classes = useStyles();
  const root = useRef<HTMLDivElement>(null);
  const t = useWords();
  const api = useApi(contentionApiRef);
  const range = useRange('nodes');
  const { spec, cluster, change: changeRange } = range;
  const { filter, change } = useFilter();
  const { resource, setResource } = useResource(['offset']);
  const refreshMs = isLive(spec) ? refreshEveryMs(spec) : undefined;
  const answer = useReport<NodesReport>({
    subject: 'nodes',
    range: JSON.stringify([spec, cluster, filter, resource]),
    ask: signal =>
      api.nodes(
        { ...requestedRange(spec, Date.now()), cluster },
        { ...filter, resource },
        { signal },
      ),
    refreshMs,
  });
  const { report, isCatchingUp } = answer;
  const shown = useMemo(
    () => report?.range ?? resolveRange(spec, Date.now()),
    [report, spec],
  );
  const page = useMemo(
    () => ({ shown, drawn: shown, cluster, isCatchingUp }),
    [shown, cluster, isCatchingUp],
  );
  return (
    <ReportContextProvider value={page}>
      <SubPage title={t('pages.nodes')} subtitle={t('nodes.intro')}>
        <div ref={root} className={classes.root} aria-busy={answer.loading}>
          {changeRange && (
            <Toolbar
              range={range}
              change={changeRange}
              shown={shown}
              clusters={report?.clusters ?? []}
              receivedAtMs={answer.receivedAtMs}
              refreshMs={refreshMs}
              loading={answer.loading}
              onRefresh={answer.refresh}
            />
          )}
          <ResourceSwitch resource={resource} onResource={setResource} />
          <PageAnswer answer={answer} name={t('nodes.all')}>
            {current => (
              <Section title={t('nodes.all')}>
                <div className={classes.filters}>
                  <SearchField
                    text={filter.search ?? ''}
                    onText={text => change({ search: text }, true)}
                  />
                  <TextField
                    select
                    size="small"
                    variant="outlined"
                    id="contention-agent-state"
                    label={t('nodes.agent')}
                    value={filter.state ?? ''}
                    onChange={event => change({ state: event.target.value })}
                    SelectProps={{ displayEmpty: true }}
                    InputLabelProps={{ shrink: true }}
                  >
                    <MenuItem value="">{t('nodes.anyState')}</MenuItem>
                    {STATES.map(state => (
                      <MenuItem key={state} value={state}>
                        {t(`nodes.${state}`)} ({current.states[state]})
                      </MenuItem>
                    ))}
                  </TextField>
                </div>
                {current.nodes.length === 0 ? (
                  <Typography variant="body1">{t('nodes.none')}</Typography>
                ) : (
                  <NodesTable
                    report={current}
                    sort={filter.sort}
                    order={filter.order}
                    onSort={(sort, order) => change({ sort, order })}
                  />
                )}
                <Pages
                  offset={filter.offset}
                  report={current}
                  onOffset={offset =>
                    change({ offset: offset ? String(offset) : undefined })
                  }
                />
              </Section>
            )}
          </PageAnswer>
        </div>
      </SubPage>
    </ReportContextProvider>
  );
}

/** Asks when the reader stops typing. */
function SearchField(props: { text: string; onText(text: string): void }) {
  const { text, onText } = props;
  const t = useWords();
  const [typed, setTyped] = useState(text);
  useEffect(() => {
    if (typed === text) return undefined;
    const timer = setTimeout(() => onText(typed), TYPING_MS);
    return () => clearTimeout(timer);
    // Only typing leads to a question.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [typed]);
  return (
    <TextField
      size="small"
      variant="outlined"
      type="search"
      id="contention-node-search"
      label={t('nodes.search')}
      placeholder={t('nodes.searchHint')}
      value={typed}
      onChange={event => setTyped(event.target.value)}
      InputLabelProps={{ shrink: true }}
    />
  );
}

function Pages(props: {
  report: NodesReport;
  offset: number;
  onOffset(offset: number): void;
}) {
  const { report, offset, onOffset } = props;
  const classes = useStyles();
  const t = useWords();
  const { total, nodes } = report;
  if (total <= PAGE_SIZE && offset === 0) return null;
  return (
    <div className={classes.pages}>
      <span role="status">
        {t('nodes.page', {
          from: String(Math.min(offset + 1, total)),
          to: String(offset + nodes.length),
          total: String(total),
        })}
      </span>
      <IconButton
        size="small"
        aria-label={t('nodes.previous')}
        disabled={offset === 0}
        onClick={() => onOffset(Math.max(0, offset - PAGE_SIZE))}
      >
        <ChevronLeftIcon />
      </IconButton>
      <IconButton
        size="small"
        aria-label={t('nodes.next')}
        disabled={offset + PAGE_SIZE >= total}
        onClick={() => onOffset(offset + PAGE_SIZE)}
      >
        <ChevronRightIcon />
      </IconButton>
    </div>
  );
}
