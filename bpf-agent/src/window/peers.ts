/** What happened with peers, and at sockets that listen, between two frames. Pure. */
import type {
  ConnectError,
  IoDirection,
  RequestRole,
  RetransmitCause,
} from 'backstage-plugin-contention-common/metrics';
import type { FrameDurations, FrameListener, FramePeer } from '../sensor/frame';
import {
  counterDeltas,
  histogramDelta,
  isEmpty,
  type HistogramDelta,
} from './deltas';

/** Histograms and counts in which nothing happened are absent. */
export interface PeerDelta {
  cgroup: string;
  role: RequestRole;
  /** Undefined for those that there was no room for. */
  address?: string;
  port?: number;
  rtt?: HistogramDelta;
  connect?: HistogramDelta;
  requests?: HistogramDelta;
  connectFailures: Map<ConnectError, bigint>;
  segments: Map<IoDirection, bigint>;
  retransmits: Map<RetransmitCause, bigint>;
  resets: Map<IoDirection, bigint>;
  zeroWindows: Map<IoDirection, bigint>;
}

export interface ListenerDelta {
  cgroup: string;
  port: number;
  overflows: bigint;
}

function keyOf({ cgroup, role, address, port }: FramePeer): string {
  return `${cgroup} ${role} ${address ?? ''} ${port ?? ''}`;
}

function durationsDelta(
  before: FrameDurations | undefined,
  after: FrameDurations | undefined,
): HistogramDelta | undefined {
  if (!after) return undefined;
  const delta = histogramDelta(before, after).delta;
  return isEmpty(delta) ? undefined : delta;
}

function countsDelta<K extends string>(
  before: Partial<Record<K, string>> | undefined,
  after: Partial<Record<K, string>> | undefined,
): Map<K, bigint> {
  const deltas = counterDeltas(before ?? {}, after ?? {});
  return new Map([...deltas].filter(([, count]) => count > 0n)) as Map<
    K,
    bigint
  >;
}

/** Peers with which nothing happened are absent. */
export function peerDeltas(
  before: readonly FramePeer[],
  after: readonly FramePeer[],
): PeerDelta[] {
  const earlier = new Map(before.map(row => [keyOf(row), row]));
  const deltas = after.map((row): PeerDelta => {
    const base = earlier.get(keyOf(row));
    return {
      cgroup: row.cgroup,
      role: row.role,
      address: row.address,
      port: row.port,
      rtt: durationsDelta(base?.rtt, row.rtt),
      connect: durationsDelta(base?.connect, row.connect),
      requests: durationsDelta(base?.requests, row.requests),
      connectFailures: countsDelta(base?.connectFailures, row.connectFailures),
      segments: countsDelta(base?.segments, row.segments),
      retransmits: countsDelta(base?.retransmits, row.retransmits),
      resets: countsDelta(base?.resets, row.resets),
      zeroWindows: countsDelta(base?.zeroWindows, row.zeroWindows),
    };
  });
  return deltas.filter(
    delta =>
      delta.rtt ??
      delta.connect ??
      delta.requests ??
      [
        delta.connectFailures,
        delta.segments,
        delta.retransmits,
        delta.resets,
        delta.zeroWindows,
      ].some(counts => counts.size > 0),
  );
}

/** Ports that turned nobody away are absent. */
export function listenerDeltas(
  before: readonly FrameListener[],
  after: readonly FrameListener[],
): ListenerDelta[] {
  const keyOfListener = (row: FrameListener) => `${row.cgroup} ${row.port}`;
  const earlier = new Map(before.map(row => [keyOfListener(row), row]));
  const deltas: ListenerDelta[] = [];
  for (const row of after) {
    const now = BigInt(row.overflows);
    const since =
      now - BigInt(earlier.get(keyOfListener(row))?.overflows ?? '0');
    const overflows = since < 0n ? now : since;
    if (overflows > 0n)
      deltas.push({ cgroup: row.cgroup, port: row.port, overflows });
  }
  return deltas;
}
