// npm run test:kernels: the sensor on more than one kernel, with what the guests need brought in first.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { bootstrap } from './lib/bootstrap.mjs';
import { inCheckout, root } from './lib/checkout.mjs';
import { main } from './lib/say.mjs';

await main(async () => {
  const { node, env } = await bootstrap({ kinds: ['run', 'kernels'] });
  const { status } = spawnSync(
    join(node.bin, 'node'),
    [inCheckout('test/kernels/run.mjs'), ...process.argv.slice(2)],
    { cwd: root, env, stdio: 'inherit' },
  );
  process.exitCode = status ?? 1;
});
