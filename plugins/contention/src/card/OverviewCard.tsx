/** The overview card: the worst of the last hour in one line, one spark line, since when, and where to look. */
import { useMemo } from 'react';
import { stringifyEntityRef } from '@backstage/catalog-model';
import { InfoCard, LinkButton } from '@backstage/core-components';
import { useApi } from '@backstage/core-plugin-api';
import { useEntity, useEntityRefLink } from '@backstage/plugin-catalog-react';
import Typography from '@material-ui/core/Typography';
import Button from '@material-ui/core/Button';
import Skeleton from '@material-ui/lab/Skeleton';
import { makeStyles } from '@material-ui/core/styles';
import type {
  DiagnosisReport,
  ReportState,
} from 'backstage-plugin-contention-common';
import { contentionApiRef } from '../api';
import { SparkLine } from '../charts/SparkLine';
import { formatDuration, formatMinute, formatMoment, zoneAt } from '../format';
import { Age } from '../range/Age';
import { DEFAULT_RANGE, requestedRange } from '../range/range';
import { drawnRange } from '../report/drawnRange';
import { describeFailure, whyItFailed } from '../report/failure';
import { searchFor, TAB_PATH } from '../report/links';
import { useReport } from '../report/useReport';
import { saysWhen } from '../sentence/saysWhen';
import { Sentence } from '../sentence/Sentence';
import { VerdictMark } from '../sentence/VerdictMark';
import { Moment } from '../states/Moment';
import { useMode, verdictColour } from '../theme';
import { useWords } from '../translation';
import { RefreshCaution, StaleCaution } from './Cautions';

const REFRESH_MS = 30_000;

/** What the card shows, as the tabs' address says it. */
const LAST_HOUR = '?from=now-1h&to=now';

const useStyles = makeStyles(theme => ({
  card: {
    padding: theme.spacing(2.5, 3),
    fontFamily: theme.typography.fontFamily,
  },
  line: { display: 'flex', gap: theme.spacing(1.5) },
  sentence: { flex: 1, lineHeight: 1.45 },
  spark: { margin: theme.spacing(2, 0, 0.5) },
  ends: {
    display: 'flex',
    justifyContent: 'space-between',
    columnGap: theme.spacing(1),
    color: theme.palette.text.secondary,
    fontSize: theme.typography.pxToRem(12),
    [theme.breakpoints.down('xs')]: { flexWrap: 'wrap' },
  },
  moment: { whiteSpace: 'nowrap' },
  /** What is drawn, between the ends of the line; below them where there is no room. */
  drawn: {
    textAlign: 'center',
    [theme.breakpoints.down('xs')]: {
      order: 1,
      flexBasis: '100%',
      textAlign: 'left',
    },
  },
  foot: {
    display: 'flex',
    flexWrap: 'wrap',
    justifyContent: 'space-between',
    alignItems: 'center',
    gap: theme.spacing(1),
    marginTop: theme.spacing(1.5),
  },
}));

const TAB_TITLE = {
  latency: 'report.latency',
  throttling: 'report.throttling',
  neighbours: 'report.neighbours',
} as const;

/** What the spark line draws. `least`: the height of a line that would otherwise make mountains of nothing. */
const SPARK_WORDS = {
  'held-share': {
    label: 'card.heldShare',
    below: 'card.heldShareBelow',
    least: 0.1,
  },
  'request-p99': {
    label: 'card.requestP99',
    below: 'card.requestP99Below',
    least: 0.001,
  },
  'queue-p99': {
    label: 'card.queueP99',
    below: 'card.queueP99Below',
    least: 0.001,
  },
} as const satisfies Record<
  DiagnosisReport['valuesOf'],
  { label: string; below: string; least: number }
>;

/** One line for each thing that stands in the way of data; the tabs say the rest. */
const STATE_LINE = {
  'not-annotated': 'card.notAnnotated',
  'no-pods': 'card.noPods',
  'no-data': 'card.noData',
} as const satisfies Record<Exclude<ReportState['state'], 'ok'>, string>;

export function OverviewCard() {
  const classes = useStyles();
  const t = useWords();
  const api = useApi(contentionApiRef);
  const { entity } = useEntity();
  const entityRef = stringifyEntityRef(entity);
  const entityLink = useEntityRefLink();
  const home = entityLink(entity);
  const { report, error, receivedAtMs, refresh } = useReport<DiagnosisReport>({
    subject: entityRef,
    range: 'last hour',
    ask: signal =>
      api.diagnosis(entityRef, requestedRange(DEFAULT_RANGE, Date.now()), {
        signal,
      }),
    refreshMs: REFRESH_MS,
  });
  return (
    <InfoCard cardClassName={classes.card}>
      <Typography variant="h6" component="h2" gutterBottom>
        {t('card.title')}
      </Typography>
      <Content
        report={report}
        error={error}
        receivedAtMs={receivedAtMs}
        home={home}
        onRetry={refresh}
      />
    </InfoCard>
  );
}

function Content(props: {
  report?: DiagnosisReport;
  error?: unknown;
  receivedAtMs?: number;
  home: string;
  onRetry(): void;
}) {
  const t = useWords();
  const { report, error, receivedAtMs, home, onRetry } = props;
  if (!report && error === undefined) {
    return (
      <div role="status" aria-label={t('states.loading')}>
        <Skeleton height={28} />
        <Skeleton variant="rect" height={40} style={{ marginTop: 16 }} />
      </div>
    );
  }
  const failure = error === undefined ? undefined : describeFailure(error);
  if (failure?.forbidden) {
    return (
      <Typography variant="body1" color="textSecondary">
        {t('card.forbidden', { permission: <code>contention.read</code> })}
      </Typography>
    );
  }
  if (!report) {
    return (
      <>
        <Typography variant="body1">
          {failure && whyItFailed(failure, t)}
        </Typography>
        <Button size="small" color="primary" onClick={onRetry}>
          {t('states.tryAgain')}
        </Button>
      </>
    );
  }
  const newestAtMs = receivedAtMs ?? report.range.to;
  return (
    <>
      {failure && (
        <RefreshCaution failure={failure} receivedAtMs={newestAtMs} />
      )}
      <Answer
        report={report}
        receivedAtMs={newestAtMs}
        outdated={report.freshness.stale || failure !== undefined}
        home={home}
      />
    </>
  );
}

function Answer(props: {
  report: DiagnosisReport;
  receivedAtMs: number;
  outdated: boolean;
  home: string;
}) {
  const t = useWords();
  const { report, receivedAtMs, outdated, home } = props;
  const classes = useStyles();
  const { status, tab, verdict } = report;
  if (status.state !== 'ok') {
    return (
      <>
        <Typography variant="body1" color="textSecondary">
          {t(STATE_LINE[status.state])}
        </Typography>
        <div className={classes.foot}>
          <LinkButton
            size="small"
            color="primary"
            to={`${home}/${TAB_PATH.neighbours}`}
          >
            {t('card.whatToDo')}
          </LinkButton>
        </div>
      </>
    );
  }
  return (
    <Verdict
      report={report}
      receivedAtMs={receivedAtMs}
      outdated={outdated}
      href={`${home}/${TAB_PATH[tab]}${LAST_HOUR}${isInQueues(tab, verdict) ? '&resource=network' : ''}`}
    />
  );
}

/** Whether the tab is asked about the network, to show what the verdict says. */
function isInQueues(
  tab: DiagnosisReport['tab'],
  { resource }: DiagnosisReport['verdict'],
): boolean {
  return tab === 'neighbours' && resource === 'network';
}

function Verdict(props: {
  report: DiagnosisReport;
  receivedAtMs: number;
  /** Not what is true now: no colour says that it were. */
  outdated: boolean;
  href: string;
}) {
  const t = useWords();
  const { report, receivedAtMs, outdated, href } = props;
  const classes = useStyles();
  const mode = useMode();
  const entityLink = useEntityRefLink();
  const { verdict, axis, range, values, valuesOf, tab, freshness } = report;
  const { since } = verdict;
  const words = SPARK_WORDS[valuesOf];
  const highest = Math.max(...values.map(value => value ?? 0), 0);
  const drawn = drawnRange(range, axis, [values]);
  const inQueues = isInQueues(tab, verdict);
  const search = useMemo(
    () => searchFor(range, undefined, inQueues ? { resource: 'network' } : {}),
    [range, inQueues],
  );
  return (
    <div data-testid="contention-card" data-cause={verdict.cause}>
      <StaleCaution freshness={freshness} />
      <div className={classes.line}>
        <VerdictMark verdict={verdict} outdated={outdated} size={24} />
        <Typography variant="body1" className={classes.sentence}>
          <Sentence
            sentence={verdict.sentence}
            linkTo={ref => `${entityLink(ref)}/${TAB_PATH[tab]}${search}`}
          />
        </Typography>
      </div>
      <div className={classes.spark}>
        <SparkLine
          axis={axis}
          range={drawn}
          values={values}
          top={Math.max(highest, words.least)}
          height={40}
          colour={verdictColour(verdict, mode, outdated)}
          label={t(words.label)}
        />
        <div className={classes.ends}>
          <span className={classes.moment}>{formatMinute(drawn.from)}</span>
          <span className={classes.drawn}>
            {t(words.below, { highest: formatDuration(highest) })}
          </span>
          <span className={classes.moment}>
            {formatMinute(range.to)} {zoneAt(range.to)}
          </span>
        </div>
      </div>
      <div className={classes.foot}>
        <span>
          {since !== undefined && !saysWhen(verdict.sentence, since) && (
            <Typography variant="body2" color="textSecondary" component="span">
              {t('card.since', {
                moment: <Moment at={since}>{formatMoment(since)}</Moment>,
              })}
              {' · '}
            </Typography>
          )}
          <Age
            freshness={freshness}
            receivedAtMs={receivedAtMs}
            refreshMs={REFRESH_MS}
          />
        </span>
        <LinkButton size="small" color="primary" to={href}>
          {t(TAB_TITLE[tab])}
        </LinkButton>
      </div>
    </div>
  );
}
