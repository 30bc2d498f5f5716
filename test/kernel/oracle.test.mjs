// The arithmetic of the kernel program, in user space. CONTENTION_ORACLE_SCHEDULES sets how many schedules (default 20000).
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import test from 'node:test';
import { build } from './lib/build.mjs';

const schedules = process.env.CONTENTION_ORACLE_SCHEDULES ?? '20000';

test(`blame, waits, stalls and CPU time equal the oracle to the nanosecond over ${schedules} schedules, and every bucket boundary holds`, () => {
  const said = execFileSync(build().oracle, [schedules], { encoding: 'utf8' });
  assert.match(
    said,
    new RegExp(`^${schedules} schedules from seed 1, 0 wrong$`, 'm'),
  );
});
