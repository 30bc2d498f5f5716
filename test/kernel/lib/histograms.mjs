// A histogram of a frame beside the truth about what is in it: each value was at least this and at most that.
import assert from 'node:assert/strict';
import { bucketOf } from './requests.mjs';

const mean = values => values.reduce((sum, v) => sum + v, 0) / values.length;

/**
 * Holds it against the truth, `{ns: [[least, most], ...]}`: all counted, the mean within a hundredth of what it can be, and the k-th
 * longest in the bucket of the k-th longest, for 99 of 100.
 */
export function assertHistogram(row, truth, what) {
  const least = truth.ns.map(([ns]) => ns).sort((a, b) => a - b);
  const most = truth.ns.map(([, ns]) => ns).sort((a, b) => a - b);
  assert.equal(Number(row.count), truth.ns.length, `${what}: count`);
  const meanNs = Number(row.sumNs) / Number(row.count);
  assert.ok(
    meanNs >= 0.99 * mean(least) && meanNs <= 1.01 * mean(most),
    `${what}: mean ${meanNs} ns, in truth ${mean(least)} to ${mean(most)} ns`,
  );
  const ranked = row.buckets
    .toSorted(([a], [b]) => a - b)
    .flatMap(([index, count]) => new Array(Number(count)).fill(index));
  const right = ranked.filter(
    (index, k) =>
      index >= bucketOf(0.99 * least[k]) && index <= bucketOf(1.01 * most[k]),
  ).length;
  assert.ok(
    right >= 0.99 * ranked.length,
    `${what}: ${right} of ${ranked.length} in the right bucket`,
  );
}
