// Who burned a quota: the arithmetic in burn.h against its oracle, and mistakes in it that the oracle notices.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import test from 'node:test';
import { build } from '../lib/build.mjs';
import { mutants } from './lib/mutants.mjs';

const schedules = process.env.CONTENTION_ORACLE_SCHEDULES ?? '20000';

test(`CPU time in throttled periods equals the oracle to the nanosecond over ${schedules} schedules`, () => {
  const said = execFileSync(build().burn, [schedules], { encoding: 'utf8' });
  const [, lossy] = new RegExp(
    `^${schedules} schedules from seed 1, (\\d+) with losses, \\d+ ns burned, 0 wrong$`,
    'm',
  ).exec(said);
  // Where something was lost, only "not too much" can be said: of most schedules nothing may be.
  assert.ok(Number(lossy) < 0.25 * Number(schedules), said);
});

/** What is wrong, and how. */
const mistakes = [
  [
    'every period counts as throttled',
    'if (period & PERIOD_THROTTLED)\n\t\tburn_sink(slot, burn->cgroup, burn->quota, ns);',
    'burn_sink(slot, burn->cgroup, burn->quota, ns);',
  ],
  [
    'periods that a long piece passed through count as throttled',
    'if (start < end && period & PERIOD_THROTTLED)',
    'if (start < end)',
  ],
  [
    'a piece belongs to the period in which it ended',
    'burn->ns = end > start ? end - start : 0;',
    'burn->ns = piece->to - piece->from;\n\tstart = piece->from;',
  ],
  [
    'a piece that began earlier is cut off at the start of the period',
    'return start <= piece->from;',
    'return 1;',
    'for (__u32 i = 0; i < BURN_PERIODS && start > piece->from',
    'for (__u32 i = 0; 0 && start > piece->from',
  ],
  [
    'the throttled bit is that of the period before',
    'periods->past[burn->period & (BURN_PERIODS - 1)]',
    'periods->past[(burn->period - 1) & (BURN_PERIODS - 1)]',
  ],
  [
    'what was kept back is booked twice',
    '\tns = burn->ns;\n\tburn->ns = 0;',
    '\tns = burn->ns;',
  ],
  [
    'what is kept back is forgotten when another piece comes',
    'burn->ns += ns;',
    'burn->ns = ns;',
  ],
  [
    'time in one period is added to what is kept of another',
    ' || burn->period != period)',
    ')',
  ],
  [
    'one quota pays for the other',
    'if (burn->cgroup == cgroup && burn->quota == quota)\n',
    'if (burn->cgroup == cgroup)\n',
    'burn->cgroup != cgroup || burn->quota != quota ||',
    'burn->cgroup != cgroup ||',
  ],
  [
    'periods that the kernel counted at once have a time of their own',
    'periods->past[(number - 1 - i) & (BURN_PERIODS - 1)] = periods->start << PERIOD_START;',
    ';',
  ],
  [
    'numbers that are too old are taken for newer ones',
    'return periods->newest - number < periods->known;',
    'return 1;',
  ],
  ['the next period begins where this one began', 'periods->start = end;', ';'],
];

mutants({
  mistakes: mistakes.map(([name, ...changes]) => ({
    name,
    header: 'burn.h',
    changes,
  })),
  tries: [['burn-test', '3000']],
});
