#!/usr/bin/env node
// The kernel tests: the arithmetic against its oracle, the sensor against the running kernel. Ends with one line
// "N passed, N failed, N skipped". `run.mjs --long` takes a million schedules, and fuzzes for minutes.
import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { run } from 'node:test';
import { spec } from 'node:test/reporters';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const only = process.argv
  .slice(2)
  .filter(argument => !argument.startsWith('--'));
if (process.argv.includes('--long')) {
  process.env.CONTENTION_ORACLE_SCHEDULES ??= '1000000';
  process.env.CONTENTION_FUZZ_SECONDS ??= '300';
}
const files = readdirSync(here)
  .filter(
    name =>
      name.endsWith('.test.mjs') &&
      (!only.length || only.some(part => name.includes(part))),
  )
  .map(name => join(here, name));

const counts = { passed: 0, failed: 0, skipped: 0 };
// One at a time: the loads would be each other's neighbours.
const tests = run({ files, concurrency: 1 });
tests.on('test:pass', ({ skip, details }) => {
  if (details.type === 'suite') return;
  counts[skip === undefined || skip === false ? 'passed' : 'skipped']++;
});
tests.on('test:fail', () => counts.failed++);
tests.on('end', () => {
  process.exitCode = counts.failed ? 1 : 0;
});
tests.compose(spec).pipe(process.stdout);
process.on('exit', () =>
  console.log(
    `${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`,
  ),
);
