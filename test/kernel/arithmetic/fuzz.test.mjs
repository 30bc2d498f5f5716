// Coverage-guided search for schedules that the headers count wrong, or on which they do what C leaves undefined.
// CONTENTION_FUZZ_SECONDS sets for how long; else it is a number of runs that takes some seconds.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'node:test';
import { findFuzzerRuntime } from '../../../scripts/lib/debian-packages.mjs';
import { root } from '../lib/build.mjs';

const agent = join(root, 'bpf-agent');
const seconds = process.env.CONTENTION_FUZZ_SECONDS;
const bound = seconds ? `-max_total_time=${seconds}` : '-runs=12000';
const skip = findFuzzerRuntime()
  ? false
  : 'clang has no fuzzer runtime here: apt-get install libclang-rt-19-dev (or the version of your clang)';

for (const [program, what] of [
  ['oracle-fuzz', 'schedules'],
  ['oracle-fuzz-tight', 'schedules with little memory for stops of queues'],
])
  test(
    `no ${what} are found that differ from the oracle, with sanitizers watching`,
    { skip },
    t => {
      const folder = mkdtempSync(join(tmpdir(), 'contention-fuzz-'));
      t.after(() => rmSync(folder, { recursive: true }));
      const built = spawnSync('make', ['-s', '-C', agent, `build/${program}`], {
        encoding: 'utf8',
      });
      assert.equal(built.status, 0, built.stderr);
      const { status, stdout, stderr } = spawnSync(
        join(agent, 'build', program),
        [bound, '-max_len=2048', '-seed=1', '-print_final_stats=1', folder],
        { cwd: folder, encoding: 'utf8', maxBuffer: 1 << 28 },
      );
      const found = readdirSync(folder)
        .filter(name => /^(crash|leak|timeout|oom)-/.test(name))
        .map(name => readFileSync(join(folder, name)).toString('base64'));
      assert.equal(
        status,
        0,
        `${stdout}\nbytes in base64: ${found.join(' ')}\n${stderr.slice(-4000)}`,
      );
      const [done] = /Done \d+ runs in \d+ second/.exec(stderr) ?? [];
      assert.ok(done, 'it did not say how many runs it made');
      const [, covered] =
        /cov: (\d+)[^\n]*\n*$/m.exec(
          stderr.slice(stderr.lastIndexOf('cov:')),
        ) ?? [];
      t.diagnostic(`${done}(s), ${covered} edges covered`);
    },
  );
