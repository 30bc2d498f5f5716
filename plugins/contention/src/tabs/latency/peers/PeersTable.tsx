/** Everybody on one side, worst first: requests, and how the connections fare. */
import { makeStyles } from '@material-ui/core/styles';
import type { Peer, PeerSide } from 'backstage-plugin-contention-common';
import {
  formatCount,
  formatDuration,
  formatNumber,
  formatRate,
  formatShare,
  NOTHING,
} from '../../../format';
import { Owners } from '../../../report/Owners';
import { DataTable, type Column } from '../../../tables/DataTable';
import { useWords, type Words } from '../../../translation';
import { PeerName } from './PeerName';
import { Troubles } from './Troubles';
import { CAUSE_WORDS, CONNECT_WORDS } from './words';

const useStyles = makeStyles(theme => ({
  small: {
    color: theme.palette.text.secondary,
    fontSize: theme.typography.pxToRem(12),
  },
}));

const CAPTION = {
  upstream: 'peers.upstreamsCaption',
  downstream: 'peers.downstreamsCaption',
} as const satisfies Record<PeerSide, string>;

export interface PeersTableProps {
  side: PeerSide;
  peers: readonly Peer[];
}

export function PeersTable({ side, peers }: PeersTableProps) {
  const t = useWords();
  const columns = useColumns();
  if (peers.length === 0) {
    return (
      <p>
        {t(side === 'upstream' ? 'peers.noUpstreams' : 'peers.noDownstreams')}
      </p>
    );
  }
  return (
    <DataTable
      caption={t(CAPTION[side])}
      columns={columns}
      rows={peers}
      keyOf={({ key }) => key}
      atFirst={10}
    />
  );
}

function useColumns(): Array<Column<Peer>> {
  const t = useWords();
  return [
    {
      title: t('peers.who'),
      header: true,
      width: '26%',
      cell: peer => (
        <>
          <PeerName
            peer={peer}
            addresses={peer.addresses}
            addressCount={peer.addressCount}
          />
          <Troubles troubles={peer.troubles} />
        </>
      ),
    },
    {
      title: t('report.owner'),
      nowrap: true,
      cell: ({ party }) => <Owners entities={party?.entities ?? []} />,
    },
    {
      title: t('peers.requests'),
      numeric: true,
      cell: ({ requestCount, ratePerSecond }) =>
        requestCount > 0 ? (
          <Two
            first={formatCount(requestCount)}
            second={formatRate(ratePerSecond)}
          />
        ) : (
          NOTHING
        ),
    },
    {
      title: t('peers.duration'),
      numeric: true,
      cell: ({ p50Seconds, p99Seconds }) => (
        <Durations p50={p50Seconds} p99={p99Seconds} />
      ),
    },
    {
      title: t('peers.roundTrip'),
      numeric: true,
      cell: ({ rttP50Seconds, rttP99Seconds }) => (
        <Durations p50={rttP50Seconds} p99={rttP99Seconds} />
      ),
    },
    {
      title: t('peers.sentAgain'),
      numeric: true,
      cell: peer => <SentAgain peer={peer} />,
    },
    {
      title: t('peers.connecting'),
      numeric: true,
      cell: ({ connectP50Seconds, connectP99Seconds }) => (
        <Durations p50={connectP50Seconds} p99={connectP99Seconds} />
      ),
    },
    {
      title: t('peers.failing'),
      numeric: true,
      cell: peer => <Failures peer={peer} />,
    },
    {
      title: t('peers.cutOff'),
      numeric: true,
      cell: peer => <CutOff peer={peer} />,
    },
  ];
}

/** A figure, and what is less important below it. */
function Two({ first, second }: { first: string; second?: string }) {
  const classes = useStyles();
  return (
    <>
      {first}
      {second !== undefined && <div className={classes.small}>{second}</div>}
    </>
  );
}

function Durations({ p50, p99 }: { p50?: number; p99?: number }) {
  const t = useWords();
  if (p50 === undefined) return <>{NOTHING}</>;
  return (
    <Two
      first={formatDuration(p50)}
      second={t('peers.p99', { duration: formatDuration(p99) })}
    />
  );
}

function SentAgain({ peer }: { peer: Peer }) {
  const t = useWords();
  const { retransmitShare, retransmits, segmentsSent } = peer;
  if (retransmitShare === undefined) return <>{NOTHING}</>;
  const [main] = retransmits;
  return (
    <span
      title={[
        t('peers.ofSegments', { number: formatCount(segmentsSent) }),
        ...retransmits.map(
          ({ cause, count }) =>
            `${formatCount(count)} ${t(CAUSE_WORDS[cause])}`,
        ),
      ].join(', ')}
    >
      <Two
        first={formatShare(retransmitShare)}
        second={main && t(CAUSE_WORDS[main.cause])}
      />
    </span>
  );
}

function Failures({ peer }: { peer: Peer }) {
  const t = useWords();
  const { connectFailureCount, connectFailures } = peer;
  if (connectFailureCount === 0) {
    return <>{peer.connectCount > 0 ? '0' : NOTHING}</>;
  }
  return (
    <span
      title={connectFailures
        .map(
          ({ error, count }) =>
            `${formatCount(count)} ${t(CONNECT_WORDS[error])}`,
        )
        .join(', ')}
    >
      <Two
        first={howOften(peer, t)}
        second={t(CONNECT_WORDS[connectFailures[0]?.error ?? 'other'])}
      />
    </span>
  );
}

/** Once a minute and more is a rate; less is a number. */
function howOften(
  { connectFailureCount, connectFailuresPerMinute }: Peer,
  t: Words,
): string {
  return (connectFailuresPerMinute ?? 0) >= 1
    ? t('peers.perMinute', { number: formatNumber(connectFailuresPerMinute) })
    : formatCount(connectFailureCount);
}

function CutOff({ peer }: { peer: Peer }) {
  const t = useWords();
  const { resetsSent, resetsReceived, zeroWindowsSent, zeroWindowsReceived } =
    peer;
  const resets = resetsSent + resetsReceived;
  const closed = zeroWindowsSent + zeroWindowsReceived;
  if (resets + closed === 0) return <>{NOTHING}</>;
  const title = [
    `${t('peers.resetsTitle')}: ${t('peers.resets', {
      sent: formatCount(resetsSent),
      received: formatCount(resetsReceived),
    })}`,
    t('peers.ownWindows', { number: formatCount(zeroWindowsSent) }),
    t('peers.peerWindows', { number: formatCount(zeroWindowsReceived) }),
  ].join('; ');
  return (
    <span title={title}>
      {resets > 0 && (
        <div>{t('peers.resetCount', { number: formatCount(resets) })}</div>
      )}
      {closed > 0 && (
        <div>{t('peers.closedCount', { number: formatCount(closed) })}</div>
      )}
    </span>
  );
}
