// What `npm test` consists of, the cheapest first. A stage runs one command and says how to count its tests.
import { readFileSync, rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { fromExitCode, fromJest, fromSummaryLine, fromTap } from './counts.mjs';
import { inCheckout, runFolder } from './checkout.mjs';
import { readCpus, splitCpus } from './cpus.mjs';
import { findChromium } from './debian-packages.mjs';

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
const script = (name, title, path, ...options) => ({
  name,
  title,
  args: [inCheckout(path), ...options],
  count: ({ output }) => fromSummaryLine(output),
});

/** Files of node's own test runner. */
const nodeTest = (name, title, files, ...flags) => ({
  name,
  title,
  args: ['--test', '--test-reporter=tap', ...flags, ...files],
  count: ({ output }) => fromTap(output),
});

/** The kernel programs' headers in user space, against their oracles. */
const arithmetic = (name, title) =>
  nodeTest(
    name,
    title,
    [inCheckout('test/kernel/arithmetic/*.test.mjs')],
    `--test-concurrency=${availableParallelism()}`,
  );

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
      // Jest leaves a CPU alone, and here that is half of them.
      '--maxWorkers=100%',
      '--json',
      `--outputFile=${report}`,
    ],
    // No containers to test databases in; a Postgres that a variable names is still used.
    env: { BACKSTAGE_TEST_DISABLE_DOCKER: '1' },
    before: () => rmSync(report, { force: true }),
    count: () => fromJest(JSON.parse(readFileSync(report, 'utf8'))),
  };
}

/** All stages, in order; `args` are for node. Called when the machine has what the tests need. */
export const testStages = () => [
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
  nodeTest('scripts', 'Scripts and demo', [
    inCheckout('scripts/tests/*.test.mjs'),
    inCheckout('demo/tests/*.test.mjs'),
    inCheckout('test/install/edit.test.mjs'),
    inCheckout('test/kernels/tests/*.test.mjs'),
    inCheckout('test/lib/tests/*.test.mjs'),
  ]),
  jest('common', 'Shared code', 'plugins/contention-common'),
  jest('agent', 'Agent', 'bpf-agent'),
  jest('backend', 'Backend on SQLite', 'plugins/contention-backend'),
  script('backend-postgres', 'Backend on PostgreSQL', 'test/postgres/run.mjs'),
  jest('portal', 'Portal components', 'plugins/contention'),
  check('api', 'API reports', [inCheckout('scripts/api-reports.mjs'), '--ci']),
  nodeTest('packages', 'What the packages hold', [
    inCheckout('test/install/archives.test.mjs'),
  ]),
  arithmetic('arithmetic', 'Arithmetic of the kernel programs'),
  script('kernel', 'Kernel programs', 'test/kernel/run.mjs'),
  nodeTest(
    'agent-live',
    'The agent on this kernel',
    [inCheckout('test/agent/run.mjs'), inCheckout('test/agent/scrape.mjs')],
    // One at a time: their loads would be each other's neighbours.
    '--test-concurrency=1',
  ),
  {
    ...script('kernels', 'On other kernels', 'test/kernels/run.mjs'),
    skip: lacksGuestKernels,
  },
  {
    ...script('e2e', 'The portal in Chromium', 'test/e2e/run.mjs'),
    env: {
      CHROMIUM_PATH: inCheckout('scripts/chromium-beside-demo.sh'),
      CONTENTION_CHROMIUM: findChromium(),
      CONTENTION_PORTAL_CPUS: splitCpus(readCpus()).portal.join(','),
    },
  },
];

/** What `npm run test:long` consists of. */
export const longStages = () => [
  nodeTest('install', "In a stranger's portal", [
    inCheckout('test/install/run.mjs'),
  ]),
  {
    ...arithmetic('oracle', 'The arithmetic against its oracle'),
    env: {
      CONTENTION_ORACLE_SCHEDULES: '1000000',
      CONTENTION_FUZZ_SECONDS: '300',
    },
  },
  {
    ...script(
      'kernels',
      'On other kernels',
      'test/kernels/run.mjs',
      '--kernels',
      'host,6.1,6.12',
      '--seconds',
      '30',
    ),
    skip: lacksGuestKernels,
  },
];

/** Why no guest can be booted here; undefined where one can. Guests boot Debian 12's own kernel packages. */
function lacksGuestKernels() {
  const release = readFileSync('/etc/os-release', 'utf8');
  return process.arch === 'x64' && /^VERSION_CODENAME=bookworm$/m.test(release)
    ? undefined
    : "the guests' kernels come from Debian 12 on x86-64";
}
