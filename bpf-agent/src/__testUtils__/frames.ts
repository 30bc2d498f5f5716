/** Frames for tests: a plain one to start from, and generated pairs that keep the kernel side's promise. */
import fc from 'fast-check';
import type {
  Frame,
  FrameBlame,
  FrameBlameKind,
  FrameHistogram,
} from '../sensor/frame';

const SECOND_NS = 1_000_000_000n;
export const START_REALTIME_NS = 1_795_000_000_000_000_000n;
export const START_MONOTONIC_NS = 5_000_000_000n;

/** A frame in which nothing has happened, `sequence` seconds after the sensor attached. */
export function emptyFrame(sequence: number, more: Partial<Frame> = {}): Frame {
  const sinceNs = BigInt(sequence) * SECOND_NS;
  return {
    version: 1,
    sequence,
    monotonicNs: String(START_MONOTONIC_NS + sinceNs),
    realtimeNs: String(START_REALTIME_NS + sinceNs),
    startMonotonicNs: String(START_MONOTONIC_NS),
    startRealtimeNs: String(START_REALTIME_NS),
    cpus: { possible: 4, online: 2 },
    hierarchy: { version: 1, mount: '/sys/fs/cgroup/cpu' },
    cgroups: [{ id: '1', path: '/' }],
    waits: [],
    blame: [],
    open: [],
    cpu: [],
    stalls: [],
    burn: [],
    requests: [],
    anatomy: [],
    worst: [],
    dns: [],
    peers: [],
    listeners: [],
    unread: [],
    netQueues: [],
    netBlame: [],
    netIo: [],
    netDrops: [],
    arrivals: [],
    pressure: { pressedNs: '0', watchedNs: '0', watching: false },
    health: {
      events: { sched_switch: '0' },
      lost: { logShort: '0' },
      overheadNs: { sensor: '0' },
      maps: [],
      conservation: { victims: 0, unequal: 0, differenceNs: '0' },
      missing: [],
      shed: [],
      shedNs: { blame: '0', allButWaits: '0' },
      budget: { share: 0.01, spentNs: '0', allowedNs: '0' },
    },
    ...more,
  };
}

export function histogram(
  cgroup: string,
  sumNs: bigint,
  buckets: [number, bigint][],
  zeroCount = 0n,
): FrameHistogram {
  const count = buckets.reduce((sum, [, n]) => sum + n, zeroCount);
  return {
    cgroup,
    sumNs: String(sumNs),
    count: String(count),
    zeroCount: String(zeroCount),
    buckets: buckets.map(([index, n]) => [index, String(n)]),
  };
}

/** A container id of 64 hex digits that starts with `text`. */
export function id64(text: string): string {
  return Buffer.from(text).toString('hex').padEnd(64, '0');
}

export const UID_A = '11111111-aaaa-4aaa-8aaa-000000000001';
export const UID_B = '22222222-bbbb-4bbb-8bbb-000000000002';

/** A node with all sorts of cgroups: two pods, nested cgroups, units, plain ones. */
export const NODE_PATHS = [
  '/',
  '/kubepods',
  '/kubepods/burstable',
  `/kubepods/burstable/pod${UID_A}`,
  `/kubepods/burstable/pod${UID_A}/${id64('app')}`,
  `/kubepods/burstable/pod${UID_A}/${id64('app')}/nested/deeper`,
  `/kubepods/burstable/pod${UID_A}/${id64('proxy')}`,
  `/kubepods/pod${UID_B}`,
  `/kubepods/pod${UID_B}/${id64('batch')}`,
  '/system.slice',
  '/system.slice/cron.service',
  '/system.slice/cron.service/job',
  '/docker',
  `/docker/${id64('plain')}`,
  '/batch/nightly',
];

/** Id of a path by its index; the root's is that of the kernel's. Beyond the last one, of a cgroup without a path. */
export const nodeCgroupId = (index: number) => String(index + 1);

export const NODE_CGROUPS = NODE_PATHS.map((path, index) => ({
  id: nodeCgroupId(index),
  path,
}));

const KINDS: FrameBlameKind[] = [
  'cgroup',
  'kernel',
  'throttled',
  'steal',
  'interrupt',
  'softirq',
  'idle',
  'other',
  'unattributed',
];

interface GeneratedRow {
  victim: number;
  kind: FrameBlameKind;
  culprit: number;
  firstNs: bigint;
  thenNs: bigint;
}

const rowArbitrary: fc.Arbitrary<GeneratedRow> = fc.record({
  victim: fc.nat(NODE_PATHS.length - 1),
  kind: fc.constantFrom(...KINDS),
  // One more than there are: a cgroup that the frame does not name.
  culprit: fc.nat(NODE_PATHS.length),
  firstNs: fc.bigInt(0n, 10n ** 12n),
  thenNs: fc.bigInt(0n, 10n ** 12n),
});

const NAMED: FrameBlameKind[] = ['cgroup', 'softirq', 'throttled'];

function blameOf(
  rows: GeneratedRow[],
  nsOf: (row: GeneratedRow) => bigint,
): FrameBlame[] {
  const merged = new Map<string, FrameBlame & { total: bigint }>();
  for (const row of rows) {
    // Only softirq work may lack an owner.
    const named =
      NAMED.includes(row.kind) &&
      !(row.kind === 'softirq' && row.culprit === NODE_PATHS.length);
    const culprit = named ? nodeCgroupId(row.culprit) : undefined;
    const key = `${row.victim} ${row.kind} ${culprit}`;
    const before = merged.get(key);
    const total = (before?.total ?? 0n) + nsOf(row);
    merged.set(key, {
      victim: nodeCgroupId(row.victim),
      kind: row.kind,
      ...(culprit === undefined ? {} : { culprit }),
      ns: String(total),
      total,
    });
  }
  return [...merged.values()].map(({ total: _, ...blame }) => blame);
}

function waitsOf(blame: FrameBlame[], counts: Map<string, bigint>) {
  const sums = new Map<string, bigint>();
  for (const { victim, ns } of blame) {
    sums.set(victim, (sums.get(victim) ?? 0n) + BigInt(ns));
  }
  return [...sums].map(([victim, sumNs]) =>
    histogram(victim, sumNs, [[-80, counts.get(victim) ?? 1n]]),
  );
}

/** Two frames in a row of one sensor; in both, each victim's wait is the sum of its parts. */
export const framePairArbitrary: fc.Arbitrary<[Frame, Frame]> = fc
  .array(rowArbitrary, { maxLength: 60 })
  .map(rows => {
    const cgroups = NODE_CGROUPS;
    const first = blameOf(rows, row => row.firstNs);
    const second = blameOf(rows, row => row.firstNs + row.thenNs);
    const one = new Map(rows.map(row => [nodeCgroupId(row.victim), 1n]));
    const two = new Map(rows.map(row => [nodeCgroupId(row.victim), 7n]));
    return [
      emptyFrame(1, { cgroups, blame: first, waits: waitsOf(first, one) }),
      emptyFrame(2, { cgroups, blame: second, waits: waitsOf(second, two) }),
    ];
  });
