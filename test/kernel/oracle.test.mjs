// The arithmetic of the kernel program, in user space. CONTENTION_ORACLE_SCHEDULES sets how many schedules (default 20000).
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import test from 'node:test';
import { build } from './lib/build.mjs';

const schedules = Number(process.env.CONTENTION_ORACLE_SCHEDULES ?? 20_000);

test(`blame, waits, stalls and CPU time equal the oracle to the nanosecond over ${schedules} schedules, and every bucket boundary holds`, () =>
  agrees(build().oracle, schedules));

const tight = schedules / 4;

test(`where stops of queues have to be forgotten, what is not known any more is unattributed: ${tight} schedules`, () =>
  agrees(build().tightOracle, tight));

/** Runs an oracle test, which has to find nothing wrong. */
function agrees(program, count) {
  const said = execFileSync(program, [String(count)], { encoding: 'utf8' });
  assert.match(
    said,
    new RegExp(`^${count} schedules from seed 1, 0 wrong$`, 'm'),
  );
}
