// npm run test:long: what takes too long for every change. What it said last is committed as docs/test-long.md.
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import os from 'node:os';
import { bootstrap } from './lib/bootstrap.mjs';
import { lastLines } from './lib/child.mjs';
import { inCheckout, root } from './lib/checkout.mjs';
import { chooseStages } from './lib/choose-stages.mjs';
import { summaryLine } from './lib/counts.mjs';
import { runStages } from './lib/run-stages.mjs';
import { inWords, main, say } from './lib/say.mjs';
import { longStages } from './lib/test-stages.mjs';

/** Where the record of a run is written. */
const RECORD = inCheckout('docs/test-long.md');

/** Lines of a stage that go into the record. */
const RECORDED_LINES = 40;

await main(async () => {
  const stages = chooseStages('npm run test:long', longStages());
  if (!stages) return;
  const { node, env } = await bootstrap({
    kinds: ['run', 'demo', 'test', 'kernels'],
  });
  const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], {
    cwd: root,
    encoding: 'utf8',
  }).trim();
  const results = await runStages(stages, node, env);
  writeFileSync(RECORD, record(results, commit));
  say(`Written to ${RECORD}`);
});

/** The record of a run, in Markdown. */
function record(results, commit) {
  const sections = results.map(
    ({ stage, counts, took, output }) =>
      `## ${stage.title}\n\n${summaryLine(counts)}, ${inWords(took)}\n\n\`\`\`text\n${lastLines(output, RECORDED_LINES).join('\n')}\n\`\`\`\n`,
  );
  return [
    '# The long tests\n',
    `What \`npm run test:long\` said on ${new Date().toISOString().slice(0, 10)} at commit ${commit}, on ${os.cpus().length} CPUs (${os.cpus()[0].model.trim()}), Linux ${os.release()}.\n`,
    ...sections,
  ].join('\n');
}
