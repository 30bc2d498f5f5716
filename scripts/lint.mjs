// Lints the workspaces by Backstage's rules, and the scripts around them by the root's.
import { spawnSync } from 'node:child_process';
import { inCheckout, root } from './lib/checkout.mjs';

const commands = [
  [
    inCheckout('node_modules/@backstage/cli/bin/backstage-cli'),
    'repo',
    'lint',
    '--max-warnings',
    '0',
    ...process.argv.slice(2),
  ],
  [
    inCheckout('node_modules/eslint/bin/eslint.js'),
    '--max-warnings',
    '0',
    '--ext',
    '.mjs',
    ...process.argv.slice(2),
    'scripts',
    'demo',
    'bench',
    'test',
  ],
];
for (const args of commands) {
  const { status } = spawnSync(process.execPath, args, {
    cwd: root,
    stdio: 'inherit',
  });
  if (status !== 0) process.exitCode = 1;
}
