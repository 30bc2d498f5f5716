import { usageOfParty } from './usage';

const SECONDS = new Array(24).fill(3600);

describe('what a party asked for', () => {
  it('is not the sum of jobs that ran one after another', () => {
    const jobs = SECONDS.map((_, hour) => ({
      cpu: SECONDS.map((_value, at) => (at === hour ? 1800 : undefined)),
      request: SECONDS.map((_value, at) => (at === hour ? 0.1 : undefined)),
    }));
    const usage = usageOfParty(jobs, SECONDS);
    expect(usage.cpuMean).toBeCloseTo(0.5, 9);
    expect(usage.cpuRequest).toBeCloseTo(0.1, 9);
  });

  it('is the sum of what runs side by side, also while one of them is idle', () => {
    const busy = {
      cpu: SECONDS.map(() => 1800),
      request: SECONDS.map(() => 0.25),
    };
    const idle = {
      cpu: SECONDS.map((_, at) => (at === 0 || at === 23 ? 0 : undefined)),
      request: SECONDS.map((_, at) => (at === 0 ? 0.5 : undefined)),
    };
    const usage = usageOfParty([busy, idle], SECONDS);
    expect(usage.cpuRequest).toBeCloseTo(0.75, 9);
    expect(usage.cpuMean).toBeCloseTo(0.5, 9);
  });

  it('and its mean are of the windows in which it ran', () => {
    const job = {
      cpu: SECONDS.map((_, at) => (at < 2 ? 3600 : undefined)),
      request: SECONDS.map((_, at) => (at < 2 ? 0.5 : undefined)),
    };
    expect(usageOfParty([job], SECONDS)).toEqual({
      cpuMean: 1,
      cpuRequest: 0.5,
    });
  });

  it('is not known of one that did not send it', () => {
    const one = { cpu: SECONDS.map(() => 1), request: [] };
    expect(usageOfParty([one], SECONDS).cpuRequest).toBeUndefined();
    expect(usageOfParty([], SECONDS)).toEqual({});
  });
});
