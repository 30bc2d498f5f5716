#!/usr/bin/env node
// The backend's whole suite on a real PostgreSQL: whatever opens a database in a test opens it there. Arguments are jest's.
// Prints `N passed, N failed, N skipped`.
import { spawn } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { inCheckout, runFolder } from '../../scripts/lib/checkout.mjs';
import { fromJest, judge, summaryLine } from '../../scripts/lib/counts.mjs';
import { startPostgres } from './server.mjs';

const report = join(runFolder, 'jest-backend-postgres.json');
rmSync(report, { force: true });

const postgres = await startPostgres();
console.log(postgres.version);

const jest = spawn(
  process.execPath,
  [
    inCheckout('node_modules/@backstage/cli/bin/backstage-cli'),
    'package',
    'test',
    '--watchAll=false',
    '--maxWorkers=100%',
    '--json',
    `--outputFile=${report}`,
    ...process.argv.slice(2),
  ],
  {
    cwd: inCheckout('plugins/contention-backend'),
    stdio: 'inherit',
    env: {
      ...process.env,
      CI: 'true',
      BACKSTAGE_TEST_DISABLE_DOCKER: '1',
      CONTENTION_TEST_POSTGRES: postgres.url,
      // The name under which Backstage's tests know a server; which version it is was printed above.
      BACKSTAGE_TEST_DATABASE_POSTGRES15_CONNECTION_STRING: postgres.url,
    },
  },
);
const forward = signal => jest.kill(signal);
process.on('SIGINT', forward);
process.on('SIGTERM', forward);
const code = await new Promise(resolve => jest.once('exit', resolve));
await postgres.stop();

let counts;
try {
  counts = fromJest(JSON.parse(readFileSync(report, 'utf8')));
} catch (error) {
  console.error(`jest left no report: ${error.message}`);
}
const judged = judge(counts, code);
console.log(summaryLine(judged));
process.exitCode = judged.failed === 0 ? 0 : 1;
