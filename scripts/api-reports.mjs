// npm run api-reports: what each package promises to those who import it, in report*.api.md beside it. With --ci it only says
// whether the reports are still true. Not of the shared package: its schemas are what the HTTP interface promises, which its
// OpenAPI document says in a thousandth of the space.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { bootstrap } from './lib/bootstrap.mjs';
import { run, runOrFail } from './lib/child.mjs';
import { inCheckout, root, runFolder } from './lib/checkout.mjs';
import { Problem, main } from './lib/say.mjs';

const PACKAGES = ['plugins/contention', 'plugins/contention-backend'];

/**
 * Not said of us: that the shared package is found by its sources (as in every checkout), and what has no sentence of its
 * own; that is for readers of the code to judge.
 */
const OMITTED = ['ae-wrong-input-file-type', 'ae-undocumented'];

await main(async () => {
  const isCheck = process.argv.includes('--ci');
  const { node, env } = await bootstrap();
  const nodeBinary = join(node.bin, 'node');
  // The order in which types are written depends on what an earlier run left to build upon.
  rmSync(inCheckout('dist-types'), { recursive: true, force: true });
  await runOrFail(
    'Writing type declarations (tsc)',
    nodeBinary,
    [inCheckout('node_modules/.bin/tsc')],
    { cwd: root, env, log: join(runFolder, 'api-reports.log') },
  );
  const { code } = await run(
    nodeBinary,
    [
      inCheckout('node_modules/.bin/backstage-repo-tools'),
      'api-reports',
      ...(isCheck ? ['--ci'] : []),
      '--omit-messages',
      OMITTED.join(','),
      ...PACKAGES,
    ],
    { cwd: root, env, echo: true },
  );
  if (code !== 0) {
    throw new Problem(
      isCheck
        ? 'What a package promises has changed. If that is meant, write it down with: npm run api-reports'
        : 'The reports could not be written: see above.',
    );
  }
});
