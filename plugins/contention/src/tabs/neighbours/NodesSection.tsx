/** The nodes it runs on: one small picture a node, all on one scale. */
import Typography from '@material-ui/core/Typography';
import { makeStyles, useTheme } from '@material-ui/core/styles';
import type { NeighboursReport } from 'backstage-plugin-contention-common';
import { SparkLine } from '../../charts/SparkLine';
import { formatCpus, formatDuration, formatShare } from '../../format';
import { NodeLink } from '../../pages/nodes/NodeLink';
import { useReportPage } from '../../report/ReportContext';
import { DataTable } from '../../tables/DataTable';
import { Section } from '../../tables/Section';
import { useWords, type Words } from '../../translation';

type Node = NeighboursReport['nodes'][number];

const useStyles = makeStyles(theme => ({
  grid: {
    display: 'grid',
    gridTemplateColumns: 'repeat(auto-fill, minmax(240px, 1fr))',
    gap: theme.spacing(2.5),
  },
  node: {
    border: `1px solid ${theme.palette.divider}`,
    borderRadius: theme.shape.borderRadius,
    padding: theme.spacing(1.5),
    fontVariantNumeric: 'tabular-nums',
  },
  name: { fontWeight: 600, marginBottom: theme.spacing(1) },
  small: { color: theme.palette.text.secondary },
}));

export function NodesSection({ report }: { report: NeighboursReport }) {
  const classes = useStyles();
  const t = useWords();
  const { palette } = useTheme();
  const { nodes, axis } = report;
  const { drawn } = useReportPage();
  if (nodes.length === 0) return null;
  const top = Math.max(
    ...nodes.flatMap(node => node.values.map(v => v ?? 0)),
    0,
  );
  const severalClusters = report.clusters.length > 1;
  const nameOf = (node: Node) =>
    severalClusters ? `${node.node} (${node.cluster})` : node.node;
  return (
    <Section
      title={t('neighbours.nodes')}
      subtitle={t('neighbours.nodesHow')}
      table={
        <DataTable
          caption={t('neighbours.nodes')}
          columns={[
            { title: t('report.node'), header: true, cell: nameOf },
            {
              title: t('report.waiting'),
              numeric: true,
              cell: node => formatDuration(node.waitSeconds),
            },
            {
              title: t('neighbours.whileNeighbours'),
              numeric: true,
              cell: node => formatDuration(node.neighbourSeconds),
            },
            {
              title: t('neighbours.meanCpu'),
              numeric: true,
              cell: node => cpuText(node, t),
            },
            {
              title: t('neighbours.mostOfIt'),
              cell: node => node.topCulprit ?? '',
            },
          ]}
          rows={nodes}
          keyOf={node => `${node.cluster}/${node.node}`}
        />
      }
    >
      <div className={classes.grid}>
        {nodes.map(node => (
          <div key={`${node.cluster}/${node.node}`} className={classes.node}>
            <Typography variant="body1" className={classes.name}>
              <NodeLink
                place={node}
                axis={axis}
                values={node.values}
                text={nameOf(node)}
              />
            </Typography>
            <SparkLine
              axis={axis}
              range={drawn}
              values={node.values}
              top={top}
              height={56}
              colour={palette.text.secondary}
              label={t('neighbours.waitingOn', { node: node.node })}
            />
            <Typography variant="body2" style={{ marginTop: 8 }}>
              {t(
                node.topCulprit
                  ? 'neighbours.nodeWaitedMostly'
                  : 'neighbours.nodeWaited',
                {
                  waited: formatDuration(node.waitSeconds),
                  neighbours: formatDuration(node.neighbourSeconds),
                  culprit: <strong>{node.topCulprit}</strong>,
                },
              )}
            </Typography>
            <Typography variant="body2" className={classes.small}>
              {t('neighbours.nodeCpu', { cpu: cpuText(node, t) })}
            </Typography>
          </div>
        ))}
      </div>
    </Section>
  );
}

/** A busy share where the number of CPUs is known; averages hide bursts, which is why it is said at all. */
function cpuText(node: Node, t: Words): string {
  const { cpuMean, cpuCount } = node;
  if (cpuMean === undefined) return t('report.notKnown');
  if (!cpuCount) return formatCpus(cpuMean);
  return t('neighbours.shareOf', {
    share: formatShare(Math.min(cpuMean / cpuCount, 1)),
    all: formatCpus(cpuCount),
  });
}
