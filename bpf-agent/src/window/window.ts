/**
 * What happened between two frames: their difference, in integer nanoseconds. Pure; knows cgroup ids, not who they are.
 */
import { startUnixNsOf, type Instant } from '../instant';
import type {
  DnsError,
  DropPlace,
  IoDirection,
  RequestPart,
  RequestRole,
} from 'backstage-plugin-contention-common/metrics';
import type {
  Frame,
  FrameAnatomy,
  FrameBlameKind,
  FrameBurn,
  FrameCgroup,
  FrameDns,
  FrameHistogram,
  FrameOpenWait,
  FrameWorst,
} from '../sensor/frame';
import {
  counterDeltas,
  histogramDelta,
  isEmpty,
  type HistogramDelta,
} from './deltas';
import {
  listenerDeltas,
  peerDeltas,
  type ListenerDelta,
  type PeerDelta,
} from './peers';

export type { HistogramDelta } from './deltas';

export interface WaitDelta extends HistogramDelta {
  cgroup: string;
}

export interface StallDelta extends HistogramDelta {
  cgroup: string;
  quota: string;
}

export interface BurnDelta {
  quota: string;
  cgroup: string;
  ns: bigint;
}

export interface BlameDelta {
  victim: string;
  kind: FrameBlameKind;
  culprit?: string;
  ns: bigint;
}

export interface RequestDelta extends HistogramDelta {
  cgroup: string;
  role: RequestRole;
  estimated: boolean;
}

export interface AnatomyDelta {
  cgroup: string;
  role: RequestRole;
  estimated: boolean;
  band: number;
  part: RequestPart;
  kind?: FrameBlameKind;
  culprit?: string;
  ns: bigint;
}

export interface UnreadDelta extends HistogramDelta {
  cgroup: string;
}

export interface DnsDelta extends HistogramDelta {
  cgroup: string;
  server?: string;
  transport: FrameDns['transport'];
  failures: Map<DnsError, bigint>;
}

/** Packets that left the queue of a device. */
export interface QueueDelta extends HistogramDelta {
  cgroup: string;
  device?: string;
}

export interface QueueBlameDelta extends BlameDelta {
  device?: string;
}

export interface IoDelta {
  cgroup: string;
  direction: IoDirection;
  bytes: bigint;
}

export interface DropsDelta {
  cgroup: string;
  reason?: string;
  place: DropPlace;
  packets: bigint;
}

export interface ArrivalDelta {
  kind: FrameBlameKind;
  culprit?: string;
  packets: bigint;
}

/** Everything between two edges. Rows in which nothing happened are absent. */
export interface Window {
  startUnixNs: bigint;
  endUnixNs: bigint;
  onlineCpus: number;
  cgroups: readonly FrameCgroup[];
  waits: WaitDelta[];
  blame: BlameDelta[];
  open: readonly FrameOpenWait[];
  cpu: { cgroup: string; ns: bigint }[];
  stalls: StallDelta[];
  burn: BurnDelta[];
  /** False where the sensor cannot time requests, or did not all the time: then silence below says nothing. */
  timesRequests: boolean;
  requests: RequestDelta[];
  anatomy: AnatomyDelta[];
  /** Of the interval that ends with the window; `endUnixNs` is when the case ended. */
  worst: { case: FrameWorst; endUnixNs: bigint }[];
  dns: DnsDelta[];
  peers: PeerDelta[];
  listeners: ListenerDelta[];
  unread: UnreadDelta[];
  netQueues: QueueDelta[];
  netBlame: QueueBlameDelta[];
  netIo: IoDelta[];
  netDrops: DropsDelta[];
  arrivals: ArrivalDelta[];
  /** Undefined where the sensor does not look for it. */
  pressure?: { pressedNs: bigint; watchedNs: bigint };
  events: Map<string, bigint>;
  lost: Map<string, bigint>;
  overheadNs: Map<string, bigint>;
  /** For how long what was switched off to stay within the budget; absent: it was on. */
  shedNs: Map<string, bigint>;
}

type Baseline = Frame | undefined;

function byKey<T>(rows: readonly T[] | undefined, keyOf: (row: T) => string) {
  return new Map((rows ?? []).map(row => [keyOf(row), row]));
}

function histogramDeltas<T extends FrameHistogram>(
  before: readonly T[] | undefined,
  after: readonly T[],
  keyOf: (row: T) => string,
): { row: T; delta: HistogramDelta; restarted: boolean }[] {
  const earlier = byKey(before, keyOf);
  return after.map(row => ({
    row,
    ...histogramDelta(earlier.get(keyOf(row)), row),
  }));
}

function shedDeltas(before: Baseline, after: Frame): Map<string, bigint> {
  const deltas = counterDeltas(before?.health.shedNs, after.health.shedNs);
  return new Map([...deltas].filter(([, ns]) => ns > 0n));
}

function blameKey(row: { victim: string; kind: string; culprit?: string }) {
  return `${row.victim} ${row.kind} ${row.culprit ?? ''}`;
}

/**
 * Blame of a victim starts from zero where its waits do, so that both stay two accounts of the same time.
 */
function blameDeltas(
  before: Baseline,
  after: Frame,
  restarted: ReadonlySet<string>,
): BlameDelta[] {
  const earlier = byKey(before?.blame, blameKey);
  const deltas: BlameDelta[] = [];
  for (const { victim, kind, culprit, ns } of after.blame) {
    const base = restarted.has(victim)
      ? undefined
      : earlier.get(blameKey({ victim, kind, culprit }));
    const since = BigInt(ns) - BigInt(base?.ns ?? '0');
    const delta = since < 0n ? BigInt(ns) : since;
    if (delta !== 0n) deltas.push({ victim, kind, culprit, ns: delta });
  }
  return deltas;
}

function cpuDeltas(before: Baseline, after: Frame) {
  const earlier = byKey(before?.cpu, row => row.cgroup);
  const deltas: { cgroup: string; ns: bigint }[] = [];
  for (const { cgroup, ns } of after.cpu) {
    const since = BigInt(ns) - BigInt(earlier.get(cgroup)?.ns ?? '0');
    const delta = since < 0n ? BigInt(ns) : since;
    if (delta !== 0n) deltas.push({ cgroup, ns: delta });
  }
  return deltas;
}

function anatomyKey(row: FrameAnatomy): string {
  const { cgroup, role, estimated, band, part, kind, culprit } = row;
  return `${cgroup} ${role} ${estimated} ${band} ${part} ${kind ?? ''} ${
    culprit ?? ''
  }`;
}

function anatomyDeltas(before: Baseline, after: Frame): AnatomyDelta[] {
  const earlier = byKey(before?.anatomy, anatomyKey);
  const deltas: AnatomyDelta[] = [];
  for (const row of after.anatomy) {
    const ns = BigInt(row.ns);
    const since = ns - BigInt(earlier.get(anatomyKey(row))?.ns ?? '0');
    const delta = since < 0n ? ns : since;
    if (delta !== 0n) deltas.push({ ...row, ns: delta });
  }
  return deltas;
}

function burnDeltas(before: Baseline, after: Frame): BurnDelta[] {
  const keyOf = (row: FrameBurn) => `${row.quota} ${row.cgroup}`;
  const earlier = byKey(before?.burn, keyOf);
  const deltas: BurnDelta[] = [];
  for (const row of after.burn) {
    const since = BigInt(row.ns) - BigInt(earlier.get(keyOf(row))?.ns ?? '0');
    const ns = since < 0n ? BigInt(row.ns) : since;
    if (ns !== 0n) deltas.push({ quota: row.quota, cgroup: row.cgroup, ns });
  }
  return deltas;
}

function unreadDeltas(before: Baseline, after: Frame): UnreadDelta[] {
  return histogramDeltas(before?.unread, after.unread, row => row.cgroup)
    .filter(({ delta }) => !isEmpty(delta))
    .map(({ row, delta }) => ({ cgroup: row.cgroup, ...delta }));
}

function dnsDeltas(before: Baseline, after: Frame): DnsDelta[] {
  const keyOf = ({ cgroup, server, transport }: FrameDns) =>
    `${cgroup} ${server ?? ''} ${transport}`;
  const earlier = byKey(before?.dns, keyOf);
  return histogramDeltas(before?.dns, after.dns, keyOf)
    .map(({ row, delta }) => {
      const failures = counterDeltas(
        earlier.get(keyOf(row))?.failures,
        row.failures,
      );
      return {
        cgroup: row.cgroup,
        server: row.server,
        transport: row.transport,
        ...delta,
        failures: new Map(
          [...failures].filter(([, count]) => count > 0n),
        ) as DnsDelta['failures'],
      };
    })
    .filter(delta => !isEmpty(delta) || delta.failures.size > 0);
}

/** What was added to counters by key; one that went backwards began anew. Rows to which nothing was added are left out. */
function rowDeltas<T>(
  before: readonly T[] | undefined,
  after: readonly T[],
  keyOf: (row: T) => string,
  valueOf: (row: T) => string,
): { row: T; delta: bigint }[] {
  const earlier = byKey(before, keyOf);
  return after
    .map(row => {
      const value = BigInt(valueOf(row));
      const base = earlier.get(keyOf(row));
      const since = base === undefined ? value : value - BigInt(valueOf(base));
      return { row, delta: since < 0n ? value : since };
    })
    .filter(({ delta }) => delta !== 0n);
}

function packetDeltas(before: Baseline, after: Frame) {
  const queues = histogramDeltas(
    before?.netQueues,
    after.netQueues,
    row => `${row.cgroup} ${row.device ?? ''}`,
  );
  const blame = rowDeltas(
    before?.netBlame,
    after.netBlame,
    row => `${blameKey(row)} ${row.device ?? ''}`,
    row => row.ns,
  );
  const io = rowDeltas(
    before?.netIo,
    after.netIo,
    row => `${row.cgroup} ${row.direction}`,
    row => row.bytes,
  );
  const drops = rowDeltas(
    before?.netDrops,
    after.netDrops,
    row => `${row.cgroup} ${row.reason ?? ''} ${row.place}`,
    row => row.packets,
  );
  return {
    netQueues: queues
      .filter(({ delta }) => !isEmpty(delta))
      .map(({ row: { cgroup, device }, delta }) => ({
        cgroup,
        device,
        ...delta,
      })),
    netBlame: blame.map(({ row, delta }) => ({ ...row, ns: delta })),
    netIo: io.map(({ row: { cgroup, direction }, delta }) => ({
      cgroup,
      direction,
      bytes: delta,
    })),
    netDrops: drops.map(({ row: { cgroup, reason, place }, delta }) => ({
      cgroup,
      reason,
      place,
      packets: delta,
    })),
  };
}

function arrivalDeltas(before: Baseline, after: Frame): ArrivalDelta[] {
  return rowDeltas(
    before?.arrivals,
    after.arrivals,
    ({ kind, culprit }) => `${kind} ${culprit ?? ''}`,
    row => row.packets,
  ).map(({ row: { kind, culprit }, delta }) => ({
    kind,
    culprit,
    packets: delta,
  }));
}

function pressureDelta(before: Baseline, after: Frame): Window['pressure'] {
  if (!after.pressure) return undefined;
  const since = (name: 'pressedNs' | 'watchedNs') =>
    BigInt(after.pressure![name]) - BigInt(before?.pressure?.[name] ?? '0');
  return { pressedNs: since('pressedNs'), watchedNs: since('watchedNs') };
}

/** Comparisons of a victim's wait and parts that were not equal. */
const CONSERVATION = 'conservation';

function lostDeltas(before: Baseline, after: Frame): Map<string, bigint> {
  const lost = counterDeltas(before?.health.lost, after.health.lost);
  const grown =
    after.health.conservation.unequal -
    (before?.health.conservation.unequal ?? 0);
  lost.set(CONSERVATION, BigInt(Math.max(0, grown)));
  return lost;
}

/**
 * @param before - the frame at the start edge, of the same sensor process; undefined for the time since the sensor
 * attached its programs, where every value starts at zero
 */
export function windowBetween(before: Baseline, after: Frame): Window {
  const waits = histogramDeltas(before?.waits, after.waits, row => row.cgroup);
  const restarted = new Set(
    waits.filter(wait => wait.restarted).map(wait => wait.row.cgroup),
  );
  const stalls = histogramDeltas(
    before?.stalls,
    after.stalls,
    row => `${row.cgroup} ${row.quota}`,
  );
  const requests = histogramDeltas(
    before?.requests,
    after.requests,
    row => `${row.cgroup} ${row.role} ${row.estimated}`,
  );
  const shedNs = shedDeltas(before, after);
  const end: Instant = {
    unixNs: BigInt(after.realtimeNs),
    monotonicNs: BigInt(after.monotonicNs),
  };
  const start: Instant = {
    unixNs: BigInt(before?.realtimeNs ?? after.startRealtimeNs),
    monotonicNs: BigInt(before?.monotonicNs ?? after.startMonotonicNs),
  };
  return {
    startUnixNs: startUnixNsOf(start, end),
    endUnixNs: end.unixNs,
    onlineCpus: after.cpus.online,
    cgroups: after.cgroups,
    waits: waits
      .filter(({ delta }) => !isEmpty(delta))
      .map(({ row, delta }) => ({ cgroup: row.cgroup, ...delta })),
    blame: blameDeltas(before, after, restarted),
    open: after.open,
    cpu: cpuDeltas(before, after),
    stalls: stalls
      .filter(({ delta }) => !isEmpty(delta))
      .map(({ row, delta }) => ({
        cgroup: row.cgroup,
        quota: row.quota,
        ...delta,
      })),
    timesRequests:
      !after.health.missing.includes('requests') && !shedNs.has('allButWaits'),
    requests: requests
      .filter(({ delta }) => !isEmpty(delta))
      .map(({ row: { cgroup, role, estimated }, delta }) => ({
        cgroup,
        role,
        estimated,
        ...delta,
      })),
    anatomy: anatomyDeltas(before, after),
    worst: after.worst.map(one => ({
      case: one,
      endUnixNs: end.unixNs - (end.monotonicNs - BigInt(one.endMonotonicNs)),
    })),
    burn: burnDeltas(before, after),
    dns: dnsDeltas(before, after),
    peers: peerDeltas(before?.peers ?? [], after.peers),
    listeners: listenerDeltas(before?.listeners ?? [], after.listeners),
    unread: unreadDeltas(before, after),
    ...packetDeltas(before, after),
    arrivals: arrivalDeltas(before, after),
    pressure: pressureDelta(before, after),
    events: counterDeltas(before?.health.events, after.health.events),
    lost: lostDeltas(before, after),
    overheadNs: counterDeltas(
      before?.health.overheadNs,
      after.health.overheadNs,
    ),
    shedNs,
  };
}
