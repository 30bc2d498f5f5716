/**
 * What is around the queues: how long packets stood in each, what the kernel dropped, and how the receive side of the nodes
 * kept up (ReceiveSection). Where nothing of the network was measured, that and why.
 */
import Typography from '@material-ui/core/Typography';
import { makeStyles, useTheme } from '@material-ui/core/styles';
import type {
  NeighboursReport,
  NetworkDrop,
  NetworkQueue,
} from 'backstage-plugin-contention-common';
import { Histogram } from '../../charts/Histogram';
import { formatCount, formatDuration } from '../../format';
import { NodeLink } from '../../pages/nodes/NodeLink';
import { NotMeasuredSection } from '../../report/NotMeasuredSection';
import { StatePage } from '../../states/StatePage';
import { NoDataPicture, NoPodsPicture } from '../../states/pictures';
import { DataTable } from '../../tables/DataTable';
import { Section } from '../../tables/Section';
import { useWords } from '../../translation';
import { ReceiveSection } from './ReceiveSection';

const useStyles = makeStyles(theme => ({
  why: { minWidth: 140 },
  reason: {
    display: 'block',
    color: theme.palette.text.secondary,
    fontSize: theme.typography.pxToRem(12),
  },
}));

type Queue = NetworkQueue['queues'][number];

export function NetworkSections({ report }: { report: NeighboursReport }) {
  const { network } = report;
  if (!network) return null;
  return (
    <>
      <PresenceState network={network} />
      <QueuesSection report={report} network={network} />
      <DropsSection report={report} network={network} />
      <ReceiveSection receive={network.receive} name={report.entity.title} />
      <NotMeasuredSection notMeasured={network.notMeasured} />
    </>
  );
}

/** That no queue was seen, or nothing measured, and why; nothing where there is something to tell. */
export function PresenceState({
  network,
}: {
  network: Pick<NetworkQueue, 'presence'>;
}) {
  const t = useWords();
  const { presence } = network;
  if (presence.state === 'measured') return null;
  const isMeasured = presence.state === 'no-queue';
  return (
    <StatePage
      title={t(isMeasured ? 'neighbours.noQueue' : 'neighbours.notMeasured')}
      picture={isMeasured ? <NoDataPicture /> : <NoPodsPicture />}
    >
      {presence.why}{' '}
      {t(
        isMeasured ? 'neighbours.noQueueMeans' : 'neighbours.notMeasuredMeans',
      )}
    </StatePage>
  );
}

function QueuesSection(props: {
  report: NeighboursReport;
  network: NetworkQueue;
}) {
  const t = useWords();
  const { palette } = useTheme();
  const { report, network } = props;
  const { distribution, queues } = network;
  if (distribution.count === 0) return null;
  const name = report.entity.title;
  const suffered = report.direction === 'suffered';
  const title = t(
    suffered ? 'neighbours.howLong' : 'neighbours.howLongOthers',
    {
      name,
    },
  );
  return (
    <Section title={title} subtitle={t('neighbours.howLongHow')}>
      <Histogram
        distribution={distribution}
        colour={palette.text.secondary}
        height={150}
        summary={t('neighbours.howLongSummary', {
          title,
          number: formatCount(distribution.count),
          median: formatDuration(distribution.p50Seconds),
          p99: formatDuration(distribution.p99Seconds),
        })}
      />
      <DataTable<Queue>
        caption={t('neighbours.queues')}
        columns={[
          {
            title: t('neighbours.device'),
            header: true,
            cell: ({ interfaceName }) => interfaceName,
          },
          {
            title: t('report.node'),
            nowrap: true,
            cell: place => <NodeLink place={place} resource="network" />,
          },
          {
            title: t('neighbours.packets'),
            numeric: true,
            cell: ({ packets }) => formatCount(packets),
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
        ]}
        rows={queues}
        keyOf={queue => `${queue.cluster}/${queue.node}/${queue.interfaceName}`}
        atFirst={8}
      />
    </Section>
  );
}

const PLACE = {
  queue: 'neighbours.placeQueue',
  socket: 'neighbours.placeSocket',
  backlog: 'neighbours.placeBacklog',
  conntrack: 'neighbours.placeConntrack',
  policy: 'neighbours.placePolicy',
  other: 'neighbours.placeOther',
} as const satisfies Record<NetworkDrop['place'], string>;

function DropsSection(props: {
  report: NeighboursReport;
  network: NetworkQueue;
}) {
  const t = useWords();
  const classes = useStyles();
  const { report, network } = props;
  const { drops, presence } = network;
  const name = report.entity.title;
  if (presence.state === 'not-measured' && drops.length === 0) return null;
  return (
    <Section title={t('neighbours.drops')} subtitle={t('neighbours.dropsHow')}>
      {drops.length === 0 ? (
        <Typography variant="body1">
          {t('neighbours.noDrops', { name })}
        </Typography>
      ) : (
        <DataTable<NetworkDrop>
          caption={t('neighbours.drops')}
          columns={[
            {
              title: t('neighbours.dropWhy'),
              header: true,
              cell: ({ text, reason }) => (
                <div className={classes.why}>
                  {text}
                  <code className={classes.reason}>{reason}</code>
                </div>
              ),
            },
            {
              title: t('neighbours.dropPlace'),
              cell: ({ place }) => t(PLACE[place]),
            },
            {
              title: t('neighbours.packets'),
              numeric: true,
              cell: ({ packets }) => formatCount(packets),
            },
          ]}
          rows={drops}
          keyOf={({ place, reason }) => `${place}/${reason}`}
          atFirst={8}
        />
      )}
    </Section>
  );
}
