/** What `/metrics` says: everything since the agent began, as of the newest window, and how the agent itself is. */
import { Accumulator, type TimedRequest } from '../metrics/accumulator';
import type { MetricsRequest } from '../otlp/model';
import { familiesOf, type Family } from './families';
import { Largest } from './largest';

/** The agent process now. */
export interface ProcessHealth {
  version: string;
  startUnixSeconds: number;
  cpuSeconds: number;
  residentBytes: number;
}

/** What nobody has measured anew for so long is not told any more: as long as Prometheus itself goes on with a last value. */
const SILENCE_NS = 300n * 1_000_000_000n;

function healthFamilies(
  health: ProcessHealth,
  windows: number,
  endUnixNs: bigint,
): Family[] {
  const one = (
    name: string,
    kind: 'counter' | 'gauge',
    help: string,
    value: number,
    labels: Record<string, string> = {},
  ): Family => ({
    name,
    kind,
    help,
    samples: [{ labels: Object.entries(labels), value }],
  });
  return [
    one('contention_agent_info', 'gauge', 'The agent', 1, {
      version: health.version,
    }),
    one(
      'contention_agent_windows_total',
      'counter',
      'Windows that the sensor has measured',
      windows,
    ),
    one(
      'contention_agent_last_window_timestamp_seconds',
      'gauge',
      'End of the newest window; 0: there was none yet',
      Number(endUnixNs) / 1e9,
    ),
    one(
      'process_cpu_seconds_total',
      'counter',
      'CPU time of the agent process, user and system',
      health.cpuSeconds,
    ),
    one(
      'process_resident_memory_bytes',
      'gauge',
      'Resident memory of the agent process',
      health.residentBytes,
    ),
    one(
      'process_start_time_seconds',
      'gauge',
      'Start of the agent process',
      health.startUnixSeconds,
    ),
  ];
}

export class Exposition {
  readonly #largest: Largest;
  readonly #series: Accumulator;
  #windows = 0;
  #endUnixNs = 0n;

  constructor(
    private readonly options: {
      /** Series that were not added to for so long are forgotten. */
      idleNs: bigint;
      health: () => ProcessHealth;
      nowUnixNs: () => bigint;
    },
  ) {
    const { idleNs } = options;
    this.#largest = new Largest(idleNs);
    this.#series = new Accumulator({ temporality: 'cumulative', idleNs });
  }

  take(window: TimedRequest): void {
    this.#series.add(this.#largest.take(window));
    this.#windows += 1;
    this.#endUnixNs = window.endUnixNs;
  }

  families(): Family[] {
    const { health, nowUnixNs } = this.options;
    return [
      ...healthFamilies(health(), this.#windows, this.#endUnixNs),
      ...familiesOf(this.#measured(nowUnixNs())),
    ];
  }

  #measured(nowUnixNs: bigint): MetricsRequest {
    return nowUnixNs - this.#endUnixNs > SILENCE_NS
      ? { resources: [] }
      : this.#series.request(this.#endUnixNs);
  }
}
