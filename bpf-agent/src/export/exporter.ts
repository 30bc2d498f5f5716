/**
 * Sends requests one after the other, oldest first. What cannot be sent now waits in memory, up to a bound; the bytes
 * stay the same over all attempts, so a receiver that got them twice can tell.
 */
import { readPartialSuccess, readRefusal } from '../otlp/response';
import { onceOnly, type Log } from '../log';
import type { LossCounter } from '../losses';
import { pause } from '../pause';
import { backoffMs, isRetryable, retryAfterMs } from './retry';
import type { Transport, TransportAnswer } from './transport';

export interface Payload {
  body: Uint8Array;
  /** Points in it: what is lost if it is dropped. */
  points: number;
}

export interface ExporterOptions {
  transport: Transport;
  /** Headers of every request; asked each time, since tokens rotate. */
  headers: () => Record<string, string>;
  /** Room for requests that wait, bytes. The one being sent is never dropped. */
  queueBytes: number;
  log: Log;
  losses: LossCounter;
  /** For tests; by default the real ones. */
  random?: () => number;
  sleep?: (ms: number, signal: AbortSignal) => Promise<void>;
}

type Outcome = { retryInMs?: number };

export class Exporter {
  readonly #queue: Payload[] = [];
  #queuedBytes = 0;
  #sending?: Promise<void>;
  #failures = 0;
  readonly #said = new Set<string>();
  /** What receivers said about data that they took; such sentences come once in a process. */
  readonly #remarks: Log;
  readonly #abort = new AbortController();
  #hurry = new AbortController();

  constructor(private readonly options: ExporterOptions) {
    this.#remarks = onceOnly(options.log);
  }

  /** Queues a request and makes sure that somebody is sending. */
  enqueue(payload: Payload): void {
    this.#queue.push(payload);
    this.#queuedBytes += payload.body.length;
    this.#makeRoom();
    this.#sending ??= this.#drain().finally(() => {
      this.#sending = undefined;
    });
  }

  /** Requests that wait or are being sent. */
  get pending(): number {
    return this.#queue.length;
  }

  /**
   * Tries to send everything that waits, at once, and gives up after `timeoutMs`.
   * @returns requests that were not sent
   */
  async flush(timeoutMs: number): Promise<number> {
    this.#hurry.abort(); // A wait for the next attempt ends now.
    const timer = setTimeout(() => this.#abort.abort(), timeoutMs);
    try {
      await Promise.race([
        this.#sending,
        new Promise<void>(resolve => {
          this.#abort.signal.addEventListener('abort', () => resolve());
        }),
      ]);
    } finally {
      clearTimeout(timer);
    }
    return this.#queue.length;
  }

  #makeRoom(): void {
    // Index 0 is on its way while somebody is sending.
    const first = this.#sending ? 1 : 0;
    while (
      this.#queuedBytes > this.options.queueBytes &&
      this.#queue.length > first + 1
    ) {
      const [dropped] = this.#queue.splice(first, 1);
      this.#queuedBytes -= dropped.body.length;
      this.options.losses.add('export_queue_full', dropped.points);
      this.#sayOnce(
        `the queue of ${this.options.queueBytes} bytes is full: dropping the oldest data`,
      );
    }
  }

  async #drain(): Promise<void> {
    const sleep = this.options.sleep ?? pause;
    const random = this.options.random ?? Math.random;
    while (this.#queue.length > 0 && !this.#abort.signal.aborted) {
      const payload = this.#queue[0];
      const { retryInMs } = await this.#attempt(payload);
      if (retryInMs !== undefined) {
        const backoff = backoffMs(this.#failures, random());
        this.#failures += 1;
        this.#hurry = new AbortController();
        await sleep(Math.max(retryInMs, backoff), this.#hurry.signal);
        continue;
      }
      this.#queue.shift();
      this.#queuedBytes -= payload.body.length;
    }
  }

  async #attempt(payload: Payload): Promise<Outcome> {
    let answer: TransportAnswer;
    try {
      const headers = this.options.headers();
      answer = await this.options.transport(payload.body, headers);
    } catch (error) {
      this.#sayOnce(`cannot send, will try again: ${describe(error)}`);
      return { retryInMs: 0 };
    }
    if (answer.status >= 200 && answer.status < 300) {
      this.#accepted(answer);
      return {};
    }
    const reason = this.#reasonOf(answer);
    if (isRetryable(answer.status)) {
      this.#sayOnce(
        `the receiver answers ${answer.status}, will try again${reason}`,
      );
      return { retryInMs: retryAfterMs(answer.retryAfter, Date.now()) ?? 0 };
    }
    this.options.losses.add('export_rejected', payload.points);
    this.#sayOnce(
      `the receiver refuses the data with ${answer.status}, which sending again cannot cure: ${payload.points} points dropped${reason}`,
    );
    return {};
  }

  #accepted(answer: TransportAnswer): void {
    if (this.#failures > 0) {
      this.options.log.info(
        `sending works again after ${this.#failures} failed attempts; ${
          this.#queue.length - 1
        } requests are waiting`,
      );
      this.#failures = 0;
      this.#said.clear();
    }
    try {
      const partial = readPartialSuccess(answer.contentType, answer.body);
      if (partial.rejectedPoints > 0) {
        this.options.losses.add('export_rejected', partial.rejectedPoints);
      }
      if (partial.rejectedPoints > 0 || partial.message !== '') {
        this.#remarks.warn(
          `the receiver did not take everything: ${partial.message}`,
        );
      }
    } catch (error) {
      this.#remarks.warn(
        `the receiver took the data and answered something that cannot be read: ${describe(
          error,
        )}`,
      );
    }
  }

  #reasonOf(answer: TransportAnswer): string {
    try {
      const reason = readRefusal(answer.contentType, answer.body).trim();
      return reason === '' ? '' : `: ${reason.slice(0, 500)}`;
    } catch (error) {
      return `, with a body that cannot be read (${describe(error)})`;
    }
  }

  /** Each distinct sentence once, until something works again after failures. */
  #sayOnce(sentence: string): void {
    if (this.#said.has(sentence)) return;
    if (this.#said.size >= 1000) this.#said.clear();
    this.#said.add(sentence);
    this.options.log.warn(sentence);
  }
}

function describe(error: unknown): string {
  if (error instanceof AggregateError) {
    return error.errors.map(describe).join('; ');
  }
  return error instanceof Error ? error.message : String(error);
}
