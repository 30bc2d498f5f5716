/** Differences of cumulative values. What went backwards began anew: what it says now is what happened since. Pure. */
import type { FrameDurations } from '../sensor/frame';

/** A difference of two exponential histograms of scale 3. */
export interface HistogramDelta {
  sumNs: bigint;
  count: bigint;
  zeroCount: bigint;
  buckets: Map<number, bigint>;
}

const ZERO: FrameDurations = {
  sumNs: '0',
  count: '0',
  zeroCount: '0',
  buckets: [],
};

function subtract(
  before: FrameDurations,
  after: FrameDurations,
): HistogramDelta {
  const earlier = new Map(before.buckets);
  const buckets = new Map<number, bigint>();
  for (const [index, count] of after.buckets) {
    const delta = BigInt(count) - BigInt(earlier.get(index) ?? '0');
    earlier.delete(index);
    if (delta !== 0n) buckets.set(index, delta);
  }
  for (const [index, count] of earlier) buckets.set(index, -BigInt(count));
  return {
    sumNs: BigInt(after.sumNs) - BigInt(before.sumNs),
    count: BigInt(after.count) - BigInt(before.count),
    zeroCount: BigInt(after.zeroCount) - BigInt(before.zeroCount),
    buckets,
  };
}

function isNegative(delta: HistogramDelta): boolean {
  return (
    delta.sumNs < 0n ||
    delta.count < 0n ||
    delta.zeroCount < 0n ||
    [...delta.buckets.values()].some(count => count < 0n)
  );
}

export function isEmpty(delta: HistogramDelta): boolean {
  return delta.count === 0n && delta.sumNs === 0n;
}

export function histogramDelta(
  before: FrameDurations | undefined,
  after: FrameDurations,
): { delta: HistogramDelta; restarted: boolean } {
  const delta = subtract(before ?? ZERO, after);
  return isNegative(delta)
    ? { delta: subtract(ZERO, after), restarted: true }
    : { delta, restarted: false };
}

/** Keyed counts; one that is absent is zero. */
export function counterDeltas(
  before: Partial<Record<string, string>> | undefined,
  after: Partial<Record<string, string>>,
): Map<string, bigint> {
  const deltas = new Map<string, bigint>();
  for (const [name, value = '0'] of Object.entries(after)) {
    const delta = BigInt(value) - BigInt(before?.[name] ?? '0');
    deltas.set(name, delta < 0n ? BigInt(value) : delta);
  }
  return deltas;
}
