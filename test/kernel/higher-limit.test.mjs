// What a higher limit would change, as it is said on the tab Throttling, against what it does change: the same load under a
// quota and under a higher one, in turns, by the kernel's own ledger.
import assert from 'node:assert/strict';
import { availableParallelism } from 'node:os';
import test from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { leastGone } from '../../plugins/contention-backend/src/reports/higherLimit.ts';
import { cannotTrace } from './lib/build.mjs';
import { cgroupTree } from './lib/cgroups.mjs';
import { startSensor } from './lib/sensor.mjs';

const skip = cannotTrace();

const periodSeconds = 0.1;
const limit = 0.3;
const higher = 0.45;

/** Turns of each of the two; a machine that is busy for a while is so for both. */
const turns = 3;

/**
 * The load under both quotas in turns of so many seconds; `inPod`: its pod has the same quota. Resolves with the ledger and CPU
 * time of each, and with the last frame of a sensor that watched.
 */
async function inTurns(seconds, { inPod, ...how }) {
  const tree = cgroupTree({ first: true });
  const sensor = startSensor('--interval', '0.5');
  try {
    await sensor.next();
    const sides = [limit, higher].map(quota => {
      const pod = tree.add(`limit-${quota}`, { quota });
      const path = inPod ? tree.add(`limit-${quota}/only`, { quota }) : pod;
      return { path, quotas: [...new Set([path, pod])], ranSeconds: 0 };
    });
    for (let turn = 0; turn < turns; turn++) {
      for (const side of sides) {
        const load = tree.load(side.path, { seconds, ...how });
        await load.done;
        side.ranSeconds += load.ranNs() / 1e9;
      }
    }
    // Whoever was stopped last goes on in the next period.
    await sleep(2000 * periodSeconds);
    await sensor.next();
    const frame = await sensor.next();
    const [low, high] = sides.map(side => ({
      ...side,
      periods: Math.max(...side.quotas.map(tree.throttledPeriods)),
      seconds: side.quotas.reduce(
        (sum, path) => sum + tree.throttledNs(path) / 1e9,
        0,
      ),
    }));
    return { frame, low, high };
  } finally {
    await sensor.stop();
    await tree.end();
  }
}

/** Stalls of one cgroup because of these quotas: seconds at least, and how many, shortest first. */
function stallsOf(frame, path, quotas) {
  const idOf = of => frame.cgroups.find(cgroup => cgroup.path === of)?.id;
  const ids = quotas.map(idOf);
  return frame.stalls
    .filter(({ cgroup, quota }) => cgroup === idOf(path) && ids.includes(quota))
    .flatMap(({ buckets }) => buckets)
    .sort(([a], [b]) => a - b)
    .map(([index, count]) => [2 ** (index / 8), Number(count)]);
}

/** Share of the stopped time that is surely gone with the higher limit, by what is known under the lower one; with and without stalls. */
function goneAtLeast({ frame, low: { path, quotas, periods, seconds } }) {
  const stalls = stallsOf(frame, path, quotas);
  assert.ok(stalls.length > 0, 'the sensor saw nobody stopped');
  const cpus = availableParallelism();
  const allCpus = (cpus - limit) * periodSeconds;
  // Of two quotas, a thread may stand still for one after the other.
  const longest =
    quotas.length > 1 ? Infinity : stalls.at(-1)[0] * 2 ** (1 / 8);
  const known = { periods, seconds };
  const more = (higher - limit) * periodSeconds;
  return [
    {
      ...known,
      stalls,
      mostSeconds: Math.min(allCpus, cpus * longest),
    },
    { ...known, stalls: [], mostSeconds: allCpus },
  ].map(stopped => leastGone(stopped, more) / seconds);
}

// Between bursts budgets are left over, so that it does not matter when the one before was done.
for (const [what, how] of [
  ['bursts', { runUs: 80_000, sleepUs: 170_000 }],
  [
    'bursts in two threads, at times at once',
    { runUs: 50_000, sleepUs: 400_000, threads: 2 },
  ],
  [
    'bursts in the only container of a pod, whose limit is the same',
    { runUs: 80_000, sleepUs: 170_000, inPod: true },
  ],
])
  test(
    `of ${what}, at least what was said to is gone with a higher limit, for the same work`,
    { skip },
    async t => {
      const run = await inTurns(2.5, how);
      const { low, high } = run;
      if (low.periods < 10) {
        t.skip(
          `the quota ran out in ${low.periods} periods only: this machine is busy`,
        );
        return;
      }
      const gone =
        1 - high.seconds / high.ranSeconds / (low.seconds / low.ranSeconds);
      const [withStalls, byLedger] = goneAtLeast(run);
      const said = `${gone.toFixed(3)} is gone; said: ${withStalls.toFixed(3)} or more, by the ledger alone ${byLedger.toFixed(3)}`;
      t.diagnostic(said);
      assert.ok(byLedger > 0, said);
      assert.ok(withStalls >= byLedger, said);
      assert.ok(gone >= withStalls, said);
    },
  );
