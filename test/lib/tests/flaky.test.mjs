import assert from 'node:assert/strict';
import { test } from 'node:test';
import { judgeReport } from '../flaky.mjs';

const spec = (title, status) => ({
  file: 'path.spec.ts',
  title,
  tests: [{ status }],
});
const report = {
  stats: { expected: 3, flaky: 1, unexpected: 1, skipped: 2 },
  suites: [
    {
      specs: [spec('first', 'expected')],
      suites: [{ specs: [spec('second', 'flaky')] }],
    },
  ],
};

test('a test that needed a second try has failed on a machine that had its CPUs for itself', () => {
  const { counts, flaky } = judgeReport(report, 0.009);
  assert.deepEqual(counts, { passed: 3, failed: 2, skipped: 2 });
  assert.deepEqual(flaky, ['path.spec.ts: second']);
});

test('it has passed where others took the CPUs, and is named all the same', () => {
  const { counts, flaky } = judgeReport(report, 0.01);
  assert.deepEqual(counts, { passed: 4, failed: 1, skipped: 2 });
  assert.deepEqual(flaky, ['path.spec.ts: second']);
});
