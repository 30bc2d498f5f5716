/** Finds the sensor's binary, and says how to get one. */
import { accessSync, constants } from 'node:fs';
import { dirname, join } from 'node:path';
import { UsageError } from './options';

/**
 * @param script - the agent's own file, `dist/agent.cjs` of its package
 * @throws UsageError if there is nothing to start
 */
export function findSensor(flag: string | undefined, script: string): string {
  const home = dirname(dirname(script));
  const path = flag ?? join(home, 'build', 'contention-sensor');
  try {
    accessSync(path, constants.X_OK);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const why = code === 'ENOENT' ? 'there is no sensor at' : 'cannot run';
    const hint = flag === undefined ? `: build it with make -C ${home}` : '';
    throw new UsageError(`${why} ${path}${hint}`);
  }
  return path;
}
