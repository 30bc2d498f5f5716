/** Counts what the agent process itself could not keep or send, until it is told to the receiver. */

/** Reasons beside the sensor's own; each is always sent, 0 included. */
export const LOSS_REASONS = [
  /** A sensor process ended; what it had counted since its last frame is gone. */
  'sensor_restart',
  /** A line from the sensor that was no frame. */
  'frame_invalid',
  /** Points dropped because too much was waiting to be sent. */
  'export_queue_full',
  /** Points that the receiver refused. */
  'export_rejected',
] as const;
export type LossReason = (typeof LOSS_REASONS)[number];

export class LossCounter {
  #counts = new Map<LossReason, bigint>();

  add(reason: LossReason, count: number): void {
    const before = this.#counts.get(reason) ?? 0n;
    this.#counts.set(reason, before + BigInt(count));
  }

  /** Everything counted since the last call. */
  take(): Map<string, bigint> {
    const counts = this.#counts;
    this.#counts = new Map();
    return new Map(
      LOSS_REASONS.map(reason => [reason, counts.get(reason) ?? 0n]),
    );
  }
}
