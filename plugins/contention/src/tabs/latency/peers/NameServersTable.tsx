/** Where it looks names up, and how that goes. */
import type { NameServer } from 'backstage-plugin-contention-common';
import {
  formatCount,
  formatDuration,
  formatShare,
  NOTHING,
} from '../../../format';
import { DataTable } from '../../../tables/DataTable';
import { useWords } from '../../../translation';
import { PeerName } from './PeerName';
import { Troubles } from './Troubles';
import { LOOKUP_WORDS } from './words';

export function NameServersTable(props: { servers: readonly NameServer[] }) {
  const t = useWords();
  return (
    <DataTable
      caption={t('peers.nameServersCaption')}
      rows={props.servers}
      keyOf={({ key, address, transport }) =>
        [key, address, transport].join(' ')
      }
      atFirst={10}
      columns={[
        {
          title: t('peers.who'),
          header: true,
          cell: server => (
            <>
              <PeerName
                peer={server}
                addresses={server.address ? [{ address: server.address }] : []}
                addressCount={server.address ? 1 : 0}
              />
              <Troubles
                troubles={server.troubles}
                word={t('peers.lookupsFail')}
              />
            </>
          ),
        },
        {
          title: t('peers.transport'),
          cell: ({ transport }) => transport?.toUpperCase() ?? NOTHING,
        },
        {
          title: t('peers.lookups'),
          numeric: true,
          cell: ({ answerCount }) => formatCount(answerCount),
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
          title: t('peers.failing'),
          numeric: true,
          cell: ({ failureShare }) => formatShare(failureShare),
        },
        {
          title: t('report.what'),
          cell: ({ failures }) =>
            failures.length === 0
              ? NOTHING
              : failures
                  .map(
                    ({ error, count }) =>
                      `${formatCount(count)} ${t(LOOKUP_WORDS[error])}`,
                  )
                  .join(', '),
        },
      ]}
    />
  );
}
