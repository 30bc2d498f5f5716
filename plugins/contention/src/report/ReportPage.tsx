/**
 * What all tabs have in common: the range, the loading, the states that stand in the way of data, the sentence, and how
 * sure we are. A tab brings its call and draws what the report says.
 */
import { useCallback, useMemo, useRef, type ReactNode } from 'react';
import { stringifyEntityRef } from '@backstage/catalog-model';
import { useEntity } from '@backstage/plugin-catalog-react';
import Typography from '@material-ui/core/Typography';
import { makeStyles } from '@material-ui/core/styles';
import type {
  Confidence,
  Freshness,
  Marker,
  Problem,
  ReportRequest,
  ReportState,
  TimeAxis,
  Verdict,
} from 'backstage-plugin-contention-common';
import { CursorProvider } from '../charts/Cursor';
import { MarkersProvider } from '../charts/Markers';
import { FreezeActions } from '../evidence/FreezeActions';
import { KeptRecords } from '../evidence/KeptRecords';
import { useOpenedLink } from '../evidence/useOpenedLink';
import { formatMoment, zoneAt } from '../format';
import { requestedRange, resolveRange } from '../range/range';
import { FixedRangeBar } from '../range/FixedRangeBar';
import { refreshEveryMs } from '../range/refreshEvery';
import { Toolbar } from '../range/Toolbar';
import { useRange } from '../range/useRange';
import {
  FailedState,
  ForbiddenState,
  LoadingState,
  NoDataState,
  NoPodsState,
  NotAnnotatedState,
  PartlyFailedBanner,
  QuietNodesBanner,
  RefreshFailedBanner,
  StaleBanner,
} from '../states';
import { Moment } from '../states/Moment';
import { useWords } from '../translation';
import { ChangesList } from './ChangesList';
import { ConfidencePanel } from './ConfidencePanel';
import { drawnRange, type KnownSeries } from './drawnRange';
import { describeFailure } from './failure';
import { Figures, type Figure } from './Figures';
import { useTabLink, type Tab } from './links';
import { ReportContextProvider, useReportPage } from './ReportContext';
import { useRecord } from './ReportSource';
import { useReport, type ReportAnswer } from './useReport';
import { VerdictBanner } from './VerdictBanner';

/** The parts that every report has. */
export interface ReportBase {
  entity: { entityRef: string; title: string };
  range: { from: number; to: number };
  clusters: string[];
  status: ReportState;
  verdict: Verdict;
  freshness: Freshness;
  confidence: Confidence;
  problems: Problem[];
  axis: TimeAxis;
  markers: Marker[];
}

/** What the tabs are called in a ticket. */
const VIEW = {
  latency: 'report.viewLatency',
  throttling: 'report.viewThrottling',
  neighbours: 'report.viewNeighbours',
} as const satisfies Record<Tab, string>;

const NO_MARKERS: Marker[] = [];

const useStyles = makeStyles(theme => ({
  root: {
    display: 'grid',
    gridTemplateColumns: 'minmax(0, 1fr)',
    gap: theme.spacing(2.5),
    fontFamily: theme.typography.fontFamily,
    color: theme.palette.text.primary,
    paddingBottom: theme.spacing(4),
  },
}));

export interface ReportPageProps<R extends ReportBase> {
  tab: Tab;
  /** Whatever else makes this another question: a direction. */
  aspect?: string;
  /** What else is asked for of the same: what is shown stays until the answer is there. */
  part?: string;
  /** The tab that links in the sentence lead to, on the page of somebody else; absent: this one. */
  elsewhereTab?: Tab;
  /** Search parameters of these links; by whom they lead to, where that makes a difference. */
  elsewhere?:
    | Record<string, string>
    | ((entityRef: string, report: R) => Record<string, string>);
  /** Switches of this tab, below the range. */
  controls?(report: R | undefined): ReactNode;
  ask(
    entityRef: string,
    request: ReportRequest,
    signal: AbortSignal,
  ): Promise<R>;
  /** Values by window, null where nothing is known: where data begins. */
  known(report: R): readonly KnownSeries[];
  /** Figures under the sentence. */
  figures?(report: R): Figure[];
  /** Proof and detail. */
  children(report: R): ReactNode;
  /** A record holds the three tabs of one service: what is shown here is in none. */
  isInNoRecord?: boolean;
  /** More about how sure we are. */
  surety?(report: R): ReactNode;
}

export function ReportPage<R extends ReportBase>(props: ReportPageProps<R>) {
  const { aspect = '', part = '', controls, ask, known } = props;
  const classes = useStyles();
  const t = useWords();
  const root = useRef<HTMLDivElement>(null);
  const { entity } = useEntity();
  const entityRef = stringifyEntityRef(entity);
  const record = useRecord();
  const range = useRange(entityRef, record);
  const { spec, cluster, live, change } = range;
  const opened = useOpenedLink(spec);
  const zoomTo = change?.zoomTo;
  const name = entity.metadata.title ?? entity.metadata.name;

  const refreshMs = live ? refreshEveryMs(spec) : undefined;
  const answer = useReport<R>({
    subject: [entityRef, aspect, cluster].join(' '),
    range: JSON.stringify([spec, part]),
    ask: signal =>
      ask(entityRef, { ...requestedRange(spec, Date.now()), cluster }, signal),
    refreshMs,
  });
  const { report, receivedAtMs, loading, isCatchingUp, refresh } = answer;

  const shown = useMemo(
    () => report?.range ?? resolveRange(spec, Date.now()),
    [report, spec],
  );
  // Fixed ranges were chosen as they are; one that ends now means "lately", and a record is often of such a one.
  const drawn = useMemo(
    () =>
      report && (live || record)
        ? drawnRange(shown, report.axis, known(report))
        : shown,
    // `known` only picks from the report: a new function of the same tab picks the same.
    // eslint-disable-next-line react-hooks/exhaustive-deps
    [report, live, record, shown],
  );
  const page = useMemo(
    () => ({ shown, drawn, cluster, isCatchingUp, zoomTo }),
    [shown, drawn, cluster, isCatchingUp, zoomTo],
  );
  return (
    <ReportContextProvider value={page}>
      <CursorProvider>
        <MarkersProvider value={report?.markers ?? NO_MARKERS}>
          <div ref={root} className={classes.root} aria-busy={loading}>
            {change && (
              <Toolbar
                range={range}
                change={change}
                shown={shown}
                clusters={report?.clusters ?? []}
                freshness={report?.freshness}
                receivedAtMs={receivedAtMs}
                refreshMs={refreshMs}
                loading={loading}
                onRefresh={refresh}
                shared={
                  report?.status.state === 'ok'
                    ? {
                        title: report.entity.title,
                        view: t(VIEW[props.tab]),
                        verdict: report.verdict,
                        figures: props.figures?.(report) ?? [],
                      }
                    : undefined
                }
                page={() => root.current}
              >
                {report?.status.state === 'ok' && !props.isInNoRecord && (
                  <FreezeActions
                    entityRef={entityRef}
                    name={name}
                    shown={shown}
                    cluster={cluster}
                    opened={opened}
                  />
                )}
              </Toolbar>
            )}
            {!change && <FixedRangeBar shown={shown} cluster={cluster} />}
            {controls?.(report)}
            <Body {...props} answer={answer} live={live} name={name} />
          </div>
        </MarkersProvider>
      </CursorProvider>
    </ReportContextProvider>
  );
}

function Body<R extends ReportBase>(
  props: ReportPageProps<R> & {
    answer: ReportAnswer<R>;
    live: boolean;
    name: string;
  },
) {
  const { answer, live, name } = props;
  const { report, error, receivedAtMs, refresh } = answer;
  const failure = error === undefined ? undefined : describeFailure(error);

  if (failure?.forbidden) return <ForbiddenState name={name} />;
  if (!report && failure) {
    return <FailedState failure={failure} onRetry={refresh} />;
  }
  if (!report) return <LoadingState />;
  return (
    <>
      {failure && (
        <RefreshFailedBanner
          failure={failure}
          receivedAtMs={receivedAtMs}
          onRetry={refresh}
        />
      )}
      {report.problems.length > 0 && (
        <PartlyFailedBanner problems={report.problems} />
      )}
      <Answer
        {...props}
        report={report}
        outdated={report.freshness.stale || (live && failure !== undefined)}
      />
    </>
  );
}

function Answer<R extends ReportBase>(
  props: ReportPageProps<R> & {
    report: R;
    answer: ReportAnswer<R>;
    outdated: boolean;
    name: string;
  },
) {
  const { report, answer, outdated, name } = props;
  const { tab, elsewhereTab = tab, elsewhere, figures } = props;
  const { children, surety } = props;
  const { status, verdict, freshness, confidence, range } = report;
  const t = useWords();
  const tabLink = useTabLink();
  const linkTo = useCallback(
    (entityRef: string) =>
      tabLink(
        entityRef,
        elsewhereTab,
        typeof elsewhere === 'function'
          ? elsewhere(entityRef, report)
          : elsewhere,
      ),
    [tabLink, elsewhereTab, elsewhere, report],
  );
  const { zoomTo, drawn, cluster } = useReportPage();
  switch (status.state) {
    case 'not-annotated':
      return <NotAnnotatedState name={name} yaml={status.yaml} />;
    case 'no-pods':
      return <NoPodsState status={status} onRetry={zoomTo && answer.refresh} />;
    case 'no-data':
      return (
        <NoDataState
          name={name}
          shown={range}
          nearest={status.nearest}
          onShow={zoomTo}
          keptSince={status.keptSince}
        >
          {zoomTo && !props.isInNoRecord && (
            <KeptRecords
              entityRef={report.entity.entityRef}
              range={range}
              cluster={cluster}
              isGone={status.keptSince !== undefined}
            />
          )}
        </NoDataState>
      );
    default:
      return (
        <>
          {freshness.stale && <StaleBanner freshness={freshness} />}
          {!freshness.stale && freshness.staleNodes.length > 0 && (
            <QuietNodesBanner freshness={freshness} />
          )}
          <VerdictBanner verdict={verdict} outdated={outdated} linkTo={linkTo}>
            <ReportFigures of={range} figures={figures?.(report) ?? []} />
          </VerdictBanner>
          {drawn.from > range.from && (
            <Typography variant="body2" style={{ opacity: 0.75 }}>
              {t('report.nothingBefore', {
                moment: (
                  <Moment at={drawn.from}>
                    {formatMoment(drawn.from)} {zoneAt(drawn.from)}
                  </Moment>
                ),
              })}
            </Typography>
          )}
          <ChangesList />
          {children(report)}
          <ConfidencePanel confidence={confidence}>
            {surety?.(report)}
          </ConfidencePanel>
        </>
      );
  }
}

function ReportFigures(props: {
  of: { from: number; to: number };
  figures: Figure[];
}) {
  return props.figures.length > 0 ? <Figures {...props} /> : null;
}
