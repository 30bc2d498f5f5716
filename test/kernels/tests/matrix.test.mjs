// What is said of a scenario, from what was checked.
import assert from 'node:assert/strict';
import test from 'node:test';
import { cell, complaints, hasFailed } from '../lib/matrix.mjs';

const check = (value, more = {}) => ({
  name: 'wait of a',
  value,
  limit: 1,
  unit: '%',
  detail: 'so and so',
  ...more,
});

test('a scenario has failed when something was wrong or it did not run, not when it could not be judged', () => {
  assert.equal(hasFailed({ checks: [check(0.5)] }), false);
  assert.equal(hasFailed({ checks: [check(0.5), check(1.5)] }), true);
  const unknowable = check(Infinity, { unknowable: 'others were busy' });
  assert.equal(hasFailed({ checks: [unknowable] }), false);
  assert.equal(hasFailed({ problem: 'it did not run' }), true);
  assert.equal(hasFailed({ skipped: 'not here' }), false);
});

test('what was wrong at first is said of a scenario that passed later, too', () => {
  const atFirst = complaints({ checks: [check(1.5)] });
  assert.deepEqual(atFirst, [
    'wait of a: 1.500 %, at most 1 allowed (so and so)',
  ]);
  const later = { checks: [check(0.5)], atFirst };
  assert.equal(cell(later), 'pass  wait 0.50%');
  assert.deepEqual(complaints(later), [`at first ${atFirst[0]}`]);
});
