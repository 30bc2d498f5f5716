/** Where frames come from: a sensor that the agent starts, or a stream that another container writes. */
import type { Log } from '../log';
import type { LossCounter } from '../losses';
import type { Frame } from './frame';
import { linesOf } from './lines';
import { parseFrame } from './parseFrame';

export interface FrameSource {
  /** For logs. */
  readonly description: string;
  /**
   * Frames until the source ends for good, or until `signal` is aborted and what was on its way has come in.
   * @throws when there is no point in waiting any longer
   */
  frames(signal: AbortSignal): AsyncIterable<Frame>;
}

export interface SourceContext {
  log: Log;
  losses: LossCounter;
}

/** The frames in a stream; lines that are none are counted and said once each. */
export async function* framesOf(
  chunks: AsyncIterable<string>,
  { log, losses }: SourceContext,
): AsyncGenerator<Frame> {
  for await (const line of linesOf(chunks)) {
    let frame: Frame;
    try {
      frame = parseFrame(line);
    } catch (error) {
      losses.add('frame_invalid', 1);
      log.warn((error as Error).message);
      continue;
    }
    yield frame;
  }
}
