// What `npm test` consists of, the cheapest first. A stage runs one command and says how to count its tests.
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fromExitCode, fromJest, fromSummaryLine, fromTap } from './counts.mjs';
import { inCheckout, runFolder } from './checkout.mjs';

const bin = name => inCheckout('node_modules/.bin', name);
const backstageCli = inCheckout(
  'node_modules/@backstage/cli/bin/backstage-cli',
);

/** A stage that says yes or no. */
const check = (name, title, args) => ({
  name,
  title,
  args,
  count: ({ code }) => fromExitCode(code),
});

/** A script that ends in the line `N passed, N failed, N skipped`. */
const script = (name, title, path) => ({
  name,
  title,
  args: [inCheckout(path)],
  count: ({ output }) => fromSummaryLine(output),
});

/** A workspace's tests, in jest as Backstage sets it up. */
function jest(name, title, folder) {
  const report = join(runFolder, `jest-${name}.json`);
  return {
    name,
    title,
    cwd: inCheckout(folder),
    args: [
      backstageCli,
      'package',
      'test',
      '--watchAll=false',
      '--json',
      `--outputFile=${report}`,
    ],
    before: () => rmSync(report, { force: true }),
    count: () => fromJest(JSON.parse(readFileSync(report, 'utf8'))),
  };
}

/** All stages, in order. `args` are for node. */
export const stages = [
  check('types', 'Types', [
    bin('tsc'),
    '--project',
    inCheckout('tsconfig.json'),
    '--noEmit',
    '--incremental',
    'false',
  ]),
  check('lint', 'Lint', [inCheckout('scripts/lint.mjs')]),
  check('format', 'Format', [
    bin('prettier'),
    '--check',
    '--log-level',
    'warn',
    inCheckout(),
  ]),
  {
    name: 'scripts',
    title: 'Scripts and demo',
    args: [
      '--test',
      '--test-reporter=tap',
      inCheckout('scripts/tests/*.test.mjs'),
      inCheckout('demo/tests/*.test.mjs'),
    ],
    count: ({ output }) => fromTap(output),
  },
  jest('common', 'Shared code', 'plugins/contention-common'),
  jest('agent', 'Agent', 'bpf-agent'),
  jest('backend', 'Backend on SQLite', 'plugins/contention-backend'),
  jest('portal', 'Portal components', 'plugins/contention'),
  script('kernel', 'The agent on this kernel', 'test/kernel/run.mjs'),
  script('e2e', 'The portal in Chromium', 'test/e2e/run.mjs'),
];
