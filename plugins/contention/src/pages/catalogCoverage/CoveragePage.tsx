/** `/contention/coverage`: where catalog and measurement do not meet, and the lines that bring them together. */
import { useApi } from '@backstage/core-plugin-api';
import Card from '@material-ui/core/Card';
import Tab from '@material-ui/core/Tab';
import Tabs from '@material-ui/core/Tabs';
import TextField from '@material-ui/core/TextField';
import Typography from '@material-ui/core/Typography';
import { makeStyles } from '@material-ui/core/styles';
import { useSearchParams } from 'react-router-dom';
import type { CoverageReport } from 'backstage-plugin-contention-common';
import { contentionApiRef } from '../../api';
import { describeFailure } from '../../report/failure';
import { ReportContextProvider } from '../../report/ReportContext';
import { useReport } from '../../report/useReport';
import {
  FailedState,
  ForbiddenState,
  LoadingState,
  RefreshFailedBanner,
} from '../../states';
import { Section } from '../../tables/Section';
import { useWords } from '../../translation';
import { SubPage } from '../SubPage';
import { Counts } from './Counts';
import { EntitiesList } from './EntitiesList';
import { Known } from './Known';
import { NodesList } from './NodesList';
import { WorkloadsList } from './WorkloadsList';

const LISTS = ['workloads', 'entities', 'nodes'] as const;
type List = (typeof LISTS)[number];

/** Seconds. */
const PERIODS = { hour: 3600, day: 86_400, week: 604_800 } as const;
type Period = keyof typeof PERIODS;

const useStyles = makeStyles(theme => ({
  root: {
    display: 'grid',
    gridTemplateColumns: 'minmax(0, 1fr)',
    gap: theme.spacing(2.5),
    paddingBottom: theme.spacing(4),
    fontFamily: theme.typography.fontFamily,
  },
  period: {
    justifySelf: 'start',
    minWidth: 180,
    // On the ground of a page the theme's quiet colour is too pale.
    '& label:not(.Mui-focused)': {
      color: theme.palette.text.primary,
      opacity: 0.75,
    },
  },
  tabs: { borderBottom: `1px solid ${theme.palette.divider}` },
  tab: {
    textTransform: 'none',
    maxWidth: 'none',
    letterSpacing: 0,
    fontSize: theme.typography.pxToRem(15),
  },
  panel: { padding: theme.spacing(2.5, 3) },
}));

export function CoveragePage() {
  const classes = useStyles();
  const t = useWords();
  const api = useApi(contentionApiRef);
  const [params, setParams] = useSearchParams();
  const period = (
    Object.keys(PERIODS).includes(params.get('period') ?? '')
      ? params.get('period')
      : 'day'
  ) as Period;
  const list = (
    LISTS.includes(params.get('list') as List) ? params.get('list') : LISTS[0]
  ) as List;
  const { report, error, receivedAtMs, refresh } = useReport<CoverageReport>({
    subject: 'coverage',
    range: period,
    refreshMs: 60_000,
    ask: signal => api.coverage({ lastSeconds: PERIODS[period] }, { signal }),
  });
  const failure = error === undefined ? undefined : describeFailure(error);
  const title = t('coverage.title');
  // A page that is asked for by nobody in particular: only what it is of stays.
  const show = (changes: Record<string, string>) =>
    setParams({
      ...(period === 'day' ? {} : { period }),
      ...(list === LISTS[0] ? {} : { list }),
      ...changes,
    });
  return (
    <SubPage title={title} subtitle={t('coverage.what')}>
      <div className={classes.root}>
        {failure?.forbidden && <ForbiddenState name={title} />}
        {failure && !failure.forbidden && !report && (
          <FailedState failure={failure} onRetry={refresh} />
        )}
        {!failure && !report && <LoadingState />}
        {failure && !failure.forbidden && report && (
          <RefreshFailedBanner
            failure={failure}
            receivedAtMs={receivedAtMs}
            onRetry={refresh}
          />
        )}
        {report && !failure?.forbidden && (
          <>
            <TextField
              className={classes.period}
              id="contention-coverage-period"
              select
              size="small"
              variant="outlined"
              label={t('coverage.period')}
              value={period}
              onChange={event => show({ period: event.target.value })}
              SelectProps={{ native: true }}
            >
              {(Object.keys(PERIODS) as Period[]).map(key => (
                <option key={key} value={key}>
                  {t(`coverage.${key}`)}
                </option>
              ))}
            </TextField>
            <Counts report={report} />
            <Card>
              <Tabs
                className={classes.tabs}
                value={list}
                onChange={(_, next: List) => show({ list: next })}
                indicatorColor="primary"
                variant="scrollable"
                scrollButtons="auto"
                aria-label={t('coverage.lists')}
              >
                {LISTS.map(name => (
                  <Tab
                    key={name}
                    className={classes.tab}
                    value={name}
                    id={`contention-coverage-tab-${name}`}
                    aria-controls={`contention-coverage-${name}`}
                    label={t(`coverage.${name}`, {
                      number: String(missingIn(report, name)),
                    })}
                  />
                ))}
              </Tabs>
              <div
                className={classes.panel}
                role="tabpanel"
                id={`contention-coverage-${list}`}
                aria-labelledby={`contention-coverage-tab-${list}`}
              >
                {list === 'workloads' && <WorkloadsList report={report} />}
                {list === 'entities' && <EntitiesList report={report} />}
                {list === 'nodes' && (
                  <ReportContextProvider
                    value={{
                      shown: report.range,
                      drawn: report.range,
                      isCatchingUp: false,
                    }}
                  >
                    <NodesList report={report} />
                  </ReportContextProvider>
                )}
              </div>
            </Card>
            <Section title={t('coverage.knowTitle')}>
              <Typography variant="body2" component="div">
                <Known report={report} />
              </Typography>
            </Section>
          </>
        )}
      </div>
    </SubPage>
  );
}

function missingIn(report: CoverageReport, list: List): number {
  const { counts } = report;
  switch (list) {
    case 'workloads':
      return counts.workloads - counts.claimedWorkloads;
    case 'entities':
      return counts.entities - counts.entitiesWithData;
    default:
      return counts.nodes - counts.reportingNodes;
  }
}
