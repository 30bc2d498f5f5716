/**
 * Turns a stream of frames into windows: knows where a sensor process began, where frames were missed, and that two
 * sensor processes must never be subtracted from each other.
 */
import type { Frame } from '../sensor/frame';
import { windowBetween, type Window } from './window';

export interface TrackedWindow {
  /** Undefined for a frame that only serves as the start of the next window, and for one that came twice. */
  window?: Window;
  /** Frames that never arrived. Nothing is lost by that: the window is just longer. */
  missedFrames: number;
  /** True if this frame comes from another sensor process than the one before. */
  sensorRestarted: boolean;
}

export class FrameTracker {
  #previous?: Frame;

  /**
   * @param options - `fromAttach`: whether the first frame of a sensor process makes a window that begins when its
   * programs were attached. A sensor that was running before this agent (its first frame here is not number 1) only
   * sets the baseline: what it counted earlier may have been sent by an agent before this one, or by none (a FIFO or
   * socket tells neither), and counting it twice would be worse than not at all.
   */
  constructor(private readonly options: { fromAttach: boolean }) {}

  take(frame: Frame): TrackedWindow {
    const previous = this.#previous;
    const sameProcess =
      previous !== undefined &&
      previous.startMonotonicNs === frame.startMonotonicNs;
    if (sameProcess) {
      const steps = frame.sequence - previous.sequence;
      if (steps <= 0) {
        return { missedFrames: 0, sensorRestarted: false };
      }
      this.#previous = frame;
      return {
        window: windowBetween(previous, frame),
        missedFrames: steps - 1,
        sensorRestarted: false,
      };
    }
    this.#previous = frame;
    const sensorRestarted = previous !== undefined;
    // After a restart that this agent saw, everything the new process has counted is unsent, whatever its number.
    const complete = frame.sequence === 1 || sensorRestarted;
    return {
      window:
        this.options.fromAttach && complete
          ? windowBetween(undefined, frame)
          : undefined,
      missedFrames: complete ? frame.sequence - 1 : 0,
      sensorRestarted,
    };
  }
}
