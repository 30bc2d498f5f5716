/** What is said to be surely gone, against a scheduler with quotas that is followed tick by tick. */
import fc from 'fast-check';
import {
  leastGone,
  leastMoreFor,
  type Stalls,
  type Stopped,
} from './higherLimit';

/** Ticks of a period; one tick stands for a second, so that all sums are exact. */
const PERIOD = 20;

/** Work that comes to a CPU's queue in one tick, ticks. */
interface Arrival {
  tick: number;
  queue: number;
  work: number;
}

/**
 * CPUs with a queue of one thread each, which run while they have work and the period's budget lasts; of what is left of a
 * budget in its last tick, the first queues get one tick each.
 * @returns stopped ticks of each period in which the budget ran out, and each thread's stop
 */
function follow(
  arrivals: readonly Arrival[],
  queues: number,
  periods: number,
  quota: number,
): { stops: number[]; stalls: number[]; left: number } {
  const work = new Array<number>(queues).fill(0);
  const stops: number[] = [];
  const stalls: number[] = [];
  for (let period = 0; period < periods; period++) {
    let budget = quota;
    const stopped = new Array<number>(queues).fill(0);
    for (let tick = 0; tick < PERIOD; tick++) {
      for (const arrival of arrivals) {
        if (arrival.tick === period * PERIOD + tick) {
          work[arrival.queue] += arrival.work;
        }
      }
      for (let queue = 0; queue < queues; queue++) {
        if (work[queue] === 0) continue;
        if (budget > 0) {
          work[queue]--;
          budget--;
        } else stopped[queue]++;
      }
    }
    stalls.push(...stopped.filter(ticks => ticks > 0));
    if (stopped.some(ticks => ticks > 0)) stops.push(sum(stopped));
  }
  return { stops, stalls, left: sum(work) };
}

function sum(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0);
}

function counted(stalls: readonly number[]): Stalls[] {
  const counts = new Map<number, number>();
  for (const stall of stalls) counts.set(stall, (counts.get(stall) ?? 0) + 1);
  return [...counts].sort(([a], [b]) => a - b);
}

/** All that the ledger and stalls tell of a run, with or without the stalls. */
function known(
  { stops, stalls }: ReturnType<typeof follow>,
  queues: number,
  quota: number,
  withStalls: boolean,
): Stopped {
  const longest = withStalls ? Math.max(...stalls) : PERIOD;
  return {
    periods: stops.length,
    seconds: sum(stops),
    stalls: withStalls ? counted(stalls) : [],
    mostSeconds: Math.min(queues * PERIOD - quota, queues * longest),
  };
}

const runs = fc.integer({ min: 1, max: 4 }).chain(queues =>
  fc.record({
    queues: fc.constant(queues),
    quota: fc.integer({ min: 1, max: PERIOD }),
    more: fc.integer({ min: 0, max: 2 * PERIOD }),
    withStalls: fc.boolean(),
    arrivals: fc.array(
      fc.record({
        tick: fc.nat(30 * PERIOD - 1),
        queue: fc.nat(queues - 1),
        work: fc.integer({ min: 1, max: 3 * PERIOD }),
      }),
      { maxLength: 30 },
    ),
  }),
);

describe('what is surely gone with a higher limit', () => {
  it('is gone when the same work is done with it, whatever the work is', () => {
    fc.assert(
      fc.property(runs, ({ queues, quota, more, withStalls, arrivals }) => {
        const as = follow(arrivals, queues, 40, quota);
        fc.pre(as.stops.length > 0);
        const stopped = known(as, queues, quota, withStalls);
        const higher = follow(arrivals, queues, 40, quota + more);
        expect(sum(higher.stops)).toBeLessThanOrEqual(
          stopped.seconds - leastGone(stopped, more) + 1e-9,
        );
      }),
      { numRuns: 3_000 },
    );
  });

  it('is no less than could be said: work without end on one CPU loses that, and no more', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: PERIOD - 1 }),
        fc.integer({ min: 0, max: PERIOD }),
        fc.boolean(),
        (quota, more, withStalls) => {
          const endless = [{ tick: 0, queue: 0, work: 1_000_000 }];
          const stopped = known(
            follow(endless, 1, 10, quota),
            1,
            quota,
            withStalls,
          );
          const left = sum(follow(endless, 1, 10, quota + more).stops);
          expect(stopped.seconds - leastGone(stopped, more)).toBeCloseTo(left);
        },
      ),
    );
  });

  it('is not all that can be: work that is nearly done is stopped no more by next to nothing more', () => {
    const burst = [{ tick: 0, queue: 0, work: 11 }];
    const stopped = known(follow(burst, 1, 2, 10), 1, 10, true);
    expect(stopped.seconds).toBe(10);
    expect(leastGone(stopped, 1)).toBe(1);
    expect(follow(burst, 1, 2, 11).stops).toEqual([]);
  });

  it('is less where the ledger alone is known, and few periods may hold most of the time', () => {
    const ledger = { periods: 10, seconds: 100, stalls: [], mostSeconds: 40 };
    expect(leastGone(ledger, 10)).toBe(25);
    // Each period stopped a thread for so long: ten times ten are gone.
    expect(leastGone({ ...ledger, stalls: [[10, 10]] }, 10)).toBe(100);
    expect(leastGone({ ...ledger, stalls: [[5, 10]] }, 5)).toBe(50);
    // Half of it is on top of that, at worst in a few periods of 40: 5 of each 35 more.
    expect(leastGone({ ...ledger, stalls: [[5, 10]] }, 10)).toBeCloseTo(
      50 + (50 * 5) / 35,
    );
  });

  it('is no less for knowing of some periods how long a thread was stopped', () => {
    const ledger = { periods: 10, seconds: 100, stalls: [], mostSeconds: 40 };
    // At worst, those are two of the periods that stood still for 40.
    expect(leastGone({ ...ledger, stalls: [[5, 2]] }, 10)).toBeCloseTo(25);
    expect(leastGone({ ...ledger, stalls: [[5, 6]] }, 10)).toBeCloseTo(
      6 * 5 + (70 * 5) / 35,
    );
    fc.assert(
      fc.property(runs, ({ queues, quota, more, arrivals }) => {
        const as = follow(arrivals, queues, 40, quota);
        // One thread in each period: else two that are known may be of one.
        fc.pre(as.stops.length > 0 && as.stalls.length === as.stops.length);
        const all = known(as, queues, quota, true);
        const some = { ...all, stalls: counted(as.stalls.slice(1)) };
        const none = { ...all, stalls: [] };
        const [byNone, bySome] = [none, some].map(one => leastGone(one, more));
        expect(bySome).toBeGreaterThanOrEqual(byNone - 1e-9);
        const higher = follow(arrivals, queues, 40, quota + more);
        expect(sum(higher.stops)).toBeLessThanOrEqual(
          all.seconds - bySome + 1e-9,
        );
      }),
      { numRuns: 1_000 },
    );
  });

  it('is not more for a bound that cannot be, as the mean is beyond it', () => {
    const ledger = { periods: 10, seconds: 100, stalls: [], mostSeconds: 5 };
    expect(leastGone(ledger, 5)).toBe(50);
  });

  it('is everything, to the last bit, with a budget that all CPUs cannot use up', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.001, max: 100, noNaN: true }),
        fc.double({ min: 0.001, max: 0.1, noNaN: true }),
        (seconds, stall) => {
          const stopped: Stopped = {
            periods: 1000,
            seconds,
            stalls: [[stall, 1000]],
            mostSeconds: 0.3,
          };
          expect(leastGone(stopped, 0.3)).toBe(seconds);
        },
      ),
    );
  });

  it('never falls with more budget, and lies between nothing and everything', () => {
    const any: fc.Arbitrary<Stopped> = fc.record({
      periods: fc.integer({ min: 1, max: 100 }),
      seconds: fc.double({ min: 0.001, max: 100, noNaN: true }),
      stalls: fc
        .array(
          fc.tuple(
            fc.double({ min: 0, max: 0.2, noNaN: true }),
            fc.integer({ min: 1, max: 50 }),
          ),
        )
        .map(stalls => stalls.sort(([a], [b]) => a - b)),
      mostSeconds: fc.oneof(
        fc.constant(Infinity),
        fc.double({ min: 0, max: 6, noNaN: true }),
      ),
    });
    const budget = fc.double({ min: 0, max: 7, noNaN: true });
    fc.assert(
      fc.property(any, budget, budget, (stopped, a, b) => {
        const [less, more] = [Math.min(a, b), Math.max(a, b)].map(d =>
          leastGone(stopped, d),
        );
        expect(less).toBeGreaterThanOrEqual(0);
        expect(more).toBeGreaterThanOrEqual(less - 1e-9);
        expect(more).toBeLessThanOrEqual(stopped.seconds * (1 + 1e-9));
      }),
    );
  });
});

describe('the least budget for a share', () => {
  it('is enough, and a little less is not', () => {
    fc.assert(
      fc.property(runs, ({ queues, quota, withStalls, arrivals }) => {
        const as = follow(arrivals, queues, 40, quota);
        fc.pre(as.stops.length > 0);
        const stopped = known(as, queues, quota, withStalls);
        const more = leastMoreFor(stopped, 0.9)!;
        const gone = (budget: number) =>
          leastGone(stopped, budget) / stopped.seconds;
        expect(gone(more)).toBeGreaterThanOrEqual(0.9);
        expect(gone(more * 0.999)).toBeLessThan(0.9);
      }),
    );
  });

  it('is not known where nothing bounds what a period can have held', () => {
    const ledger = {
      periods: 10,
      seconds: 100,
      stalls: [],
      mostSeconds: Infinity,
    };
    expect(leastMoreFor(ledger, 0.9)).toBeUndefined();
    expect(leastMoreFor({ ...ledger, stalls: [[10, 10]] }, 0.9)).toBeCloseTo(9);
  });
});
