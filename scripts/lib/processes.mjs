// The processes of a run: how they are recognised, also by a later run, and how all of them are ended.
import { readFileSync, readdirSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/** Environment variable that every process of a run carries and hands down: the folder of the run. */
export const RUN_VARIABLE = 'CONTENTION_RUN_FOLDER';

/** How long processes get to end by themselves before they are killed, ms. */
const GRACE_MS = 5000;

/** Ids of all processes that belong to the run in `folder`, other than this one. */
export function processesOfRun(folder) {
  const mark = `\0${RUN_VARIABLE}=${folder}\0`;
  return readdirSync('/proc')
    .filter(name => /^\d+$/.test(name))
    .map(Number)
    .filter(pid => pid !== process.pid && environmentOf(pid).includes(mark));
}

/** Ends all processes of the run in `folder`: asks first, then kills. Safe to call at any time, and twice. */
export async function endRun(folder) {
  const deadline = Date.now() + GRACE_MS;
  for (const pid of processesOfRun(folder)) signal(pid, 'SIGTERM');
  while (processesOfRun(folder).length > 0) {
    if (Date.now() > deadline) {
      for (const pid of processesOfRun(folder)) signal(pid, 'SIGKILL');
    }
    await sleep(50);
  }
}

/** Start time of a process in clock ticks since boot, which tells it from a later one with the same id; undefined if gone. */
export const startTimeOf = pid => statField(pid, 22);

/** Id of a process's parent; undefined if it is gone. */
export const parentOf = pid => statField(pid, 4);

/** Whether a process is a shell that runs one command for somebody else. */
export function isShell(pid) {
  const [command, option] = readIfThere(`/proc/${pid}/cmdline`).split('\0');
  return /(^|\/)(ba|da)?sh$/.test(command) && option === '-c';
}

/** A field of /proc/<pid>/stat, counted from 1 as in proc(5). */
function statField(pid, number) {
  const stat = readIfThere(`/proc/${pid}/stat`);
  // The second field is the name in parentheses, and may hold anything.
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[number - 3];
}

function signal(pid, name) {
  try {
    process.kill(pid, name);
  } catch (error) {
    if (error.code !== 'ESRCH') throw error;
  }
}

const environmentOf = pid => `\0${readIfThere(`/proc/${pid}/environ`)}`;

function readIfThere(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (['ENOENT', 'ESRCH', 'EACCES', 'EPERM'].includes(error.code)) return '';
    throw error;
  }
}
