/** Starts everything with the command that a person types, and stops it the way a person does. */
import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import path from 'node:path';
import { bpfPrograms, inDemoNetworks, leftovers } from './leftovers';
import { ROOT, makeRunFolder, podUids, removeRunFolder } from './run';

const READY_TIMEOUT_MS = 300_000;
const STOP_TIMEOUT_MS = 60_000;

/** Playwright's global set-up. Resolves when the page has data; the function it returns stops everything. */
export default async function start(): Promise<() => Promise<void>> {
  const folder = await makeRunFolder();
  const programsBefore = bpfPrograms();
  const child = spawn(
    process.execPath,
    [
      'scripts/start.mjs',
      '--folder',
      folder,
      '--catalog',
      path.join(folder, 'catalog/all.yaml'),
    ],
    { cwd: ROOT, stdio: ['ignore', 'pipe', 'inherit'] },
  );
  try {
    await ready(child);
  } catch (error) {
    await stop(child);
    throw error;
  }
  return async () => {
    const pods = await podUids();
    const inside = inDemoNetworks(pods);
    const { code, signal } = await stop(child);
    if (code !== 0 && code !== 130) {
      throw new Error(`npm start ended with ${signal ?? code} after Ctrl-C`);
    }
    const left = await leftovers(folder, pods, inside, programsBefore);
    if (left.length > 0) {
      throw new Error(`left behind after Ctrl-C:\n  ${left.join('\n  ')}`);
    }
    await removeRunFolder(folder);
  };
}

function ready(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(
      () => reject(new Error(`not ready after ${READY_TIMEOUT_MS / 1000} s`)),
      READY_TIMEOUT_MS,
    );
    child.once('exit', code => {
      clearTimeout(timer);
      reject(new Error(`npm start ended with ${code} before it was ready`));
    });
    createInterface({ input: child.stdout! }).on('line', line => {
      process.stdout.write(`  [start] ${line}\n`);
      if (line.startsWith('Contention is ready:')) {
        clearTimeout(timer);
        resolve();
      }
    });
  });
}

function stop(
  child: ChildProcess,
): Promise<{ code: number | null; signal: string | null }> {
  if (child.exitCode !== null || child.signalCode !== null) {
    return Promise.resolve({ code: child.exitCode, signal: child.signalCode });
  }
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      child.kill('SIGKILL');
      reject(
        new Error(`still running ${STOP_TIMEOUT_MS / 1000} s after Ctrl-C`),
      );
    }, STOP_TIMEOUT_MS);
    child.once('exit', (code, signal) => {
      clearTimeout(timer);
      resolve({ code, signal });
    });
    child.kill('SIGINT');
  });
}
