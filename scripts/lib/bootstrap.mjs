// Brings a fresh machine to where the project can run, and a ready one there in a second. Every root script begins here.
import { ensureDependencies } from './dependencies.mjs';
import { ensurePackages } from './debian-packages.mjs';
import { environmentFor, ensureNode } from './node-runtime.mjs';
import { build } from './build.mjs';
import { Problem } from './say.mjs';

/**
 * Installs and builds what is missing. `kinds` are keys of `requirements` beyond `build`.
 * Resolves to `{node, env}`: the Node in use and the environment in which to run everything else.
 */
export async function bootstrap({ kinds = [] } = {}) {
  if (process.platform !== 'linux') {
    throw new Problem(
      `Contention measures the Linux kernel and runs only on Linux, not on ${process.platform}. Use a Linux machine or virtual machine.`,
    );
  }
  const node = await ensureNode();
  const env = environmentFor(node);
  await ensurePackages(['build', ...kinds], env);
  await ensureDependencies(node, env);
  await build(node, env);
  return { node, env };
}
