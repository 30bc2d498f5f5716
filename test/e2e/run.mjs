#!/usr/bin/env node
/**
 * The portal in a real Chromium with the real agent, demo and backend behind it: starts `npm start`, runs the browser
 * tests, stops it as Ctrl-C does, and looks for anything left behind. Says which tests needed a second try and how much of
 * the CPU time was stolen meanwhile, and prints `N passed, N failed, N skipped`.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { judgeReport } from '../lib/flaky.mjs';
import { cpuTicks, percent, stolenSince } from '../lib/theft.mjs';

const here = path.dirname(fileURLToPath(import.meta.url));
const cli = createRequire(import.meta.url).resolve('@playwright/test/cli');
const scratch = mkdtempSync(path.join(tmpdir(), 'contention-e2e-'));
const report = path.join(scratch, 'report.json');

const before = cpuTicks();
const run = spawnSync(
  process.execPath,
  [
    cli,
    'test',
    '--config',
    path.join(here, 'playwright.config.ts'),
    ...process.argv.slice(2),
  ],
  {
    stdio: 'inherit',
    env: { ...process.env, PLAYWRIGHT_JSON_OUTPUT_NAME: report },
  },
);

const stolen = stolenSince(before);

let counts;
try {
  const judged = judgeReport(JSON.parse(readFileSync(report, 'utf8')), stolen);
  counts = judged.counts;
  for (const title of judged.flaky) {
    console.log(`passed only at its second try: ${title}`);
  }
} catch (error) {
  console.error(`the browser tests left no report: ${error.message}`);
  counts = { passed: 0, failed: 1, skipped: 0 };
}
if (run.status !== 0 && counts.failed === 0) counts.failed = 1;
rmSync(scratch, { recursive: true, force: true });
console.log(`${percent(stolen)} of the CPU time was stolen`);
console.log(
  `${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`,
);
process.exit(counts.failed === 0 ? 0 : 1);
