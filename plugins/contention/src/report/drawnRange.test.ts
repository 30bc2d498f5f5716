import { drawnRange } from './drawnRange';

const AXIS = {
  startsMs: [0, 10, 20, 30, 40, 50].map(s => s * 1000),
  stepSeconds: 10,
};
const RANGE = { from: 0, to: 60_000 };

describe('the part of a range that is drawn', () => {
  it('begins where data begins, when most of the range has none before', () => {
    const values = [null, null, null, null, 1, 2];
    expect(drawnRange(RANGE, AXIS, [values])).toEqual({
      from: 40_000,
      to: 60_000,
    });
  });

  it('is the whole range when a smaller part is missing, when the end is missing, and without any data', () => {
    expect(drawnRange(RANGE, AXIS, [[null, null, 1, 1, 1, 1]])).toEqual(RANGE);
    expect(
      drawnRange(RANGE, AXIS, [[1, null, null, null, null, null]]),
    ).toEqual(RANGE);
    expect(
      drawnRange(RANGE, AXIS, [[null, null, null, null, null, null]]),
    ).toEqual(RANGE);
    expect(drawnRange(RANGE, AXIS, [])).toEqual(RANGE);
  });

  it('takes zero for data', () => {
    expect(drawnRange(RANGE, AXIS, [[0, null, null, null, null, 1]])).toEqual(
      RANGE,
    );
  });
});
