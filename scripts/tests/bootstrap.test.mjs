import assert from 'node:assert/strict';
import { test } from 'node:test';
import { failureSentence, lastLines, run } from '../lib/child.mjs';
import {
  packagesWithCandidate,
  planPackages,
  requirements,
} from '../lib/debian-packages.mjs';
import { fingerprint } from '../lib/dependencies.mjs';
import { isUsable } from '../lib/node-runtime.mjs';
import { inWords } from '../lib/say.mjs';

test('uses the Node of the machine only when it is supported and has headers', () => {
  assert.equal(isUsable({ version: '22.0.0', hasHeaders: true }), true);
  assert.equal(isUsable({ version: '24.3.1', hasHeaders: true }), true);
  assert.equal(isUsable({ version: '24.3.1', hasHeaders: false }), false);
  for (const version of ['18.20.4', '20.20.2', '23.1.0', '25.0.0']) {
    assert.equal(isUsable({ version, hasHeaders: true }), false, version);
  }
});

test('picks the best package that the release has, and each only once', () => {
  const missing = [
    { name: 'clang', packages: ['clang-19', 'clang-18', 'clang'] },
    { name: 'perf', packages: ['linux-perf', 'linux-tools-generic'] },
    { name: 'bpftool', packages: ['bpftool', 'linux-tools-generic'] },
    { name: 'unheard-of', packages: ['unheard-of'] },
  ];
  assert.deepEqual(
    planPackages(
      missing,
      new Set(['clang', 'clang-18', 'linux-tools-generic']),
    ),
    {
      install: ['clang-18', 'linux-tools-generic'],
      impossible: ['unheard-of'],
    },
  );
});

test('a package without a candidate is not available', () => {
  const policy = `clang-19:
  Installed: (none)
  Candidate: 1:19.1.7-3~deb12u1
  Version table:
     1:19.1.7-3~deb12u1 500
linux-tools-generic:
  Installed: (none)
  Candidate: (none)
  Version table:
`;
  assert.deepEqual([...packagesWithCandidate(policy)], ['clang-19']);
});

test('every requirement names a package that brings it', () => {
  for (const [kind, list] of Object.entries(requirements)) {
    for (const requirement of list) {
      assert.ok(
        requirement.packages.length > 0,
        `${kind}: ${requirement.name}`,
      );
    }
  }
});

test('another lock file or another Node is another installation', () => {
  const files = [{ name: 'yarn.lock', content: 'a' }];
  const first = fingerprint(files, '24.21.0');
  assert.equal(fingerprint(files, '24.21.0'), first);
  assert.notEqual(fingerprint(files, '22.1.0'), first);
  assert.notEqual(
    fingerprint([{ name: 'yarn.lock', content: 'b' }], '24.21.0'),
    first,
  );
});

test('a full disk and an unreachable registry are named; anything else shows its last lines', () => {
  assert.match(failureSentence('X', 'write: ENOSPC'), /disk is full/);
  assert.match(
    failureSentence('X', 'getaddrinfo EAI_AGAIN some.registry'),
    /registry could not be reached/,
  );
  const other = failureSentence('X', 'one\n\ntwo\n', '/log');
  assert.match(other, /X failed\. All of its output is in \/log/);
  assert.match(other, /one\n {4}two/);
});

test('keeps the last lines that say something', () => {
  assert.deepEqual(lastLines('a\n\nb  \nc\n\n', 2), ['b', 'c']);
});

test('a command that does not exist ends with 127, not with an exception', async () => {
  const { code, output } = await run('no-such-command-here', []);
  assert.equal(code, 127);
  assert.match(output, /not found/);
});

test('durations read like words', () => {
  assert.equal(inWords(400), '0 s');
  assert.equal(inWords(59_400), '59 s');
  assert.equal(inWords(125_000), '2 min 05 s');
});
