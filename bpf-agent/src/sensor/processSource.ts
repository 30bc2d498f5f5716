/** Starts the sensor as a child process, again and again if it dies, and stops it with the agent. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { linesOf } from './lines';
import { pause } from '../pause';
import type { Frame } from './frame';
import { framesOf, type FrameSource, type SourceContext } from './frameSource';

export interface ProcessSourceOptions extends SourceContext {
  path: string;
  intervalSeconds: number;
  /** Undefined: the sensor's default. */
  budgetShare?: number;
  /** `again` keeps the agent going for ever; `throw` is for one-shot commands. */
  onExit: 'again' | 'throw';
}

const FIRST_DELAY_MS = 1000;
const LONGEST_DELAY_MS = 30_000;
/** How long a sensor may take to end after SIGTERM before it is killed. */
const GRACE_MS = 3000;
/** Said by a sensor just before it ended: the reason, most likely. */
const REMEMBERED_LINES = 5;

export class ProcessSource implements FrameSource {
  readonly description: string;

  constructor(private readonly options: ProcessSourceOptions) {
    this.description = options.path;
  }

  async *frames(signal: AbortSignal): AsyncGenerator<Frame> {
    let delayMs = FIRST_DELAY_MS;
    while (!signal.aborted) {
      let sentFrames = 0;
      const last = { why: '' };
      for await (const frame of this.#one(signal, last)) {
        sentFrames += 1;
        delayMs = FIRST_DELAY_MS;
        yield frame;
      }
      if (signal.aborted) return;
      const sentence = `the sensor ${this.options.path} ended (${last.why})`;
      if (this.options.onExit === 'throw') throw new Error(sentence);
      if (sentFrames > 0) this.options.losses.add('sensor_restart', 1);
      this.options.log.warn(`${sentence}; next try in ${delayMs / 1000} s`);
      await pause(delayMs, signal);
      delayMs = Math.min(LONGEST_DELAY_MS, delayMs * 2);
    }
  }

  /** One life of a sensor. */
  async *#one(
    signal: AbortSignal,
    last: { why: string },
  ): AsyncGenerator<Frame> {
    const { path, intervalSeconds, budgetShare } = this.options;
    const child = spawn(
      path,
      [
        ...['--interval', String(intervalSeconds)],
        ...(budgetShare === undefined ? [] : ['--budget', String(budgetShare)]),
      ],
      { stdio: ['ignore', 'pipe', 'pipe'] },
    );
    const ended = this.#end(child);
    const said = this.#relay(child);
    const stop = () => {
      child.kill('SIGTERM');
      setTimeout(() => child.kill('SIGKILL'), GRACE_MS).unref();
    };
    signal.addEventListener('abort', stop);
    try {
      child.stdout!.setEncoding('utf8');
      yield* framesOf(child.stdout!, this.options);
      last.why = [await ended, ...(await said)].join(': ');
    } finally {
      // Whoever stops listening in the middle stops the sensor too.
      signal.removeEventListener('abort', stop);
      if (child.exitCode === null && child.signalCode === null) stop();
      await ended;
    }
  }

  /** Why the child is gone; also tells of a child that never came to be. */
  async #end(child: ChildProcess): Promise<string> {
    try {
      const [code, signalName] = await once(child, 'close');
      return signalName ? `by ${signalName}` : `exit code ${code}`;
    } catch (error) {
      return (error as Error).message;
    }
  }

  /** Passes the sensor's own words on; resolves to the last of them. */
  async #relay(child: ChildProcess): Promise<string[]> {
    const recent: string[] = [];
    child.stderr!.setEncoding('utf8');
    for await (const line of linesOf(child.stderr!)) {
      recent.push(line);
      if (recent.length > REMEMBERED_LINES) recent.shift();
      this.options.log.info(line);
    }
    return recent;
  }
}
