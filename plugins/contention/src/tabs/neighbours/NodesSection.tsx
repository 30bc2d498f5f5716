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
      title="Nodes"
      subtitle="Waiting over time on each node, all on the same scale."
      table={
        <DataTable
          caption="Nodes"
          columns={[
            { title: 'Node', header: true, cell: nameOf },
            {
              title: 'Waiting',
              numeric: true,
              cell: node => formatDuration(node.waitSeconds),
            },
            {
              title: 'While neighbours ran',
              numeric: true,
              cell: node => formatDuration(node.neighbourSeconds),
            },
            { title: 'Mean CPU', numeric: true, cell: node => cpuText(node) },
            { title: 'Most of it', cell: node => node.topCulprit ?? '' },
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
              label={`Waiting on ${node.node} over time`}
            />
            <Typography variant="body2" style={{ marginTop: 8 }}>
              {formatDuration(node.waitSeconds)} of waiting,{' '}
              {formatDuration(node.neighbourSeconds)} while neighbours ran
              {node.topCulprit && (
                <>
                  , mostly <strong>{node.topCulprit}</strong>
                </>
              )}
            </Typography>
            <Typography variant="body2" className={classes.small}>
              Mean CPU of the node: {cpuText(node)}
            </Typography>
          </div>
        ))}
      </div>
    </Section>
  );
}

/** A busy share where the number of CPUs is known; averages hide bursts, which is why it is said at all. */
function cpuText(node: Node): string {
  const { cpuMean, cpuCount } = node;
  if (cpuMean === undefined) return 'not known';
  if (!cpuCount) return formatCpus(cpuMean);
  return `${formatShare(Math.min(cpuMean / cpuCount, 1))} of ${formatCpus(
    cpuCount,
  )}`;
}
