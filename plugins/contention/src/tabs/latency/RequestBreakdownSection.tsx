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
import { CONTAINER_WORDS } from './words';

type By = keyof LatencyReport['requests']['breakdown'];

const CHOICES: ReadonlyArray<[By, string]> = [
  ['pods', 'Pod'],
  ['containers', 'Container'],
  ['nodes', 'Node'],
];

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
  const { button: root, selected } = useToggleStyles();
  const [by, setBy] = useState<By>('pods');
  const rows = breakdown[by];
  const columns = useColumns(rows, by);
  return (
    <Section
      title="Where"
      subtitle="The bar goes from the median to p99, on one logarithmic scale for all rows."
    >
      <ToggleButtonGroup
        className={classes.choice}
        size="small"
        exclusive
        value={by}
        aria-label="Break down by"
        onChange={(_, next: By | null) => next && setBy(next)}
      >
        {CHOICES.map(([choice, word]) => (
          <ToggleButton
            key={choice}
            value={choice}
            classes={{ root, selected }}
          >
            {word}
          </ToggleButton>
        ))}
      </ToggleButtonGroup>
      <DataTable
        key={by}
        caption={`Requests by ${by.replace(/s$/, '')}`}
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
  const known = rows.flatMap(({ p50Seconds, p99Seconds }) =>
    p50Seconds && p99Seconds ? [p50Seconds, p99Seconds] : [],
  );
  const domain = [Math.min(...known), Math.max(...known)] as const;
  return [
    {
      title: CHOICES.find(([choice]) => choice === by)?.[1] ?? '',
      header: true,
      cell: ({ name, workload, containerRole, counted }) => (
        <>
          {name}
          {containerRole && containerRole !== 'app' && (
            <Chip
              className={classes.chip}
              size="small"
              variant="outlined"
              label={`${CONTAINER_WORDS[containerRole]}${
                counted ? '' : ', counted nowhere else'
              }`}
              title={
                counted
                  ? undefined
                  : 'The same requests pass through here on their way: they are counted at the app'
              }
            />
          )}
          {by === 'pods' && workload.node && (
            <div className={classes.node}>{workload.node}</div>
          )}
        </>
      ),
    },
    {
      title: 'Requests',
      numeric: true,
      cell: ({ requestCount }) => formatCount(requestCount),
    },
    {
      title: 'Rate',
      numeric: true,
      cell: ({ ratePerSecond }) => formatRate(ratePerSecond),
    },
    {
      title: 'Median',
      numeric: true,
      cell: ({ p50Seconds }) => formatDuration(p50Seconds),
    },
    {
      title: 'p99',
      numeric: true,
      cell: ({ p99Seconds }) => formatDuration(p99Seconds),
    },
    {
      title: 'Median to p99',
      width: '34%',
      cell: ({ p50Seconds, p99Seconds }) => (
        <SpanBar from={p50Seconds} to={p99Seconds} domain={domain} />
      ),
    },
  ];
}
