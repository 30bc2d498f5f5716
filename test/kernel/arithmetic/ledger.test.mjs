// The ledger without a kernel: what the programs tell, and what is printed of it.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import test from 'node:test';
import { build } from '../lib/build.mjs';

test('whose packets delayed somebody has one answer, in blame, in parts of requests and in worst cases', () => {
  const frame = JSON.parse(execFileSync(build().ledger, { encoding: 'utf8' }));
  const told = rows =>
    Object.fromEntries(
      rows.map(({ kind, culprit, ns }) => [`${kind} ${culprit}`, ns]),
    );
  const truth = { 'softirq 42': '1000', 'interrupt undefined': '100' };
  assert.deepEqual(told(frame.blame), truth);
  assert.deepEqual(told(frame.anatomy), truth);
  const [request, wait] = frame.worst;
  assert.equal(request.of, 'request');
  assert.deepEqual(told(request.parts), truth);
  assert.equal(wait.of, 'wait');
  assert.deepEqual(told(wait.parts), truth);
});

test('what is told of a cgroup that is gone never shrinks, and then is gone as a whole', () => {
  const frames = execFileSync(build().ledger, ['end'], { encoding: 'utf8' })
    .trim()
    .split('\n')
    .map(line => JSON.parse(line));
  const told = frames.map(({ waits, blame }) => ({
    wait: Number(waits[0]?.sumNs ?? 0),
    blame: blame.reduce((sum, { ns }) => sum + Number(ns), 0),
  }));
  const last = told.findLastIndex(({ wait }) => wait > 0);
  assert.ok(last > 2 && last < frames.length - 1);
  for (const [i, { wait, blame }] of told.entries()) {
    assert.equal(wait, i > last ? 0 : Math.max(1000, i >= 2 ? 5000 : 0));
    assert.equal(blame, wait);
  }
});
