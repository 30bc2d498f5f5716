import assert from 'node:assert/strict';
import test from 'node:test';
import { judgeAgain } from '../theft.mjs';

const quiet = async () => {};

/** judgeAgain() of a test that fails, with these shares stolen, and passes where there is none. */
async function judged(first, ...later) {
  let played = 0;
  const play = async () => {
    const stolenShare = later[played++];
    return { failed: stolenShare !== undefined, stolenShare };
  };
  const { outcome } = await judgeAgain(first, play, { quiet });
  return { outcome, played };
}
const passes = undefined;

test('a failure while nothing is stolen counts, and is not played again', async () => {
  assert.deepEqual(await judged(0.009), { outcome: 'failed', played: 0 });
});

test('who fails while much is stolen has to pass two times', async () => {
  assert.deepEqual(await judged(0.1, passes, passes), {
    outcome: 'passed',
    played: 2,
  });
  assert.deepEqual(await judged(0.1, 0.05, passes, passes), {
    outcome: 'passed',
    played: 3,
  });
});

test('a failure in quiet counts, whatever came before', async () => {
  assert.deepEqual(await judged(0.1, passes, 0.001), {
    outcome: 'failed',
    played: 2,
  });
  assert.deepEqual(await judged(0.1, 0.2, 0), {
    outcome: 'failed',
    played: 2,
  });
});

test('without quiet, nothing is known of it', async () => {
  assert.deepEqual(await judged(0.1, 0.2, 0.05, 0.3), {
    outcome: 'unjudged',
    played: 3,
  });
  assert.deepEqual(await judged(0.1, 0.2, passes, 0.3), {
    outcome: 'unjudged',
    played: 3,
  });
});

test('when there is no time left, it is not played again', async () => {
  const { outcome } = await judgeAgain(0.1, () => assert.fail('played'), {
    until: Date.now(),
    quiet,
  });
  assert.equal(outcome, 'unjudged');
});
