// Mistakes put into a copy of the kernel programs' headers, and whether a program that holds them against an oracle notices.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { promisify } from 'node:util';
import { build, root } from '../../lib/build.mjs';

const command = promisify(execFile);
const agent = join(root, 'bpf-agent');

/** How long a program may take; what a mistake keeps from ending needs another test. */
const MOST_MS = 300_000;

/**
 * One test for each of `mistakes`, `{name, header, changes}`: the header's name, and texts in it, each followed by what is to
 * stand in its place. Caught is what at least one of `tries`, each a program of bpf-agent/Makefile and its arguments, does not
 * end well with; they are made with the variables `make`, one after the other until one does so.
 */
export function mutants({ mistakes, make = [], tries }) {
  // What does not depend on the headers is built once.
  build();
  suite(
    'the oracle catches it',
    { concurrency: availableParallelism() },
    () => {
      for (const { name, header, changes } of mistakes) {
        test(`if ${name}`, async t => {
          const copy = await mkdtemp(join(tmpdir(), 'contention-mutant-'));
          t.after(() => rm(copy, { recursive: true }));
          const headers = join(copy, 'bpf');
          await cp(join(agent, 'bpf'), headers, { recursive: true });
          await change(join(headers, header), changes);
          const variables = [
            `HEADERS=${headers}`,
            `out=${copy}`,
            'CFLAGS=-O1 -Wno-error',
            ...make,
          ];
          for (const [program, ...options] of tries) {
            const file = join(copy, program);
            await command('make', ['-s', '-C', agent, ...variables, file]);
            if (!(await endsWell(file, options))) return;
          }
          assert.fail('it survives');
        });
      }
    },
  );
}

async function change(file, changes) {
  let text = await readFile(file, 'utf8');
  for (let i = 0; i < changes.length; i += 2) {
    const [from, to] = changes.slice(i, i + 2);
    assert.ok(
      text.includes(from),
      `${file} has changed: there is no ${JSON.stringify(from)} in it`,
    );
    text = text.replace(from, to);
  }
  await writeFile(file, text);
}

async function endsWell(program, options) {
  try {
    await command(program, options, { timeout: MOST_MS });
    return true;
  } catch (error) {
    // A program that cannot be run, or does not end, has noticed nothing.
    if (typeof error.code === 'string' || error.killed) throw error;
    return false;
  }
}
