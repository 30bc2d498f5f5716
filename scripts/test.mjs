// npm test: everything that has to hold before a change is merged, in one command and one line of counts.
import { bootstrap } from './lib/bootstrap.mjs';
import { chooseStages } from './lib/choose-stages.mjs';
import { runStages } from './lib/run-stages.mjs';
import { main } from './lib/say.mjs';
import { testStages } from './lib/test-stages.mjs';

await main(async () => {
  const stages = chooseStages('npm test', testStages());
  if (!stages) return;
  const { node, env } = await bootstrap({
    kinds: ['run', 'demo', 'test', 'kernels'],
  });
  await runStages(stages, node, env);
});
