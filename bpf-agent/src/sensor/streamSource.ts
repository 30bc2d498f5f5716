/**
 * Frames that somebody else's sensor writes: standard input, a FIFO, a Unix socket, or a file for replay. A FIFO and a
 * socket are waited for and opened again when the writer comes back; standard input and files end.
 */
import { constants, createReadStream, openSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { createConnection, Socket } from 'node:net';
import { pause } from '../pause';
import type { Frame } from './frame';
import { framesOf, type FrameSource, type SourceContext } from './frameSource';

const REOPEN_MS = 1000;

type Kind = 'fifo' | 'socket' | 'file';

async function kindOf(path: string): Promise<Kind | undefined> {
  try {
    const stats = await stat(path);
    if (stats.isFIFO()) return 'fifo';
    if (stats.isSocket()) return 'socket';
    if (stats.isFile()) return 'file';
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  throw new Error(`${path} is no FIFO, Unix socket or file`);
}

export class StreamSource implements FrameSource {
  readonly description: string;

  /** @param path - `-` for standard input */
  constructor(
    private readonly path: string,
    private readonly context: SourceContext,
  ) {
    this.description = path === '-' ? 'standard input' : path;
  }

  async *frames(signal: AbortSignal): AsyncGenerator<Frame> {
    if (this.path === '-') {
      yield* this.#read(process.stdin, signal);
      return;
    }
    let waiting = false;
    while (!signal.aborted) {
      const kind = await kindOf(this.path);
      if (kind === undefined) {
        if (!waiting) this.context.log.info(`waiting for ${this.path}`);
        waiting = true;
        await pause(REOPEN_MS, signal);
        continue;
      }
      waiting = false;
      yield* this.#read(this.#open(kind), signal);
      if (kind === 'file') return;
      if (!signal.aborted) {
        this.context.log.warn(`${this.path} ended; opening it again`);
        await pause(REOPEN_MS, signal);
      }
    }
  }

  #open(kind: Kind): NodeJS.ReadableStream {
    if (kind === 'file') return createReadStream(this.path);
    if (kind === 'socket') return createConnection(this.path);
    // Opened for both, a FIFO neither blocks until a writer comes nor ends when it goes.
    const { O_RDWR, O_NONBLOCK } = constants;
    const fd = openSync(this.path, O_RDWR + O_NONBLOCK);
    return new Socket({ fd, readable: true, writable: false });
  }

  async *#read(
    stream: NodeJS.ReadableStream,
    signal: AbortSignal,
  ): AsyncGenerator<Frame> {
    const stop = () => (stream as Socket).destroy();
    signal.addEventListener('abort', stop);
    try {
      stream.setEncoding('utf8');
      yield* framesOf(stream as AsyncIterable<string>, this.context);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      const stopped = signal.aborted && code === 'ERR_STREAM_PREMATURE_CLOSE';
      const refused = code === 'ECONNREFUSED' || code === 'ECONNRESET';
      if (!stopped && !refused) throw error;
    } finally {
      signal.removeEventListener('abort', stop);
    }
  }
}
