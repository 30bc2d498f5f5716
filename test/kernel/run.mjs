#!/usr/bin/env node
// The kernel tests: the arithmetic against its oracle, the sensor against the running kernel. Ends with one line
// "N passed, N failed, N skipped". `run.mjs --long` takes a million schedules, and fuzzes for minutes.
//
// They hold times against clocks, on a machine that others may use as well. So a few tests that fail are run twice more,
// alone, when the hypervisor leaves the machine its CPUs, and have passed if they do both times: the median of three. What was run
// again is said.
import { readdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { NONE, sum, summaryLine } from '../../scripts/lib/counts.mjs';
import { play } from './lib/play.mjs';
import { cpuTicks, stolenSince, untilQuiet } from '../lib/quiet.mjs';

/** More than these are no accident. */
const MOST_AGAIN = 8;

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

const before = cpuTicks();
const played = await play(files);
const stolen = stolenSince(before);
const failed = played.filter(test => test.failed);
const later = new Map();
for (const test of failed.length <= MOST_AGAIN ? failed : []) {
  later.set(test, await twice(test));
}
const counts = played
  .map(test => later.get(test)?.counts ?? test.counts)
  .reduce(sum, NONE);

if (failed.length > 0) {
  console.log(
    `\nThe hypervisor took ${(100 * stolen).toFixed(1)} % of the CPUs meanwhile. Failed at first:`,
  );
}
for (const test of failed) {
  console.log(
    `  ${basename(test.file)}: ${test.name}: ${later.get(test)?.said ?? 'not run again, as too many failed'}`,
  );
}
console.log(summaryLine(counts));
process.exitCode = counts.failed > 0 ? 1 : 0;

/** Runs a test that has failed twice more; `{counts, said}` of both. */
async function twice({ file, name, counts: first }) {
  let counts = first;
  for (const when of ['second', 'third']) {
    await untilQuiet();
    // A file that cannot be loaded is a test of its own, with the file's name.
    const again = await play([file], file.endsWith(name) ? undefined : name);
    counts = again.map(test => test.counts).reduce(sum, NONE);
    if (counts.passed === 0 || counts.failed > 0) {
      return {
        counts: { ...counts, failed: Math.max(1, counts.failed) },
        said: `failed again at the ${when} time`,
      };
    }
  }
  return { counts, said: 'passed at the second and the third time' };
}
