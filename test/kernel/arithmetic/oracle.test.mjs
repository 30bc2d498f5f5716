// The arithmetic of the kernel program, in user space. CONTENTION_ORACLE_SCHEDULES sets how many schedules (default 20000).
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import test from 'node:test';
import { build } from '../lib/build.mjs';

const schedules = Number(process.env.CONTENTION_ORACLE_SCHEDULES ?? 20_000);

/** Schedules of one run of the program: between two runs it can be said how far it came. */
const AT_ONCE = 50_000;

test(`blame, waits, stalls and CPU time equal the oracle to the nanosecond over ${schedules} schedules, and every bucket boundary holds`, t =>
  agrees(t, build().oracle, schedules));

const tight = schedules / 4;

test(`where stops of queues have to be forgotten, what is not known any more is unattributed: ${tight} schedules`, t =>
  agrees(t, build().tightOracle, tight));

/** Runs an oracle test, which has to find nothing wrong. */
function agrees(t, program, count) {
  for (let done = 0; done < count; done += AT_ONCE) {
    const some = Math.min(AT_ONCE, count - done);
    const { stdout } = spawnSync(program, [`${some}`, `${done + 1}`], {
      encoding: 'utf8',
    });
    assert.ok(
      stdout.endsWith(`${some} schedules from seed ${done + 1}, 0 wrong\n`),
      `after ${done} schedules: ${stdout}`,
    );
    if (count > AT_ONCE) t.diagnostic(`${done + some} schedules, 0 wrong`);
  }
}
