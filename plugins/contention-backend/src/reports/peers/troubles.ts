/** What stands out about a peer, and who comes first. Pure. */
import type {
  NameServer,
  Peer,
  PeerTrouble,
} from 'backstage-plugin-contention-common';
import {
  CLOSED_WINDOWS_PER_MINUTE,
  FAILED_CONNECTIONS,
  FAILED_LOOKUPS,
  FAILURE_SHARE,
  LOOKUP_FAILURE_SHARE,
  LOSS_SHARE,
  LOST_SEGMENTS,
  SERIOUS_FAILURE_SHARE,
  SERIOUS_LOOKUP_FAILURE_SHARE,
  SERIOUS_LOSS_SHARE,
} from './thresholds';

type Judged = Pick<
  Peer,
  'retransmitCount' | 'retransmitShare' | 'connectCount' | 'connectFailureCount'
> &
  Partial<Pick<Peer, 'zeroWindowsReceived'>>;

/** Most serious first. */
export function troublesOf(
  peer: Judged,
  coveredSeconds: number,
): PeerTrouble[] {
  const {
    retransmitCount,
    retransmitShare = 0,
    zeroWindowsReceived = 0,
  } = peer;
  const troubles: PeerTrouble[] = [];
  const failed = peer.connectFailureCount;
  const failedShare = failed / Math.max(1, failed + peer.connectCount);
  if (failed >= FAILED_CONNECTIONS && failedShare >= FAILURE_SHARE) {
    troubles.push({
      kind: 'failures',
      severity: failedShare >= SERIOUS_FAILURE_SHARE ? 'serious' : 'notice',
    });
  }
  if (retransmitCount >= LOST_SEGMENTS && retransmitShare >= LOSS_SHARE) {
    troubles.push({
      kind: 'loss',
      severity: retransmitShare >= SERIOUS_LOSS_SHARE ? 'serious' : 'notice',
    });
  }
  const closedPerMinute =
    coveredSeconds > 0 ? (zeroWindowsReceived / coveredSeconds) * 60 : 0;
  if (closedPerMinute >= CLOSED_WINDOWS_PER_MINUTE) {
    troubles.push({ kind: 'not-reading', severity: 'notice' });
  }
  return troubles.sort((a, b) => rank(b) - rank(a));
}

export function troublesOfNameServer({
  failureCount,
  failureShare = 0,
}: Pick<NameServer, 'failureCount' | 'failureShare'>): PeerTrouble[] {
  if (failureCount < FAILED_LOOKUPS || failureShare < LOOKUP_FAILURE_SHARE) {
    return [];
  }
  const isSerious = failureShare >= SERIOUS_LOOKUP_FAILURE_SHARE;
  return [{ kind: 'failures', severity: isSerious ? 'serious' : 'notice' }];
}

/** Look-ups that failed, of all that were answered or given up on; undefined where there was none. */
export function failureShareOf(
  answerCount: number,
  timeoutCount: number,
  failureCount: number,
): number | undefined {
  const asked = answerCount + timeoutCount;
  if (asked + failureCount === 0) return undefined;
  return failureCount / Math.max(asked, failureCount);
}

function rank({ severity }: PeerTrouble): number {
  return severity === 'serious' ? 2 : 1;
}

/** How bad it is at worst: 0, 1 or 2. */
export function worstOf({ troubles }: { troubles: readonly PeerTrouble[] }) {
  return troubles.reduce((worst, trouble) => Math.max(worst, rank(trouble)), 0);
}

type Weighed = Pick<
  Peer,
  | 'troubles'
  | 'requestCount'
  | 'segmentsSent'
  | 'segmentsReceived'
  | 'connectFailureCount'
>;

/** Worst first, then busiest. */
export function byWeight(a: Weighed, b: Weighed): number {
  return (
    worstOf(b) - worstOf(a) ||
    b.requestCount - a.requestCount ||
    segments(b) - segments(a) ||
    b.connectFailureCount - a.connectFailureCount
  );
}

function segments({ segmentsSent, segmentsReceived }: Weighed): number {
  return segmentsSent + segmentsReceived;
}
