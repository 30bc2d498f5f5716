import { burstsIn } from './bursts';

const WINDOW = 10;

/** Values of as many windows. */
const windows = (count: number, at: (window: number) => number | null) =>
  Array.from({ length: count }, (_, window) => at(window));

/** The same numbers every time, evenly spread over [0, 1). */
function chance(seed: number): () => number {
  let state = seed;
  return () => {
    // A mulberry32 step.
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Waiting while something is at it for `lengthSeconds`, every `everySeconds`, as windows show it. */
function rhythm(
  count: number,
  everySeconds: number,
  lengthSeconds: number,
  phaseSeconds = 1,
): number[] {
  const sums = new Array<number>(count).fill(0);
  const perWindow = 100;
  for (let tick = 0; tick < count * perWindow; tick++) {
    const at = (tick * WINDOW) / perWindow;
    const phase = (at - phaseSeconds + 10 * everySeconds) % everySeconds;
    if (phase < lengthSeconds) {
      sums[Math.floor(tick / perWindow)] += WINDOW / perWindow;
    }
  }
  return sums;
}

describe('bursts', () => {
  it('are told with their rhythm, and with how long they can have been', () => {
    expect(burstsIn(rhythm(90, 20, 2), WINDOW)).toEqual({
      share: expect.closeTo(1, 5),
      windows: 45,
      ofWindows: 90,
      windowSeconds: 10,
      longestSeconds: 10,
      everySeconds: 20,
    });
  });

  it.each([25, 37, 60, 61.5])(
    'of a rhythm that is no number of windows are told as often as they come: every %d s',
    every => {
      const { everySeconds } = burstsIn(rhythm(240, every, 2), WINDOW)!;
      expect(Math.abs(everySeconds! - every) / every).toBeLessThan(0.03);
    },
  );

  it('stand out of what is there all the time', () => {
    const values = rhythm(90, 20, 2).map(value => value + 0.1);
    expect(burstsIn(values, WINDOW)).toMatchObject({
      share: expect.closeTo(0.95, 1),
      everySeconds: 20,
    });
  });

  it('that come when they like have no rhythm', () => {
    const odds = chance(7);
    const bursts = burstsIn(
      windows(180, () => (odds() < 0.1 ? 1 + odds() : 0)),
      WINDOW,
    )!;
    expect(bursts).toMatchObject({ share: 1, ofWindows: 180 });
    expect(bursts.windows).toBeLessThan(40);
    expect(bursts.everySeconds).toBeUndefined();
  });

  it('closer together than a window is long are not told as rarer than they are', () => {
    for (const every of [3, 7, 11, 15, 17]) {
      const told = burstsIn(rhythm(360, every, 0.5), WINDOW)?.everySeconds;
      expect([every, told]).toEqual([every, undefined]);
    }
  });

  it('by chance look like a rhythm in less than one of a hundred cases, whatever their odds', () => {
    const odds = chance(1);
    let told = 0;
    const cases = 3_000;
    for (let index = 0; index < cases; index++) {
      const share = 0.02 + 0.5 * odds();
      const count = 24 + Math.floor(300 * odds());
      const values = windows(count, () => (odds() < share ? 1 : 0));
      if (burstsIn(values, WINDOW)?.everySeconds !== undefined) told += 1;
    }
    expect(told / cases).toBeLessThan(0.01);
  });

  it('are not told of what is steady, however it wobbles', () => {
    const odds = chance(3);
    expect(
      burstsIn(
        windows(90, () => 1),
        WINDOW,
      ),
    ).toBeUndefined();
    expect(
      burstsIn(
        windows(90, () => 0.3 + odds()),
        WINDOW,
      ),
    ).toBeUndefined();
  });

  it('are not told of too little data, of one episode, nor of nothing', () => {
    expect(burstsIn(rhythm(10, 20, 2), WINDOW)).toBeUndefined();
    expect(
      burstsIn(
        windows(90, window => Number(window > 60)),
        WINDOW,
      ),
    ).toBeUndefined();
    expect(
      burstsIn(
        windows(90, () => 0),
        WINDOW,
      ),
    ).toBeUndefined();
    expect(burstsIn([], WINDOW)).toBeUndefined();
  });

  it('have no rhythm across gaps: what was in one is not known', () => {
    const values = rhythm(120, 40, 2).map((value, window) =>
      window % 12 === 5 ? null : value,
    );
    expect(burstsIn(values, WINDOW)).toMatchObject({ everySeconds: 40 });
    const none = rhythm(90, 20, 2).map((value, window) =>
      window % 2 === 1 ? null : value,
    );
    expect(burstsIn(none, WINDOW)).toBeUndefined();
  });
});
