/** From frames to named metrics: the one place where the parts of the agent meet. */
import { BudgetWatch } from './budgetWatch';
import { FrameTracker } from './window/frameTracker';
import type { NodeIdentity } from './identity/subject';
import { Subjects } from './identity/subject';
import type { PodDirectory } from './identity/podDirectory';
import type { PodSource } from './identity/podSource';
import { IdentityWatch } from './identity/identityWatch';
import type { Instant } from './instant';
import { LedgerBook } from './ledger/ledgerBook';
import {
  readReceive,
  ReceiveBook,
  type ReceiveLedger,
} from './ledger/receiveBook';
import { openLedger, type LedgerReader } from './ledger/reader';
import { onceOnly, type Log } from './log';
import type { LossCounter } from './losses';
import { windowMetrics } from './metrics/windowMetrics';
import type { MetricsRequest } from './otlp/model';
import type { Frame } from './sensor/frame';

export interface PipelineOptions {
  node: NodeIdentity;
  pods?: PodSource;
  directory: PodDirectory;
  /** Where the host's file system is seen from here. */
  hostRoot: string;
  /** False if the first frame is only to mark the start. */
  fromAttach: boolean;
  log: Log;
  losses: LossCounter;
  /** For tests; by default the cgroup file system. */
  ledger?: LedgerReader;
  /** For tests; by default /proc/net/softnet_stat. */
  receive?: () => ReceiveLedger | undefined;
  /** For tests; by default the system's clocks and the process's own CPU time. */
  clock?: { now: () => Instant; processCpuNs: () => bigint };
}

export interface NamedWindow {
  /** Deltas. */
  request: MetricsRequest;
  startUnixNs: bigint;
  endUnixNs: bigint;
}

/** What follows where the kernel side misses something that is no occupant of a CPU. */
const NOT_MEASURED: Record<string, string> = {
  requests: 'requests are not timed on this node',
  queues:
    'packets in the queues of devices are not followed: this kernel does not say why it drops one (Linux 5.17 and newer do)',
  arrivals:
    'whose packets come while more come than CPUs can take is not known: this kernel lets nobody attach a program without privileges',
  softirq:
    'whose packets are received is not known on this node: that time counts as interrupts',
};

const REAL_CLOCK = {
  now: (): Instant => ({
    unixNs: BigInt(Date.now()) * 1_000_000n,
    monotonicNs: process.hrtime.bigint(),
  }),
  processCpuNs: () => {
    const { user, system } = process.cpuUsage();
    return BigInt(user + system) * 1000n;
  },
};

export class Pipeline {
  readonly #tracker: FrameTracker;
  readonly #book = new LedgerBook();
  readonly #receiveBook = new ReceiveBook();
  readonly #once: Log;
  readonly #watch: IdentityWatch;
  readonly #budget: BudgetWatch;
  readonly #clock: NonNullable<PipelineOptions['clock']>;
  #ledger?: { mount: string; reader: LedgerReader };
  #cpuNs = 0n;

  constructor(private readonly options: PipelineOptions) {
    this.#tracker = new FrameTracker({ fromAttach: options.fromAttach });
    this.#once = onceOnly(options.log);
    this.#watch = new IdentityWatch(options.pods?.description, options.log);
    this.#budget = new BudgetWatch(options.log);
    this.#clock = options.clock ?? REAL_CLOCK;
  }

  /** Takes one frame in. @returns undefined if it only starts a window */
  async take(frame: Frame): Promise<NamedWindow | undefined> {
    const { log } = this.options;
    await this.#readPods();
    const subjects = new Subjects(
      frame.cgroups,
      this.options.directory,
      this.options.node,
    );
    const ledger = this.#readLedger(frame);
    const receive = this.#readReceive();
    const tracked = this.#tracker.take(frame);
    if (tracked.sensorRestarted) {
      log.warn('the sensor was restarted: counting starts anew');
    }
    if (tracked.missedFrames > 0) {
      log.warn(
        `${tracked.missedFrames} frames before number ${frame.sequence} did not arrive: one window is longer, nothing is lost`,
      );
    }
    for (const kind of frame.health.missing) {
      this.#once.warn(
        NOT_MEASURED[kind] ??
          `${kind} is not told apart: its time counts as that of whoever had the CPU`,
      );
    }
    this.#budget.look(frame);
    this.#watch.look(frame, subjects, this.options.directory);
    const { window } = tracked;
    if (!window) return undefined;
    const request = windowMetrics(
      window,
      subjects,
      ledger,
      {
        cpuNs: this.#takeCpu(),
        lost: this.options.losses.take(),
      },
      receive,
    );
    const { startUnixNs, endUnixNs } = window;
    return { request, startUnixNs, endUnixNs };
  }

  async #readPods(): Promise<void> {
    const { pods, directory } = this.options;
    if (!pods) return;
    try {
      directory.update(await pods.read(), Date.now());
    } catch (error) {
      // The pods known so far stay known; the next window tries again.
      directory.update(undefined, Date.now());
      this.#once.warn(
        `cannot read pods from ${pods.description}: ${(error as Error).message}`,
      );
    }
  }

  #readLedger(frame: Frame) {
    const { mount } = frame.hierarchy;
    if (this.#ledger?.mount !== mount) {
      const reader =
        this.options.ledger ??
        openLedger(frame.hierarchy, this.options.hostRoot);
      this.#ledger = { mount, reader };
    }
    const alive = frame.cgroups
      .filter(cgroup => !cgroup.removed)
      .map(cgroup => cgroup.path);
    return this.#book.read(this.#ledger.reader, alive, this.#clock.now());
  }

  /** The kernel's books on packets that came in are those of the whole machine, whatever namespace they are read in. */
  #readReceive() {
    const read = this.options.receive ?? readReceive;
    return this.#receiveBook.take(read(), this.#clock.now());
  }

  #takeCpu(): bigint {
    const now = this.#clock.processCpuNs();
    const since = now - this.#cpuNs;
    this.#cpuNs = now;
    return since;
  }
}
