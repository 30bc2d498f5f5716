// Runs one command to its end and keeps what it printed. Knows nothing about what the command is for.
import { spawn } from 'node:child_process';
import { createWriteStream, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { Problem } from './say.mjs';
import { root } from './checkout.mjs';

/** When this is aborted, commands that run are ended. */
let stopSignal;

/** Ends commands that run now or later when `signal` is aborted; `run` rejects with its AbortError then. */
export function stopCommandsOn(signal) {
  stopSignal = signal;
}

/** How much of a command's output is kept for the error message, characters. */
const KEPT_OUTPUT = 64 * 1024;

/**
 * Runs a command and resolves when it has ended, whatever its exit code.
 *
 * `log` is a file that gets all of its output; `echo` also passes the output through to the terminal.
 * Resolves to `{code, signal, output}`; `code` is null when a signal ended it and 127 when it does not exist.
 */
export function run(
  command,
  args,
  { cwd = root, env = process.env, log, echo = false } = {},
) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
      signal: stopSignal,
    });
    let output = '';
    let file;
    if (log) {
      mkdirSync(dirname(log), { recursive: true });
      file = createWriteStream(log);
      file.on('error', reject);
    }
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8');
      stream.on('data', text => {
        output = (output + text).slice(-KEPT_OUTPUT);
        file?.write(text);
        if (echo) process.stdout.write(text);
      });
    }
    child.on('error', error => {
      if (error.code !== 'ENOENT') reject(error);
      else
        resolve({ code: 127, signal: null, output: `${command}: not found` });
    });
    child.on('close', (code, signal) => {
      file?.end();
      resolve({ code, signal, output });
    });
  });
}

/** The last `count` lines of a text that are not empty. */
export function lastLines(text, count) {
  return text
    .split('\n')
    .map(line => line.trimEnd())
    .filter(line => line !== '')
    .slice(-count);
}

/**
 * The sentence for a command that failed. Full disks and unreachable registries are told apart from everything else,
 * because what to do about them is not in the command's own output.
 */
export function failureSentence(what, output, log) {
  if (/YN0028/.test(output)) {
    return `${what} failed because yarn.lock does not fit a package.json that was changed. Bring it up to date with: yarn install`;
  }
  if (/ENOSPC|No space left on device/i.test(output)) {
    return `${what} failed because the disk is full. Free some space and run the same command again.`;
  }
  if (
    /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|Could not resolve|Temporary failure resolving|Failed to fetch|Could not connect|RequestError|registry returned/i.test(
      output,
    )
  ) {
    return `${what} failed because a package registry could not be reached. Check the network and its proxy settings, then run the same command again.`;
  }
  const where = log ? ` All of its output is in ${log}.` : '';
  const tail = lastLines(output, 12)
    .map(line => `    ${line}`)
    .join('\n');
  return `${what} failed.${where} It ended with:\n${tail}`;
}

/** Runs a command that has to succeed; `what` names it in the sentence of the Problem otherwise. */
export async function runOrFail(what, command, args, options = {}) {
  const result = await run(command, args, options);
  if (result.code !== 0) {
    throw new Problem(failureSentence(what, result.output, options.log));
  }
  return result.output;
}
