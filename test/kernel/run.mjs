#!/usr/bin/env node
// The sensor against the running kernel. Arguments are parts of names of files. Ends with one line
// "N passed, N failed, N skipped".
//
// These tests hold times against clocks. What a failure says where a hypervisor takes the CPUs away, ../lib/theft.mjs decides; what
// could not be judged counts as skipped, and is said.
import { readdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { NONE, sum, summaryLine } from '../../scripts/lib/counts.mjs';
import { play } from './lib/play.mjs';
import { cpuTicks, judgeAgain, percent, stolenSince } from '../lib/theft.mjs';

/** More than these are no accident. */
const MOST_AGAIN = 12;

/** For how long tests are played again before those that are left are not judged, ms. */
const AGAIN_MS = 8 * 60_000;

const here = dirname(fileURLToPath(import.meta.url));
const only = process.argv.slice(2);
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
const judged = new Map();
const end = Date.now() + AGAIN_MS;
for (const test of failed) judged.set(test, await judge(test));

const counts = played
  .map(test => judged.get(test)?.counts ?? test.counts)
  .reduce(sum, NONE);
if (failed.length > 0) {
  console.log(
    `\nThe hypervisor took ${percent(stolen)} of the CPUs meanwhile. Failed at first:`,
  );
}
for (const [{ file, name }, { said }] of judged) {
  console.log(`  ${basename(file)}: ${name}: ${said}`);
}
console.log(summaryLine(counts));
process.exitCode = counts.failed > 0 ? 1 : 0;

/** `{counts, said}`: what a test that has failed counts for, and why. */
async function judge({ file, name, counts, stolenShare }) {
  if (failed.length > MOST_AGAIN) {
    return { counts, said: 'not played again, as too many failed' };
  }
  // A file that cannot be loaded is a test of its own, with the file's name.
  const pattern = file.endsWith(name) ? undefined : name;
  let latest = counts;
  const again = async () => {
    const tests = await play([file], pattern);
    const these = tests.map(test => test.counts).reduce(sum, NONE);
    const failedAgain = these.failed > 0 || these.passed === 0;
    if (!failedAgain) latest = these;
    const shares = tests.map(test => test.stolenShare);
    return { failed: failedAgain, stolenShare: Math.max(0, ...shares) };
  };
  const { outcome, said } = await judgeAgain(stolenShare, again, {
    until: end,
  });
  if (outcome === 'passed') return { counts: latest, said };
  if (outcome === 'failed') return { counts, said };
  return { counts: { ...NONE, skipped: 1 }, said };
}
