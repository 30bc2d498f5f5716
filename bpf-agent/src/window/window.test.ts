import fc from 'fast-check';
import {
  emptyFrame,
  histogram,
  START_REALTIME_NS,
} from '../__testUtils__/frames';
import { FrameTracker } from './frameTracker';
import { windowBetween } from './window';

const SECOND = 1_000_000_000n;

describe('a window is what happened between two frames', () => {
  it('with the wall-clock times of both edges', () => {
    const window = windowBetween(emptyFrame(3), emptyFrame(5));
    expect(window.startUnixNs).toBe(START_REALTIME_NS + 3n * SECOND);
    expect(window.endUnixNs).toBe(START_REALTIME_NS + 5n * SECOND);
  });

  it('from the moment of attachment where there is no frame before', () => {
    const after = emptyFrame(1, { waits: [histogram('1', 9n, [[-200, 1n]])] });
    const window = windowBetween(undefined, after);
    expect(window.startUnixNs).toBe(START_REALTIME_NS);
    expect(window.waits).toMatchObject([{ sumNs: 9n, count: 1n }]);
  });

  it.each([
    ['set back an hour', -3600n * SECOND],
    ['set back a little', -SECOND / 2n],
    ['set forward an hour', 3600n * SECOND],
  ])(
    'as long as the monotonic clock says when the wall clock is %s',
    (_, setByNs) => {
      const realtimeNs = START_REALTIME_NS + 2n * SECOND + setByNs;
      const after = emptyFrame(2, { realtimeNs: String(realtimeNs) });
      const window = windowBetween(emptyFrame(1), after);
      expect(window.endUnixNs).toBe(realtimeNs);
      expect(window.startUnixNs).toBe(realtimeNs - SECOND);
    },
  );

  it('without what did not change', () => {
    const same = { waits: [histogram('1', 9n, [[-200, 1n]])] };
    expect(
      windowBetween(emptyFrame(1, same), emptyFrame(2, same)).waits,
    ).toEqual([]);
  });

  it('never negative: what went backwards began anew, waits and blame alike', () => {
    const before = emptyFrame(1, {
      waits: [histogram('1', 1000n, [[-200, 9n]])],
      blame: [
        { victim: '1', kind: 'kernel', ns: '300' },
        { victim: '1', kind: 'idle', ns: '700' },
      ],
    });
    const after = emptyFrame(2, {
      waits: [histogram('1', 500n, [[-200, 2n]])],
      blame: [
        { victim: '1', kind: 'kernel', ns: '400' },
        { victim: '1', kind: 'idle', ns: '100' },
      ],
    });
    const window = windowBetween(before, after);
    expect(window.waits).toMatchObject([{ sumNs: 500n, count: 2n }]);
    expect(window.blame.map(row => row.ns)).toEqual([400n, 100n]);
  });
});

describe('frames become windows', () => {
  const start = (startMonotonicNs: string, sequence: number) =>
    emptyFrame(sequence, {
      startMonotonicNs,
      monotonicNs: String(BigInt(startMonotonicNs) + BigInt(sequence) * SECOND),
    });

  it('however many get lost, all time is in some window exactly once', () => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { maxLength: 30 }), arrives => {
        const tracker = new FrameTracker({ fromAttach: true });
        let covered = START_REALTIME_NS;
        let missed = 0;
        let last = 0;
        arrives.forEach((here, index) => {
          if (!here && index > 0) return;
          last = index + 1;
          const tracked = tracker.take(emptyFrame(last));
          missed += tracked.missedFrames;
          expect(tracked.window?.startUnixNs).toBe(covered);
          covered = tracked.window!.endUnixNs;
        });
        expect(covered).toBe(START_REALTIME_NS + BigInt(last) * SECOND);
        expect(missed).toBe(
          arrives.slice(0, last).filter((here, index) => !here && index > 0)
            .length,
        );
      }),
    );
  });

  it('a frame that comes twice makes one window', () => {
    const tracker = new FrameTracker({ fromAttach: true });
    tracker.take(emptyFrame(1));
    expect(tracker.take(emptyFrame(2)).window).toBeDefined();
    expect(tracker.take(emptyFrame(2)).window).toBeUndefined();
    expect(tracker.take(emptyFrame(1)).window).toBeUndefined();
  });

  it('a sensor that was running before the agent only sets the baseline', () => {
    const tracker = new FrameTracker({ fromAttach: true });
    expect(tracker.take(emptyFrame(17)).window).toBeUndefined();
    expect(tracker.take(emptyFrame(18)).window).toBeDefined();
  });

  it('two sensor processes are never subtracted from each other', () => {
    const tracker = new FrameTracker({ fromAttach: true });
    tracker.take(start('100', 1));
    tracker.take(start('100', 2));
    const { sensorRestarted, window } = tracker.take(start('900', 1));
    expect(sensorRestarted).toBe(true);
    expect(window?.startUnixNs).toBe(START_REALTIME_NS);
  });
});
