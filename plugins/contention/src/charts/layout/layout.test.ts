import type { Layer, Marker } from 'backstage-plugin-contention-common';
import { layoutFlags } from './flags';
import { durationScale, durationTicks, layoutHeatmap } from './heatmap';
import { layoutHistogram, logTicks } from './histogram';
import { apart, stepLine } from './lines';
import { timeScale } from './scales';
import { boxOf, durationsBetween } from './selection';
import { layoutStack } from './stack';
import { gapsOf, runsOf, snapToWindows, windowAt } from './windows';

const AXIS = { startsMs: [0, 10_000, 20_000, 40_000], stepSeconds: 10 };
const RANGE = { from: 0, to: 100_000 };
const X = timeScale(RANGE, 100).clamp(true);

function layer(key: string, values: Array<number | null>): Layer {
  return { key, relation: 'neighbour', label: key, values };
}

/** The corners of a path of straight lines. */
function corners(path: string): Array<[number, number]> {
  return [...path.matchAll(/(-?[\d.]+),(-?[\d.]+)/g)].map(([, x, y]) => [
    Number(x),
    Number(y),
  ]);
}

describe('windows', () => {
  it('breaks a run where a window has no data and where the axis has a hole', () => {
    expect(runsOf(AXIS, index => index !== 1)).toEqual([
      { first: 0, last: 0 },
      { first: 2, last: 2 },
      { first: 3, last: 3 },
    ]);
    expect(runsOf(AXIS, () => true)).toEqual([
      { first: 0, last: 2 },
      { first: 3, last: 3 },
    ]);
  });

  it('calls everything between and around runs a gap, except what is still on its way', () => {
    const runs = runsOf(AXIS, () => true);
    expect(gapsOf(AXIS, runs, { from: -30_000, to: 60_000 })).toEqual([
      { from: -30_000, to: 0 },
      { from: 30_000, to: 40_000 },
    ]);
    const inside = { from: 30_000, to: 40_000 };
    expect(gapsOf(AXIS, runs, RANGE)).toEqual([
      inside,
      { from: 50_000, to: 100_000 },
    ]);
    expect(gapsOf(AXIS, [], RANGE)).toEqual([RANGE]);
  });

  it('finds the window of a moment, and the nearest one in a hole', () => {
    expect(
      [-5, 0, 9_999, 10_000, 31_000, 39_000, 90_000].map(ms =>
        windowAt(AXIS, ms),
      ),
    ).toEqual([0, 0, 0, 1, 2, 3, 3]);
    expect(windowAt({ startsMs: [], stepSeconds: 10 }, 5)).toBe(-1);
  });

  it('snaps a dragged stretch to whole windows inside the range, in either direction', () => {
    expect(snapToWindows(AXIS, 31_000, 12_000, RANGE)).toEqual({
      from: 10_000,
      to: 40_000,
    });
    expect(snapToWindows(AXIS, 99_000, 99_500, RANGE)).toEqual({
      from: 90_000,
      to: 100_000,
    });
  });
});

describe('the stacked time line', () => {
  const plot = { width: 100, height: 100 };

  it('puts each layer exactly on top of the one before, and mirrors the rest below the line', () => {
    const { layers, y } = layoutStack({
      axis: { startsMs: [0], stepSeconds: 100 },
      x: X,
      above: [layer('a', [1]), layer('b', [2])],
      below: [layer('c', [1])],
      plot,
      leastTop: 0,
    });
    const heights = layers.map(({ path }) => {
      const ys = corners(path).map(([, value]) => y.invert(value));
      return [Math.min(...ys), Math.max(...ys)].map(
        value => Math.round(value * 10) / 10,
      );
    });
    expect(heights).toEqual([
      [0, 1],
      [1, 3],
      [-1, 0],
    ]);
  });

  it('uses one scale above and below, and leaves room so that next to nothing looks small', () => {
    const { y } = layoutStack({
      axis: { startsMs: [0], stepSeconds: 100 },
      x: X,
      above: [layer('a', [0.001])],
      below: [],
      plot,
      leastTop: 0.05,
    });
    expect(y(0) - y(0.001)).toBeLessThan(3);
    expect(y(0) - y(0.02)).toBeCloseTo((y(0) - y(0.01)) * 2);
  });

  it('draws nothing where there is no data, not zero', () => {
    const { layers } = layoutStack({
      axis: { startsMs: [0, 10_000, 20_000, 30_000, 40_000], stepSeconds: 10 },
      x: timeScale({ from: 0, to: 50_000 }, 100).clamp(true),
      above: [layer('a', [1, null, null, 1, 1])],
      below: [],
      plot,
      leastTop: 0,
    });
    const xs = corners(layers[0].path).map(([x]) => x);
    expect(xs.filter(x => x > 20 && x < 60)).toEqual([]);
  });
});

describe('step lines', () => {
  it('stays flat over a window and starts anew after a gap', () => {
    const path = stepLine(
      AXIS,
      [1, 2, null, 3],
      x => x / 1000,
      y => y,
    );
    expect(corners(path)).toEqual([
      [0, 1],
      [10, 1],
      [10, 2],
      [20, 2],
      [40, 3],
      [50, 3],
    ]);
    expect(path.match(/M/g)).toHaveLength(2);
  });

  it('has its names where it ends, and none over another', () => {
    const ys = (...values: (number | undefined)[]) =>
      apart(
        values.map(y => (y === undefined ? undefined : { y })),
        12,
      ).map(point => point?.y);
    expect(ys(200, 100, 50)).toEqual([200, 100, 50]);
    expect(ys(200, 199, 198)).toEqual([200, 188, 176]);
    expect(ys(200, undefined, 195)).toEqual([200, undefined, 188]);
  });
});

describe('the heat map', () => {
  const layout = layoutHeatmap({
    axis: { startsMs: [0, 25_000, 50_000, 75_000], stepSeconds: 25 },
    x: X,
    heatmap: {
      boundsSeconds: [0, 0.001, 0.01, 0.1],
      counts: [[4, 0, 1], null, [0, 0, 0], [0, 0, 0]],
    },
    plot: { width: 100, height: 200 },
  });

  it('leaves empty cells out and keeps the rare visible beside the many', () => {
    expect(layout.cells).toEqual([
      { x: 0, y: 200, width: 25, height: 0, intensity: 1 },
      { x: 0, y: 0, width: 25, height: 100, intensity: 0.5 },
    ]);
  });

  it('does not blow a few durations up to the whole height', () => {
    const y = durationScale([0.05, 0.1], 100);
    const height = y(0.05) - y(0.1);
    expect(height).toBeGreaterThan(5);
    expect(height).toBeLessThan(20);
  });

  it('marks the powers of ten, and what is between where there is room', () => {
    expect(durationTicks(layout.y, 20)).toHaveLength(7);
    const marks = durationTicks(layout.y);
    expect(marks.map(mark => mark.toPrecision(1))).toEqual([
      '0.001',
      '0.01',
      '0.1',
    ]);
  });
});

describe('the histogram', () => {
  it('scales to the fullest bucket and leaves empty ones out', () => {
    const layout = layoutHistogram(
      {
        count: 5,
        sumSeconds: 1,
        buckets: [
          { fromSeconds: 0.01, toSeconds: 0.02, count: 1 },
          { fromSeconds: 0.02, toSeconds: 0.04, count: 0 },
          { fromSeconds: 0.04, toSeconds: 0.08, count: 4 },
        ],
      },
      { width: 300, height: 100 },
    )!;
    expect(layout.bars.map(bar => bar.height)).toEqual([25, 100]);
    expect(layout.bars[0].x).toBeLessThan(layout.bars[1].x);
  });

  it('says nothing about a distribution without values', () => {
    expect(
      layoutHistogram(
        { count: 0, sumSeconds: 0, buckets: [] },
        { width: 1, height: 1 },
      ),
    ).toBeUndefined();
  });

  it('drops to powers of ten before labels crowd', () => {
    expect(logTicks([0.001, 0.1], 20)).toHaveLength(7);
    expect(logTicks([0.001, 0.1], 5)).toHaveLength(3);
  });
});

describe('a part of the heat map', () => {
  const plot = { width: 100, height: 200 };
  // Sixteen octaves over 200 pixels.
  const y = durationScale([2 ** -14, 2 ** 2], plot.height);

  it('is whole octaves, which is how anatomies are kept', () => {
    const pixels = (power: number) => y(2 ** power);
    expect(durationsBetween(pixels(-2.5), pixels(-4.5), y)).toEqual({
      fromSeconds: 2 ** -5,
      toSeconds: 2 ** -2,
    });
    expect(durationsBetween(pixels(-2), pixels(-4), y)).toEqual({
      fromSeconds: 2 ** -4,
      toSeconds: 2 ** -2,
    });
  });

  it('has no upper end where it reaches the upper edge', () => {
    expect(durationsBetween(0, y(0.3), y)).toEqual({ fromSeconds: 0.25 });
  });

  it('is drawn where it was dragged, over everything that is not narrowed', () => {
    expect(boxOf({}, X, y, plot)).toBeUndefined();
    const time = { from: 20_000, to: 50_000 };
    expect(boxOf({ time }, X, y, plot)).toEqual({
      x: 20,
      y: 0,
      width: 30,
      height: 200,
    });
    const box = boxOf({ durations: { fromSeconds: 2 ** -6 } }, X, y, plot)!;
    expect([box.x, box.y, box.width]).toEqual([0, 0, 100]);
    expect(box.height).toBeCloseTo(100);
  });
});

describe('flags', () => {
  const marker = (at: number): Marker => ({
    key: String(at),
    at,
    kind: 'restart',
    workload: {},
    text: 'app restarted',
  });

  it('share a pole where they would cover each other, and know how much room they have', () => {
    const flags = layoutFlags(
      [marker(60_000), marker(10_000), marker(20_000)],
      RANGE,
      X,
    );
    expect(
      flags.map(({ x, room, markers }) => [x, room, markers.length]),
    ).toEqual([
      [10, 50, 2],
      [60, 40, 1],
    ]);
  });

  it('of another range are not drawn at the edge', () => {
    expect(layoutFlags([marker(-1), marker(100_001)], RANGE, X)).toEqual([]);
  });
});
