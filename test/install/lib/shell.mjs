// Commands as a person types them, with all of their output in a file; and programs that run until they are stopped.
import { spawn } from 'node:child_process';
import { closeSync, createWriteStream, openSync } from 'node:fs';
import { finished } from 'node:stream/promises';
import { lastLines } from '../../../scripts/lib/child.mjs';

/** Longest that one block of commands may take, ms. */
const LIMIT_MS = 20 * 60_000;

/** Characters of a block's output that are kept. */
const KEPT = 200_000;

/** Runs a script in `bash`; throws with the end of its output unless it succeeds. Resolves to its output. */
export async function runShell(script, { cwd, env, log }) {
  const file = createWriteStream(log, { flags: 'a' });
  file.write(`\n$ ${script}`);
  const child = spawn('bash', ['-euo', 'pipefail', '-c', script], {
    cwd,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: LIMIT_MS,
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8');
    stream.on('data', text => {
      output = (output + text).slice(-KEPT);
      file.write(text);
    });
  }
  const code = await new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });
  file.end();
  await finished(file);
  if (code !== 0) {
    const end = lastLines(output, 30)
      .map(line => line.slice(0, 500))
      .join('\n');
    throw new Error(`This failed with ${code} in ${cwd}:\n${script}\n${end}`);
  }
  return output;
}

/** Starts a script that goes on; `stop()` interrupts all of its processes as Ctrl-C does, and waits for its end. */
export function startShell(script, { cwd, env, log }) {
  const output = openSync(log, 'a');
  const child = spawn('bash', ['-euo', 'pipefail', '-c', script], {
    cwd,
    env,
    stdio: ['ignore', output, output],
    detached: true,
  });
  closeSync(output);
  const ended = new Promise(resolve => child.once('exit', resolve));
  const signal = name => {
    try {
      process.kill(-child.pid, name);
    } catch (error) {
      if (error.code !== 'ESRCH') throw error;
    }
  };
  return {
    isRunning: () => child.exitCode === null && child.signalCode === null,
    async stop() {
      signal('SIGINT');
      const timer = setTimeout(() => signal('SIGKILL'), 20_000);
      await ended;
      clearTimeout(timer);
      signal('SIGKILL');
    },
  };
}
