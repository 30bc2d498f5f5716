// A sensor that is killed under load, and the one after it, on the running kernel: nothing that happened in between is made up.
import assert from 'node:assert/strict';
import test from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { cannotTrace } from './lib/build.mjs';
import { cgroupTree } from './lib/cgroups.mjs';
import { partsNs, sinceStart, startSensor, victim } from './lib/sensor.mjs';

const skip = cannotTrace();
const cpu = 1;

/** The longest wait that a histogram may hold: the upper bound of its last bucket, s. */
function longestSeconds({ buckets }) {
  const [index] = buckets.at(-1) ?? [-Infinity];
  return 2 ** ((index + 1) / 8);
}

const secondsBetween = (from, to) => Number(BigInt(to) - BigInt(from)) / 1e9;

test(
  'after a sensor that was killed under load, the next one counts no wait that it cannot have seen',
  { skip },
  async () => {
    const tree = cgroupTree({ first: true });
    const crowded = tree.add('crowded');
    let sensor;
    try {
      const load = tree.load(crowded, { seconds: 120, threads: 30, cpu });
      await load.untilItRanNs(1e8);
      for (let life = 0; life < 3; life++) {
        const waitedBefore = load.waitedNs();
        sensor = startSensor('--interval', '0.2');
        const first = await sensor.next();
        // Its threads wait for each other all the time: so they did when it came.
        assert.ok(victim(first, crowded).open.count >= 20);
        let openAtFirst = 0;
        for (const row of first.open)
          if (row.cgroup === victim(first, crowded).id)
            openAtFirst += row.count * Number(row.oldestNs);
        const waitedAtFirst = load.waitedNs();
        await sleep(1000);
        const waitedAtLast = load.waitedNs();
        await sensor.next();
        const frame = await sensor.next();
        const waitedAfter = load.waitedNs();
        sensor.child.kill('SIGKILL');
        await sensor.closed;

        const seen = victim(sinceStart(sensor.frames), crowded);
        assert.ok(
          seen.waitNs <= waitedAfter - waitedBefore,
          `${seen.waitNs} ns seen, at most ${waitedAfter - waitedBefore} ns can have ended`,
        );
        const least = waitedAtLast - waitedAtFirst - openAtFirst;
        assert.ok(
          seen.waitNs >= 0.99 * least,
          `${seen.waitNs} ns seen, at least ${least} ns did end`,
        );
        assert.equal(partsNs(seen.blame), seen.waitNs);
        assert.equal(frame.health.conservation.unequal, 0);
        assert.ok(Number(frame.health.lost.openAtAttach) >= 20);

        // The phantom: a wait from before the sensor, or none at all, that is longer than the sensor has been there.
        const lifeSeconds = secondsBetween(
          frame.startMonotonicNs,
          frame.monotonicNs,
        );
        for (const wait of frame.waits) {
          // A bucket's bound is up to 2^(1/8) beyond what is in it.
          assert.ok(
            longestSeconds(wait) <= lifeSeconds * 2 ** (1 / 8),
            `a wait of ${longestSeconds(wait)} s within ${lifeSeconds} s`,
          );
        }
      }
    } finally {
      await sensor?.stop();
      await tree.end();
    }
  },
);

test(
  'two sensors at once measure the same, each for itself',
  { skip },
  async () => {
    const tree = cgroupTree({ first: true });
    const [one, two] = [
      startSensor('--interval', '0.3'),
      startSensor('--interval', '0.7'),
    ];
    try {
      await Promise.all([one.next(), two.next()]);
      const busy = tree.add('busy');
      const load = tree.load(busy, { seconds: 2, threads: 3, cpu });
      await load.done;
      await Promise.all([one.next(), two.next()]);
      await Promise.all([one.next(), two.next()]);
      const waits = [one, two].map(
        sensor => victim(sinceStart(sensor.frames), busy).waitNs,
      );
      assert.ok(waits[0] > 0);
      assert.equal(waits[0], waits[1]);
    } finally {
      await Promise.all([one.stop(), two.stop()]);
      await tree.end();
    }
  },
);
