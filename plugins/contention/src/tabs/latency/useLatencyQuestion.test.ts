import { readSelection, withSelection } from './useLatencyQuestion';

const RANGE = { from: 1_000_000, to: 2_000_000 };
const read = (search: string) =>
  readSelection(new URLSearchParams(search), RANGE);

describe('the selection in the address', () => {
  it('is cut to the range', () => {
    expect(read('selectFrom=500000&selectTo=1500000').time).toEqual({
      from: 1_000_000,
      to: 1_500_000,
    });
  });

  it('is none outside the range, and none where it is all of it', () => {
    expect(read('selectFrom=100&selectTo=200').time).toBeUndefined();
    expect(read('selectFrom=900000&selectTo=2100000').time).toBeUndefined();
  });

  it('is none where it is no number, half of it is missing, or it is upside down', () => {
    expect(read('selectFrom=x&selectTo=1500000').time).toBeUndefined();
    expect(read('selectFrom=1200000').time).toBeUndefined();
    expect(read('selectFrom=1500000&selectTo=1200000').time).toBeUndefined();
    expect(read('bandFrom=2&bandTo=1').durations).toBeUndefined();
    expect(read('bandFrom=-1').durations).toBeUndefined();
  });

  it('may have one end of durations only', () => {
    expect(read('bandFrom=0.25').durations).toEqual({ fromSeconds: 0.25 });
    expect(read('bandTo=0.25').durations).toEqual({
      fromSeconds: 0,
      toSeconds: 0.25,
    });
  });

  it('comes back as it was written, and leaves the rest of the address alone', () => {
    const selection = {
      time: { from: 1_200_000, to: 1_300_000 },
      durations: { fromSeconds: 0.125, toSeconds: 0.25 },
    };
    const address = withSelection(
      new URLSearchParams('from=now-1h&role=client'),
      selection,
    );
    expect(read(address.toString())).toEqual(selection);
    expect(address.get('from')).toBe('now-1h');
    expect(withSelection(address, {}).toString()).toBe(
      'from=now-1h&role=client',
    );
  });
});
