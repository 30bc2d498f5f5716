// Tools that run in the background while something else is measured.
import { spawn } from 'node:child_process';
import { built } from './built.mjs';

/** A tool: `start()` runs it; what that returns has its `pid`, what it has `said()` on stderr, and `stop()`. */
export function background(command, argv) {
  return {
    start() {
      const child = spawn(command, argv, {
        stdio: ['ignore', 'ignore', 'pipe'],
      });
      let said = '';
      child.stderr.on('data', chunk => (said += chunk));
      const ended = new Promise(resolve => child.on('close', resolve));
      return {
        pid: child.pid,
        said: () => said,
        async stop() {
          child.kill('SIGINT');
          await ended;
        },
      };
    },
  };
}

/** A build of the sensor, with nothing switched off, ever, but the `steps`. */
export const sensorAt = (path, steps) =>
  background(path, [
    '--interval',
    '1',
    '--budget',
    '0',
    ...(steps ? ['--without', steps] : []),
  ]);

/** The sensor, some of its steps switched off for good. */
export const sensorWithout = steps =>
  sensorAt(built('contention-sensor'), steps);
