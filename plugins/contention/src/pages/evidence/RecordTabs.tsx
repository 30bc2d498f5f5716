/** The three tabs as they were: the very components of a service's page, answered from the record. */
import { lazy, Suspense, useMemo } from 'react';
import { Link } from '@backstage/core-components';
import {
  EntityProvider,
  useEntityRefLink,
} from '@backstage/plugin-catalog-react';
import Tab from '@material-ui/core/Tab';
import Tabs from '@material-ui/core/Tabs';
import { makeStyles } from '@material-ui/core/styles';
import { useParams } from 'react-router-dom';
import type { Evidence } from 'backstage-plugin-contention-common';
import {
  recordedEntity,
  recordedReports,
  recordedResources,
} from '../../evidence/recordSource';
import { useEvidencePaths } from '../../evidence/useEvidencePaths';
import { TAB_PATH, type Tab as TabName } from '../../report/links';
import { RecordProvider, type RecordSource } from '../../report/ReportSource';
import { LoadingState, RecordedBanner } from '../../states';
import { useWords } from '../../translation';

const TABS: ReadonlyArray<{
  tab: TabName;
  title: 'report.latency' | 'report.throttling' | 'report.neighbours';
  Content: React.ComponentType;
}> = [
  {
    tab: 'latency',
    title: 'report.latency',
    Content: lazy(() =>
      import('../../tabs/latency/LatencyTab').then(m => ({
        default: m.LatencyTab,
      })),
    ),
  },
  {
    tab: 'throttling',
    title: 'report.throttling',
    Content: lazy(() =>
      import('../../tabs/throttling/ThrottlingTab').then(m => ({
        default: m.ThrottlingTab,
      })),
    ),
  },
  {
    tab: 'neighbours',
    title: 'report.neighbours',
    Content: lazy(() =>
      import('../../tabs/neighbours/NeighboursTab').then(m => ({
        default: m.NeighboursTab,
      })),
    ),
  },
];

const useStyles = makeStyles(theme => ({
  root: {
    display: 'grid',
    gridTemplateColumns: 'minmax(0, 1fr)',
    gap: theme.spacing(2.5),
  },
  tabs: { borderBottom: `1px solid ${theme.palette.divider}` },
  tab: {
    textTransform: 'none',
    fontSize: theme.typography.pxToRem(16),
    minWidth: 0,
    padding: theme.spacing(1.5, 2),
    '&:hover': { textDecoration: 'none' },
  },
}));

export function RecordTabs({ record }: { record: Evidence }) {
  const classes = useStyles();
  const t = useWords();
  const { '*': path } = useParams();
  const paths = useEvidencePaths();
  const liveLink = useEntityRefLink();
  const entity = useMemo(() => recordedEntity(record.entity), [record.entity]);
  const source = useMemo(
    (): RecordSource => ({
      entityRef: record.entity.entityRef,
      range: record.range,
      cluster: record.cluster,
      reports: recordedReports(record),
      resources: recordedResources(record),
      tabPath: (tab, search) => paths?.record(record.id, tab, search) ?? '',
    }),
    [record, paths],
  );
  const { tab, Content } =
    TABS.find(({ tab: name }) => TAB_PATH[name] === path) ??
    TABS.find(({ tab: name }) => name === record.reports.diagnosis.tab) ??
    TABS[0];
  const { entityRef, title } = record.entity;
  return (
    <div className={classes.root}>
      <Tabs
        className={classes.tabs}
        value={tab}
        aria-label={t('evidence.tabs')}
        indicatorColor="primary"
        variant="scrollable"
        scrollButtons="auto"
      >
        {TABS.map(({ tab: name, title: words }) => (
          <Tab
            key={name}
            id={`contention-record-${name}`}
            className={classes.tab}
            value={name}
            label={t(words)}
            component={Link}
            to={source.tabPath(name)}
            aria-controls="contention-recorded"
          />
        ))}
      </Tabs>
      <div
        id="contention-recorded"
        role="tabpanel"
        aria-labelledby={`contention-record-${tab}`}
        className={classes.root}
      >
        <RecordedBanner
          at={record.createdAt}
          name={title}
          liveTo={
            record.entityExists
              ? `${liveLink(entityRef)}/${TAB_PATH[tab]}`
              : undefined
          }
        />
        <RecordProvider value={source}>
          <EntityProvider entity={entity}>
            <Suspense fallback={<LoadingState />}>
              <Content />
            </Suspense>
          </EntityProvider>
        </RecordProvider>
      </div>
    </div>
  );
}
