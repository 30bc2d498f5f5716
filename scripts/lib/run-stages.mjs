// Runs stages of tests one after the other, prints what each counted, and the sum in one line.
import { join } from 'node:path';
import { run } from './child.mjs';
import { root, runFolder } from './checkout.mjs';
import { NONE, judge, sum, summaryLine } from './counts.mjs';
import { inWords, say } from './say.mjs';

/**
 * Runs `stages` (see test-stages.mjs) with the given Node and environment; the exit code is 1 when anything failed.
 * Resolves to `{stage, counts, took, output}` for each, `took` in ms.
 */
export async function runStages(stages, node, env) {
  const results = [];
  for (const stage of stages) {
    say(`\n=== ${stage.title} (${stage.name})`);
    const reason = stage.skip?.();
    if (reason) {
      say(`skipped: ${reason}`);
      const counts = { ...NONE, skipped: 1 };
      results.push({ stage, counts, took: 0, output: '' });
    } else {
      results.push(await runStage(stage, join(node.bin, 'node'), env));
    }
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
  return results;
}

async function runStage(stage, nodeBinary, env) {
  const started = Date.now();
  stage.before?.();
  const result = await run(nodeBinary, stage.args, {
    cwd: stage.cwd ?? root,
    env: { ...env, CI: 'true', ...stage.env },
    log: join(runFolder, `test-${stage.name}.log`),
    echo: true,
  });
  const counts = judge(countOrUndefined(stage, result), result.code);
  const took = Date.now() - started;
  return { stage, counts, took, output: result.output };
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
