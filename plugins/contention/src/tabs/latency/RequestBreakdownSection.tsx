/** Where the slow ones are: by pod, by container, by node. */
import { useState } from 'react';
import Chip from '@material-ui/core/Chip';
import ToggleButton from '@material-ui/lab/ToggleButton';
import ToggleButtonGroup from '@material-ui/lab/ToggleButtonGroup';
import { makeStyles } from '@material-ui/core/styles';
import type {
  LatencyReport,
  RequestBreakdownRow,
} from 'backstage-plugin-contention-common';
import { SpanBar } from '../../charts/SpanBar';
import { formatCount, formatDuration, formatRate } from '../../format';
import { DataTable, type Column } from '../../tables/DataTable';
import { Section } from '../../tables/Section';
import { useToggleStyles } from '../../theme';
import { useWords } from '../../translation';
import { CONTAINER_WORDS } from './words';

type By = keyof LatencyReport['requests']['breakdown'];

const CHOICES = ['pods', 'containers', 'nodes'] as const;

const BY = {
  pods: { word: 'report.pod', caption: 'latency.byPods' },
  containers: { word: 'report.container', caption: 'latency.byContainers' },
  nodes: { word: 'report.node', caption: 'latency.byNodes' },
} as const satisfies Record<By, object>;

const useStyles = makeStyles(theme => ({
  choice: { marginBottom: theme.spacing(1.5) },
  chip: {
    height: 20,
    fontSize: theme.typography.pxToRem(12),
    margin: theme.spacing(0, 0, 0, 1),
  },
  node: {
    color: theme.palette.text.secondary,
    fontSize: theme.typography.pxToRem(12),
    fontWeight: 400,
  },
}));

export function RequestBreakdownSection(props: { report: LatencyReport }) {
  const { breakdown } = props.report.requests;
  const classes = useStyles();
  const t = useWords();
  const { button: root, selected } = useToggleStyles();
  const [by, setBy] = useState<By>('pods');
  const rows = breakdown[by];
  const columns = useColumns(rows, by);
  return (
    <Section title={t('latency.where')} subtitle={t('latency.whereHow')}>
      <ToggleButtonGroup
        className={classes.choice}
        size="small"
        exclusive
        value={by}
        aria-label={t('latency.breakDown')}
        onChange={(_, next: By | null) => next && setBy(next)}
      >
        {CHOICES.map(choice => (
          <ToggleButton
            key={choice}
            value={choice}
            classes={{ root, selected }}
          >
            {t(BY[choice].word)}
          </ToggleButton>
        ))}
      </ToggleButtonGroup>
      <DataTable
        key={by}
        caption={t(BY[by].caption)}
        columns={columns}
        rows={rows}
        keyOf={({ key }) => key}
        atFirst={8}
      />
    </Section>
  );
}

function useColumns(
  rows: readonly RequestBreakdownRow[],
  by: By,
): Array<Column<RequestBreakdownRow>> {
  const classes = useStyles();
  const t = useWords();
  const known = rows.flatMap(({ p50Seconds, p99Seconds }) =>
    p50Seconds && p99Seconds ? [p50Seconds, p99Seconds] : [],
  );
  const domain = [Math.min(...known), Math.max(...known)] as const;
  return [
    {
      title: t(BY[by].word),
      header: true,
      cell: ({ name, workload, containerRole, counted }) => (
        <>
          {name}
          {containerRole && containerRole !== 'app' && (
            <Chip
              className={classes.chip}
              size="small"
              variant="outlined"
              label={
                counted
                  ? t(CONTAINER_WORDS[containerRole])
                  : t('latency.countedNowhere', {
                      role: t(CONTAINER_WORDS[containerRole]),
                    })
              }
              title={counted ? undefined : t('latency.countedAtApp')}
            />
          )}
          {by === 'pods' && workload.node && (
            <div className={classes.node}>{workload.node}</div>
          )}
        </>
      ),
    },
    {
      title: t('latency.requests'),
      numeric: true,
      cell: ({ requestCount }) => formatCount(requestCount),
    },
    {
      title: t('latency.rate'),
      numeric: true,
      cell: ({ ratePerSecond }) => formatRate(ratePerSecond),
    },
    {
      title: t('report.median'),
      numeric: true,
      cell: ({ p50Seconds }) => formatDuration(p50Seconds),
    },
    {
      title: 'p99',
      numeric: true,
      cell: ({ p99Seconds }) => formatDuration(p99Seconds),
    },
    {
      title: t('latency.medianToP99'),
      width: '34%',
      cell: ({ p50Seconds, p99Seconds }) => (
        <SpanBar from={p50Seconds} to={p99Seconds} domain={domain} />
      ),
    },
  ];
}
