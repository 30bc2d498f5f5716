// A load in a process of its own that says how much it has done whenever it is asked: a line in, a number out.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

/** Starts `path` with `args`. `line()` is its next line, `done()` what it has done, `stop()` ends it. */
export function startAsked(path, args) {
  const child = spawn(path, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout })[
    Symbol.asyncIterator
  ]();
  const ended = new Promise(resolve => child.on('close', resolve));
  const line = async () => {
    const { value, done } = await lines.next();
    if (done) throw new Error(`${path} ended`);
    return value;
  };
  return {
    pid: child.pid,
    line,
    async done() {
      child.stdin.write('\n');
      return Number(await line());
    },
    async stop() {
      child.stdin.end();
      await ended;
    },
  };
}
