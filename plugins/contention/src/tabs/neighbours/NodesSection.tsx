/** The nodes it runs on: one small picture a node, all on one scale. */
import Typography from '@material-ui/core/Typography';
import { makeStyles, useTheme } from '@material-ui/core/styles';
import type { NeighboursReport } from 'backstage-plugin-contention-common';
import { SparkLine } from '../../charts/SparkLine';
import {
  formatCpus,
  formatDuration,
  formatNumber,
  formatShare,
} from '../../format';
import { NodeLink } from '../../pages/nodes/NodeLink';
import { useReportPage } from '../../report/ReportContext';
import { DataTable } from '../../tables/DataTable';
import { Section } from '../../tables/Section';
import { useWords, type Words } from '../../translation';

type Node = NeighboursReport['nodes'][number];

/** What is said of a node, by what was waited for, and from whose side one looks. */
const WORDS = {
  cpu: {
    suffered: {
      how: 'neighbours.nodesHow',
      neighbours: 'neighbours.whileNeighbours',
      told: 'neighbours.nodeWaited',
      mostly: 'neighbours.nodeWaitedMostly',
    },
    caused: {
      how: 'neighbours.nodesHowCaused',
      neighbours: 'neighbours.neighboursWaited',
      told: 'neighbours.nodeCaused',
      mostly: 'neighbours.nodeCausedMostly',
    },
  },
  network: {
    suffered: {
      how: 'neighbours.nodesPackets',
      neighbours: 'neighbours.behindNeighbours',
      told: 'neighbours.nodeStood',
      mostly: 'neighbours.nodeStoodMostly',
    },
    caused: {
      how: 'neighbours.nodesPacketsCaused',
      neighbours: 'neighbours.ofNeighbours',
      told: 'neighbours.nodeOthersStood',
      mostly: 'neighbours.nodeOthersStoodMostly',
    },
  },
} as const;

type NodeWords =
  (typeof WORDS)[keyof typeof WORDS][keyof (typeof WORDS)['cpu']];

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
  const { nodes, axis, direction, resource } = report;
  const isCpu = resource === 'cpu';
  const isSuffered = direction === 'suffered';
  const words = WORDS[resource][direction];
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
      subtitle={t(words.how)}
      table={
        <DataTable
          caption={t('neighbours.nodes')}
          columns={[
            { title: t('report.node'), header: true, cell: nameOf },
            ...(isCpu
              ? [
                  {
                    title: t('report.waiting'),
                    numeric: true,
                    cell: (node: Node) => formatDuration(node.waitSeconds),
                  },
                  {
                    title: t(words.neighbours),
                    numeric: true,
                    cell: (node: Node) => formatDuration(node.neighbourSeconds),
                  },
                  ...(isSuffered
                    ? [
                        {
                          title: t('neighbours.meanCpu'),
                          numeric: true,
                          cell: (node: Node) => cpuText(node, t),
                        },
                      ]
                    : []),
                ]
              : [
                  {
                    title: t('neighbours.standing'),
                    numeric: true,
                    cell: (node: Node) => formatNumber(meanOf(node.values)),
                  },
                  {
                    title: t(words.neighbours),
                    numeric: true,
                    cell: (node: Node) => formatShare(neighbourShare(node)),
                  },
                ]),
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
                resource={resource}
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
              {nodeText(node, words, t)}
            </Typography>
            {isCpu && isSuffered && (
              <Typography variant="body2" className={classes.small}>
                {t('neighbours.nodeCpu', { cpu: cpuText(node, t) })}
              </Typography>
            )}
          </div>
        ))}
      </div>
    </Section>
  );
}

function nodeText(node: Node, { told, mostly }: NodeWords, t: Words) {
  const other = <strong>{node.topCulprit}</strong>;
  return t(node.topCulprit ? mostly : told, {
    waited: formatDuration(node.waitSeconds),
    neighbours: formatDuration(node.neighbourSeconds),
    number: formatNumber(meanOf(node.values)),
    share: formatShare(neighbourShare(node)),
    culprit: other,
    victim: other,
  });
}

function neighbourShare({ waitSeconds, neighbourSeconds }: Node) {
  return waitSeconds > 0 ? Math.min(1, neighbourSeconds / waitSeconds) : 0;
}

/** Of where there is data. */
function meanOf(values: ReadonlyArray<number | null>): number | undefined {
  const known = values.filter(value => value !== null);
  return known.length === 0
    ? undefined
    : known.reduce((sum, value) => sum + value, 0) / known.length;
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
