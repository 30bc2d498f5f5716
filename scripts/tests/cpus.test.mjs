import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseCpuList, splitCpus } from '../lib/cpus.mjs';

test("reads the kernel's lists of CPUs", () => {
  assert.deepEqual(parseCpuList('0-3,8,10-11\n'), [0, 1, 2, 3, 8, 10, 11]);
  assert.deepEqual(parseCpuList('5'), [5]);
});

test('portal and demo keep off each other wherever there are two CPUs', () => {
  assert.deepEqual(splitCpus([0, 1]), { demo: 1, portal: [0] });
  assert.deepEqual(splitCpus([0, 1, 2, 3]), { demo: 3, portal: [0, 1, 2] });
  assert.deepEqual(splitCpus([2]), { demo: 2, portal: [2] });
});
