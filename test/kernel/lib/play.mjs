// Runs files of tests, one after the other, and says of each test how it ended and how much the hypervisor took meanwhile.
import { run } from 'node:test';
import { spec } from 'node:test/reporters';
import { cpuTicks, stolenSince } from '../../lib/theft.mjs';

/**
 * Runs `files`, or of these only the test called `name`, and prints how each went. Resolves to one
 * `{file, name, failed, counts, stolenShare}` for each test of a file; `counts` has it and the tests inside it as
 * `{passed, failed, skipped}`, `stolenShare` is of the CPU time since the test before it ended.
 */
export async function play(files, name) {
  const tests = run({
    files,
    // The loads would be each other's neighbours.
    concurrency: 1,
    ...(name && { testNamePatterns: [new RegExp(`^${escaped(name)}$`)] }),
  });
  const played = [];
  let counts = none();
  let before = cpuTicks();
  const ended = (data, what) => {
    if (data.details.type !== 'suite' || what === 'failed') counts[what]++;
    if (data.nesting > 0) return;
    played.push({
      file: data.file,
      name: data.name,
      failed: what === 'failed',
      counts,
      stolenShare: stolenSince(before),
    });
    counts = none();
    before = cpuTicks();
  };
  tests.on('test:pass', data => {
    const skipped = data.skip !== undefined && data.skip !== false;
    ended(data, skipped ? 'skipped' : 'passed');
  });
  tests.on('test:fail', data => ended(data, 'failed'));
  const said = tests.compose(spec);
  said.pipe(process.stdout, { end: false });
  await new Promise((resolve, reject) => {
    said.once('end', resolve);
    tests.once('error', reject);
  });
  return played;
}

const none = () => ({ passed: 0, failed: 0, skipped: 0 });

const escaped = text => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
