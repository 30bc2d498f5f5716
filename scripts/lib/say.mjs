// What a person reads in the terminal: plain lines, no spinners, one sentence when something is wrong.

/** Something that the reader can put right. Its message is one or two sentences: what is wrong, and what to do. */
export class Problem extends Error {
  name = 'Problem';
}

/** Prints one line. A terminal that has gone away (closed window, ended pipe) is not a reason to stop. */
export function say(line = '') {
  process.stdout.write(`${line}\n`);
}

for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', error => {
    if (error.code !== 'EPIPE' && error.code !== 'EIO') throw error;
  });
}

/** A duration for people: `8 s`, `2 min 05 s`. */
export function inWords(milliseconds) {
  const seconds = Math.round(milliseconds / 1000);
  if (seconds < 60) return `${seconds} s`;
  return `${Math.floor(seconds / 60)} min ${String(seconds % 60).padStart(2, '0')} s`;
}

/**
 * Says what is being done, repeats every `everySeconds` that it is still being done, and says how long it took.
 * What is quick gets one line only.
 */
export async function step(title, work, { everySeconds = 20 } = {}) {
  const started = Date.now();
  say(`${title} ...`);
  const reminder = setInterval(
    () => say(`  still at it after ${inWords(Date.now() - started)}`),
    everySeconds * 1000,
  );
  try {
    const result = await work();
    const took = Date.now() - started;
    if (took >= 2000) say(`  done in ${inWords(took)}`);
    return result;
  } finally {
    clearInterval(reminder);
  }
}

/** Runs a command's main function; a Problem becomes its one sentence and exit code 1, anything else keeps its stack. */
export async function main(command) {
  try {
    await command();
  } catch (error) {
    process.exitCode = 1;
    process.stderr.write(
      error instanceof Problem
        ? `\n${error.message}\n`
        : `\nThis is a bug in the project's scripts:\n${error.stack}\n`,
    );
  }
}
