// npm run bench -- WHAT: runs one of the benches below bench/, with what it needs brought in first.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { bootstrap } from './lib/bootstrap.mjs';
import { inCheckout, root } from './lib/checkout.mjs';
import { Problem, main, say } from './lib/say.mjs';

const benches = readdirSync(inCheckout('bench')).filter(name =>
  existsSync(inCheckout('bench', name, 'run.mjs')),
);

const usage = `usage: npm run bench -- WHAT [--json] [OPTION]...

WHAT is one of: ${benches.join(', ')}. Its own options: npm run bench -- WHAT --help`;

await main(async () => {
  const [what, ...rest] = process.argv.slice(2);
  if (!what || what.startsWith('-')) {
    say(usage);
    return;
  }
  if (!benches.includes(what)) {
    throw new Problem(`There is no bench '${what}'.\n\n${usage}`);
  }
  const { node, env } = await bootstrap({ kinds: ['run', 'bench'] });
  const { status } = spawnSync(
    join(node.bin, 'node'),
    [inCheckout('bench', what, 'run.mjs'), ...rest],
    { cwd: root, env, stdio: 'inherit' },
  );
  process.exitCode = status ?? 1;
});
