// npm test: everything that has to hold before a change is merged, in one command and one line of counts.
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { bootstrap } from './lib/bootstrap.mjs';
import { run } from './lib/child.mjs';
import { root, runFolder } from './lib/checkout.mjs';
import { NONE, judge, sum, summaryLine } from './lib/counts.mjs';
import { Problem, inWords, main, say } from './lib/say.mjs';
import { stages } from './lib/test-stages.mjs';

const usage = `usage: npm test -- [--only STAGE]... [--help]

Stages: ${stages.map(({ name }) => name).join(', ')}`;

await main(async () => {
  const chosen = chooseStages();
  if (!chosen) {
    say(usage);
    return;
  }
  const { node, env } = await bootstrap({ kinds: ['run', 'test'] });
  const results = [];
  for (const stage of chosen) {
    say(`\n=== ${stage.title} (${stage.name})`);
    results.push(await runStage(stage, join(node.bin, 'node'), env));
  }
  say();
  for (const { stage, counts, took } of results) {
    say(
      `${stage.title.padEnd(28)} ${summaryLine(counts).padEnd(40)} ${inWords(took)}`,
    );
  }
  const total = results.reduce((all, { counts }) => sum(all, counts), NONE);
  say();
  say(summaryLine(total));
  if (total.failed > 0) process.exitCode = 1;
});

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
    if (!stages.some(stage => stage.name === name)) {
      throw new Problem(`There is no stage '${name}'.\n\n${usage}`);
    }
  }
  return stages.filter(
    ({ name }) => values.only.length === 0 || values.only.includes(name),
  );
}

async function runStage(stage, nodeBinary, env) {
  const started = Date.now();
  stage.before?.();
  const result = await run(nodeBinary, stage.args, {
    cwd: stage.cwd ?? root,
    env: { ...env, CI: 'true' },
    log: join(runFolder, `test-${stage.name}.log`),
    echo: true,
  });
  const counts = judge(countOrUndefined(stage, result), result.code);
  return { stage, counts, took: Date.now() - started };
}

/** Counts of a stage; undefined when it ended before it could say. */
function countOrUndefined(stage, result) {
  try {
    return stage.count(result);
  } catch (error) {
    if (error.code !== 'ENOENT' && !(error instanceof SyntaxError)) throw error;
    say(`${stage.name} left no report: ${error.message}`);
    return undefined;
  }
}
