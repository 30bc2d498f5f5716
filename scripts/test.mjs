// npm test: everything that has to hold before a change is merged, in one command and one line of counts.
import { parseArgs } from 'node:util';
import { bootstrap } from './lib/bootstrap.mjs';
import { runStages } from './lib/run-stages.mjs';
import { Problem, main, say } from './lib/say.mjs';
import { testStages } from './lib/test-stages.mjs';

const usage = `usage: npm test -- [--only STAGE]... [--help]

Stages: ${testStages()
  .map(({ name }) => name)
  .join(', ')}`;

await main(async () => {
  const isChosen = chooseStages();
  if (!isChosen) {
    say(usage);
    return;
  }
  const { node, env } = await bootstrap({
    kinds: ['run', 'test', 'kernels'],
  });
  await runStages(testStages().filter(isChosen), node, env);
});

/** A predicate on stages; undefined when only help was asked for. */
function chooseStages() {
  let values;
  try {
    ({ values } = parseArgs({
      options: {
        only: { type: 'string', multiple: true, default: [] },
        help: { type: 'boolean', short: 'h' },
      },
    }));
  } catch (error) {
    throw new Problem(`${error.message}\n\n${usage}`);
  }
  if (values.help) return undefined;
  for (const name of values.only) {
    if (!testStages().some(stage => stage.name === name)) {
      throw new Problem(`There is no stage '${name}'.\n\n${usage}`);
    }
  }
  return ({ name }) => values.only.length === 0 || values.only.includes(name);
}
