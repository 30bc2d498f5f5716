// Which stages of a test command are meant: all, or those that `--only` names.
import { parseArgs } from 'node:util';
import { Problem, say } from './say.mjs';

/** The chosen ones of `stages`; undefined when only help was asked for, which then has been given. */
export function chooseStages(command, stages) {
  const usage = `usage: ${command} -- [--only STAGE]... [--help]

Stages: ${stages.map(({ name }) => name).join(', ')}`;
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
  if (values.help) {
    say(usage);
    return undefined;
  }
  for (const name of values.only) {
    if (!stages.some(stage => stage.name === name)) {
      throw new Problem(`There is no stage '${name}'.\n\n${usage}`);
    }
  }
  return stages.filter(
    ({ name }) => values.only.length === 0 || values.only.includes(name),
  );
}
