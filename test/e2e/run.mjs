#!/usr/bin/env node
/**
 * The portal in a real Chromium with the real agent, demo and backend behind it: starts `npm start`, runs the browser
 * tests, stops it as Ctrl-C does, and looks for anything left behind. Prints `N passed, N failed, N skipped`.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const here = path.dirname(fileURLToPath(import.meta.url));
const cli = createRequire(import.meta.url).resolve('@playwright/test/cli');
const scratch = mkdtempSync(path.join(tmpdir(), 'contention-e2e-'));
const report = path.join(scratch, 'report.json');

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

let counts;
try {
  const { stats } = JSON.parse(readFileSync(report, 'utf8'));
  counts = {
    passed: stats.expected + stats.flaky,
    failed: stats.unexpected,
    skipped: stats.skipped,
  };
} catch (error) {
  console.error(`the browser tests left no report: ${error.message}`);
  counts = { passed: 0, failed: 1, skipped: 0 };
}
if (run.status !== 0 && counts.failed === 0) counts.failed = 1;
rmSync(scratch, { recursive: true, force: true });
console.log(
  `${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`,
);
process.exit(counts.failed === 0 ? 0 : 1);
