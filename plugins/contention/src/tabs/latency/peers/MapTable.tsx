/** The map's lines as a table: who calls whom. */
import type { PeersReport } from 'backstage-plugin-contention-common';
import { formatCount, formatRate, formatShare, NOTHING } from '../../../format';
import { DataTable } from '../../../tables/DataTable';
import { useWords } from '../../../translation';
import { PeerName } from './PeerName';
import { Troubles } from './Troubles';

export function MapTable({
  report,
}: {
  report: Pick<PeersReport, 'entity' | 'map'>;
}) {
  const t = useWords();
  const { entity, map } = report;
  const byId = new Map(map.nodes.map(node => [node.id, node]));
  const end = (id: string) => {
    const node = byId.get(id);
    if (!node) return <strong>{entity.title}</strong>;
    return (
      <PeerName
        peer={node}
        addresses={node.label ? [{ address: node.label }] : []}
        addressCount={1}
      />
    );
  };
  return (
    <DataTable
      caption={t('peers.map')}
      rows={map.edges}
      keyOf={({ from, to }) => `${from} ${to}`}
      columns={[
        {
          title: t('peers.caller'),
          header: true,
          cell: ({ from }) => end(from),
        },
        {
          title: t('peers.called'),
          cell: ({ to, troubles }) => (
            <>
              {end(to)}
              <Troubles troubles={troubles} />
            </>
          ),
        },
        {
          title: t('peers.requests'),
          numeric: true,
          cell: ({ requestCount }) =>
            requestCount > 0 ? formatCount(requestCount) : NOTHING,
        },
        {
          title: t('latency.rate'),
          numeric: true,
          cell: ({ requestCount, ratePerSecond }) =>
            requestCount > 0 ? formatRate(ratePerSecond) : NOTHING,
        },
        {
          title: t('peers.sentAgain'),
          numeric: true,
          cell: ({ retransmitShare }) => formatShare(retransmitShare),
        },
        {
          title: t('peers.failing'),
          numeric: true,
          cell: ({ connectFailureCount }) => formatCount(connectFailureCount),
        },
      ]}
    />
  );
}
