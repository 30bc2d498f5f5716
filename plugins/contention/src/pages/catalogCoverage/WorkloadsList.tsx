/** Workloads that no entity claims, each with the lines that would. */
import Typography from '@material-ui/core/Typography';
import { makeStyles } from '@material-ui/core/styles';
import {
  type CoverageReport,
  type UnclaimedWorkload,
} from 'backstage-plugin-contention-common';
import { formatAbsolute, formatMinute } from '../../format';
import { CodeBlock } from '../../states/CodeBlock';
import { useWords } from '../../translation';
import { ListView } from './ListView';

const useStyles = makeStyles(theme => ({
  name: { fontWeight: 600, minWidth: 150 },
  small: {
    color: theme.palette.text.secondary,
    fontSize: theme.typography.pxToRem(12),
  },
  lines: {
    display: 'grid',
    gap: theme.spacing(1),
    minWidth: 260,
    maxWidth: 640,
    gridTemplateColumns: 'minmax(0, 1fr)',
  },
}));

const PLACES = ['kubernetes', 'container', 'systemd', 'cgroup'] as const;

export function WorkloadsList({ report }: { report: CoverageReport }) {
  const classes = useStyles();
  const t = useWords();
  const clusters = new Set(report.workloads.map(row => row.workload.cluster));
  return (
    <ListView<UnclaimedWorkload>
      caption={t('coverage.workload')}
      rows={report.workloads}
      keyOf={row => row.key}
      left={report.left.workloads}
      empty={t('coverage.allClaimed')}
      textOf={row =>
        [
          row.name,
          row.workload.cluster,
          row.workload.namespace,
          row.suggestion.annotations,
          ...row.nodes,
        ].join(' ')
      }
      filter={{
        label: t('coverage.place'),
        options: PLACES.map(value => ({ value, text: t(`coverage.${value}`) })),
        valueOf: row => row.place,
      }}
      sheetOf={rows => ({
        columns: [
          'workload',
          'place',
          'cluster',
          'nodes',
          'instances',
          'lastSeen',
          'annotations',
          'podLabels',
          'note',
        ],
        rows: rows.map(row => [
          row.name,
          row.place,
          row.workload.cluster,
          row.nodes.join(' '),
          row.instances,
          new Date(row.lastSeen).toISOString(),
          row.suggestion.annotations,
          row.suggestion.podLabels,
          row.suggestion.note,
        ]),
      })}
      columns={[
        {
          title: t('coverage.workload'),
          header: true,
          cell: row => (
            <>
              <div className={classes.name}>{row.name}</div>
              <div className={classes.small}>
                {[
                  row.workload.kind ?? t(`coverage.${row.place}`),
                  clusters.size > 1 ? row.workload.cluster : undefined,
                ]
                  .filter(Boolean)
                  .join(' · ')}
              </div>
            </>
          ),
        },
        {
          title: t('coverage.add'),
          width: '54%',
          cell: ({ name, suggestion }) => (
            <div className={classes.lines}>
              <CodeBlock
                text={suggestion.annotations}
                label={`${t('coverage.add')}: ${name}`}
              />
              {suggestion.podLabels && (
                <>
                  <Typography variant="body2">
                    {t('coverage.addLabel')}
                  </Typography>
                  <CodeBlock
                    text={suggestion.podLabels}
                    label={`${t('coverage.addLabel')}: ${name}`}
                  />
                </>
              )}
              {suggestion.note && (
                <div className={classes.small}>{suggestion.note}</div>
              )}
            </div>
          ),
        },
        {
          title: t('coverage.instances'),
          numeric: true,
          cell: row => row.instances,
        },
        {
          title: t('coverage.onNodes'),
          width: '13%',
          cell: row => (
            <span title={row.nodes.slice(0, 50).join(', ')}>
              {row.nodes.length > 2
                ? t('coverage.moreNodes', {
                    first: row.nodes[0],
                    number: String(row.nodes.length - 1),
                  })
                : row.nodes.join(', ')}
            </span>
          ),
        },
        {
          title: t('coverage.lastSeen'),
          nowrap: true,
          cell: row => (
            <time
              dateTime={new Date(row.lastSeen).toISOString()}
              title={formatAbsolute(row.lastSeen)}
            >
              {formatMinute(row.lastSeen)}
            </time>
          ),
        },
      ]}
    />
  );
}
