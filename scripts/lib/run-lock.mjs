// One run a folder: who holds it, and how to tell that the holder is gone.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startTimeOf } from './processes.mjs';
import { Problem } from './say.mjs';

/** Takes the folder for this process; throws a Problem when another one that is alive has it. Returns how to release it. */
export function takeRunFolder(folder) {
  const file = join(folder, 'start.lock');
  mkdirSync(folder, { recursive: true });
  const holder = readHolder(file);
  if (holder && startTimeOf(holder.pid) === holder.startTime) {
    throw new Problem(
      `It is already running (process ${holder.pid}). Stop that one first with Ctrl-C or: kill ${holder.pid}`,
    );
  }
  writeFileSync(
    file,
    JSON.stringify({ pid: process.pid, startTime: startTimeOf(process.pid) }),
  );
  return () => rmSync(file, { force: true });
}

function readHolder(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    if (error.code === 'ENOENT' || error instanceof SyntaxError) {
      return undefined;
    }
    throw error;
  }
}
