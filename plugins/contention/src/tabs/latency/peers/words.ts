/** What this section calls things: keys of words, and what is put together from them. */
import type {
  ConnectError,
  DnsError,
  Party,
  Peer,
  PeerMapEdge,
  PeerTrouble,
  RetransmitCause,
} from 'backstage-plugin-contention-common';
import { formatCount, formatRate, formatShare } from '../../../format';
import type { Words } from '../../../translation';

export const CAUSE_WORDS = {
  timeout: 'peers.timeout',
  fast: 'peers.fast',
  probe: 'peers.probe',
  syn: 'peers.syn',
} as const satisfies Record<RetransmitCause, string>;

export const CONNECT_WORDS = {
  refused: 'peers.refused',
  timeout: 'peers.noAnswer',
  unreachable: 'peers.unreachable',
  other: 'peers.otherReason',
} as const satisfies Record<ConnectError, string>;

export const LOOKUP_WORDS = {
  timeout: 'peers.noAnswer',
  name_error: 'peers.nameError',
  server_failure: 'peers.serverFailure',
  refused: 'peers.refused',
  other: 'peers.otherReason',
} as const satisfies Record<DnsError, string>;

export const TROUBLE_WORDS = {
  loss: 'peers.loss',
  failures: 'peers.failures',
  'not-reading': 'peers.notReading',
} as const satisfies Record<PeerTrouble['kind'], string>;

/** Somebody in one line, for what cannot hold links. */
export function peerName(
  peer: Pick<Peer, 'kind'> & { party?: Party; label?: string },
  t: Words,
): string {
  switch (peer.kind) {
    case 'own-pod':
      return t('peers.ownPod');
    case 'others':
      return t('peers.others');
    default:
      return peer.party?.name ?? peer.label ?? t('peers.address');
  }
}

/** What a line of the map is about, its troubles last. */
export function edgeFacts(edge: PeerMapEdge, t: Words): string[] {
  return [
    edge.requestCount > 0
      ? formatRate(edge.ratePerSecond)
      : t('peers.noTraffic'),
    ...edge.troubles.map(({ kind }) =>
      kind === 'loss' && edge.retransmitShare !== undefined
        ? t('peers.againShare', { share: formatShare(edge.retransmitShare) })
        : t(TROUBLE_WORDS[kind]),
    ),
  ];
}

/** Of a line that has trouble: as few words as there is room for beside it. */
export function shortTrouble(
  { retransmitShare, connectFailureCount }: PeerMapEdge,
  { kind }: PeerTrouble,
  t: Words,
): string {
  switch (kind) {
    case 'loss':
      return retransmitShare === undefined
        ? t(TROUBLE_WORDS.loss)
        : t('peers.lost', { share: formatShare(retransmitShare) });
    case 'failures':
      return t('peers.failedCount', {
        number: formatCount(connectFailureCount),
      });
    default:
      return t('peers.notReadingShort');
  }
}
