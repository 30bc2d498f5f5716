import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  fromExitCode,
  fromJest,
  fromSummaryLine,
  fromTap,
  judge,
  sum,
  summaryLine,
} from '../lib/counts.mjs';

const counts = (passed, failed, skipped) => ({ passed, failed, skipped });

test('the last summary line of an output counts, and only a whole line', () => {
  assert.deepEqual(
    fromSummaryLine(
      '1 passed, 0 failed\nso 7 passed, 7 failed\n3 passed, 2 failed, 1 skipped\n',
    ),
    counts(3, 2, 1),
  );
  assert.equal(fromSummaryLine('all good'), undefined);
});

test('what is printed at the end is what is read at the end', () => {
  assert.deepEqual(
    fromSummaryLine(summaryLine(counts(4, 5, 6))),
    counts(4, 5, 6),
  );
});

test("node's runner: cancelled tests failed, todo tests were skipped", () => {
  const tap =
    '# tests 9\n# pass 4\n# fail 1\n# cancelled 1\n# skipped 2\n# todo 1\n';
  assert.deepEqual(fromTap(tap), counts(4, 2, 3));
  assert.equal(fromTap('TAP version 13\n'), undefined);
});

test('jest: a test file that does not load is a failure', () => {
  const report = {
    numPassedTests: 3,
    numFailedTests: 0,
    numRuntimeErrorTestSuites: 1,
    numPendingTests: 2,
    numTodoTests: 0,
  };
  assert.deepEqual(fromJest(report), counts(3, 1, 2));
});

test('a stage that crashes, says nothing or runs nothing has failed', () => {
  assert.deepEqual(judge(undefined, 0), counts(0, 1, 0));
  assert.deepEqual(judge(counts(5, 0, 0), 1), counts(5, 1, 0));
  assert.deepEqual(judge(counts(0, 0, 0), 0), counts(0, 1, 0));
  assert.deepEqual(judge(counts(5, 2, 0), 1), counts(5, 2, 0));
  assert.deepEqual(judge(counts(5, 0, 1), 0), counts(5, 0, 1));
});

test('counts add up', () => {
  assert.deepEqual(
    sum(fromExitCode(0), sum(fromExitCode(2), counts(1, 2, 3))),
    counts(2, 3, 3),
  );
});
