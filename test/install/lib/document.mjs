// docs/install.md as steps. Each block of code in it is preceded by a comment that says what is done with it; a block without
// one is an error, so that nothing can stand there that nobody tries.
import { readFileSync } from 'node:fs';
import { inCheckout } from '../../../scripts/lib/checkout.mjs';

const STEP =
  /(?:^<!-- (?<what>run|start|merge|apply): (?<target>.+?)(?: \((?<only>new|legacy)\))? -->\n\n)?^```(?<language>\w+)\n(?<code>[\s\S]*?)^```$/gm;

/**
 * The steps of the document in order: `{what, target, only, language, code}`. `what` is `run` or `start` (a shell in the
 * folder `target`), `merge` (into the file `target`) or `apply` (a change of it); `only` names the frontend system that
 * the step is for.
 */
export function installSteps(
  text = readFileSync(inCheckout('docs/install.md'), 'utf8'),
) {
  const fences = text.match(/^```/gm)?.length ?? 0;
  const steps = [...text.matchAll(STEP)].map(({ groups }) => ({ ...groups }));
  if (steps.length * 2 !== fences) {
    throw new Error(
      `${fences} fences, but ${steps.length} blocks were understood`,
    );
  }
  const unsaid = steps.find(({ what }) => !what);
  if (unsaid) {
    throw new Error(`Nothing says what to do with this block:\n${unsaid.code}`);
  }
  return steps;
}
