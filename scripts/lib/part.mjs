// One long-running program of a run, with its log. Knows nothing about what the program does.
import { spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { lastLines } from './child.mjs';
import { findCommand } from './debian-packages.mjs';
import { RUN_VARIABLE } from './processes.mjs';
import { say } from './say.mjs';

/** How much of a part's output is kept for the message when it dies, characters. */
const KEPT_OUTPUT = 16 * 1024;

/** Lines shown of a part that died. */
const SHOWN_LINES = 15;

/**
 * Starts a program in a session of its own, so that Ctrl-C in the terminal reaches only who started it.
 *
 * `part`: `{name, command, args, cwd, env, cpus, cgroups}`; `cgroups` are the directories of cgroups to be in, absent: those of
 * this process. Its output goes to `<folder>/<name>.log`, and to the terminal with the name before each line if `verbose`.
 * Returns `{name, ended, end, lastLine}`: `ended` resolves to a sentence with its last
 * lines, `end()` asks it to end, `lastLine()` is the last line so far.
 */
export function startPart(part, { folder, verbose }) {
  const log = join(folder, `${part.name}.log`);
  const [command, ...args] = inside(part.cgroups ?? [], pinned(part));
  const child = spawn(command, args, {
    cwd: part.cwd,
    env: { NO_COLOR: '1', ...part.env, [RUN_VARIABLE]: folder },
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const file = createWriteStream(log);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    let unfinished = '';
    stream.setEncoding('utf8');
    stream.on('data', text => {
      output = (output + text).slice(-KEPT_OUTPUT);
      file.write(text);
      if (!verbose) return;
      const lines = (unfinished + text).split('\n');
      unfinished = lines.pop();
      for (const line of lines) say(`[${part.name}] ${line}`);
    });
  }
  const ended = new Promise(resolve => {
    const report = how => {
      const tail = lastLines(output, SHOWN_LINES).map(line => `    ${line}`);
      resolve([`${part.name} ${how}. Its log is ${log}.`, ...tail].join('\n'));
    };
    child.once('error', error => report(`did not start: ${error.message}`));
    child.once('close', (code, signal) =>
      report(signal ? `was ended by ${signal}` : `ended with code ${code}`),
    );
  });
  return {
    name: part.name,
    ended,
    end: () => child.kill('SIGTERM'),
    lastLine: () => lastLines(output, 1)[0],
  };
}

/** The command line that keeps a part on its CPUs. */
function pinned({ command, args, cpus }) {
  const taskset = findCommand('taskset');
  return taskset
    ? [taskset, '--cpu-list', cpus.join(','), command, ...args]
    : [command, ...args];
}

/** Joins cgroups before anything runs that could be in them. */
const JOIN =
  'while [ "$1" != -- ]; do echo $$ > "$1/cgroup.procs" || exit; shift; done; shift; exec "$@"';

/** The command line that puts a part into cgroups. */
const inside = (directories, commandLine) => [
  ...['/bin/sh', '-c', JOIN, 'sh'],
  ...directories,
  '--',
  ...commandLine,
];
